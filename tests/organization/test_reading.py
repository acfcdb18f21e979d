"""An organization is the same from every kind of file, and every record knows where it is written."""

import json
from datetime import date
from pathlib import Path

import pytest
import yaml

from crmcore import InvalidOrganization, Organization
from crmcore.organization import ALL, Choice, Number, Person, Scope, Tree
from crmcore.values import Interval

YAML = """crmcore: 1
name: 云帆软件
timezone: Asia/Shanghai
dimensions:
  region:
    tree: {China: {East: [Shanghai, Zhejiang]}, Overseas: [Germany]}
  tier: [key, standard]
  channel: {values: [phone, web], of: contact}
  employees: {number: {min: 1, max: 1000, integer: true}}
people:
  - {id: li.na, name: 李娜, from: 2026-01-01, skills: [negotiation],
     absences: [{from: 2026-10-01, to: 2026-10-08, cover: wang.wei}]}
  - {id: wang.wei, name: 王伟}
roles:
  - {id: seller, holders: {min: 1}}
staffing:
  - {role: seller, holders: [li.na], where: {region: East}, backup: [wang.wei]}
touchpoints:
  - {id: visit, channels: [phone]}
duties:
  - {touchpoints: [visit], role: seller, duty: accountable,
     where: {region: [East, Germany], employees: {from: 1, to: 500}}}
  - {touchpoints: all, role: seller, duty: informed, priority: -10}
"""
TOML = """crmcore = 1
name = "云帆"
[[people]]
id = "li.na"
from = 2026-01-01
[[roles]]
id = "seller"
holders = {min = 2}
"""


def test_every_section_becomes_records() -> None:
    organization = Organization.parse(YAML)
    region, tier, channel, employees = organization.dimensions
    assert isinstance(region.domain, Tree)
    assert region.domain.leaves == ("Shanghai", "Zhejiang", "Germany")
    assert tier.domain == Choice(["key", "standard"])
    assert channel.of == "contact"
    assert employees.domain == Number(min=1, max=1000, integer=True)
    li_na = organization.people[0]
    assert (li_na.from_, li_na.absences[0].cover, li_na.absences[0].to) == (
        date(2026, 1, 1),
        "wang.wei",
        date(2026, 10, 8),
    )
    accountable, informed = organization.duties
    assert accountable.where == Scope((("region", ("East", "Germany")), ("employees", (Interval(1, 500),))))
    assert (informed.touchpoints, informed.priority) == (ALL, -10)


def test_records_and_their_parts_know_their_line_and_column() -> None:
    organization = Organization.parse(YAML, file="crmcore.yaml")
    duty = organization.duties[0]
    lines = YAML.splitlines()
    first = next(number for number, line in enumerate(lines) if "accountable," in line)
    assert str(duty.place) == f"crmcore.yaml:{first + 1}:5"
    assert duty.place.at("role").column == lines[first].index("role") + 1
    germany = duty.place.at("where.region[1]")
    assert (germany.line, germany.column) == (first + 2, lines[first + 1].index("Germany") + 1)
    assert duty.place.at("unheard.of") == duty.place


def test_json_and_plain_data_say_the_same_as_yaml(tmp_path: Path) -> None:
    organization = Organization.parse(YAML)
    data = organization.to_data()
    assert Organization.from_data(data) == organization
    path = tmp_path / "crmcore.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    assert Organization.read(path) == organization


def test_json_faults_have_line_and_column_too() -> None:
    with pytest.raises(InvalidOrganization) as caught:
        Organization.parse('{"crmcore": 1,\n "name": "x",\n "people": [{"id": 7}]}', format="json", file="x.json")
    assert [(fault.place.line, fault.place.column) for fault in caught.value.faults] == [(3, 20)]


def test_toml_is_read_with_its_own_dates() -> None:
    organization = Organization.parse(TOML, format="toml")
    assert organization.people[0].from_ == date(2026, 1, 1)
    assert organization.roles[0].holders.min == 2


def test_a_folder_is_read_with_the_tables_that_it_names_and_those_that_are_there(tmp_path: Path) -> None:
    (tmp_path / "crmcore.yaml").write_text(
        "crmcore: 1\nname: x\ndimensions: {region: [East, West], size: {number: {min: 1}}}\npeople: staff.csv\n"
        "roles: [{id: seller}]\ntouchpoints: [{id: visit}]\n",
        encoding="utf-8",
    )
    (tmp_path / "staff.csv").write_text(
        "id,name,skills,absences,external\nli.na,李娜,a;b,2026-10-01..2026-10-08 wang.wei,否\nwang.wei,王伟,,,yes\n",
        encoding="utf-8",
    )
    (tmp_path / "duties.csv").write_text(
        "touchpoints,role,duty,where.region,where.size\nvisit,seller,accountable,East;West,1..50\nall,seller,informed,,\n",
        encoding="utf-8",
    )
    organization = Organization.read(tmp_path)
    li_na, wang_wei = organization.people
    assert (li_na.skills, li_na.absences[0].cover, li_na.external) == (("a", "b"), "wang.wei", False)
    assert wang_wei.external
    first, second = organization.duties
    assert first.where == Scope((("region", ("East", "West")), ("size", (Interval(1, 50),))))
    assert second.touchpoints == ALL
    assert (Path(first.place.file).name, first.place.line) == ("duties.csv", 2)


def test_a_table_as_spreadsheets_in_china_save_it_is_read_or_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "crmcore.yaml").write_text("crmcore: 1\nname: x\npeople: people.csv\n", encoding="utf-8")
    (tmp_path / "people.csv").write_bytes("id,name\nli.na,李娜\n".encode("gb18030"))
    try:
        assert Organization.read(tmp_path).people[0].name == "李娜"
    except InvalidOrganization as error:
        assert "GB18030" in str(error)


@pytest.mark.parametrize("word", ["no", "on", "yes", "1:20", "~x", "0x1G"])
def test_words_that_other_yaml_readers_twist_stay_words(word: str) -> None:
    text = f"crmcore: 1\nname: x\ndimensions: {{answer: [{word}, other]}}\n"
    assert Organization.parse(text).dimensions[0].domain == Choice([word, "other"])


@pytest.mark.parametrize("wrong", ["12", "true", "1.5"])
def test_a_number_where_a_name_is_wanted_is_refused_with_the_advice_to_quote_it(wrong: str) -> None:
    with pytest.raises(InvalidOrganization, match=f'"{wrong}"'):
        Organization.parse(f"crmcore: 1\nname: x\ndimensions: {{answer: [{wrong}, other]}}\n")


def test_an_organization_built_in_python_obeys_the_same_rules() -> None:
    with pytest.raises(InvalidOrganization, match=r"li\.na"):
        Organization("x", people=[Person("li.na"), Person("li.na")])
    with pytest.raises(InvalidOrganization):
        Organization("x", people=[Person("li.na", from_=date(2026, 2, 1), to=date(2026, 1, 1))])


def test_the_examples_of_the_repository_are_read_the_same_by_a_plain_yaml_library() -> None:
    root = Path(__file__).resolve().parents[2]
    for path in sorted(root.glob("examples/**/crmcore.yaml")):
        plain = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert Organization.from_data(plain) == Organization.read(path)
