"""pre-commit, GitHub and GitLab run crmcore as their files here say: each step is run, and fails when it should."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from crmcore import Organization

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "examples" / "quickstart" / "crmcore.yaml"
BASH = shutil.which("bash")
PROGRAMS = Path(sys.executable).parent
needs_bash = pytest.mark.skipif(BASH is None or os.name != "posix", reason="the steps are written for bash")


def loaded(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with the organization of the quickstart at its top, in which one gap is left."""
    folder = tmp_path / "repository"
    folder.mkdir()
    shutil.copy(EXAMPLE, folder)
    return folder


def bash(script: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a script the way the services do: it ends with the first command that fails."""
    path = os.pathsep.join([str(PROGRAMS), os.environ["PATH"]])
    return subprocess.run(
        [BASH or "", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=folder,
        env={"PATH": path, "LANG": "C.UTF-8", "CRMCORE_PLUGINS": "", **variables},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


(FOUND,) = Organization.read(EXAMPLE).check(select=["COV101"]).findings
GAP = f"file=crmcore.yaml,line={FOUND.place.line},col={FOUND.place.column},title=COV101 uncovered-touchpoint::"


def hooks() -> dict[str, Any]:
    return {hook["id"]: hook for hook in loaded(".pre-commit-hooks.yaml")}


@pytest.mark.parametrize(
    ("path", "runs"),
    [
        ("crmcore.yaml", True),
        ("company/crmcore.yml", True),
        ("crmcore.json", True),
        ("company/people.csv", True),
        ("mkdocs.yml", False),
        ("notcrmcore.yaml", False),
        ("crmcore.yaml.txt", False),
    ],
)
def test_the_hooks_run_for_the_files_of_an_organization_and_no_others(path: str, runs: bool) -> None:
    for hook in hooks().values():
        assert bool(re.search(hook["files"], path)) is runs


@needs_bash
@pytest.mark.parametrize(("name", "status"), [("crmcore-check", 1), ("crmcore-fix", 0)])
def test_the_entry_of_each_hook_runs_on_an_example(name: str, status: int, repository: Path) -> None:
    run = bash(hooks()[name]["entry"], repository)
    assert run.returncode == status, run.stderr


def test_pre_commit_installs_the_hook_and_stops_a_commit_that_leaves_a_gap(repository: Path, tmp_path: Path) -> None:
    pytest.importorskip("pre_commit")
    source = tmp_path / "crmcore"
    source.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml"):
        shutil.copy(ROOT / name, source)
    shutil.copytree(ROOT / "src", source / "src", ignore=shutil.ignore_patterns("__pycache__"))
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main"]
    for folder in (source, repository):
        for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "all"]):
            subprocess.run([*git, *arguments], cwd=folder, check=True, capture_output=True)
    run = subprocess.run(
        [sys.executable, "-m", "pre_commit", "try-repo", str(source), "crmcore-check", "--all-files"],
        cwd=repository,
        env={**os.environ, "PRE_COMMIT_HOME": str(tmp_path / "cache"), "PRE_COMMIT_COLOR": "never"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if "CalledProcessError" in run.stdout and "pip" in run.stdout:
        pytest.skip("pre-commit cannot install packages here")
    assert run.returncode == 1, run.stdout + run.stderr
    assert "nobody is accountable for renewal-call" in run.stdout
    assert f"crmcore.yaml:{FOUND.place.line}:{FOUND.place.column}" in run.stdout


class Action:
    """The composite action, run by hand: a stand-in for what the service does with its expressions."""

    def __init__(self, **inputs: str) -> None:
        self.tree = loaded("action.yml")
        given = {name: each.get("default", "") for name, each in self.tree["inputs"].items()}
        self.values = {f"inputs.{name}": value for name, value in {**given, **inputs}.items()}
        self.values["github.action_path"] = str(ROOT)

    def told(self, text: str) -> str:
        return re.sub(r"\$\{\{ ([\w.-]+) \}\}", lambda match: self.values[match[1]], text)

    def run(self, name: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
        step = next(step for step in self.tree["runs"]["steps"] if step["name"] == name)
        assert "${{" not in step["run"], "what users write reaches the shell in variables only"
        environment = {key: self.told(value) for key, value in step["env"].items()}
        return bash(step["run"], folder, **environment, **variables)


@needs_bash
def test_the_action_annotates_the_line_of_a_gap_and_fails(repository: Path) -> None:
    run = Action(args="--on 2026-11-23").run("Check", repository)
    assert run.returncode == 1, run.stderr
    assert run.stdout.startswith(f"::error {GAP}nobody is accountable for {FOUND.subject}")


@needs_bash
def test_the_action_passes_path_and_arguments_on_as_they_are(repository: Path) -> None:
    (repository / "a company").mkdir()
    shutil.move(repository / "crmcore.yaml", repository / "a company" / "crmcore.yaml")
    action = Action(path="a company/crmcore.yaml", args="--on 2026-11-23   --fail-on never")
    run = action.run("Check", repository)
    assert run.returncode == 0, run.stderr
    assert f"::error file=a company/crmcore.yaml,line={FOUND.place.line}" in run.stdout
    hostile = Action(path="crmcore.yaml; touch harm", args="$(touch harm) `touch harm`").run("Check", repository)
    assert hostile.returncode == 2
    assert not (repository / "harm").exists()


@needs_bash
def test_the_action_passes_where_everybody_is_answered(repository: Path) -> None:
    run = Action(args="--on 2026-11-23 --select COV102").run("Check", repository)
    assert run.returncode == 0, run.stderr
    assert run.stdout.startswith("::notice title=crmcore::")


@needs_bash
@pytest.mark.parametrize(("version", "installed"), [("", str(ROOT)), ("0.1.0", "crmcore==0.1.0")])
def test_the_action_installs_the_version_that_is_asked_for(tmp_path: Path, version: str, installed: str) -> None:
    shim = tmp_path / "bin" / "python"
    shim.parent.mkdir()
    shim.write_text('#!/bin/sh\nfor last; do :; done; echo "$last"\n', encoding="utf-8")
    shim.chmod(0o755)
    path = os.pathsep.join([str(shim.parent), os.environ["PATH"]])
    run = Action(version=version).run("Install crmcore", tmp_path, PATH=path)
    assert run.stdout == f"{installed}\n"


@needs_bash
@pytest.mark.parametrize(("arguments", "status"), [("", 1), ("--fail-on never", 0), ("--select COV102", 0)])
def test_the_job_of_gitlab_writes_its_reports_and_fails_when_it_should(
    repository: Path, arguments: str, status: int
) -> None:
    template = loaded("ci-templates/gitlab.yml")
    variables = {**template["variables"], "CRMCORE_ARGS": f"--on 2026-11-23 {arguments}"}
    run = bash("\n".join(template["crmcore"]["script"]), repository, **variables)
    assert run.returncode == status, run.stderr
    reports = template["crmcore"]["artifacts"]["reports"]
    violations = json.loads((repository / reports["codequality"]).read_text(encoding="utf-8"))
    found = [(each["location"]["path"], each["location"]["lines"]["begin"], each["severity"]) for each in violations]
    assert found == ([] if "COV102" in arguments else [("crmcore.yaml", FOUND.place.line, "major")])
    assert ("nobody is accountable" in run.stdout) == bool(found)
    assert f'failures="{status}"' in (repository / reports["junit"]).read_text(encoding="utf-8")


@needs_bash
def test_the_job_of_gitlab_fails_with_2_when_the_file_cannot_be_read(repository: Path) -> None:
    template = loaded("ci-templates/gitlab.yml")
    (repository / "crmcore.yaml").write_text("crmcore: 1\n", encoding="utf-8")
    run = bash("\n".join(template["crmcore"]["script"]), repository, **template["variables"])
    assert run.returncode == 2
