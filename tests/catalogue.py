"""The catalogues of what people read: which texts the code says, what the translators wrote, and both compared.

Run as a program it compiles `src/crmcore/language/zh/*.po`, and `zh/*.po` of each plugin, into the catalogues that
gettext reads, and says what is wrong with them:

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
from attrs import frozen
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

from crmcore.cli.commands import COMMANDS, START, crmcore
from crmcore.cli.taught import HELP, Taught, paragraphs
from crmcore.organization.schema import organization_schema
from crmcore.organization.templates.texts import texts_of
from crmcore.plugins import Registry

__all__ = [
    "AREAS",
    "OWN",
    "Area",
    "compiled",
    "entries",
    "fields",
    "missing",
    "read",
    "said",
    "said_by_click",
    "unused",
    "unwritten",
]

ROOT = Path(__file__).parents[1]


@frozen
class Area:
    """A package that people read texts of.

    Attributes:
        source: the folder of the package; its name is the package's.
        translated: the folder of its translations, and of its catalogue.
    """

    source: Path
    translated: Path

    @property
    def package(self) -> str:
        """How it is imported."""
        return self.source.name

    @property
    def compiled(self) -> Path:
        """Its catalogue."""
        return self.translated / "LC_MESSAGES" / f"{self.package}.mo"


OWN = Area(ROOT / "src" / "crmcore", ROOT / "src" / "crmcore" / "language" / "zh")
AREAS = (OWN, *(Area(one.parent, one.parent / "zh") for one in sorted(ROOT.glob("plugins/*/src/*/__init__.py"))))
"""crmcore and the plugins beside it. What a plugin says can be translated by crmcore's catalogue, or by its own."""

_SAYING = {"say", "say_many", "template", "translated"}
_KEYWORDS = {"text", "help"}
_RECORDS = {"Problem", "Finding", "Related", "evolve"}
_OF_CLICK = ("core", "exceptions", "formatting", "parser", "types")
Text = str | tuple[str, str]
"""A text, or the singular and the plural of one of click's."""


@cache
def said(area: Area = OWN) -> dict[Text, str]:
    """Return every text that people read, with the place that says it first."""
    texts: dict[Text, str] = {}
    for path in sorted(area.source.rglob("*.py")):
        for text, line in _in_code(ast.parse(path.read_text(encoding="utf-8"))):
            texts.setdefault(text, f"{path.relative_to(area.source.parent)}:{line}")
    more = _in_plugin(area) if area != OWN else (*_of_crmcore(), *_in_templates(), *_in_schema(organization_schema()))
    for text, place in more:
        texts.setdefault(text, place)
    return texts


def missing(area: Area = OWN) -> dict[Text, str]:
    """Return every text that has no translation, with its place."""
    known = {**entries(), **entries(area)}
    return {text: place for text, place in said(area).items() if not known.get(text, ("", ""))[0].strip()}


def unused(area: Area = OWN) -> dict[Text, str]:
    """Return what is translated and nobody says: neither the code, nor a template, nor click; with its place."""
    known = said(area).keys() | (said_by_click() if area == OWN else {}).keys()
    return {text: place for text, (_, place) in entries(area).items() if text not in known}


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


def unwritten(area: Area = OWN) -> list[str]:
    """Return the places where something is said that nobody can translate: its template is not written out there."""
    places = []
    for path in sorted(area.source.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("say", "say_many"):
                templates = node.args[: 2 if node.func.id == "say_many" else 1]
                if not all(list(_constants(template)) for template in templates):
                    places.append(f"{path.relative_to(area.source.parent)}:{node.lineno}")
    return places


def _constants(node: ast.expr) -> Iterator[tuple[str, int]]:
    """Yield the texts that an expression can be: a constant, or either side of a choice."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node.value, node.lineno
    elif isinstance(node, ast.IfExp):
        yield from _constants(node.body)
        yield from _constants(node.orelse)


def _of_crmcore() -> Iterator[tuple[str, str]]:
    """Yield what the helps of our commands say, and the headings of their list."""
    for text in (*COMMANDS.values(), *START.values(), "Commands", "Commands of plugins", "Start here"):
        yield text, "crmcore/cli/commands.py"
    yield from _in_command("crmcore", crmcore)
    context = click.Context(crmcore)
    for name in COMMANDS:
        command = crmcore.get_command(context, name)
        assert command is not None
        yield from _in_command(f"crmcore {name}", command)


def _in_plugin(area: Area) -> Iterator[tuple[str, str]]:
    """Yield what the helps of the commands of a plugin say, where it is installed."""
    registry = Registry.installed({})
    names = {one.name for one in registry.plugins if one.distribution.replace("-", "_") == area.package}
    for plugin in registry.plugins:
        for name in registry.added(plugin).get("crmcore_commands", ()) if plugin.name in names else ():
            yield registry.commands[name].summary, f"crmcore {name}"
            yield from _in_command(f"crmcore {name}", registry.commands[name].load())


def _in_command(path: str, command: click.Command) -> Iterator[tuple[str, str]]:
    """Yield what the help of a command says: its text, options, examples and headings; and of those in a group."""
    for text in _of_command(command):
        if text:
            yield text, f"{path} --help"
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from _in_command(f"{path} {name}", inner)


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
    for path in sorted((OWN.source / "organization" / "templates").glob("*.yaml")):
        source = path.read_text(encoding="utf-8")
        for said in texts_of(source):
            line = source.count("\n", 0, said.start) + 1
            yield said.text, f"{path.relative_to(OWN.source.parent)}:{line}"


def entries(area: Area = OWN) -> dict[Text, tuple[str, str]]:
    """Return what the translators wrote: the translation of every text, and the file and line where it stands."""
    found: dict[Text, tuple[str, str]] = {}
    for path in sorted(area.translated.glob("*.po")):
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


def compiled(area: Area = OWN) -> bytes:
    """Return the catalogue as gettext reads it."""
    ever = datetime(2026, 1, 1, tzinfo=UTC)  # what did not change is compiled to the same bytes
    catalog = Catalog(locale="zh", fuzzy=False, creation_date=ever, revision_date=ever)
    for text, (translation, _) in sorted(entries(area).items(), key=repr):
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
    for area in AREAS:
        lacking = missing(area)
        if "--missing" in sys.argv:
            for text, place in lacking.items():
                click.echo(f'#: {place}\nmsgid {_quoted(str(text))}\nmsgstr ""\n')
            continue
        if entries(area):
            area.compiled.parent.mkdir(exist_ok=True)
            area.compiled.write_bytes(compiled(area))
        for text, place in unused(area).items():
            click.echo(f"{place}: nobody says {text!r}")
        click.echo(f"{area.package}: {len(entries(area))} translations compiled; {len(lacking)} texts have none")


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


if __name__ == "__main__":
    main()
