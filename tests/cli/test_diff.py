"""`crmcore diff`: two files, two revisions, or one organization and somebody who is not there."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

Run = Callable[..., Result]
DAY = ("--on", "2026-11-23")
NOW_OVERSEAS_TOO = {
    "duty: accountable, where: {region: China}}": "duty: accountable}",
    "where: {region: West}": "where: {region: [West, Overseas]}",
}


@pytest.fixture
def repaired(company: Path) -> Path:
    """The same company, in which the renewal call has somebody overseas too."""
    text = company.read_text(encoding="utf-8")
    for old, new in NOW_OVERSEAS_TOO.items():
        text = text.replace(old, new, 1)
    path = company.with_name("repaired.yaml")
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def repository(company: Path, repaired: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder under git, and the current one: the company was committed as it was, and is repaired now."""
    folder = company.parent / "repository" / "companies"
    folder.mkdir(parents=True)
    file = folder / "crmcore.yaml"
    file.write_text(company.read_text(encoding="utf-8"), encoding="utf-8")
    identity = ["-c", "user.name=Li Na", "-c", "user.email=li.na@example.com"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "as it was"]):
        subprocess.run(["git", "-C", str(folder.parent), *identity, *command], check=True)
    file.write_text(repaired.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.chdir(folder.parent)
    return folder.parent


def kinds(result: Result) -> dict[str, list[str]]:
    """Which touchpoints are told of, by what happens there."""
    found: dict[str, list[str]] = {}
    for move in json.loads(result.stdout)["moves"]:
        found.setdefault(move["kind"], []).append(move["touchpoint"])
    return found


def test_two_files_that_answer_alike_change_nothing(run: Run, company: Path) -> None:
    result = run("diff", company, company, *DAY)
    assert result.exit_code == 0
    assert result.stdout == "云帆软件 on 2026-11-23: nothing changes hands.\n"


def test_what_opens_is_told_with_who_answered_and_where_that_was_written(
    run: Run, company: Path, repaired: Path
) -> None:
    result = run("diff", repaired, company, *DAY)
    assert result.exit_code == 1
    lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert lines[:2] == [
        "opened: nobody answers any more",
        "renewal-call: account-manager (li.na, wang.wei) → nobody",
    ]
    assert lines[2].startswith("where region: Overseas (")
    assert lines[3] == f"before {repaired}:24:5"
    assert lines[-1] == "云帆软件 on 2026-11-23: 4 points open."


def test_only_what_opens_fails_unless_the_call_says_otherwise(run: Run, company: Path, repaired: Path) -> None:
    assert run("diff", company, repaired, *DAY).exit_code == 0
    assert run("diff", company, repaired, *DAY, "--fail-on", "any").exit_code == 1
    assert run("diff", repaired, company, *DAY, "--fail-on", "never").exit_code == 0


def test_somebody_who_leaves_hands_over_to_whoever_stands_in(run: Run, company: Path) -> None:
    result = run("diff", company, "--without", "li.na", *DAY)
    assert "renewal-call: account-manager (li.na) → account-manager (chen.gang)" in result.stdout
    assert "chen.gang" in result.stdout.partition("Whose load changes")[2]


def test_somebody_who_is_absent_hands_over_for_these_days(run: Run, company: Path) -> None:
    result = run("diff", company, "--absent", "li.na", *DAY, "--until", "2026-11-24", "--format", "json")
    report = json.loads(result.stdout)
    assert {move["kind"] for move in report["moves"]} == {"moved"}
    assert {load["person"] for load in report["loads"]} == {"li.na", "chen.gang", "wang.wei"}
    assert (report["version"], report["on"], report["until"]) == (1, "2026-11-23", "2026-11-24")


@pytest.mark.parametrize(
    "arguments",
    [
        ["companies/crmcore.yaml", "--since", "HEAD"],
        ["HEAD:companies/crmcore.yaml", "companies/crmcore.yaml"],
        ["HEAD:companies", "companies"],
    ],
)
def test_a_file_or_a_folder_is_compared_with_how_it_was_at_a_revision(
    run: Run, repository: Path, arguments: list[Any]
) -> None:
    assert kinds(run("diff", *arguments, *DAY, "--format", "json")) == {"closed": ["renewal-call"]}
    told = run("diff", *reversed(arguments), *DAY) if len(arguments) == 2 else None
    assert told is None or "before  companies/crmcore.yaml:24:5" in told.stdout


def test_places_of_a_revision_name_it(run: Run, repository: Path) -> None:
    file = repository / "companies" / "crmcore.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("role: director, duty", "role: account-manager, duty"), encoding="utf-8")
    result = run("diff", "companies/crmcore.yaml", "--since", "HEAD", *DAY)
    assert "before  HEAD:companies/crmcore.yaml:26:5" in result.stdout


def test_faults_of_a_revision_name_it(run: Run, repository: Path) -> None:
    file = repository / "companies" / "crmcore.yaml"
    file.write_text("crmcore: 1\nname: [broken\n", encoding="utf-8")
    identity = ["-c", "user.name=Li Na", "-c", "user.email=li.na@example.com"]
    subprocess.run(["git", *identity, "commit", "-q", "-a", "-m", "broken"], check=True, cwd=repository)
    result = run("diff", "HEAD:companies/crmcore.yaml", "HEAD~1:companies/crmcore.yaml")
    assert result.exit_code == 2
    assert "HEAD:companies/crmcore.yaml:" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["crmcore.yaml"], "There is nothing to compare with"),
        (["crmcore.yaml", "crmcore.yaml", "--since", "HEAD"], "Give NEW or --since, not both."),
        (["nosuch:companies/crmcore.yaml", "companies"], "git cannot give that revision"),
        (["HEAD:nosuch.yaml", "companies"], "git cannot give that revision"),
        (["companies", "--without", "li.ma"], "did you mean 'li.na'?"),
        (["companies", "--absent", "li.ma"], "did you mean 'li.na'?"),
        (["companies", "companies", "--on", "2026-11-23", "--until", "2026-11-22"], "comes before the first day"),
    ],
)
def test_a_call_that_cannot_be_used_is_refused_in_a_sentence(
    run: Run, repository: Path, arguments: list[str], message: str
) -> None:
    result = run("diff", *arguments)
    assert result.exit_code == 2
    assert message in result.stderr


def test_without_git_a_revision_is_refused_in_a_sentence(
    run: Run, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    result = run("diff", "companies", "--since", "HEAD")
    assert result.exit_code == 2
    assert "git is needed to read a revision" in result.stderr


def test_markdown_is_a_table_for_a_pull_request(run: Run, company: Path, repaired: Path) -> None:
    lines = run("diff", repaired, company, *DAY, "--format", "markdown").stdout.splitlines()
    assert lines[0] == "**云帆软件 on 2026-11-23: 4 points open.**"
    assert lines[2] == "### opened: nobody answers any more"
    assert lines[-1].startswith("| renewal-call: account-manager (li.na, wang.wei) → nobody | region: Overseas")


def test_long_lists_are_cut_and_say_so(run: Run, company: Path) -> None:
    every = json.loads(run("diff", company, "--without", "li.na", *DAY, "--format", "json").stdout)["moves"]
    assert len(every) > 1
    result = run("diff", company, "--without", "li.na", *DAY, "--limit", "1")
    assert f"… and {len(every) - 1} more (--limit 0 shows all)" in result.stdout
