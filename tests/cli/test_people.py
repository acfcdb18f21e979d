"""`crmcore people` brings people in from a personnel system, and says which columns it took for what."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from crmcore import Organization

Run = Callable[..., Result]

SHEET = """\
工号,姓名,部门,直属上级,职位,入职日期
1,王伟,销售部,,总监,2020-03-01
2,李娜,销售部/华东区,王伟,客户经理,2021-05-06
"""


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "staff.csv"
    path.write_text(SHEET, encoding="gb18030")
    return path


def test_people_become_an_organization_and_the_columns_are_told(run: Run, sheet: Path) -> None:
    result = run("people", "import", sheet, "--roles")
    assert result.exit_code == 0
    organization = Organization.parse(result.stdout)
    assert [(person.id, person.name, person.reports_to) for person in organization.people] == [
        ("1", "王伟", None), ("2", "李娜", "1"),
    ]  # fmt: skip
    assert [role.label for role in organization.roles] == ["总监", "客户经理"]
    assert "  name = 姓名 (column B)\n" in result.stderr
    assert f"{sheet}: 2 new people, 2 new departments, 2 new roles, 2 new holders\n" in result.stderr


def test_a_mapping_is_saved_and_used_again(run: Run, sheet: Path, tmp_path: Path) -> None:
    saved = tmp_path / "hr.json"
    run("people", "import", sheet, "--map", "level=职位", "--map", "manager=", "--save-mapping", saved)
    mapping = json.loads(saved.read_text(encoding="utf-8"))
    assert mapping["level"] == "职位"
    assert "manager" not in mapping
    organization = Organization.parse(run("people", "import", sheet, "--mapping", saved).stdout)
    assert [person.level for person in organization.people] == ["总监", "客户经理"]


def test_people_are_added_to_an_organization(run: Run, sheet: Path, company: Path) -> None:
    assert run("people", "import", sheet, "--into", company).exit_code == 0
    people = {person.id: person for person in Organization.read(company).people}
    assert set(people) == {"li.na", "wang.wei", "chen.gang"}  # found by their names
    assert people["li.na"].reports_to == "wang.wei"
    assert len(people["li.na"].absences) == 1


def test_what_is_not_understood_is_status_one(run: Run, sheet: Path) -> None:
    sheet.write_text(SHEET + "2,赵磊,,谁,,\n3,陈刚,,谁,,\n", encoding="utf-8")
    result = run("people", "import", sheet)
    assert result.exit_code == 1
    assert "not understood: A4: '2' is in row 3 already: this row is left out" in result.stderr
    assert "not understood: D5: nobody in the list is called '谁'" in result.stderr
    assert "未识别：D5：名单中没有 '谁'" in run("people", "import", sheet, "--language", "zh").stderr


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--map", "nmae=姓名"], "did you mean name?"),
        (["--map", "zzzzzz=姓名"], "the fields are number, name"),
        (["--map", "name"], "is no column: write a field"),
        (["--map", "name=名"], "there is no column '名' for name"),
        (["--mapping", "absent.json"], "does not exist"),
        (["--sheet", "x"], "a CSV file has no sheets"),
    ],
)
def test_what_cannot_be_used_is_told_in_a_sentence(run: Run, sheet: Path, options: list[str], sentence: str) -> None:
    result = run("people", "import", sheet, *options)
    assert result.exit_code == 2
    assert sentence in " ".join(result.stderr.split())
