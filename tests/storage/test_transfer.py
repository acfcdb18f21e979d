"""Records go from any storage into any other without loss, whole tenants at a time."""

import io
import itertools
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from crmcore_sqlalchemy import SQLStorage
from databases import database
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmcore.storage import (
    AlreadyThere,
    Field,
    Holds,
    InvalidExport,
    InvalidRecord,
    InvalidTenant,
    Kinds,
    MemoryStorage,
    Order,
    Row,
    Search,
    Storage,
    StorageUnavailable,
    kinds_of_export,
    read_export,
    write_export,
)
from crmcore.testing.storages.samples import (
    COMPANY,
    KINDS,
    PERSON,
    START,
    Company,
    Person,
    Tier,
    company,
    event,
    parcel,
)

FAMILIES = ("memory", "sqlite", "postgresql", "mariadb")


@contextmanager
def opened(family: str, folder: Path, kinds: Kinds = KINDS) -> Iterator[Storage]:
    if family == "memory":
        yield MemoryStorage(kinds)
        return
    folder.mkdir(exist_ok=True)
    with contextmanager(database)(family, folder) as url, SQLStorage.open(url, kinds) as storage:
        yield storage


@pytest.fixture(params=FAMILIES)
def each(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Storage]:
    """An empty storage of every family."""
    with opened(request.param, tmp_path) as storage:
        yield storage


def rows(storage: Storage, tenant: str) -> dict[str, list[Row]]:
    """Everything of a tenant, as its transaction gives it."""
    transaction = storage.transaction(tenant, read_only=True)
    try:
        return {
            kind.name: transaction.select(kind, Search((), (Order("id"),), 100_000)) for kind in storage.kinds.values()
        }
    finally:
        transaction.rollback()


def text(storage: Storage, **options: Any) -> str:
    written = io.StringIO()
    write_export(storage, written, **options)
    return written.getvalue()


def load(storage: Storage, export: str) -> Any:
    return read_export(storage, io.StringIO(export, newline="\n"))


def fill(storage: Storage) -> None:
    with storage.begin("acme") as work:
        work.add(
            company(
                "c1",
                "华为\u2028\\\"'\n\t😀",
                tier=Tier.KEY,
                employees=-(2**63),
                turnover=Decimal("-12345678901234.5678"),
                score=1e-300,
                active=False,
                founded=date(1987, 9, 15),
                seen=datetime(2026, 10, 25, 1, 30, 0, 123456, tzinfo=UTC),
                notes={"b": [1, 1.5, None, True, {"ä": "\u0007"}], "a": "x" * 10_000},
                custom={"行业": "电信", "seats": 7},
            )
        )
        work.add(company("c0", "子公司", parent="c1"))
        work.add(Person(id="p1", name="李娜", company="c0"))
        work.append(event(payload={"名": "值"}, caused_by="e0"))
        work.enqueue(parcel(due=START + timedelta(hours=1), worker="w", attempts=3, failure="down"))
        work.commit()
    with storage.begin("acme") as work:
        work.put(evolve(work.get(Company, "c1"), parent="c0"))  # they refer to each other
        work.put(evolve(work.get(Person, "p1"), name="王伟"))
        work.commit()
    with storage.begin("另一家") as work:
        work.add(company("c1", "另一家的"))
        work.commit()


def test_what_goes_through_every_storage_is_what_it_was(tmp_path: Path) -> None:
    with ExitStack() as stack:
        storages = [
            stack.enter_context(opened(family, tmp_path / str(number)))
            for number, family in enumerate((*FAMILIES, "sqlite", "mariadb", "postgresql", "memory"))
        ]
        fill(storages[0])
        wanted = {tenant: rows(storages[0], tenant) for tenant in ("acme", "另一家")}
        assert wanted["acme"]["company"][0][1] == 1, "versions are kept"
        assert wanted["acme"]["company"][1][1] == 2
        for source, target in itertools.pairwise(storages):
            assert load(target, text(source)) == {"acme": 5, "另一家": 1}
            assert {tenant: rows(target, tenant) for tenant in wanted} == wanted


def test_one_tenant_can_go_alone(each: Storage) -> None:
    source = MemoryStorage(KINDS)
    fill(source)
    load(each, text(source, tenants=["另一家"]))
    assert each.tenants() == ("另一家",)


def test_the_tenants_of_a_storage_are_those_that_have_records(each: Storage) -> None:
    assert each.tenants() == ()
    fill(each)
    with each.begin("only-events") as work:
        work.append(event())
        work.commit()
    assert each.tenants() == ("acme", "only-events", "另一家")
    with each.begin("acme", read_only=True) as work:
        assert work.count(Company) == 2, "nobody sees more afterwards"


def test_a_storage_that_cannot_tell_its_tenants_asks_for_their_names() -> None:
    class Silent(MemoryStorage):
        """A storage that tells nobody whose records it has."""

        tenants = Storage.tenants  # type: ignore[assignment]

    with pytest.raises(StorageUnavailable, match="name them"):
        text(Silent(KINDS))
    assert '"acme"' in text(Silent(KINDS), tenants=["acme"])


def test_an_export_of_all_tenants_shows_one_moment(url: str) -> None:
    with SQLStorage.open(url, KINDS) as storage:
        fill(storage)
        names = storage.tenants()
        with storage.snapshot() as snapshot:
            for tenant in ("acme", "另一家"):
                with storage.begin(tenant) as work:
                    work.add(company("later"))
                    work.commit()
            moment = text(snapshot, tenants=names)
        assert "later" not in moment
        assert text(storage, tenants=names).count('"later"') == 2


def test_an_import_that_was_interrupted_is_run_again(each: Storage) -> None:
    source = MemoryStorage(KINDS)
    fill(source)
    whole = text(source, tenants=["另一家", "acme"])
    lines = whole.splitlines(keepends=True)
    with pytest.raises(InvalidExport, match="cut off"):
        load(each, "".join(lines[:-2]))
    assert each.tenants() == ("另一家",), "of the second one nothing is there"
    assert load(each, whole) == {"另一家": 0, "acme": 5}
    assert rows(each, "acme") == rows(source, "acme")
    assert load(each, whole) == {"另一家": 0, "acme": 0}, "once more does no harm"


def test_a_record_that_differs_is_not_written_over(each: Storage) -> None:
    source = MemoryStorage(KINDS)
    fill(source)
    with each.begin("acme") as work:
        work.add(company("c0", "不同"))
        work.commit()
    before = rows(each, "acme")
    with pytest.raises(AlreadyThere, match="c0"):
        load(each, text(source))
    assert rows(each, "acme") == before


def test_it_is_told_how_far_it_is() -> None:
    source, target = MemoryStorage(KINDS), MemoryStorage(KINDS)
    with source.begin("acme") as work:
        work.add_all(company(f"{number:05}") for number in range(12_000))
        work.commit()
    told: list[float] = []
    export = io.StringIO()
    write_export(source, export, progress=lambda _, done: told.append(done))
    assert told == sorted(told)
    assert told[-1] == 1.0
    told.clear()
    read_export(target, export.getvalue().splitlines(), progress=lambda _, done: told.append(done))
    assert len(told) == 3
    assert told[-1] == 1.0


def test_fields_of_the_company_s_own_come_with_the_export() -> None:
    source = MemoryStorage(Kinds([COMPANY.with_custom(Field("region", Holds.TEXT)), PERSON]))
    with source.begin("acme") as work:
        work.add(company(custom={"region": "四川", "seats": 3}))
        work.commit()
    export = text(source)
    kinds = kinds_of_export(export.splitlines()[0], [Kinds([COMPANY])["company"], PERSON])
    target = MemoryStorage(kinds)
    load(target, export)
    with target.begin("acme", read_only=True) as work:
        assert work.get(Company, "c1").custom == {"region": "四川", "seats": 3}
    with pytest.raises(InvalidExport, match="region"):
        load(MemoryStorage(KINDS), export)


def test_a_field_that_is_newer_than_the_export_has_its_default() -> None:
    older = MemoryStorage(KINDS)
    with older.begin("acme") as work:
        work.add(company())
        work.commit()
    lines = text(older).splitlines()
    head = json.loads(lines[0])
    place = list(head["kinds"]["company"]).index("active")
    del head["kinds"]["company"]["active"]
    record = json.loads(lines[2])
    assert record[0] == "company"
    del record[1][place]
    lines[0], lines[2] = json.dumps(head), json.dumps(record)
    newer = MemoryStorage(KINDS)
    load(newer, "\n".join(lines) + "\n")
    assert rows(newer, "acme") == rows(older, "acme")


def _changed(number: int, change: Callable[[Any], Any]) -> Callable[[list[str]], list[str]]:
    def changed(lines: list[str]) -> list[str]:
        return [*lines[:number], json.dumps(change(json.loads(lines[number]))), *lines[number + 1 :]]

    return changed


def _value(field: str, value: Any) -> Callable[[list[str]], list[str]]:
    place = list(COMPANY.all_fields).index(field)
    return _changed(2, lambda line: [line[0], [*line[1][:place], value, *line[1][place + 1 :]]])


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda _: [], "line 1 .*cut off"),
        (lambda lines: ["PK\x03\x04", *lines], "line 1 .*no line of JSON"),
        (lambda lines: ["[" * 100_000, *lines], "line 1 .*no line of JSON"),
        (lambda lines: ['{"version": 1}', *lines], "line 1 .*crmcore-export"),
        (_changed(0, lambda head: {**head, "crmcore-export": 2}), "line 1 .*format is version 2"),
        (_changed(0, lambda head: {**head, "kinds": {"company": {"id": "blob"}}}), "line 1 .*what the fields"),
        (_changed(0, lambda head: {**head, "kinds": {"company": []}}), "line 1 .*what the fields"),
        (_changed(0, lambda head: {**head, "kinds": {"compani": {}}}), "line 1 .*nearest is 'company'"),
        (
            _changed(0, lambda head: {**head, "kinds": {"company": {**head["kinds"]["company"], "nmae": "text"}}}),
            "line 1 .*field of company 'nmae'; the nearest is 'name'",
        ),
        (
            _changed(0, lambda head: {**head, "kinds": {"company": {**head["kinds"]["company"], "name": "day"}}}),
            "line 1 .*company.name holds day in the file, and text here",
        ),
        (_changed(1, lambda line: {**line, "tenant": "other"}), "line 2 .*tenant acme should follow"),
        (_changed(1, lambda line: {**line, "records": "2"}), "line 2 .*tenant, records"),
        (lambda lines: lines[:3] + lines[4:], "line 4 .*1 records stand before"),
        (lambda lines: [*lines[:3], lines[2], *lines[3:]], None),
        (_changed(2, lambda line: [["company"], line[1]]), "line 3 .*no record of a kind"),
        (_changed(2, lambda line: ["stranger", line[1]]), "line 3 .*no record of a kind"),
        (_changed(2, lambda line: [line[0], line[1][:-1]]), "line 3 .*a record of company has"),
        (_value("turnover", "many"), "line 3 .*value that is none"),
        (_value("founded", "2026-02-30"), "line 3 .*value that is none"),
        (_value("tier", "gold"), "line 3 .*value that is none"),
        (_value("score", 1e999), "score"),
        (_value("name", None), "name"),
        (_value("name", "\0"), "name"),
        (_value("id", ""), "id"),
        (_value("employees", 2**63), "employees"),
        (_value("seen", "2026-01-01T00:00:00+08:00"), "seen"),
    ],
)
def test_what_is_no_export_is_refused_with_its_line_and_nothing_is_written(
    spoil: Callable[[list[str]], list[str]], says: str | None
) -> None:
    source, target = MemoryStorage(KINDS), MemoryStorage(KINDS)
    with source.begin("acme") as work:
        work.add_all([company("c1"), company("c2", parent="c1")])
        work.commit()
    spoilt = "".join(f"{line}\n" for line in spoil(text(source).splitlines()))
    with pytest.raises((InvalidExport, InvalidRecord, AlreadyThere), match=says) as caught:
        load(target, spoilt)
    assert "\n" not in str(caught.value)
    assert target.tenants() == ()


def test_a_tenant_that_cannot_be_one_is_refused() -> None:
    with pytest.raises(InvalidTenant):
        text(MemoryStorage(KINDS), tenants=["*"])
    with pytest.raises(InvalidTenant):
        load(MemoryStorage(KINDS), text(MemoryStorage(KINDS), tenants=["acme"]).replace('"acme"', '"*"'))


_TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
_TREES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | _TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS, inner, max_size=3),
    max_leaves=6,
)
_COMPANIES = st.builds(
    Company,
    id=st.integers(0, 9).map(str),
    name=_TEXTS,
    tier=st.sampled_from(Tier),
    employees=st.none() | st.integers(-(2**63), 2**63 - 1),
    turnover=st.none() | st.decimals(-(10**14) + 1, 10**14 - 1, places=4),
    score=st.none() | st.floats(allow_nan=False, allow_infinity=False),
    active=st.booleans(),
    founded=st.none() | st.dates(date(1000, 1, 1)),
    seen=st.none() | st.datetimes(datetime(1000, 1, 1), timezones=st.just(UTC)),
    notes=st.dictionaries(_TEXTS, _TREES, max_size=3),
    parent=st.none() | st.integers(0, 9).map(str),
    custom=st.fixed_dictionaries({}, optional={"行业": _TEXTS, "seats": st.integers(-9, 9)}),
)


@settings(max_examples=80, deadline=None)
@given(
    companies=st.lists(_COMPANIES, unique_by=lambda one: one.id), tenants=st.sets(st.sampled_from("甲乙"), min_size=1)
)
def test_whatever_refers_to_whatever_it_arrives_as_it_was(companies: list[Company], tenants: set[str]) -> None:
    source, target = MemoryStorage(KINDS), MemoryStorage(KINDS)
    ids = {one.id for one in companies}
    companies = [one if one.parent in ids else evolve(one, parent=None) for one in companies]
    for tenant in tenants:
        with source.begin(tenant) as work:
            work.add_all(evolve(one, parent=None) for one in companies)
            for one in companies:
                work.put(evolve(one, version=1))
            work.append(event())
            work.enqueue(parcel())
            work.commit()
    export = text(source)
    load(target, export)
    for tenant in tenants:
        assert rows(target, tenant) == rows(source, tenant)
    assert text(target) == export


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(companies=st.lists(_COMPANIES, unique_by=lambda one: one.id, max_size=4))
def test_every_storage_takes_whatever_there_is(each: Storage, companies: list[Company]) -> None:
    source = MemoryStorage(KINDS)
    ids = {one.id for one in companies}
    tenant = f"t{len(each.tenants() or ())}"
    with source.begin(tenant) as work:
        work.add_all(evolve(one, parent=None) for one in companies)
        for one in companies:
            work.put(evolve(one, version=1, parent=one.parent if one.parent in ids else None))
        work.append(event())
        work.commit()
    load(each, text(source))
    assert rows(each, tenant) == rows(source, tenant)
