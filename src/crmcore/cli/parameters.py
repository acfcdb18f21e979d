"""The types of the commands' parameters: days, codes, attributes; and what a shell completes them with."""

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, Final

import click
from click.shell_completion import CompletionItem

from crmcore.checks.pages import codes
from crmcore.language import say, told
from crmcore.organization import Choice, Organization, Tree

__all__ = ["ATTRIBUTE", "CODES", "DAY", "PERSON", "TOUCHPOINT", "Attribute", "Codes", "Day", "Named"]


class Day(click.ParamType[date]):
    """A day as ISO 8601 writes it."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read `2026-11-23`."""
        if isinstance(value, date):
            return value
        if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            message = say("{day!r} is no day: write year-month-day, such as 2026-11-23.", day=value)
            self.fail(told(message), param, ctx)
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(told(say("{day!r} is no day of the calendar.", day=value)), param, ctx)


class Codes(click.ParamType[tuple[str, ...]]):
    """Codes of checks, or beginnings of codes, with commas between them."""

    name = "codes"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:  # noqa: ARG002
        """Read `COV,jrn301`."""
        if isinstance(value, tuple):
            return value
        return tuple(code.strip().upper() for code in value.split(",") if code.strip())

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002
        """Complete the last of the codes."""
        before, comma, last = incomplete.rpartition(",")
        return _items(f"{before}{comma}{code}" for code in codes() if code.startswith(last.upper()))


class Attribute(click.ParamType[tuple[str, str]]):
    """An attribute of a customer or of a contact, and its value."""

    name = "attribute=value"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        """Read `region=East`."""
        if isinstance(value, tuple):
            return value
        name, equals, chosen = value.partition("=")
        if not (name and equals):
            message = say("{text!r} is no attribute: write its name, = and its value, such as region=East.", text=value)
            self.fail(told(message), param, ctx)
        return name, chosen

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002
        """Complete the name of a dimension, then a value of it."""
        organization = _organization(ctx)
        if organization is None:
            return []
        name, equals, _ = incomplete.partition("=")
        if not equals:
            names = [f"{dimension.id}=" for dimension in organization.dimensions]
            return _items(wanted for wanted in names if wanted.startswith(incomplete))
        values = (f"{name}={value}" for value in _values(organization, name))
        return _items(wanted for wanted in values if wanted.startswith(incomplete))


class Named(click.types.StringParamType):
    """The id of something in one section of the file.

    Args:
        name: what it is, such as `touchpoint`.
        section: the key of the section.
    """

    def __init__(self, name: str, section: str) -> None:
        self.name = name
        self._section = section

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002
        """Complete the id from the file that the command is given."""
        organization = _organization(ctx)
        ids = () if organization is None else organization.by_id(self._section)
        return _items(wanted for wanted in ids if wanted.startswith(incomplete))


DAY: Final = Day()
CODES: Final = Codes()
ATTRIBUTE: Final = Attribute()
TOUCHPOINT: Final = Named("touchpoint", "touchpoints")
PERSON: Final = Named("person", "people")


def _items(values: Iterable[str]) -> list[CompletionItem]:
    return [CompletionItem(value) for value in values]


def _organization(ctx: click.Context) -> Organization | None:
    """The organization that the command line names so far; a shell's question is never answered with an error."""
    # While the value of an option is typed, click has not yet taken the path out of the arguments.
    path = ctx.params.get("path") or Path(*ctx.args[:1])
    try:
        return Organization.read(path)
    except Exception:  # whatever it is, there is nothing to complete with
        return None


def _values(organization: Organization, name: str) -> tuple[str, ...]:
    for dimension in organization.dimensions:
        if dimension.id == name and isinstance(dimension.domain, Choice):
            return dimension.domain.values
        if dimension.id == name and isinstance(dimension.domain, Tree):
            return dimension.domain.leaves
    return ()
