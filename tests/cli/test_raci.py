"""`crmcore raci` brings matrices in and takes them out, and says what it did."""

from collections.abc import Callable
from pathlib import Path

from click.testing import Result

from crmcore import Organization

Run = Callable[..., Result]

SHEET = "触点,客户经理,总监\n签约,R,A\n续约,AR,待定\n"


def saved(tmp_path: Path, text: str = SHEET) -> Path:
    path = tmp_path / "raci.csv"
    path.write_text(text, encoding="utf-8-sig")
    return path


def test_a_sheet_becomes_an_organization_on_the_screen_and_its_report_stands_beside(run: Run, tmp_path: Path) -> None:
    result = run("raci", "import", saved(tmp_path))
    assert result.exit_code == 1
    organization = Organization.parse(result.stdout)
    assert [touchpoint.label for touchpoint in organization.touchpoints] == ["签约", "续约"]
    assert organization.name == "raci"
    assert "not understood: C3: '待定' names no duties" in result.stderr
    assert result.stderr.endswith("1 cell was not understood.\n")


def test_the_report_is_told_in_chinese(run: Run, tmp_path: Path) -> None:
    result = run("raci", "import", saved(tmp_path), "--language", "zh")
    assert "  未识别：C3：'待定' 不是职责：应为 R、A、C、I 或 V" in result.stderr
    assert "新增触点 2 个、新增角色 2 个" in result.stderr


def test_all_understood_is_status_zero(run: Run, tmp_path: Path) -> None:
    output = tmp_path / "new.yaml"
    result = run("raci", "import", saved(tmp_path, SHEET.replace("待定", "I")), "--output", output, "--name", "云帆")
    assert (result.exit_code, result.stdout) == (0, "")
    assert Organization.read(output).name == "云帆"
    assert result.stderr.endswith(f"Written to {output}.\n")


def test_a_file_that_exists_is_added_to_and_never_overwritten(run: Run, tmp_path: Path, company: Path) -> None:
    sheet = saved(tmp_path, "Touchpoint,客户经理\nrenewal-call,I\nNew one,A\n")
    before = company.read_bytes()
    result = run("raci", "import", sheet, "--output", company)
    assert result.exit_code == 2
    assert "add to it with --into" in result.stderr
    assert company.read_bytes() == before
    assert run("raci", "import", sheet, "--into", company).exit_code == 0
    organization = Organization.read(company)
    assert [(duty.touchpoints, duty.role, duty.duty) for duty in organization.duties[-2:]] == [
        (("renewal-call",), "account-manager", "informed"), (("new-one",), "account-manager", "accountable"),
    ]  # fmt: skip
    assert run("raci", "import", sheet, "--into", company, "--output", company).exit_code == 0
    assert Organization.read(company) == organization


def test_that_comments_are_lost_is_told(run: Run, tmp_path: Path, company: Path) -> None:
    company.write_text("# who serves whom\n" + company.read_text(encoding="utf-8"), encoding="utf-8")
    sheet = saved(tmp_path, "Touchpoint,director\ncomplaint,I\n")
    assert f"The comments of {company} were not kept." in run("raci", "import", sheet, "--into", company).stderr
    assert "The comments of" not in run("raci", "import", sheet, "--into", company).stderr


def test_an_export_says_all_and_is_read_again_as_it_was(run: Run, tmp_path: Path, company: Path) -> None:
    before = Organization.read(company)
    for name in ("raci.xlsx", "raci.csv"):
        for option in ([], ["--by-scope"], ["--language", "zh"]):
            assert run("raci", "export", company, "--output", tmp_path / name, *option).exit_code == 0
            assert run("raci", "import", tmp_path / name, "--into", company).exit_code == 0
            assert Organization.read(company) == before


def test_what_cannot_be_used_is_told_in_a_line(run: Run, tmp_path: Path, company: Path) -> None:
    for call in (
        ["import", tmp_path / "absent.xlsx"],
        ["import", company],
        ["import", saved(tmp_path), "--sheet", "x"],
        ["import", saved(tmp_path), "--into", tmp_path / "absent.yaml"],
        ["export", company, "--output", tmp_path / "raci.pdf"],
        ["export", "--output", tmp_path / "raci.csv"],
    ):
        result = run("raci", *call)
        assert result.exit_code == 2, call
        assert "Traceback" not in result.stderr


def test_the_help_lists_the_commands_in_both_languages(run: Run) -> None:
    assert "import  Read the RACI matrix of SHEET" in run("raci", "--help").stdout
    assert "读取 SHEET" in run("raci", "--help", "--language", "zh").stdout
    assert "crmcore raci import raci.csv" in run("raci", "import", "--help").stdout
