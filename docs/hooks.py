"""What mkdocs asks for while it builds: the pages and tables whose text lives in the code, so that it exists only once.

A comment in a page names what belongs there:

- `<!-- keys: Person -->`: the table of a record's keys
- `<!-- fields: Report -->`: the table of a Python class's attributes
- `<!-- help -->`: the help of every command
- `<!-- checks -->`: the list of all checks

The page of each check is the one that `crmcore explain` prints.
"""

import re
import types
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final, Literal, Union, get_args, get_origin, get_type_hints

import attrs
import click

from crmcore import checks, customers, importing, organization, plugins, responsibility, storage
from crmcore.checks import CHECKS
from crmcore.checks.pages import codes, page
from crmcore.cli.commands import crmcore as program
from crmcore.organization import ALL, Dimension, Organization, Scope
from crmcore.organization.model import Record
from crmcore.values import Duration, Interval

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

__all__ = ["filled", "on_files", "on_page_markdown"]

_WIDTH: Final = 100
_MARKER: Final = re.compile(r"^<!-- (keys|fields|help|checks)(?:: (\w+))? -->$", re.MULTILINE)
_WORDS: Final = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "`true` or `false`",
    date: "date",
    Duration: "duration",
    Scope: "scope",
    Interval: "interval",
}


def on_files(files: "Files", config: "MkDocsConfig") -> "Files":
    """Add the page of each check."""
    from mkdocs.structure.files import File  # noqa: PLC0415 (the tests read this module without mkdocs)

    for code in codes():
        files.append(File.generated(config, f"reference/checks/{code}.md", content=page(code).text))
    return files


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Fill the markers of a page."""
    return filled(markdown)


def filled(markdown: str) -> str:
    """Return a page with every marker replaced by what the code says."""
    writers: dict[str, Callable[[str], str]] = {
        "keys": _keys,
        "fields": _fields,
        "help": lambda _: _help(),
        "checks": lambda _: _checks(),
    }
    return _MARKER.sub(lambda marker: writers[marker[1]](marker[2]), markdown)


def _described(record: type) -> dict[str, str]:
    """Return what the docstring of a class says of each attribute."""
    _, _, attributes = (record.__doc__ or "").partition("Attributes:\n")
    entries = re.findall(r"^ {8}(\w+): (.+(?:\n {12}.+)*)", attributes, re.MULTILINE)
    return {name: " ".join(text.split()) for name, text in entries}


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '&#124;') for cell in line)} |" for line in lines)


def _keys(name: str) -> str:
    """Write the keys of one record of the organization file as a table."""
    record = getattr(organization, name)
    described, hints = _described(record), get_type_hints(record)

    def rows() -> Iterator[tuple[str, ...]]:
        for field in attrs.fields(record):
            if field.name != "place":
                kind = "id" if field.name == "id" else _kind(hints[field.name], field.metadata.get("refers"))
                meaning = described[field.name].replace("None for", "absent for").replace("None at", "absent at")
                yield f"`{field.name.rstrip('_')}`", kind, _default(field), meaning.replace("None when", "absent when")

    return _table(("key", "value", "absent means", "meaning"), rows())


def _fields(name: str) -> str:
    """Write the attributes of one Python class as a table."""
    room = next(
        room for room in (checks, responsibility, plugins, storage, customers, importing) if hasattr(room, name)
    )
    return _table(
        ("attribute", "meaning"), ((f"`{key}`", text) for key, text in _described(getattr(room, name)).items())
    )


def _kind(hint: Any, section: str | None) -> str:
    """Say in words what may stand in the file where a record has this type."""
    inner = get_args(hint)
    if get_origin(hint) in (Union, types.UnionType):
        return " or ".join(_kind(choice, section) for choice in inner if choice is not types.NoneType)
    if get_origin(hint) is Literal:
        return ", ".join(f"`{choice}`" for choice in inner)
    if get_origin(hint) is Mapping:
        return f"mapping of ids in `{section}` to numbers"
    if get_origin(hint) is tuple:
        many = "mapping of ids to" if inner[0] is Dimension else "list of"
        return f"{many} {_kind(inner[0], section)}".replace("list of id ", "list of ids ")
    return _word(hint, section)


def _word(kind: type, section: str | None) -> str:
    if issubclass(kind, Record | Dimension):
        title = _sections().get(kind, kind.__name__)
        return f"[{title}](#{title.lower()})"
    return f"id in `{section}`" if kind is str and section else _WORDS[kind]


def _sections() -> dict[type, str]:
    """Return the section of the file that holds the records of a class."""
    hints = get_type_hints(Organization)
    return {(get_args(hint) or (hint,))[0]: name for name, hint in hints.items() if name != "place"}


def _default(field: "attrs.Attribute[Any]") -> str:
    default = field.default
    if default is attrs.NOTHING:
        return "**required**"
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    if isinstance(default, Record):
        default = ", ".join(
            f"{key}: {value}" for key, value in attrs.asdict(default).items() if key != "place" and value
        )
    elif isinstance(default, tuple):
        default = ", ".join(map(str, default))
    elif default is None or not isinstance(default, str | int | float) or default in ("", ALL):
        default = ""
    return f"`{default}`" if default != "" else ""


def _help() -> str:
    """Write the help of every command, as `--help` prints it."""

    def pages(command: click.Command, name: str, parent: click.Context | None) -> Iterator[str]:
        context = command.make_context(
            name, [], parent, resilient_parsing=True, terminal_width=_WIDTH, max_content_width=_WIDTH
        )
        yield f"## `{context.command_path}`\n\n```text\n{command.get_help(context)}\n```"
        if isinstance(command, click.Group):
            for child_name in command.list_commands(context):
                if (child := command.get_command(context, child_name)) is not None and not child.hidden:
                    yield from pages(child, child_name, context)

    return "\n\n".join(pages(program, "crmcore", None))


def _checks() -> str:
    """List all checks: code, severity, and the first sentence of the page."""

    def rows() -> Iterator[tuple[str, ...]]:
        for check in CHECKS:
            promise = " ".join(page(check.code).promise.split())
            yield f"[{check.code}](checks/{check.code}.md)", check.name, check.severity.value, promise

    return _table(("code", "name", "severity", "holds when"), rows())
