"""`crmcore init`: an organization file to start from, a template or what a dialogue brings out."""

from pathlib import Path
from typing import Final

import click

from crmcore.cli.failures import Failure
from crmcore.cli.taught import Taught
from crmcore.cli.wrapping import columns, padded
from crmcore.language import say, told
from crmcore.organization.templates import TEMPLATES, template_text

__all__ = ["command"]

_FILE: Final = "crmcore.yaml"
_SHOWN: Final = 3
"""Findings of one check that are shown of a new organization."""


@click.command(
    "init",
    cls=Taught,
    examples={
        "Examples": {
            "crmcore init --list": "which templates are there?",
            "crmcore init --template founder": "a company of a few people, in ./crmcore.yaml",
            "crmcore init company.yaml --template b2b --language zh": "account managers, in Chinese",
            "crmcore init --ask": "answer questions instead, in four steps",
        }
    },
)
@click.argument("path", type=click.Path(path_type=Path), default=_FILE)
@click.option("--template", help="The name of the template to start from.")
@click.option("--ask", is_flag=True, help="Answer questions in four steps instead.")
@click.option("--list", "list_", is_flag=True, help="List the templates, and write nothing.")
def command(*, path: Path, template: str | None, ask: bool, list_: bool) -> None:
    """Write an organization file to start from to PATH, ./crmcore.yaml if absent. No file is ever overwritten.

    A template is a whole company, clean under every check, with comments that say what to change first.
    """
    if list_:
        click.echo(_listed())
    elif ask and template is not None:
        message = say("--template and --ask are two ways to begin: choose one.")
        raise click.UsageError(told(message))
    elif ask:
        _ask(_free(path))
    elif template is not None:
        _write(template, _free(path))
    else:
        message = say(
            "Error: say what to start from: --template NAME, or --ask to answer questions. The templates are:"
        )
        raise Failure(told(message), *_listed().splitlines())


def _listed() -> str:
    width = max(map(columns, TEMPLATES))
    return "\n".join(f"  {padded(name, width)}  {told(meaning)}" for name, meaning in TEMPLATES.items())


def _free(path: Path) -> Path:
    """Return the file to write, for a folder the one in it.

    Raises:
        Failure: it is there already, or its folder is not.
    """
    file = path / _FILE if path.is_dir() else path
    if file.exists():
        message = say("Error: {file} is there already: name a file that is not.", file=click.format_filename(file))
        raise Failure(told(message))
    if file.suffix not in (".yaml", ".yml"):
        message = say("Error: {file} is no YAML file: let its name end in .yaml.", file=click.format_filename(file))
        raise Failure(told(message))
    if not file.parent.is_dir():
        message = say("Error: there is no folder {folder}: make it first.", folder=click.format_filename(file.parent))
        raise Failure(told(message))
    return file


def _write(name: str, file: Path) -> None:
    text = template_text(name)
    with file.open("x", encoding="utf-8", newline="\n") as stream:
        stream.write(text)
    wrote = say("{file} is written. Replace the names by yours, and prove it as you go:", file=_name(file))
    click.echo(told(wrote))
    click.echo(_next(file))


def _ask(file: Path) -> None:
    from crmcore.cli.dialogue import asked  # noqa: PLC0415 (only for whoever wants to be asked)
    from crmcore.cli.formats import Options, write  # noqa: PLC0415 (only for whoever wants to be asked)
    from crmcore.cli.terminal import Terminal  # noqa: PLC0415 (only for whoever wants to be asked)
    from crmcore.organization import Organization  # noqa: PLC0415 (only for whoever wants to be asked)

    asked().write(file)
    report = Organization.read(file).check()
    terminal = Terminal.of()
    click.echo()
    wrote = say("{file} is written. This is still open:", file=_name(file))
    done = say("{file} is written, and nothing is open: every customer is answered.", file=_name(file))
    click.echo(told(wrote if report.findings else done))
    click.echo()
    text = write("text", report, Options(limit=_SHOWN, fail_on=None, terminal=terminal))
    click.echo(text, nl=False, color=terminal.color)
    click.echo(told(say("Mend the file, and prove it again:")))
    click.echo(_next(file))


def _name(file: Path) -> str:
    return click.format_filename(file)


def _next(file: Path) -> str:
    return f"  crmcore check {_name(file)}"
