"""`crmcore diff`: two files, two revisions, or one organization and somebody who is not there."""

import json
import os
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


def commit(repository: Path) -> None:
    identity = ["-c", "user.name=Li Na", "-c", "user.email=li.na@example.com"]
    for command in (["add", "--all"], ["commit", "-q", "-m", "another"]):
        subprocess.run(["git", "-C", str(repository), *identity, *command], check=True)


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
    subprocess.run(["git", "-C", str(folder.parent), "init", "-q"], check=True)
    commit(folder.parent)
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


def test_a_conflict_is_told_and_fails_where_the_call_says_so(run: Run, company: Path) -> None:
    duty = "  - {touchpoints: [renewal-call], role: director, duty: accountable, where: {region: West}}\n"
    text = company.read_text(encoding="utf-8").replace("escalations:\n", f"{duty}escalations:\n")
    both = company.with_name("both.yaml")
    both.write_text(text, encoding="utf-8")
    result = run("diff", company, both, *DAY)
    assert result.exit_code == 0
    assert result.stdout.startswith("contested: more roles are accountable than may be\n")
    assert "become contested." in result.stdout
    assert run("diff", company, both, *DAY, "--fail-on", "worse").exit_code == 1
    assert run("diff", both, company, *DAY, "--fail-on", "worse").exit_code == 0
    assert run("diff", both, company, *DAY).stdout.startswith("settled: ")


def test_somebody_who_leaves_hands_over_to_whoever_stands_in(run: Run, company: Path) -> None:
    result = run("diff", company, "--without", "li.na", *DAY)
    assert "renewal-call: account-manager (li.na) → account-manager (chen.gang)" in result.stdout
    assert "chen.gang" in result.stdout.partition("Whose load changes")[2]


def test_somebody_who_is_absent_hands_over_for_these_days(run: Run, company: Path) -> None:
    result = run("diff", company, "--absent", "li.na", *DAY, "--until", "2026-11-24", "--format", "json")
    report = json.loads(result.stdout)
    assert {move["kind"] for move in report["moves"]} == {"moved"}
    assert {load["person"] for load in report["loads"]} == {"li.na", "chen.gang", "wang.wei"}
    (li_na,) = (load for load in report["loads"] if load["person"] == "li.na")
    assert (li_na["after"], li_na["share_after"]) == (0.0, 0.0)
    assert li_na["before"] == li_na["lost"] > 0.0
    assert 0.0 < li_na["share_before"] < 1.0
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


TABLED = """\
crmcore: 1
name: tabled
people: [{id: li.na}]
roles: [{id: manager}]
staffing: [{role: manager, holders: [li.na]}]
touchpoints: [{id: call}]
duties: tables/duties.csv
"""


@pytest.fixture
def tabled(repository: Path) -> Path:
    """A repository that is a company itself: its duties lie in a table, and beside it a link that leads away."""
    (repository / "crmcore.yaml").write_text(TABLED, encoding="utf-8")
    (repository / "tables").mkdir()
    (repository / "tables" / "duties.csv").write_text("touchpoints,role,duty\ncall,manager,accountable\n", "utf-8")
    (repository / "people.csv").symlink_to("/nowhere/at/all")
    commit(repository)
    (repository / "tables" / "duties.csv").write_text("touchpoints,role,duty\ncall,manager,informed\n", "utf-8")
    return repository


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
@pytest.mark.parametrize(
    ("arguments", "place"),
    [
        (["crmcore.yaml", "--since", "HEAD"], "HEAD:tables/duties.csv:2:1"),
        ([".", "--since", "HEAD"], "HEAD:tables/duties.csv:2:1"),
        (["HEAD:", "."], "HEAD:tables/duties.csv:2:1"),
        (["HEAD:companies/../crmcore.yaml", "crmcore.yaml"], "HEAD:companies/../tables/duties.csv:2:1"),
    ],
)
def test_tables_are_read_as_they_were(run: Run, tabled: Path, arguments: list[str], place: str) -> None:
    result = run("diff", *arguments, *DAY)
    assert result.exit_code == 1
    assert f"before  {place}" in result.stdout


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_revision_is_read_from_a_folder_inside_too(run: Run, tabled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tabled / "tables")
    assert "before  HEAD:../tables/duties.csv:2:1" in run("diff", "..", "--since", "HEAD", *DAY).stdout


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_table_that_a_revision_lacks_is_named_as_people_know_it(run: Run, tabled: Path) -> None:
    (tabled / "tables" / "duties.csv").unlink()
    commit(tabled)
    result = run("diff", "HEAD:crmcore.yaml", "HEAD~1:crmcore.yaml", *DAY)
    assert result.exit_code == 2
    assert result.stderr.startswith("HEAD:crmcore.yaml:7:9: the file 'HEAD:tables/duties.csv' does not exist\n")


def test_faults_of_a_revision_name_it(run: Run, repository: Path) -> None:
    file = repository / "companies" / "crmcore.yaml"
    file.write_text("crmcore: 1\nname: [broken\n", encoding="utf-8")
    commit(repository)
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


@pytest.mark.skipif(os.name == "nt", reason="programs are other files there")
def test_what_git_says_in_several_lines_stays_in_several_lines(
    run: Run, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git = repository / "bin" / "git"
    git.parent.mkdir()
    git.write_text(
        "#!/bin/sh\necho 'fatal: this folder belongs to somebody else' >&2; echo 'trust it?' >&2; exit 128\n"
    )
    git.chmod(0o755)
    monkeypatch.setenv("PATH", str(git.parent), prepend=os.pathsep)
    result = run("diff", "companies", "--since", "HEAD")
    assert result.stderr == "Error: git cannot give that revision: this folder belongs to somebody else\ntrust it?\n"


def test_markdown_is_a_table_for_a_pull_request(run: Run, company: Path, repaired: Path) -> None:
    lines = run("diff", repaired, company, *DAY, "--format", "markdown").stdout.splitlines()
    assert lines[0] == "**云帆软件 on 2026-11-23: 4 points open.**"
    assert lines[2] == "### opened: nobody answers any more"
    assert lines[6].startswith("| renewal-call: account-manager (li.na, wang.wei) → nobody | region: Overseas")
    assert lines[8] == "### Whose load changes"
    assert lines[-2].startswith("| li.na | ")


def test_long_lists_are_cut_and_say_so(run: Run, company: Path) -> None:
    every = json.loads(run("diff", company, "--without", "li.na", *DAY, "--format", "json").stdout)["moves"]
    assert len(every) > 1
    result = run("diff", company, "--without", "li.na", *DAY, "--limit", "1")
    assert f"… and {len(every) - 1} more (--limit 0 shows all)" in result.stdout
