"""The catalogue of what people read: which texts the code says, what the translators wrote, and both compared.

Run as a program it compiles `src/crmcore/language/zh/*.po` into the catalogue that gettext reads, and says what is
wrong with it:

    python tests/catalogue.py            # compile, and say what is missing or out of use
    python tests/catalogue.py --missing  # print what is missing as entries of a .po file
"""

import ast
import string
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from inspect import getsource
from io import BytesIO
from pathlib import Path
from typing import Any

import click
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

from crmcore.cli.commands import COMMANDS, START, crmcore
from crmcore.cli.taught import HELP, Taught, paragraphs
from crmcore.organization.schema import organization_schema
from crmcore.organization.templates.texts import texts_of

__all__ = ["COMPILED", "compiled", "entries", "fields", "read", "said", "said_by_click", "unused", "unwritten"]

SOURCE = Path(__file__).parents[1] / "src" / "crmcore"
TRANSLATED = SOURCE / "language" / "zh"
COMPILED = TRANSLATED / "LC_MESSAGES" / "crmcore.mo"
_SAYING = {"say", "say_many", "template", "translated"}
_KEYWORDS = {"text", "help"}
_RECORDS = {"Problem", "Finding", "Related", "evolve"}
_OF_CLICK = ("core", "exceptions", "formatting", "parser", "types")
Text = str | tuple[str, str]
"""A text, or the singular and the plural of one of click's."""


@cache
def said() -> dict[Text, str]:
    """Return every text that people read, with the place that says it first."""
    texts: dict[Text, str] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        for text, line in _in_code(ast.parse(path.read_text(encoding="utf-8"))):
            texts.setdefault(text, f"{path.relative_to(SOURCE.parent)}:{line}")
    for text, place in (*_in_commands(), *_in_templates(), *_in_schema(organization_schema())):
        texts.setdefault(text, place)
    return texts


def unused() -> dict[Text, str]:
    """Return what is translated and nobody says: neither the code, nor a template, nor click; with its place."""
    return {text: place for text, (_, place) in entries().items() if text not in said() and text not in said_by_click()}


@cache
def said_by_click() -> dict[Text, str]:
    """Return every text of click's own, which gettext looks up in our catalogue; we translate those that users meet."""
    texts: dict[Text, str] = {}
    for name in _OF_CLICK:
        for node in ast.walk(ast.parse(getsource(import_module(f"click.{name}")))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "ngettext"):
                keys = [arg.value for arg in node.args[:2] if isinstance(arg, ast.Constant)]
                key = (str(keys[0]), str(keys[1])) if len(keys) == 2 else str(keys[0]) if keys else ""
                texts.setdefault(key, f"click/{name}.py:{node.lineno}")
    return texts


def _in_code(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield what a module says: to `say`, `say_many` and `translated`, and the texts and helps of findings."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name in _SAYING and node.args:
            yield from _constants(node.args[0])
        elif name in _RECORDS:
            for keyword in node.keywords:
                if keyword.arg in _KEYWORDS:
                    yield from _constants(keyword.value)


def unwritten() -> list[str]:
    """Return the places where something is said that nobody can translate: its template is not written out there."""
    places = []
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("say", "say_many"):
                templates = node.args[: 2 if node.func.id == "say_many" else 1]
                if not all(list(_constants(template)) for template in templates):
                    places.append(f"{path.relative_to(SOURCE.parent)}:{node.lineno}")
    return places


def _constants(node: ast.expr) -> Iterator[tuple[str, int]]:
    """Yield the texts that an expression can be: a constant, or either side of a choice."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node.value, node.lineno
    elif isinstance(node, ast.IfExp):
        yield from _constants(node.body)
        yield from _constants(node.orelse)


def _in_commands() -> Iterator[tuple[str, str]]:
    """Yield what the helps of all commands say: their texts, options, examples and headings."""
    for text in (*COMMANDS.values(), *START.values(), "Commands", "Commands of plugins", "Start here"):
        yield text, "crmcore/cli/commands.py"
    context = click.Context(crmcore)
    pending: list[tuple[str, click.Command]] = [("crmcore", crmcore)]
    pending += [(f"crmcore {name}", command) for name in COMMANDS if (command := crmcore.get_command(context, name))]
    for path, command in pending:
        if isinstance(command, click.Group) and command is not crmcore:
            pending += [(f"{path} {name}", inner) for name, inner in command.commands.items()]
        for text in _of_command(command):
            if text:
                yield text, f"{path} --help"


def _in_schema(schema: Any) -> Iterator[tuple[str, str]]:
    """Yield the descriptions of the keys of the file."""
    inside = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
    if isinstance(schema, dict) and isinstance(schema.get("description"), str):
        yield schema["description"], "crmcore schema"
    for part in inside:
        yield from _in_schema(part)


def _of_command(command: click.Command) -> Iterator[str]:
    yield HELP
    yield command.options_metavar or ""
    yield from paragraphs(command.help)
    yield from paragraphs(command.epilog)
    if isinstance(command, click.Group):
        yield command.subcommand_metavar
    for option in command.params:
        if isinstance(option, click.Option):
            yield option.help or ""
            named = isinstance(option.type, click.Choice) or option.is_flag
            yield "" if named else option.make_metavar(click.Context(command))
    if isinstance(command, Taught):
        for heading, examples in command.examples.items():
            yield from (heading, *examples.values())


def _in_templates() -> Iterator[tuple[str, str]]:
    """Yield what people read in the templates: names, labels and comments."""
    for path in sorted((SOURCE / "organization" / "templates").glob("*.yaml")):
        source = path.read_text(encoding="utf-8")
        for said in texts_of(source):
            line = source.count("\n", 0, said.start) + 1
            yield said.text, f"{path.relative_to(SOURCE.parent)}:{line}"


def entries() -> dict[Text, tuple[str, str]]:
    """Return what the translators wrote: the translation of every text, and the file and line where it stands."""
    found: dict[Text, tuple[str, str]] = {}
    for path in sorted(TRANSLATED.glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="zh", abort_invalid=True):
                if message.id:
                    text: Text = message.id if isinstance(message.id, str) else (message.id[0], message.id[1])
                    translation = str(message.string if isinstance(text, str) else (message.string or [""])[0])
                    place = f"{path.name}:{message.lineno}"
                    if text in found and found[text][0] != translation:
                        raise SystemExit(f"{place} and {found[text][1]} translate {text!r} differently")
                    found[text] = (translation, place)
    return found


def fields(template: str) -> set[str]:
    """Return the names in the braces of a template; a text that is none, such as a comment with a brace, has none."""
    try:
        return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}
    except ValueError:
        return set()


def compiled() -> bytes:
    """Return the catalogue as gettext reads it."""
    ever = datetime(2026, 1, 1, tzinfo=UTC)  # what did not change is compiled to the same bytes
    catalog = Catalog(locale="zh", fuzzy=False, creation_date=ever, revision_date=ever)
    for text, (translation, _) in sorted(entries().items(), key=repr):
        catalog.add(text, translation if isinstance(text, str) else (translation,))
    file = BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def read(catalogue: bytes) -> dict[Text, str]:
    """Return the translation of every text in a compiled catalogue; its header, which bears a date, is left out."""
    return {
        message.id if isinstance(message.id, str) else (message.id[0], message.id[1]): "".join(message.string or ())
        for message in read_mo(BytesIO(catalogue))
        if message.id
    }


def main() -> None:
    """Compile, and say what is missing."""
    known, wanted = entries(), said()
    missing = [text for text in wanted if not known.get(text, ("", ""))[0]]
    if "--missing" in sys.argv:
        for text in missing:
            click.echo(f'#: {wanted[text]}\nmsgid {_quoted(str(text))}\nmsgstr ""\n')
        return
    COMPILED.parent.mkdir(exist_ok=True)
    COMPILED.write_bytes(compiled())
    for text, place in unused().items():
        click.echo(f"{place}: nobody says {text!r}")
    click.echo(f"{len(known)} translations compiled; {len(missing)} texts have none")


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


if __name__ == "__main__":
    main()
