"""`crmcore explain`: what a check means, why it matters, and how its findings are mended."""

from collections.abc import Iterator

import click
from attrs import evolve
from rich.markdown import Markdown
from rich.table import Table
from rich.text import Text

from crmcore.checks.pages import Page, codes, page, parse
from crmcore.cli.drawing import draw
from crmcore.cli.formats.markdown import escaped
from crmcore.cli.installed import installed_checks
from crmcore.cli.parameters import CODES
from crmcore.cli.taught import Taught
from crmcore.cli.terminal import Terminal
from crmcore.cli.wrapping import flowing
from crmcore.language import current, say, told, translated

__all__ = ["command"]

_HEADINGS = (say("code"), say("severity"), say("name"), say("holds when"))
_WIDEST = 100
"""Columns beyond which running text is hard to read."""


@click.command(
    "explain",
    cls=Taught,
    examples={
        "Examples": {
            "crmcore explain": "all checks, and what each of them promises",
            "crmcore explain COV101": "one check",
            "crmcore explain uncovered-touchpoint --format markdown": "its page, for a wiki",
        }
    },
)
@click.argument("code", required=False, shell_complete=CODES.shell_complete)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "markdown"]),
    default="text",
    show_default=True,
    help="Text for a terminal, or the page as it is.",
)
def command(code: str | None, format_: str) -> None:
    """Explain the check CODE: what it means, why it matters, a file that fails it, and the mend.

    Without a code, list all checks. A check's name does as well as its code.
    """
    terminal = Terminal.of()
    if code is None:
        text = _list_as_markdown() if format_ == "markdown" else _list(terminal)
    else:
        markdown = _page(code).text
        text = markdown if format_ == "markdown" else _rendered(markdown, terminal)
    click.echo(text, nl=False, color=terminal.color)


def _page(code: str) -> Page:
    """Return a page in the language of the moment; say so where it is there in English only."""
    of_plugin = {key: check.page for check in installed_checks() if check.page for key in (check.code, check.name)}
    text = of_plugin.get(code.upper()) or of_plugin.get(code.lower())
    found = page(code, current()) if text is None else parse(text)
    if found.language != current():
        click.echo(told(say("The page of {code} is there in English only.", code=found.code)), err=True)
    return found


def _rendered(markdown: str, terminal: Terminal) -> str:
    page = Markdown(flowing(markdown), hyperlinks=False, code_theme="ansi_dark")
    return draw(page, terminal=evolve(terminal, width=min(terminal.width or _WIDEST, _WIDEST)))


def _checks() -> Iterator[tuple[str, str, str, str]]:
    """Yield the code, the severity and the name of every check, and what it promises."""
    own = set(codes())
    for check in sorted(installed_checks(), key=lambda check: check.code):
        promise = page(check.code, current()).promise if check.code in own else parse(check.page).promise
        yield check.code, check.severity.value, check.name, " ".join(flowing(promise).split())


def _list(terminal: Terminal) -> str:
    table = Table.grid("code", "severity", "name", "promise", padding=(0, 2))
    for row in _checks():
        table.add_row(*(Text(cell, style) for cell, style in zip(row, ("bold", "cyan", "", "dim"), strict=True)))
    return draw(table, terminal=terminal)


def _list_as_markdown() -> str:
    headings = map(translated, _HEADINGS)
    rows = [f"| {' | '.join(headings)} |", "| --- | --- | --- | --- |"]
    rows += [f"| {' | '.join(map(escaped, row))} |" for row in _checks()]
    return "".join(f"{row}\n" for row in rows)
