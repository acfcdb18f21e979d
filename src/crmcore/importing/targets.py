"""What a file can be imported into: named fields, each with what its values are and what people call it."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from attrs import evolve, field, frozen

from crmcore.errors import UnknownName, nearest
from crmcore.importing.formats import Format, ValueType
from crmcore.importing.synonyms import HEADINGS

__all__ = ["CUSTOMERS", "Target", "TargetField"]

_ANY: Final[Mapping[str, str]] = {}


def _text() -> Format:
    return Format(ValueType.TEXT)


@frozen
class TargetField:
    """A field that a column can go to.

    Attributes:
        name: what a mapping calls it, such as `name` or `contact.email`.
        format: what its values are.
        headings: what files call it, in English and Chinese.
        required: whether every row needs a value.
        several: whether several columns can go to it, each with a value of its own.
        choices: the values that it can have, each with what people read; empty where any value can be.
        words: what else files write for some of these values.
    """

    name: str
    format: Format = field(factory=_text)
    headings: tuple[str, ...] = field(default=(), converter=tuple[str, ...])
    required: bool = field(default=False, kw_only=True)
    several: bool = field(default=False, kw_only=True)
    choices: Mapping[str, str] = field(default=_ANY, kw_only=True)
    words: Mapping[str, str] = field(default=_ANY, kw_only=True)


@frozen
class Target:
    """What a file can be imported into.

    Attributes:
        name: what it is called, such as `customers`.
        fields: what columns can go to.
    """

    name: str
    fields: tuple[TargetField, ...] = field(converter=tuple[TargetField, ...])

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the fields."""
        return tuple(one.name for one in self.fields)

    def field(self, name: str) -> TargetField:
        """Return a field.

        Raises:
            UnknownName: there is none of that name.
        """
        found = next((one for one in self.fields if one.name == name), None)
        if found is None:
            raise UnknownName("field", name, nearest(name, self.names))
        return found

    def with_fields(self, fields: Iterable[TargetField]) -> "Target":
        """Return it with more fields; one of a known name takes its place."""
        return evolve(self, fields=tuple({one.name: one for one in (*self.fields, *fields)}.values()))


_CUSTOMER_TYPES: Final[Mapping[str, str]] = {
    word: value
    for value, words in {
        "organization": "company, business, organisation, firm, account, 公司, 企业客户, 单位, 机构, 组织",
        "person": "individual, private, consumer, contact, 个人客户, 人, 自然人, 消费者",
    }.items()
    for word in words.split(", ")
}


def _named(name: str, **options: Any) -> TargetField:
    return TargetField(name, Format(), HEADINGS[name], **options)


CUSTOMERS: Final = Target(
    "customers",
    (
        _named("name", required=True),
        _named("id"),
        _named("customer_type", choices={"organization": "企业", "person": "个人"}, words=_CUSTOMER_TYPES),
        _named("registration"),
        _named("parent"),
        _named("source"),
        _named("language"),
        _named("time_zone"),
        _named("stage"),
        _named("phone", several=True),
        _named("email", several=True),
        _named("web", several=True),
        _named("address", several=True),
        _named("country"),
        _named("contact.name"),
        _named("contact.title"),
        _named("contact.department"),
        _named("contact.phone", several=True),
        _named("contact.email", several=True),
    ),
)
"""What files of customers hold: a customer, how to reach it, and somebody one speaks with there."""
