"""A plugin to begin with: the files of a distribution, whose tests pass."""

import keyword
import re
import sys
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from importlib.resources import files
from string import Template
from typing import Final

from attrs import frozen

from crmcore.errors import UnknownName, nearest
from crmcore.language import say
from crmcore.plugins.hookspecs import CONTRACT
from crmcore.plugins.registry import Registry

__all__ = ["PARTS", "Part", "skeleton"]

_NAME: Final = re.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*")
_LONGEST: Final = 50


@frozen
class Part:
    """Something that a plugin can begin with.

    Attributes:
        summary: what it is.
        module: the name of the module that holds it.
        hooks: what adds it, with the records of `crmcore.plugins` that it yields; empty for one of another room.
        typed: what the hooks import for their types alone.
        needs: what the distribution depends on beside crmcore.
        page: whether it has a page of a check.
    """

    summary: str
    module: str
    hooks: Mapping[str, str]
    typed: str = ""
    needs: tuple[str, ...] = ()
    page: bool = False


PARTS: Final[Mapping[str, Part]] = {
    "check": Part(
        "something that is proven of an organization",
        "checks",
        {"crmcore_checks": ""},
        typed="from crmcore.checks import Check",
        page=True,
    ),
    "storage": Part(
        "a place where records lie", "storages", {"crmcore_storages": "Storage"}, needs=("attrs", "filelock")
    ),
    "kind": Part(
        "a kind of records",
        "records",
        {"crmcore_kinds": ""},
        typed="from crmcore.storage import Kind",
        needs=("attrs",),
    ),
    "command": Part(
        "something to type after `crmcore`",
        "commands",
        {"crmcore_commands": "Command"},
        typed="import click",
        needs=("click",),
    ),
    "channel": Part(
        "a way to customers, and one to the people of the organization",
        "messages",
        {"crmcore_channels": "Channel", "crmcore_notifiers": "Notifier"},
        needs=("attrs",),
    ),
    "assigner": Part(
        "a rule by which one of a pool is chosen",
        "assigners",
        {"crmcore_assigners": ""},
        typed="from crmcore.customers import Assigner",
    ),
    "guard": Part(
        "something that stands between a customer and its next stage",
        "guards",
        {"crmcore_guards": ""},
        typed="from crmcore.customers import Guard",
    ),
    "importer": Part(
        "something that opens files of a format",
        "importers",
        {"crmcore_importers": ""},
        typed="from crmcore.importing import Importer",
        needs=("attrs",),
    ),
    "scorer": Part(
        "something that finds who was entered twice",
        "scorers",
        {"crmcore_scorers": "Scorer"},
        needs=("crmcore[duplicates]",),
    ),
    "observer": Part("something that is told of what happens", "observers", {"crmcore_observers": "Observer"}),
}
"""What a plugin can begin with, by name."""


def skeleton(name: str, parts: Iterable[str] = tuple(PARTS)) -> Mapping[str, str]:
    """Return the files of a plugin to begin with, by their paths in its folder.

    Args:
        name: of the distribution: lower-case words with hyphens between them; its package is called so too.
        parts: what it adds, of `PARTS`.

    Raises:
        ValueError: the name cannot be one.
        UnknownName: there is no such part.
    """
    package = name.replace("-", "_")
    taken = package == "crmcore" or package in sys.stdlib_module_names or keyword.iskeyword(package)
    if taken or not _NAME.fullmatch(name) or len(name) > _LONGEST:
        message = f"a plugin is called by lower-case words with hyphens, and as no module of Python is, not {name!r}"
        raise ValueError(message)
    chosen = {part: _part(part) for part in sorted(set(parts))}
    hooks = {hook: record for one in chosen.values() for hook, record in one.hooks.items()}
    values = {
        "distribution": name,
        "package": package,
        "plugin": name.removeprefix("crmcore-"),
        "code": _letters(name.removeprefix("crmcore-")),
        "version": version("crmcore"),
        "contract": str(CONTRACT),
    }
    values["adds"] = "\n".join(f"- {part}: {one.summary}" for part, one in chosen.items())
    values["all"] = "".join(f'    "{one}",\n' for one in ("CRMCORE_CONTRACT", *sorted(hooks)))
    values["needs"] = "".join(f', "{one}"' for one in sorted({need for one in chosen.values() for need in one.needs}))
    values["imports"] = _imports(
        [record for record in hooks.values() if record], [one.typed for one in chosen.values()]
    )
    values["hooks"] = "\n\n\n".join(_filled(f"{part}/hook.py", values).strip() for part in chosen)
    found = {
        "pyproject.toml": "whole/pyproject.toml",
        "README.md": "whole/README.md",
        f"src/{package}/__init__.py": "whole/init.py",
    }
    for part, one in chosen.items():
        found[f"src/{package}/{one.module}.py"] = f"{part}/{one.module}.py"
        found[f"tests/test_{one.module}.py"] = f"{part}/test_{one.module}.py"
        if one.page:
            found[f"src/{package}/{values['code']}001.md"] = f"{part}/page.md"
    return {path: _filled(template, values) for path, template in found.items()} | {f"src/{package}/py.typed": ""}


def _part(name: str) -> Part:
    if name not in PARTS:
        raise UnknownName(say("part of a plugin"), name, nearest(name, PARTS))
    return PARTS[name]


def _imports(records: Iterable[str], typed: Iterable[str]) -> str:
    """Return what the module with the hooks imports, sorted as linters sort it."""
    records = sorted(records)
    for_types = sorted(filter(None, typed), key=lambda line: (line[:4] == "from", line))
    lines = ["from collections.abc import Iterable"] if records else []
    lines += ["from typing import TYPE_CHECKING"] if for_types else []
    lines += ["", f"from crmcore.plugins import {', '.join((*records, 'hookimpl'))}"]
    if for_types:
        for_types = for_types if records else ["from collections.abc import Iterable", "", *for_types]
        lines += ["", "if TYPE_CHECKING:", *(f"    {line}" if line else "" for line in for_types)]
    return "\n".join(lines)


def _letters(name: str) -> str:
    """Return the letters of the codes of a plugin's checks: such as are not crmcore's own."""
    letters = re.sub("[^a-z]", "", name).upper()[:6].ljust(3, "X")
    own = {check.code.rstrip("0123456789") for check in Registry.installed({"CRMCORE_PLUGINS": ""}).checks}
    return f"{letters}X" if letters in own else letters


def _filled(template: str, values: Mapping[str, str]) -> str:
    text = files(__package__).joinpath(f"{template}.txt").read_text(encoding="utf-8")
    return Template(text).substitute(values)
