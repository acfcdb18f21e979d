"""The package as others receive it: what it exports, what it imports, what it promises."""

import ast
import copy
import importlib
import inspect
import pickle
import pkgutil
import subprocess
import sys
import tomllib
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import pytest

import crmcore
from crmcore import customers, errors, messaging
from crmcore.adoption import AlreadyBegun, DayTaken, NothingNew, NoVersion
from crmcore.calendars import CalendarError, InvalidRecurrence, LibraryWanted, NeverOpen, OutOfReach
from crmcore.checks.baseline import InvalidBaseline
from crmcore.customers.contact_points import InvalidContactPoint
from crmcore.customers.duplicates import RepeatedProfile
from crmcore.customers.identity import InvalidIdentifier
from crmcore.errors import CrmError, Fault
from crmcore.importing import AlreadyImported, ChangedSince, ColumnsMissing, InvalidMapping, UndecidedColumn
from crmcore.organization.dmn import RulesConflict
from crmcore.organization.spreadsheets import MissingLibrary, SheetWanted, UnreadableSheet
from crmcore.plugins import DuplicatePlugin, InvalidPlugin, LeftOut, NotInstalled, PluginFailed
from crmcore.responsibility import Incomparable
from crmcore.storage import failures as storage_failures
from crmcore.values import Place

ROOT = Path(__file__).parent.parent
MODULES = ["crmcore", *(module.name for module in pkgutil.walk_packages(crmcore.__path__, "crmcore."))]
MODULES = [name for name in MODULES if not name.endswith(".__main__")]  # importing one of these runs it
FAULT = Fault(Place("crmcore.yaml", 3, 5), "an unknown key 'roel'", "did you mean 'role'?")
ADDRESS = messaging.Address("email", "wang.wei@kunde.example", "王伟")
ERRORS = [
    CrmError("anything"),
    errors.InvalidOrganization([FAULT, FAULT]),
    errors.UnknownName("touchpoint", "renewal-cal", "renewal-call"),
    errors.OutsideSpace("region", "Sichaun", "there is no region 'Sichaun'", "Sichuan"),
    errors.Unanswered("renewal-call", {"region": ["West"]}, {"region": "Sichuan"}),
    errors.UncoveredTouchpoint("renewal-call", {"region": ["West"]}, {"region": "Sichuan"}),
    errors.VacantRole("account-manager", {}, {"region": "Sichuan"}),
    errors.EmptyWindow(date(2026, 11, 23), date(2026, 11, 22)),
    Incomparable("employees"),
    InvalidBaseline(FAULT),
    InvalidPlugin("example (crmcore-example 1.0)", "it is no plugin"),
    DuplicatePlugin("check EXA001", ("one (first 1)", "two (second 2)")),
    PluginFailed("example (crmcore-example 1.0)", "check EXA001", "ZeroDivisionError: division by zero"),
    storage_failures.StorageError("anything"),
    storage_failures.NotThere("customer", "c1"),
    storage_failures.AlreadyThere("customer", "c1"),
    storage_failures.StillReferred("customer", "c1"),
    storage_failures.Stale("customer", "c1", 3),
    storage_failures.InvalidRecord("customer", "c1", "name", "it holds text, not nothing"),
    storage_failures.DanglingReference("contact", "p1", ("customer",)),
    storage_failures.InvalidQuery("a page has from 1 to 10,000 records, not 0"),
    storage_failures.InvalidTenant("a tenant is named by 1 to 100 characters"),
    storage_failures.StorageUnavailable("the database says: no"),
    storage_failures.Busy(),
    storage_failures.ReadOnly(),
    storage_failures.WorkEnded(),
    storage_failures.LeaseLost("p1"),
    UnreadableSheet("raci.xlsx", "the cell is odd", "mend it", "B7"),
    SheetWanted("raci.xlsx", None, ["East", "West"]),
    MissingLibrary("raci.xlsx", "openpyxl"),
    RulesConflict("Discount", "UNIQUE", (1, 2)),
    InvalidMapping([FAULT]),
    ColumnsMissing("customers.csv", (), ("name",), ("phone", "email")),
    AlreadyImported("customers.csv", "01a2", datetime(2026, 11, 23, 8, 30, tzinfo=UTC)),
    ChangedSince("customers.csv", [("customer", "c1"), ("customer", "c2")]),
    UndecidedColumn("customers.csv", "since", "02/03/2026", ("a day, the day first", "a day, the month first")),
    NotInstalled("storage", "sqlite", "crmcore-sqlalchemy"),
    messaging.MessagingError("anything"),
    messaging.InvalidMessage("subject", "it is one line"),
    messaging.InvalidSetting("email", "smtp", "it is no URL"),
    messaging.Undelivered("busy", timedelta(minutes=5), [ADDRESS], [messaging.Refusal(ADDRESS, "no such user")]),
    messaging.Refused("no such user", [messaging.Refusal(ADDRESS, "no such user")]),
    messaging.ChannelUnavailable("the server is down"),
    DayTaken(date(2026, 11, 23), 3, date(2027, 1, 1)),
    AlreadyBegun(2, 3),
    NothingNew(3, date(2027, 1, 1)),
    NoVersion(date(2025, 12, 31), date(2026, 1, 1)),
    storage_failures.InvalidExport(3, "the file is cut off"),
    errors.MissingExtra("reading a Chinese name", "pypinyin", "chinese"),
    RepeatedProfile("c1"),
    customers.InvalidAssignment("c1", "account-manager", "li.na does not work here today"),
    customers.InvalidConsent("evidence", "say how one knows that the customer agreed"),
    customers.NotEntitled("li.na", "veto contract-signing", ("zhao.lei",)),
    customers.TransitionRefused("c1", "lead", "opportunity", (("nobody knows interest yet", ("interest",)),)),
    customers.HandoffRefused("h1", "it is not offered, it is accepted"),
    customers.InvalidField("title", "say what is to be done"),
    errors.InvalidText("name", "", "nothing is written"),
    customers.InvalidTask("title", "say what is to be done"),
    customers.OutdatedPlan("c1", "account-manager"),
    customers.InvalidCustomer("name", "a customer has a name"),
    customers.UnknownField("customer", "teir", "tier"),
    customers.ValueNotAllowed("tier", "kay", ("key", "standard"), "key"),
    CalendarError("anything"),
    NeverOpen(datetime(2026, 11, 30, tzinfo=UTC)),
    OutOfReach(datetime(2026, 11, 30, tzinfo=UTC), 100),
    LibraryWanted("holidays"),
    InvalidRecurrence("FREQ=NEVER", "FREQ is DAILY, WEEKLY, MONTHLY or YEARLY"),
    InvalidIdentifier("uscc", "9111O000600037341L", "character 5, 'O', is never used in one", "91110000600037341L"),
    InvalidContactPoint("email", "wei@gmail.con", "no domain ends in 'con'", "wei@gmail.com"),
    LeftOut("storage", "sqlite", "sqlalchemy"),
    customers.InvalidDetail("tag", "name", "a tag has a word"),
    customers.KnownCustomer("云帆", (("c1", "云帆软件", 0.98, ("company name: the same",)),)),
    customers.MergeRefused("c1", "c2", "they are one already"),
    customers.ChangedSinceMerge("m1", (("customer", "c1", ("name",)), ("fact", "f1", ()))),
]


def test_import_star_gives_the_public_names_and_warns_of_nothing() -> None:
    program = "from crmcore import *; print(*sorted(name for name in globals() if not name.startswith('__')))"
    run = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.split() == sorted(crmcore.__all__)


@pytest.mark.parametrize("name", MODULES)
def test_a_module_says_what_is_public_and_explains_it(name: str) -> None:
    module = importlib.import_module(name)
    assert module.__doc__
    assert len(set(module.__all__)) == len(module.__all__)
    for key in module.__all__:
        value = getattr(module, key)
        if inspect.isfunction(value) or inspect.isclass(value):
            assert value.__doc__, f"{name}.{key} has no docstring"


def test_every_public_name_of_the_package_is_in_the_python_reference() -> None:
    page = (ROOT / "docs" / "reference" / "python.md").read_text(encoding="utf-8")
    missing = [name for name in crmcore.__all__ if f"`{name}`" not in page]
    assert not missing


def test_the_list_of_errors_here_is_complete() -> None:
    for name in MODULES:
        importlib.import_module(name)
    public = {error for error in below(CrmError) if not error.__name__.startswith("_")}
    assert {type(error) for error in ERRORS} == {CrmError, *public}


def below(kind: type[CrmError]) -> set[type[CrmError]]:
    return {further for child in kind.__subclasses__() for further in (child, *below(child))}


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_error_survives_pickling_and_copying_with_its_message_and_fields(error: CrmError) -> None:
    for twin in (pickle.loads(pickle.dumps(error)), copy.copy(error)):  # noqa: S301
        assert type(twin) is type(error)
        assert str(twin) == str(error)
        assert vars(twin) == vars(error)


def test_error_codes_are_unique_and_kebab_case() -> None:
    codes = [type(error).code for error in ERRORS]
    assert len(set(codes)) == len(codes)
    assert all(code == code.lower() and "_" not in code and " " not in code for code in codes)


def test_the_types_are_shipped() -> None:
    assert files("crmcore").joinpath("py.typed").is_file()


def test_the_core_imports_the_standard_library_and_what_it_declares_and_nothing_else() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {requirement.split(";")[0].split(">")[0].strip() for requirement in project["dependencies"]}
    allowed = {"yaml" if name == "pyyaml" else name for name in declared} | {"crmcore"} | sys.stdlib_module_names
    tested = {"pytest", "hypothesis"}  # what the room `testing` has where tests run
    allowed = (
        {"yaml" if name == "pyyaml" else name.replace("-", "_") for name in declared}
        | {"crmcore"}
        | sys.stdlib_module_names
    )
    tested = {"pytest", "hypothesis"}  # what the room `testing` has where tests run
    imported = {
        (name.partition(".")[0], path.relative_to(ROOT / "src" / "crmcore").parts[0])
        for path in (ROOT / "src").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    strange = {(name, room) for name, room in imported if name not in allowed}
    assert strange == {(name, "testing") for name in tested}
