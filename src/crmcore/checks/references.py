"""Whether every id that is named exists."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, get_args

import attrs
from attrs import field, frozen

from crmcore.checks.context import Context
from crmcore.checks.findings import Check, Problem, Severity
from crmcore.checks.hints import hint
from crmcore.errors import nearest
from crmcore.language import say, template
from crmcore.organization import ALL, STAGE, Dimension, Number, Organization, Record, Scope, Tree
from crmcore.organization.titles import TITLES
from crmcore.values import Interval

__all__ = ["CHECKS"]

_SINGULAR: Final[Mapping[str, str]] = {
    "departments": TITLES["Department"],
    "metrics": TITLES["Metric"],
    "people": TITLES["Person"],
    "roles": TITLES["Role"],
    "stages": TITLES["Stage"],
    "touchpoints": TITLES["Touchpoint"],
}
_MOST_SUGGESTIONS: Final = 20
"""For so many misspelt names of a kind the nearest is sought: it is slow, and who has more lacks a whole list."""


@frozen
class _Unknown:
    """Something that is named and does not exist.

    Attributes:
        part: the path of the name inside its record.
        name: what is named.
        text: what is wrong, as a template.
        arguments: what the template wants beside the owner and the name.
        known: what could have been meant.
    """

    part: str
    name: str
    text: str
    arguments: Mapping[str, str] = field(factory=dict)
    known: Iterable[str] = ()

    def inside(self, path: str) -> "_Unknown":
        """Return the same, seen from the record around."""
        return attrs.evolve(self, part=f"{path}.{self.part}")


@frozen
class _Fields:
    """Where a kind of record names ids: its attributes by what they hold.

    Attributes:
        ids: attributes that name ids, each with the section.
        scopes: attributes that are scopes.
        records: attributes that are records, or lists of records, which may name ids in turn.
    """

    ids: tuple[tuple[str, str], ...]
    scopes: tuple[str, ...]
    records: tuple[str, ...]


def _types(annotation: Any) -> Iterator[type]:
    if isinstance(annotation, type):
        yield annotation
    for argument in get_args(annotation):
        yield from _types(argument)


def _fields(kind: type[Record]) -> _Fields:
    attributes = attrs.fields(kind)
    holds = {attribute.name: tuple(_types(attribute.type)) for attribute in attributes}
    return _Fields(
        ids=tuple((each.name, each.metadata["refers"]) for each in attributes if "refers" in each.metadata),
        scopes=tuple(name for name, types in holds.items() if Scope in types),
        records=tuple(name for name, types in holds.items() if any(issubclass(one, Record) for one in types)),
    )


def _values(dimension: Dimension) -> frozenset[str]:
    domain = dimension.domain
    if isinstance(domain, Number):
        return frozenset()
    return frozenset(domain.spans if isinstance(domain, Tree) else domain.values)


class _Register:
    """Everything that exists, and what has been looked up in it already."""

    def __init__(self, organization: Organization) -> None:
        self.ids = {section: frozenset(one.id for one in organization.section(section)) for section in _SINGULAR}
        self.values = {each.id: _values(each) for each in organization.dimensions}
        if organization.stages:
            self.values[STAGE] = self.ids["stages"]
        self._fields: dict[str, _Fields] = {}
        self._choices: dict[tuple[str, tuple[str | Interval, ...]], tuple[_Unknown, ...]] = {}
        self._nearest: dict[tuple[str, ...], str | None] = {}
        self._asked: Counter[tuple[str, ...]] = Counter()

    def unknown(self, record: Record) -> Iterator[_Unknown]:
        """Yield what one record, and the records inside it, name and does not exist."""
        kind = type(record)
        fields = self._fields.get(kind.__name__)
        if fields is None:
            fields = self._fields[kind.__name__] = _fields(kind)
        for name, refers in fields.ids:
            value = getattr(record, name)
            if value is not None and not (value == ALL and refers == "touchpoints"):
                yield from self._named(value, name.rstrip("_"), refers)
        for name in fields.scopes:
            for dimension, values in getattr(record, name):
                for unknown in self._chosen(dimension, values):
                    yield unknown.inside(name)
        for name in fields.records:
            value = getattr(record, name)
            inside = (
                {name: value} if isinstance(value, Record) else {f"{name}[{i}]": v for i, v in enumerate(value or ())}
            )
            for path, part in inside.items():
                for unknown in self.unknown(part) if isinstance(part, Record) else ():
                    yield unknown.inside(path)

    def _named(self, value: str | tuple[str, ...] | Mapping[str, Any], part: str, refers: str) -> Iterator[_Unknown]:
        section, _, dimension = refers.partition(".")
        known = self.values.get(dimension, frozenset()) if dimension else self.ids[section]
        if isinstance(value, str):
            if value not in known:
                yield self._id(value, part, refers)
        elif not known.issuperset(value):
            for index, name in enumerate(value):
                if name not in known:
                    path = f"{part}.{name}" if isinstance(value, Mapping) else f"{part}[{index}]"
                    yield self._id(name, path, refers)

    def _id(self, name: str, part: str, refers: str) -> _Unknown:
        section, _, dimension = refers.partition(".")
        if not dimension:
            text = template('{owner} names {kind} "{name}", which does not exist{hint}')
            return _Unknown(part, name, text, {"kind": _SINGULAR[section]}, self.ids[section])
        if dimension not in self.values:
            text = template('{owner} names {dimension} "{name}", but there is no dimension "{dimension}"{hint}')
            return _Unknown(part, name, text, {"dimension": dimension})
        return self._value(name, part, dimension)

    def _value(self, name: str, part: str, dimension: str) -> _Unknown:
        text = template('{owner} names "{name}" of dimension "{dimension}", which has no such value{hint}')
        return _Unknown(part, name, text, {"dimension": dimension}, self.values[dimension])

    def _chosen(self, dimension: str, values: tuple[str | Interval, ...]) -> tuple[_Unknown, ...]:
        """Look one line of a scope up; thousands of duties share a few of them."""
        key = (dimension, values)
        if key not in self._choices:
            self._choices[key] = tuple(self._choice(dimension, values))
        return self._choices[key]

    def _choice(self, dimension: str, values: tuple[str | Interval, ...]) -> Iterator[_Unknown]:
        known = self.values.get(dimension)
        if known is None:
            text = template('{owner} names dimension "{name}", which does not exist{hint}')
            yield _Unknown(dimension, dimension, text, known=self.values)
            return
        for index, value in enumerate(values):
            if isinstance(value, str) and value not in known:
                yield self._value(value, f"{dimension}[{index}]", dimension)

    def nearest(self, unknown: _Unknown) -> str | None:
        """Return what was probably meant."""
        kind = (unknown.text, *unknown.arguments.values())
        key = (*kind, unknown.name)
        if key not in self._nearest:
            self._asked[kind] += 1
            few = self._asked[kind] <= _MOST_SUGGESTIONS
            self._nearest[key] = nearest(unknown.name, unknown.known) if few else None
        return self._nearest[key]


def _owner(record: Record) -> str:
    kind = TITLES[type(record).__name__]
    own = getattr(record, "id", None)
    return kind if own is None else say('{kind} "{id}"', kind=kind, id=own)


def unknown_reference(context: Context) -> Iterator[Problem]:
    """REF001: every id that is named exists."""
    register = _Register(context.organization)
    for section in _fields(Organization).records:
        value = getattr(context.organization, section)
        for record in (value,) if isinstance(value, Record) else value:
            for unknown in register.unknown(record):
                arguments = {"owner": _owner(record), "name": unknown.name, **unknown.arguments}
                suggestion = register.nearest(unknown)
                arguments["hint"] = hint(suggestion)
                yield Problem(
                    subject=unknown.name,
                    place=record.place.at(unknown.part),
                    text=unknown.text,
                    arguments=arguments,
                    help="Name one that exists, or add it.",
                )


CHECKS = (Check("REF001", "unknown-reference", Severity.ERROR, unknown_reference),)
