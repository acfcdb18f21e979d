"""What may stand where in the organization file, taken from the record classes.

Reading, writing, tables, validation and the JSON Schema all follow these shapes, so that a key is declared once: as a
field.
"""

import re
import types
from collections.abc import Mapping
from datetime import date
from functools import reduce
from typing import Any, ClassVar, Final, Literal, Union, get_args, get_origin, get_type_hints

from attrs import NOTHING, Attribute, Factory, fields, frozen

from crmcore.language import listed, say
from crmcore.organization.model import Organization, Record
from crmcore.organization.space import Dimension, Scope
from crmcore.organization.titles import TITLES
from crmcore.values import Duration

__all__ = [
    "ID",
    "LARGEST",
    "Day",
    "Dimensions",
    "Either",
    "Entry",
    "Key",
    "Length",
    "Many",
    "OneOf",
    "Real",
    "Shape",
    "Shares",
    "Text",
    "Where",
    "Whole",
    "Word",
    "YesNo",
    "entry",
    "organization_entry",
]


ID: Final = re.compile(r"[a-z0-9][a-z0-9._-]*")
"""What an id looks like."""

LARGEST: Final = 10**15
"""The largest number, either way, that a file may hold: every whole number up to it is exact in a float."""


@frozen
class Shape:
    """What a value looks like; `wanted` says it in a fault."""

    wanted: ClassVar[str]


@frozen
class Text(Shape):
    """Free text, or an id."""

    wanted: ClassVar[str] = say("text")


@frozen
class Whole(Shape):
    """A whole number."""

    wanted: ClassVar[str] = say("a whole number")


@frozen
class Real(Shape):
    """A number."""

    wanted: ClassVar[str] = say("a number")


@frozen
class YesNo(Shape):
    """True or false."""

    wanted: ClassVar[str] = say("true or false")


@frozen
class Day(Shape):
    """A date."""

    wanted: ClassVar[str] = say("a date such as 2026-11-23")


@frozen
class Length(Shape):
    """A duration."""

    wanted: ClassVar[str] = say("a duration such as 30m, 4h, 2d or 1w")


@frozen
class OneOf(Shape):
    """One of some words.

    Attributes:
        words: the words.
    """

    words: tuple[str, ...]

    @property
    def wanted(self) -> str:  # type: ignore[override]
        """The words in a row."""
        return say("one of {words}", words=listed(self.words))


@frozen
class Word(Shape):
    """One word that stands for a value.

    Attributes:
        word: the word in the file.
        value: what it stands for.
    """

    word: str
    value: Any

    @property
    def wanted(self) -> str:  # type: ignore[override]
        """The word itself."""
        return self.word


@frozen
class Many(Shape):
    """A list.

    Attributes:
        item: what each item looks like.
    """

    item: Shape

    wanted: ClassVar[str] = say("a list")


@frozen
class Either(Shape):
    """One shape or another.

    Attributes:
        shapes: the shapes, told apart by the kind of value.
    """

    shapes: tuple[Shape, ...]

    @property
    def wanted(self) -> str:  # type: ignore[override]
        """All of them."""
        first, *others = (shape.wanted for shape in self.shapes)
        return reduce(lambda one, other: say("{one} or {other}", one=one, other=other), others, first)


@frozen
class Where(Shape):
    """A scope: for some dimensions, what is admitted."""

    wanted: ClassVar[str] = say("a mapping from dimensions to values")


@frozen
class Shares(Shape):
    """A number for each of some names."""

    wanted: ClassVar[str] = say("a mapping from names to numbers")


@frozen
class Dimensions(Shape):
    """The dimensions, by id."""

    wanted: ClassVar[str] = say("a mapping from ids to dimensions")


@frozen(eq=False)
class Key:
    """One key of a record.

    Attributes:
        name: the key in the file.
        field: the field of the record class.
        shape: what its value looks like.
        required: whether it has to be there.
        nullable: whether None stands for nothing said.
        default: what stands for it when it is absent.
        description: what it says, in a sentence.
        least: the smallest number that makes sense; None for no limit.
        most: the largest number that makes sense; None for no limit.
        refers: the section whose ids it holds.
    """

    name: str
    field: str
    shape: Shape
    required: bool
    nullable: bool
    default: Any
    description: str
    least: int | None = None
    most: int | None = None
    refers: str | None = None


@frozen(eq=False)
class Entry(Shape):
    """A record: a mapping with known keys.

    Attributes:
        record: its class.
        keys: its keys by their name in the file.
    """

    record: type[Record]
    keys: Mapping[str, Key]

    wanted: ClassVar[str] = say("a mapping with the keys of a record")

    @property
    def title(self) -> str:
        """What one is called in a sentence."""
        return TITLES[self.record.__name__]


_SIMPLE: Mapping[Any, Shape] = {
    str: Text(),
    int: Whole(),
    float: Real(),
    bool: YesNo(),
    date: Day(),
    Duration: Length(),
    Scope: Where(),
}


def _shape(hint: Any, none: str | None = None) -> Shape:
    if hint in _SIMPLE:
        return _SIMPLE[hint]
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        shapes = [_shape(argument) for argument in arguments if argument is not type(None)]
        if none is not None:
            shapes.insert(0, Word(none, None))
        return shapes[0] if len(shapes) == 1 else Either(tuple(shapes))
    if origin is Literal:
        return Word(arguments[0], arguments[0]) if len(arguments) == 1 else OneOf(arguments)
    if origin is tuple:
        return Dimensions() if arguments[0] is Dimension else Many(_shape(arguments[0]))
    if isinstance(hint, type) and issubclass(hint, Record):
        return entry(hint)
    return Shares()


def _default(attribute: "Attribute[Any]") -> Any:
    default = attribute.default
    return default.factory() if isinstance(default, Factory) else default  # type: ignore[arg-type, union-attr]


def entry(record: type[Record]) -> Entry:
    """Return the shape of a record class."""
    known = _ENTRIES.get(record)
    if known is None:
        known = _ENTRIES[record] = _entry(record)
    return known


_ENTRIES: dict[type[Record], Entry] = {}


def _entry(record: type[Record]) -> Entry:
    hints = get_type_hints(record)
    described = _descriptions(record)
    keys = []
    for attribute in fields(record):
        if attribute.name == "place":
            continue
        metadata = attribute.metadata
        keys.append(
            Key(
                name=attribute.name.rstrip("_"),
                field=attribute.name,
                shape=_shape(hints[attribute.name], metadata.get("none")),
                required=attribute.default is NOTHING or metadata.get("required", False),
                nullable=type(None) in get_args(hints[attribute.name]),
                default=_default(attribute),
                description=described.get(attribute.name, ""),
                least=metadata.get("least"),
                most=metadata.get("most"),
                refers=metadata.get("refers"),
            )
        )
    return Entry(record, {key.name: key for key in keys})


def _descriptions(record: type) -> dict[str, str]:
    """Read the sentences of the `Attributes:` section of a docstring."""
    described: dict[str, str] = {}
    name = None
    for line in (record.__doc__ or "").partition("Attributes:")[2].splitlines():
        indent = len(line) - len(line.lstrip())
        if indent == 8:
            name, _, sentence = line.strip().partition(": ")
            described[name] = sentence
        elif indent > 8 and name is not None:
            described[name] += " " + line.strip()
    return described


def organization_entry() -> Entry:
    """Return the shape of the whole file."""
    return entry(Organization)
