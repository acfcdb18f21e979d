"""What mkdocs asks for while it builds: the pages and tables whose text lives in the code, so that it exists only once.

A comment in a page names what belongs there:

- `<!-- keys: Person -->`: the table of a record's keys
- `<!-- fields: Report -->`: the table of a Python class's attributes
- `<!-- help -->`: the help of every command
- `<!-- checks -->`: the list of all checks
- `<!-- calls: CRM -->`: the methods of the CRM itself
- `<!-- desks -->`: every desk of the CRM with its methods
- `<!-- records -->`: every record of customers with its attributes

The page of each check is the one that `crmcore explain` prints.
"""

import inspect
import re
import types
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Literal, Union, get_args, get_origin, get_type_hints

import attrs
import click

from crmcore import checks, customers, importing, organization, plugins, responsibility, storage
from crmcore.checks import CHECKS
from crmcore.checks.pages import codes, page
from crmcore.cli.commands import crmcore as program
from crmcore.crm import CRM, Desks
from crmcore.organization import ALL, Dimension, Organization, Scope
from crmcore.organization.model import Record
from crmcore.storage import Entity
from crmcore.values import Duration, Interval

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

__all__ = ["filled", "on_files", "on_page_markdown"]

_WIDTH: Final = 100
_MARKER: Final = re.compile(r"^<!-- (keys|fields|help|checks|calls|desks|records)(?:: (\w+))? -->$", re.MULTILINE)
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
        "calls": lambda _: "\n\n".join(_calls("crm", CRM)),
        "desks": lambda _: _desks(),
        "records": lambda _: _records(),
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


def _desks() -> str:
    """Write every desk of the CRM: what it is for, and each of its methods."""

    def parts() -> Iterator[str]:
        for name, desk in vars(Desks).items():
            if isinstance(desk, cached_property):
                yield f"## `crm.{name}`\n\n{_first(desk.func)}"
                yield from _calls(name, get_type_hints(desk.func)["return"])

    return "\n\n".join(parts())


def _calls(at: str, owner: type) -> Iterator[str]:
    """Write each public method of a class: how it is called, and what it does."""
    for name, member in vars(owner).items():
        function = member.__func__ if isinstance(member, classmethod | staticmethod) else member
        if inspect.isfunction(function) and not name.startswith("_"):
            whole = isinstance(member, staticmethod)
            yield f"### `{at}.{name}`\n\n```python\n{_call(name, function, whole=whole)}\n```\n\n{_first(function)}"


def _call(name: str, function: Callable[..., Any], *, whole: bool) -> str:
    """Write a signature as one reads it: without `self`, and with the plain names of types."""
    signature = inspect.signature(function)
    parameters = list(signature.parameters.values())[0 if whole else 1 :]
    text = _plain(str(signature.replace(parameters=parameters)))
    if hasattr(function, "__wrapped__"):  # the only decorator here: it makes a context manager of a generator
        text = text.replace("-> Iterator[", "-> ContextManager[")
    if len(name + text) <= _WIDTH:
        return name + text
    lines = "".join(f"    {_plain(one)},\n" for one in _apart(parameters))
    return f"{name}(\n{lines}) -> {text.rpartition(') -> ')[2]}"


def _apart(parameters: "list[inspect.Parameter]") -> Iterator[str]:
    """Yield parameters one by one, and the star before those that are named."""
    starred = False
    for one in parameters:
        starred = starred or one.kind is one.VAR_POSITIONAL
        if one.kind is one.KEYWORD_ONLY and not starred:
            yield "*"
            starred = True
        yield str(one)


def _plain(signature: str) -> str:
    """Return a signature without the modules of its types and the quotes around them; defaults are called by name."""
    named = re.sub(r"<(?:function )?(\w+(?:\.\w+)*)(?: at|:) [^>]+>", r"\1", signature)
    without = re.sub(r"(?:\b[a-z_]+\.)+(?=[A-Za-z])", "", named)
    return re.sub(r"(: |-> )'([^']+)'", r"\1\2", without).replace("NoneType", "None")


def _first(documented: Any) -> str:
    """Return the first paragraph of a docstring."""
    return " ".join((inspect.getdoc(documented) or "").partition("\n\n")[0].split())


def _records() -> str:
    """Write every record of customers with its attributes, and the values of every word that is one of a few."""

    def parts() -> Iterator[str]:
        for name in sorted(customers.__all__):
            record = getattr(customers, name)
            if isinstance(record, type) and (attrs.has(record) or issubclass(record, Enum)):
                yield f"### `{name}`\n\n{_first(record)}"
                yield _members(record) if issubclass(record, Enum) else _attributes(record)

    return "\n\n".join(parts())


def _members(record: type[Enum]) -> str:
    return ", ".join(f"`{member.value}`" for member in record)


def _attributes(record: type) -> str:
    """Write the attributes of a record as a table; those that every record has are told of once."""
    described = _described(record)
    own = [one for one in attrs.fields(record) if one.name in described or not hasattr(Entity, one.name)]
    kinds = {
        one.name: _plain(one.type if isinstance(one.type, str) else inspect.formatannotation(one.type)) for one in own
    }
    names = dict.fromkeys([*kinds, *described])
    rows = (
        (f"`{name}`", f"`{kinds[name].replace(' | ', ' or ')}`" if name in kinds else "", described.get(name, ""))
        for name in names
    )
    return _table(("attribute", "type", "meaning"), rows)
