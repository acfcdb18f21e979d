"""`crmcore plugins`, and the commands that run what plugins add."""

import json
from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from click.testing import Result

from crmcore.checks import CHECKS
from crmcore.cli.commands import COMMANDS

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
    assert own["adds"] == {"crmcore_checks": checks, "crmcore_storages": storages, "crmcore_commands": sorted(COMMANDS)}


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
