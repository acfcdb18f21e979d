"""Writing an organization and reading it again loses nothing, whatever the format."""

import json
import stat
from datetime import date
from pathlib import Path

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmcore import InvalidOrganization, Organization
from crmcore.organization import (
    Choice,
    Count,
    Department,
    Dimension,
    Duty,
    Number,
    Person,
    Scope,
    Stage,
    StageTask,
    Touchpoint,
    Tree,
)
from crmcore.organization.schema import organization_schema
from crmcore.testing import organizations
from crmcore.values import Duration, Interval

_SCHEMA = jsonschema.Draft202012Validator(organization_schema())


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(organization=organizations())
def test_a_round_trip_loses_nothing(tmp_path_factory: pytest.TempPathFactory, organization: Organization) -> None:
    data = organization.to_data()
    assert Organization.from_data(data) == organization
    assert json.loads(json.dumps(data)) == data
    _SCHEMA.validate(data)
    folder = tmp_path_factory.mktemp("written")
    for name in ("organization.yaml", "organization.json", "organization.toml", "folder"):
        for _ in range(2):  # what is there already does not matter
            organization.write(folder / name)
            assert Organization.read(folder / name) == organization, name


def test_what_a_stage_asks_for_and_plans_comes_back_from_every_kind_of_file(tmp_path: Path) -> None:
    tasks = [StageTask("启动会", "success-manager", within=Duration(2, "d"), recurs="FREQ=WEEKLY"), StageTask("x", "y")]
    stage = Stage(
        "onboarding",
        needs=["contract-terms"],
        consents=["contact"],
        probability=80,
        within=Duration(1, "w"),
        tasks=tasks,
    )
    organization = Organization("云帆软件", stages=[stage, Stage("lost", probability=0)])
    _SCHEMA.validate(organization.to_data())
    for name in ("organization.yaml", "organization.json", "organization.toml", "folder"):
        organization.write(tmp_path / name)
        assert Organization.read(tmp_path / name) == organization, name


def test_defaults_are_not_written() -> None:
    organization = Organization("云帆软件", people=[Person("li.na", name="李娜")])
    assert organization.to_data() == {
        "crmcore": 1,
        "name": "云帆软件",
        "people": [{"id": "li.na", "name": "李娜"}],
    }


def test_yaml_is_written_for_people(tmp_path: Path) -> None:
    organization = Organization(
        "云帆软件",
        dimensions=[
            Dimension("region", Tree.of({"China": ["Shanghai", "Zhejiang"]})),
            Dimension("tier", Choice(["key", "no"])),
        ],
        people=[Person("li.na", name="李娜", from_=date(2026, 1, 1))],
        duties=[
            Duty(("signing",), "account-manager", "accountable", where=Scope((("region", ("China",)),))),
            Duty("all", "customer-lead", "informed"),
        ],
    )
    organization.write(tmp_path / "organization.yaml")
    assert (tmp_path / "organization.yaml").read_text("utf-8") == (
        "crmcore: 1\n"
        "name: 云帆软件\n"
        "\n"
        "dimensions:\n"
        "  region: {tree: {China: [Shanghai, Zhejiang]}}\n"
        "  tier: [key, 'no']\n"
        "\n"
        "people:\n"
        "- {id: li.na, name: 李娜, from: 2026-01-01}\n"
        "\n"
        "duties:\n"
        "- {touchpoints: [signing], role: account-manager, duty: accountable, where: {region: China}}\n"
        "- {touchpoints: all, role: customer-lead, duty: informed}\n"
    )


def test_a_folder_gets_tables_for_what_a_table_can_say(tmp_path: Path) -> None:
    organization = Organization(
        "x",
        dimensions=[Dimension("employees", Number(min=1, max=1000, integer=True))],
        people=[Person("li.na"), Person("wang.wei", name="王伟; 经理")],
        departments=[Department("sales", label="a"), Department("x", parent="sales")],
        duties=[Duty("all", "lead", "veto", where={"employees": Interval(1, 500)})],
    )
    organization.write(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"crmcore.yaml", "people.csv", "departments.csv", "duties.csv"}
    assert (tmp_path / "duties.csv").read_text() == "touchpoints,role,duty,where.employees\nall,lead,veto,1..500\n"
    assert (tmp_path / "people.csv").read_text("utf-8") == "\ufeffid,name\nli.na,\nwang.wei,王伟; 经理\n"
    assert "duties: duties.csv" in (tmp_path / "crmcore.yaml").read_text()


@pytest.mark.parametrize("skill", ["a;b", " a", "=1+1", "", "\x1b[31m"])
def test_what_a_table_would_change_stays_in_the_file(tmp_path: Path, skill: str) -> None:
    organization = Organization("x", people=[Person("li.na", name="=cmd" if skill == "=1+1" else "", skills=[skill])])
    organization.write(tmp_path)
    assert not (tmp_path / "people.csv").exists()
    assert Organization.read(tmp_path) == organization


def test_writing_a_folder_again_leaves_nothing_of_the_earlier_organization(tmp_path: Path) -> None:
    Organization("x", people=[Person("li.na")], duties=[Duty("all", "lead", "veto")]).write(tmp_path)
    Organization("x", people=[Person("wang.wei")]).write(tmp_path)
    assert not (tmp_path / "duties.csv").exists()
    assert [person.id for person in Organization.read(tmp_path).people] == ["wang.wei"]


def test_no_limit_of_accountable_roles_is_written_as_a_word() -> None:
    organization = Organization("x", touchpoints=[Touchpoint("demo", accountable=Count(min=0))])
    assert organization.to_data()["touchpoints"] == [{"id": "demo", "accountable": {"min": 0, "max": "unlimited"}}]


def test_half_a_character_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(InvalidOrganization, match=r"half a character, U\+D800"):
        Organization("\ud800").write(tmp_path / "organization.json")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_written_again_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "organization.yaml"
    path.write_text("")
    path.chmod(0o640)
    Organization("x").write(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


@settings(max_examples=50)
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_every_text_survives_every_format(text: str) -> None:
    from crmcore.organization.writing.texts import TEXTS  # noqa: PLC0415

    organization = Organization("x", departments=[Department("sales", label=text)])
    for name, write in TEXTS.items():
        assert Organization.parse(write(organization.to_data()), name) == organization
