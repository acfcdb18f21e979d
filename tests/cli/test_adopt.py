"""`crmcore adopt`, `crmcore versions`, and what is asked of what was adopted: `crmcore who` and `crmcore check`."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from attrs import evolve
from click.testing import Result
from crms import COMPANY

from crmcore import Organization
from crmcore.crm import CRM
from crmcore.plugins import Registry

Run = Callable[..., Result]
OLD = "examples/quickstart/crmcore.yaml"


@pytest.fixture
def storage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """The option that names a storage in a file."""
    monkeypatch.setenv("CRMCORE_PLUGINS", "sqlalchemy")
    return "--storage", f"sqlite:///{tmp_path / 'crm.db'}"


@pytest.fixture
def old() -> Path:
    return Path(__file__).parents[2] / OLD


@pytest.fixture
def new(old: Path, tmp_path: Path) -> Path:
    """The same company, in which somebody else looks after the West."""
    path = tmp_path / "new.yaml"
    text = old.read_text(encoding="utf-8")
    path.write_text(text.replace("holders: [wang.wei], where", "holders: [wu.qian], where"), encoding="utf-8")
    return path


WEST = ("renewal-call", "region=Sichuan", "stage=renewal")


def test_what_moves_is_shown_before_and_when_it_is_adopted(
    run: Run, storage: tuple[str, str], old: Path, new: Path
) -> None:
    assert run("adopt", old, "--from", "2026-01-01", *storage).stdout == "Version 1 holds from 2026-01-01 on.\n"
    planned = run("adopt", new, "--from", "2030-01-01", "--preview", *storage)
    assert planned.exit_code == 0
    assert "renewal-call: success-manager (wang.wei) → success-manager (wu.qian)" in planned.stdout
    assert planned.stdout.endswith("Nothing is written: this would be version 2, from 2030-01-01 on.\n")
    done = run("adopt", new, "--from", "2030-01-01", *storage)
    assert done.stdout.splitlines()[:-1] == planned.stdout.splitlines()[:-1]
    assert done.stdout.endswith("Version 2 holds from 2030-01-01 on.\n")


def test_programs_read_what_moves_as_json(run: Run, storage: tuple[str, str], old: Path, new: Path) -> None:
    first = json.loads(run("adopt", old, "--from", "2026-01-01", "--format", "json", *storage).stdout)
    assert (first["adopted"], first["number"], first["before"], first["comparison"]) == (True, 1, None, None)
    second = json.loads(run("adopt", new, "--from", "2030-01-01", "--preview", "--format", "json", *storage).stdout)
    assert (second["adopted"], second["number"], second["before"]) == (False, 2, 1)
    assert {move["kind"] for move in second["comparison"]["moves"]} == {"moved"}


def test_what_is_refused_is_told_in_a_sentence(run: Run, storage: tuple[str, str], old: Path, new: Path) -> None:
    run("adopt", old, "--from", "2026-01-01", *storage)
    for path, day, more, says in (
        (old, "2030-01-01", (), "is adopted already: it is version 1"),
        (new, "2026-01-01", (), "version 1 begins on 2026-01-01"),
        (new, "2026-06-01", ("--replace", "1"), "no version is still to begin"),
    ):
        refused = run("adopt", path, "--from", day, *more, *storage)
        assert (refused.exit_code, says in refused.stderr, refused.stdout) == (2, True, "")
        assert len(refused.stderr.splitlines()) == 1


def test_a_version_that_has_not_begun_is_replaced(run: Run, storage: tuple[str, str], old: Path, new: Path) -> None:
    run("adopt", old, "--from", "2026-01-01", *storage)
    run("adopt", new, "--from", "2990-01-01", "--note", "西区换人", "--actor", "chen.gang", *storage)
    assert run("adopt", new, "--from", "2980-01-01", "--replace", "2", *storage).exit_code == 0
    listed = run("versions", *storage).stdout
    assert listed.count("Yunfan Software, from") == 3
    assert "by chen.gang at" in listed
    assert "西区换人" in listed
    assert "by version 3, before it began" in listed
    data = json.loads(run("versions", "--format", "json", *storage).stdout)
    assert [(one["number"], one["first_day"], one["replaces"]) for one in data["versions"]] == [
        (1, "2026-01-01", None),
        (2, "2990-01-01", None),
        (3, "2980-01-01", 2),
    ]


def test_a_version_is_printed_as_the_file_that_it_was(
    run: Run, storage: tuple[str, str], old: Path, new: Path, tmp_path: Path
) -> None:
    run("adopt", old, "--from", "2026-01-01", *storage)
    run("adopt", new, "--from", "2030-01-01", *storage)
    (tmp_path / "then.yaml").write_text(run("versions", "1", *storage).stdout, encoding="utf-8")
    assert Organization.read(tmp_path / "then.yaml") == Organization.read(old)
    missing = run("versions", "7", *storage)
    assert (missing.exit_code, "there is no version '7'" in missing.stderr) == (2, True)


def test_no_file_is_made_where_one_is_only_asked(run: Run, storage: tuple[str, str], old: Path, tmp_path: Path) -> None:
    for arguments in (("versions",), ("who", *WEST), ("check", old)):
        refused = run(*arguments, *storage)
        assert (refused.exit_code, "there is no file" in refused.stderr) == (2, True)
    assert list(tmp_path.glob("*.db*")) == []


def test_where_nothing_is_adopted_it_is_said(run: Run, storage: tuple[str, str]) -> None:
    Path(storage[1].removeprefix("sqlite:///")).touch()
    assert run("versions", *storage).stdout == "No organization is adopted.\n"
    asked = run("who", *WEST, *storage)
    assert (asked.exit_code, "crmcore adopt" in asked.stderr) == (2, True)


def test_who_answered_on_a_day_is_told_by_the_version_of_that_day(
    run: Run, storage: tuple[str, str], old: Path, new: Path
) -> None:
    run("adopt", old, "--from", "2026-01-01", *storage)
    run("adopt", new, "--from", "2030-01-01", *storage)
    before = run("who", *WEST, "--on", "2029-12-31", *storage).stdout
    after = run("who", *WEST, "--on", "2030-01-01", *storage).stdout
    assert before.startswith("王伟 (wang.wei) answers")
    assert "version 1, which holds from 2026-01-01 on" in before
    assert after.startswith("吴倩 (wu.qian) answers")
    assert "version-2.yaml:" in after
    asked = json.loads(run("who", *WEST, "--on", "2030-01-01", "--format", "json", *storage).stdout)
    assert asked["organization_version"] == 2
    early = run("who", *WEST, "--on", "2020-01-01", *storage)
    assert (early.exit_code, "no organization was in force on 2020-01-01" in early.stderr) == (2, True)


def test_what_is_no_attribute_is_refused_behind_a_storage_too(run: Run, storage: tuple[str, str], old: Path) -> None:
    run("adopt", old, "--from", "2026-01-01", *storage)
    refused = run("who", "renewal-call", "Sichuan", *storage)
    assert (refused.exit_code, "'Sichuan' is no attribute" in refused.stderr) == (2, True)


def test_customers_on_file_are_counted_in_each_gap(run: Run, storage: tuple[str, str], tmp_path: Path) -> None:
    path = tmp_path / "company.yaml"
    COMPANY.write(path)
    with CRM.open(
        storage[1], organization=COMPANY, plugins=Registry.installed({"CRMCORE_PLUGINS": "sqlalchemy"})
    ) as crm:
        for number, region in enumerate(["Sichuan"] * 3 + ["Chongqing", "Shanghai", None]):
            crm.customers.register(f"客户 {number}", attributes={"region": region}, stage="opportunity")
    gap = COMPANY.with_(
        staffing=[entry for entry in COMPANY.staffing if entry.where.get("region") != ("West",)],
    )
    gap.write(tmp_path / "gap.yaml")
    on = ("--on", "2026-11-23", "--select", "COV104", "--format", "json")
    report = json.loads(run("check", tmp_path / "gap.yaml", *on, *storage).stdout)
    assert report["summary"]["customers"] == {
        "total": 6,
        "affected": 4,
        "unplaced": {"region": 1, "tier": 6, "company-size": 6},
    }
    assert {finding["customers"] for finding in report["findings"]} == {4}
    whole = json.loads(run("check", path, *on, *storage).stdout)
    assert whole["summary"]["customers"]["affected"] == 0
    told = run("check", tmp_path / "gap.yaml", "--on", "2026-11-23", "--select", "COV104", *storage).stdout
    assert "customers  4 on file" in told
    assert "An error is about 4 of the 6 customers on file." in told


def test_a_dimension_that_is_not_on_file_yet_is_missing_of_all(
    run: Run, storage: tuple[str, str], old: Path, tmp_path: Path
) -> None:
    with CRM.open(
        storage[1],
        organization=Organization.read(old),
        plugins=Registry.installed({"CRMCORE_PLUGINS": "sqlalchemy"}),
    ) as crm:
        crm.customers.register("客户", attributes={"region": "Sichuan", "tier": "key"})
    run("adopt", old, "--from", "2026-01-01", *storage)
    planned = tmp_path / "planned.yaml"
    planned.write_text(
        old.read_text(encoding="utf-8").replace("\ndimensions:", "\ndimensions:\n  branch: [north, south]\n#"),
        encoding="utf-8",
    )
    report = json.loads(run("check", planned, "--on", "2026-11-23", "--format", "json", *storage).stdout)
    assert report["summary"]["customers"]["unplaced"] == {"branch": 1}


def test_whoever_looks_after_too_many_is_found(run: Run, storage: tuple[str, str], tmp_path: Path) -> None:
    organization = COMPANY.with_(people=[evolve(person, capacity=2) for person in COMPANY.people])
    organization.write(tmp_path / "company.yaml")
    with CRM.open(
        storage[1], organization=organization, plugins=Registry.installed({"CRMCORE_PLUGINS": "sqlalchemy"})
    ) as crm:
        for number in range(3):
            crm.customers.register(
                f"客户 {number}", attributes={"region": "Singapore", "tier": "key"}, stage="opportunity"
            )
        loads = crm.assignments.loads()
    asked = ("check", tmp_path / "company.yaml", "--on", "2026-11-23", "--select", "ORG208", "--format", "json")
    assert json.loads(run(*asked).stdout)["findings"] == []
    found = json.loads(run(*asked, *storage).stdout)["findings"]
    assert {finding["subject"] for finding in found} == {person for person, count in loads.items() if count > 2}
    assert found


def test_without_a_path_the_organization_is_the_one_in_force(
    run: Run, storage: tuple[str, str], old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("adopt", old, "--from", "2026-01-01", *storage)
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    checked = json.loads(run("check", "--on", "2026-11-23", "--format", "json", *storage).stdout)
    direct = Organization.read(old).check(on=date(2026, 11, 23))
    assert checked["organization"] == "Yunfan Software"
    assert [finding["code"] for finding in checked["findings"]] == [finding.code for finding in direct.findings]


def test_decision_tables_know_no_customers(run: Run, storage: tuple[str, str]) -> None:
    table = Path(__file__).parents[2] / "examples" / "dmn" / "discount.dmn"
    refused = run("check", table, *storage)
    assert (refused.exit_code, "leave --storage away" in refused.stderr) == (2, True)


def test_it_speaks_chinese(run: Run, storage: tuple[str, str], old: Path) -> None:
    result = run("adopt", old, "--from", "2026-01-01", "--language", "zh", *storage)
    assert result.stdout == "第 1 版从 2026-01-01 起生效。\n"
