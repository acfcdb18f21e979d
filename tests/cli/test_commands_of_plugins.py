"""The commands of plugins: listed after ours, run like ours, and never instead of ours."""

import types
from collections.abc import Callable, Iterable
from importlib.metadata import entry_points
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from crmcore.cli.commands import COMMANDS, crmcore
from crmcore.plugins import Command, hookimpl

Run = Callable[..., Result]


def greeting() -> click.Command:
    @click.command("greet", help="Greet somebody by name.")
    @click.argument("name")
    def command(name: str) -> None:
        click.echo(f"你好, {name}!")

    return command


def unloadable() -> click.Command:
    raise ModuleNotFoundError("No module named 'vendor'")


class Installed:
    """An entry point that adds commands."""

    dist = types.SimpleNamespace(name="polite", version="2.1")

    def __init__(self, name: str, *commands: Command) -> None:
        @hookimpl
        def crmcore_commands() -> Iterable[Command]:
            return commands

        self.name, self._plugin = name, types.SimpleNamespace(crmcore_commands=crmcore_commands)

    def load(self) -> object:
        return self._plugin


Install = Callable[..., None]


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Install:
    """Install plugins beside crmcore, and no others."""

    def install(*plugins: Installed) -> None:
        own = [one for one in entry_points(group="crmcore") if one.dist is not None and one.dist.name == "crmcore"]
        monkeypatch.setattr("crmcore.plugins.registry.entry_points", lambda **_: [*own, *plugins])
        monkeypatch.delenv("CRMCORE_PLUGINS")

    return install


GREET = Command("greet", "Greet somebody.", greeting)


def test_the_help_lists_them_after_ours_without_loading_them(run: Run, install: Install) -> None:
    install(Installed("polite", GREET, Command("vendor", "Ask the vendor.", unloadable)))
    text = run("--help").stdout
    ours, theirs, start = (
        text.index(heading) for heading in ("\nCommands:", "\nCommands of plugins:", "\nStart here:")
    )
    assert ours < theirs < start
    shown = " ".join(text[theirs:start].split())
    assert shown == "Commands of plugins: greet Greet somebody. vendor Ask the vendor."


def test_the_help_has_no_heading_for_what_nobody_adds(run: Run, install: Install) -> None:
    install()
    assert "Commands of plugins" not in run("--help").stdout


def test_they_run_and_have_a_help(run: Run, install: Install) -> None:
    install(Installed("polite", GREET))
    assert run("greet", "李娜").stdout == "你好, 李娜!\n"
    assert "Greet somebody by name." in run("greet", "--help").stdout


def test_they_take_the_language_before_them_and_behind_them(run: Run, install: Install) -> None:
    install(Installed("polite", GREET))
    assert run("greet", "--language", "zh", "李娜").exit_code == 0
    assert "用法" in run("--language", "zh", "greet", "--help").stdout


def test_none_of_them_hides_one_of_ours(run: Run, install: Install) -> None:
    install(Installed("greedy", Command("schema", "Take over.", greeting)))
    assert run("schema").stdout.startswith("{")
    assert "Take over." not in run("--help").stdout
    listed = run("plugins")
    assert listed.exit_code == 1
    assert "the commands of greedy (polite) failed" in listed.stdout
    assert "command schema is crmcore's own" in listed.stdout


def test_ours_run_without_asking_plugins_for_commands(run: Run, monkeypatch: pytest.MonkeyPatch, company: Path) -> None:
    def refuse(**_: object) -> None:
        raise AssertionError("nobody wants to know what is installed")

    monkeypatch.setattr("crmcore.plugins.registry.entry_points", refuse)
    assert run("who", company, "renewal-call", "region=Sichuan").exit_code == 0


def test_an_unknown_command_names_the_nearest_of_all(run: Run, install: Install) -> None:
    install(Installed("polite", GREET))
    result = run("gret")
    assert result.exit_code == 2
    assert result.stderr == "Error: there is no command 'gret'; did you mean 'greet'?\n"


def test_one_that_cannot_be_loaded_is_told_with_its_plugin(run: Run, install: Install) -> None:
    install(Installed("polite", Command("vendor", "Ask the vendor.", unloadable)))
    result = run("vendor")
    assert result.exit_code == 2
    assert result.stderr.startswith("Error: command vendor of polite (polite 2.1) stopped: ModuleNotFoundError")


def test_two_of_one_name_are_told_when_one_is_called_and_stop_nothing_else(run: Run, install: Install) -> None:
    install(Installed("one", GREET), Installed("two", GREET))
    assert run("--help").exit_code == 0
    assert run("schema").exit_code == 0
    result = run("greet", "李娜")
    assert result.exit_code == 2
    assert "command greet is added by one (polite 2.1) and by two (polite 2.1)" in result.stderr


def test_they_are_completed(install: Install) -> None:
    install(Installed("polite", GREET))
    environment = {"_CRMCORE_COMPLETE": "bash_complete", "COMP_WORDS": "crmcore gr", "COMP_CWORD": "1"}
    result = CliRunner().invoke(crmcore, [], env=environment, prog_name="crmcore")
    assert result.stdout.splitlines() == ["plain,greet"]


def test_a_group_of_plugins_knows_all_of_its_commands(install: Install) -> None:
    install(Installed("polite", GREET))
    assert crmcore.list_commands(click.Context(crmcore)) == [*COMMANDS, "greet"]
