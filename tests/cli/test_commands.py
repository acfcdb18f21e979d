import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from crmcore.cli.commands import COMMANDS, START, crmcore
from crmcore.cli.taught import Taught

CRMCORE = (sys.executable, "-m", "crmcore.cli")


def process(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*CRMCORE, *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
        timeout=60,
        check=False,
    )


def test_the_help_lists_every_command_and_where_to_start(run: Callable[..., Result]) -> None:
    for option in ("--help", "-h"):
        result = run(option)
        assert result.exit_code == 0
        for name, text in COMMANDS.items():
            assert f"{name} " in result.stdout
            assert text in result.stdout
        assert all(example in result.stdout for example in START)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_every_command_has_examples(run: Callable[..., Result], name: str) -> None:
    result = run(name, "--help")
    assert result.exit_code == 0
    assert "crmcore " in result.stdout.partition("Options:")[2]


def examples() -> list[str]:
    context = click.Context(crmcore)
    lines = list(START)
    for name in COMMANDS:
        command = crmcore.get_command(context, name)
        assert isinstance(command, Taught)
        lines += [example for section in command.examples.values() for example in section]
    return [line.partition(" >")[0] for line in lines if not line.startswith("#")]


@pytest.mark.parametrize("line", examples())
def test_every_example_of_a_help_can_be_called(line: str) -> None:
    program, name, *arguments = shlex.split(line)
    assert program == "crmcore"
    command = crmcore.get_command(click.Context(crmcore), name)
    assert command is not None
    command.make_context(name, arguments)


def test_listing_the_commands_imports_none_of_what_they_need() -> None:
    code = (
        "import sys; from crmcore.cli.commands import crmcore; crmcore(['--help'], standalone_mode=False);"
        "print(sorted({name.partition('.')[0] for name in sys.modules} & {'rich', 'networkx', 'yaml', 'sqlalchemy'}),"
        "[name for name in sys.modules if name.startswith(('crmcore.checks', 'crmcore.responsibility'))])"
    )
    everything = {name: value for name, value in os.environ.items() if name != "CRMCORE_PLUGINS"}
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60, env=everything
    )
    assert result.stdout.splitlines()[-1] == "[] []"


def test_the_version_is_that_of_the_package(run: Callable[..., Result]) -> None:
    assert run("--version").stdout == f"crmcore {version('crmcore')}\n"


def test_an_unknown_command_names_the_nearest(run: Callable[..., Result]) -> None:
    result = run("chekc")
    assert result.exit_code == 2
    assert result.stderr == "Error: there is no command 'chekc'; did you mean 'check'?\n"


def test_an_unknown_option_cannot_be_used(run: Callable[..., Result]) -> None:
    assert run("check", "--sortiment").exit_code == 2
    assert run("--sortiment").exit_code == 2


# In a process of its own


def test_the_exit_statuses_are_those_of_the_process(company: Path) -> None:
    assert process("check", company, "--select", "COV101").returncode == 1
    assert process("check", company, "--select", "COV102").returncode == 0
    broken = process("check", company.parent / "absent.yaml")
    assert broken.returncode == 2
    assert "Traceback" not in broken.stderr
    assert broken.stdout == ""


def test_a_pipe_has_no_colours_and_wide_lines(company: Path) -> None:
    result = process("check", company, "--select", "COV101", TERM="xterm-256color")
    assert "\x1b" not in result.stdout
    assert "region: Overseas" in result.stdout


def on_a_terminal(*arguments: object, **environment: str) -> str:
    pty = pytest.importorskip("pty", reason="there are no pseudo terminals on this system")
    main, side = pty.openpty()
    running = subprocess.Popen(
        [*CRMCORE, *map(str, arguments)], stdout=side, env={**os.environ, "TERM": "xterm-256color", **environment}
    )
    os.close(side)
    output = b""
    try:
        while chunk := os.read(main, 65536):
            output += chunk
    except OSError:  # this is how a pseudo terminal ends
        pass
    finally:
        os.close(main)
    assert running.wait(timeout=60) == 1
    return output.decode()


def test_a_terminal_has_colours_unless_they_are_refused(company: Path) -> None:
    assert "\x1b[1;31m" in on_a_terminal("check", company, "--select", "COV101", NO_COLOR="")
    assert "\x1b" not in on_a_terminal("check", company, "--select", "COV101", NO_COLOR="1")


def test_a_reader_that_leaves_early_is_no_error(company: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    try:
        result = subprocess.run(
            [*CRMCORE, "check", str(company), "--format", "json"],
            stdout=write,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    finally:
        os.close(write)
    assert result.stderr == ""
    assert result.returncode == 141


def test_a_terminal_that_knows_no_chinese_shows_escapes(company: Path) -> None:
    result = process("who", company, "renewal-call", "region=Shanghai", PYTHONIOENCODING="latin-1")
    assert result.returncode == 0
    assert "\\u674e\\u5a1c (li.na) answers" in result.stdout


# Completion


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_each_shell_is_printed(run: Callable[..., Result], shell: str) -> None:
    result = run("completion", shell)
    assert result.exit_code == 0
    assert f"_CRMCORE_COMPLETE={shell}_complete" in result.stdout


def test_an_unknown_shell_cannot_be_used(run: Callable[..., Result]) -> None:
    assert run("completion", "cmd").exit_code == 2


def completed(*words: object) -> list[str]:
    line = " ".join(shlex.quote(str(word)) for word in ("crmcore", *words))
    environment = {"_CRMCORE_COMPLETE": "bash_complete", "COMP_WORDS": line, "COMP_CWORD": str(len(words))}
    result = CliRunner().invoke(crmcore, [], env=environment, prog_name="crmcore")
    return [value.partition(",")[2] for value in result.stdout.splitlines() if value]


def test_commands_options_codes_and_formats_are_completed(company: Path) -> None:
    assert completed("ch") == ["check"]
    assert "--baseline" in completed("check", "--base")
    assert completed("explain", "cov10") == [f"COV10{number}" for number in range(1, 10)]
    assert completed("check", "--select", "ORG201,COV101") == ["ORG201,COV101"]
    assert completed("check", company, "--format", "s") == ["sarif"]


def test_ids_of_the_file_are_completed(company: Path) -> None:
    assert completed("who", company, "re") == ["renewal-call"]
    assert completed("who", company, "renewal-call", "reg") == ["region="]
    assert completed("who", company, "renewal-call", "region=S") == [
        "region=Shanghai",
        "region=Sichuan",
        "region=Singapore",
    ]
    assert completed("who", company, "renewal-call", "channel=") == ["channel=phone", "channel=web"]
    assert completed("check", company, "--without", "w") == ["wang.wei"]


def test_a_file_that_cannot_be_read_completes_nothing_and_says_nothing(tmp_path: Path) -> None:
    assert completed("who", tmp_path / "absent.yaml", "re") == []
