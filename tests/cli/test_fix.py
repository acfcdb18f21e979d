"""`crmcore fix` mends files, or shows how, and says what it did."""

import difflib
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]
ON = ("--on", "2026-11-23")
TWICE = "  - {touchpoints: [complaint], role: director, duty: accountable, priority: -10}\n"


@pytest.fixture
def repeating(company: Path) -> Path:
    """A company with a duty that stands there twice, at line 28."""
    text = company.read_text(encoding="utf-8")
    company.write_text(text.replace(TWICE, TWICE + TWICE), encoding="utf-8")
    return company


def test_what_is_mended_is_written_and_told_with_its_place(run: Run, repeating: Path, company: Path) -> None:
    before = repeating.read_text(encoding="utf-8")
    result = run("fix", repeating, *ON)
    assert result.exit_code == 0
    assert result.stdout == (
        f"{repeating}:28:5: COV105 mended: a duty of director that repeats another\n1 mend in 1 file.\n"
    )
    assert repeating.read_text(encoding="utf-8") == before.replace(TWICE + TWICE, TWICE)
    assert run("fix", repeating, *ON).stdout == "There is nothing to mend.\n"


def test_a_diff_shows_the_change_writes_nothing_and_ends_with_1(run: Run, repeating: Path) -> None:
    before = repeating.read_text(encoding="utf-8")
    result = run("fix", repeating, "--diff", *ON)
    assert result.exit_code == 1
    assert repeating.read_text(encoding="utf-8") == before
    after = before.replace(TWICE + TWICE, TWICE)
    wanted = difflib.unified_diff(before.splitlines(True), after.splitlines(True), str(repeating), str(repeating))
    assert result.stdout == "".join(wanted)


def test_a_diff_of_what_is_as_it_should_be_is_empty_and_ends_with_0(run: Run, company: Path) -> None:
    result = run("fix", company, "--diff", *ON)
    assert (result.exit_code, result.output) == (0, "")


def test_a_diff_says_that_a_line_end_is_missing(run: Run, company: Path) -> None:
    company.write_text(company.read_text(encoding="utf-8").rstrip("\n"), encoding="utf-8")
    result = run("fix", company, "--diff", *ON)
    assert result.exit_code == 1
    assert result.stdout.splitlines()[-2] == "\\ No newline at end of file"


def test_what_is_left_is_told_with_the_reason(run: Run, company: Path) -> None:
    text = company.read_text(encoding="utf-8")
    company.write_text(text.replace("name: 云帆软件\n", "name: |\n  云帆  \n  软件\n"), encoding="utf-8")
    result = run("fix", company, *ON)
    assert result.exit_code == 0
    assert result.stderr == (
        f"{company}:1:1: SPACE left as it is: white space and line ends (it is part of what the file says)\n"
    )


@pytest.mark.parametrize(("codes", "status"), [("COV105", 1), ("cov", 1), ("REF002", 0), ("REF,SPACE,DUP", 1)])
def test_one_says_what_is_to_be_mended(run: Run, repeating: Path, codes: str, status: int) -> None:
    assert run("fix", repeating, "--diff", "--select", codes, *ON).exit_code == status


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--select", "COV101"), "'COV101' is not mended here; COV105, REF002, DUPLICATE, SPACE are."),
        (("--on", "2026-11-23", "--until", "2026-11-22"), "comes before the first day"),
        (("--baseline", "absent.json"), "absent.json"),
    ],
)
def test_a_call_that_cannot_be_used_changes_nothing(
    run: Run, repeating: Path, arguments: tuple[str, ...], said: str
) -> None:
    before = repeating.read_bytes()
    result = run("fix", repeating, *arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert repeating.read_bytes() == before


def test_a_file_that_cannot_be_read_is_told_with_its_faults(run: Run, company: Path) -> None:
    company.write_text("crmcore: 1\nname: x\nrole: []\n", encoding="utf-8")
    result = run("fix", company)
    assert result.exit_code == 2
    assert f"{company}:3:1" in result.stderr


def test_the_organization_of_this_folder_is_mended_when_none_is_named(run: Run, repeating: Path) -> None:
    here = Path("crmcore.yaml")
    here.write_text(repeating.read_text(encoding="utf-8"), encoding="utf-8")
    assert "crmcore.yaml:28:5: COV105 mended" in run("fix", *ON).stdout


def test_it_speaks_chinese(run: Run, repeating: Path) -> None:
    assert "处修正。" in run("fix", repeating, "--language", "zh", *ON).stdout
