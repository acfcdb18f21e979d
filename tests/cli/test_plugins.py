"""`crmcore plugins`, and the commands that run what plugins add."""

import json
from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from click.testing import Result

from crmcore.checks import CHECKS
from crmcore.cli.commands import COMMANDS
from crmcore.plugins import hookimpl
from crmcore.plugins.collecting import HOOKS
from crmcore.plugins.skeleton import skeleton

Run = Callable[..., Result]


def test_what_is_installed_is_listed_with_what_it_adds(run: Run) -> None:
    result = run("plugins")
    assert result.exit_code == 0
    assert result.stdout.startswith("builtin (crmcore ")
    assert "COV101, COV102" in result.stdout


def test_programs_read_the_same_as_json(run: Run) -> None:
    listed = json.loads(run("plugins", "--format", "json").stdout)
    assert (listed["version"], listed["contract"], listed["failures"]) == (1, 1, [])
    checks, storages = [check.code for check in CHECKS], ["memory"]
    own = listed["plugins"][0]
    assert (own["name"], own["distribution"]) == ("builtin", "crmcore")
    assert own["adds"].keys() == HOOKS.keys() - {"crmcore_channels", "crmcore_notifiers", "crmcore_observers"}
    assert own["adds"]["crmcore_checks"] == checks
    assert own["adds"]["crmcore_storages"] == storages
    assert own["adds"]["crmcore_commands"] == sorted(COMMANDS)


def test_a_plugin_that_cannot_be_loaded_is_told_with_its_reason(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        name, dist = "broken", None

        def load(self) -> object:
            raise ImportError("no module named vendor")

    own = entry_points(group="crmcore")
    monkeypatch.setattr("crmcore.plugins.registry.entry_points", lambda **_: [*own, Broken()])
    monkeypatch.setenv("CRMCORE_PLUGINS", "broken")
    result = run("plugins")
    assert result.exit_code == 1
    assert "could not be loaded" in result.stdout
    assert "ImportError: no module named vendor" in result.stdout


def test_whose_checks_are_missing_is_told_beside_the_report(
    run: Run, company: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken:
        name, dist = "broken", None

        @hookimpl
        def crmcore_checks(self) -> object:
            raise ImportError("no module named vendor")

        def load(self) -> object:
            return self

    own = entry_points(group="crmcore")
    monkeypatch.setattr("crmcore.plugins.registry.entry_points", lambda **_: [*own, Broken()])
    monkeypatch.setenv("CRMCORE_PLUGINS", "broken")
    result = run("check", company, "--on", "2026-11-23", "--select", "COV102", "--format", "json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["ok"]
    assert result.stderr == "The checks of broken (broken) are missing: ImportError: no module named vendor\n"
    assert "the checks of broken (broken) failed" in run("plugins").stdout


@pytest.fixture
def with_example(monkeypatch: pytest.MonkeyPatch) -> None:
    """The example plugin is chosen, as it is installed."""
    pytest.importorskip("crmcore_example", reason="install the plugins with `uv run --all-packages`")
    monkeypatch.setenv("CRMCORE_PLUGINS", "example")


@pytest.mark.usefixtures("with_example")
def test_the_check_of_a_plugin_runs_is_explained_and_can_be_ignored(run: Run, company: Path) -> None:
    found = run("check", company, "--on", "2026-11-23", "--select", "EXA", "--format", "json")
    assert [finding["subject"] for finding in json.loads(found.stdout)["findings"]] == ["complaint"]
    assert "Every touchpoint has a label." in run("explain", "EXA001").stdout
    assert "unlabelled-touchpoint" in run("explain").stdout
    text = company.read_text(encoding="utf-8")
    company.write_text(text + "checks: {ignore: [EXA001]}\n", encoding="utf-8")
    result = run("check", company, "--on", "2026-11-23", "--select", "EXA,REF")
    assert "no findings" in result.stdout


def test_without_the_plugin_its_code_is_unknown(run: Run, company: Path) -> None:
    result = run("check", company, "--select", "EXA")
    assert result.exit_code == 2
    assert "there is no check 'EXA'" in result.stderr


def test_a_new_plugin_is_written_to_a_folder_of_its_name(run: Run, tmp_path: Path) -> None:
    result = run("plugins", "new", "crmcore-acme", "--into", tmp_path)
    assert result.exit_code == 0
    assert "Its tests pass as they are" in result.stdout
    folder = tmp_path / "crmcore-acme"
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    assert {name: path.read_bytes().decode() for name, path in found.items()} == skeleton("crmcore-acme")


def test_a_new_plugin_has_the_parts_that_are_asked_for(run: Run) -> None:
    assert run("plugins", "new", "acme", "--with", "kind", "--with", "command").exit_code == 0
    assert Path("acme/src/acme/records.py").is_file()
    assert not Path("acme/src/acme/checks.py").exists()


def test_a_folder_that_is_there_is_not_written_to(run: Run) -> None:
    Path("acme").mkdir()
    result = run("plugins", "new", "acme")
    assert result.exit_code == 2
    assert result.stderr == "Error: acme is there already: name a file that is not.\n"
    assert list(Path("acme").iterdir()) == []


@pytest.mark.parametrize("name", ["Acme", "../acme", "json", "a b"])
def test_a_name_that_cannot_be_one_is_told_how_to_be(run: Run, name: str) -> None:
    result = run("plugins", "new", name)
    assert result.exit_code == 2
    assert "cannot name a plugin: write lower-case words with hyphens" in result.stderr
