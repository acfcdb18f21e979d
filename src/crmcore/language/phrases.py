"""Phrases: text that is English until somebody who speaks another language reads it.

A phrase keeps its template and its arguments apart, so that it can be made in one language and read in another: a
finding is recognised in a baseline by its English words, and shown in Chinese. The template is the key of the
catalogue.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from crmcore.language.catalogues import catalogue
from crmcore.language.choosing import current

__all__ = ["Phrase", "joined", "listed", "say", "say_many", "template", "told", "translated"]


class Phrase(str):
    """A text in English that can be told in another language.

    As a `str` it is what it says in English; `told` says it in the language of the moment.

    Attributes:
        key: the template that the catalogue knows.
        arguments: what stands in its places, by name; a phrase among them is translated with it.
    """

    __slots__ = ("arguments", "key")

    key: str
    arguments: Mapping[str, Any]

    def __new__(cls, key: str, template: str, arguments: Mapping[str, Any]) -> "Phrase":
        """Make a phrase.

        Args:
            key: the template that the catalogue knows.
            template: the English template: the key itself, or its plural.
            arguments: what stands in its places.
        """
        phrase = super().__new__(cls, template.format_map(arguments))
        phrase.key = key
        phrase.arguments = arguments
        return phrase

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (str(self), self.key, dict(self.arguments))


def _again(english: str, key: str, arguments: Mapping[str, Any]) -> Phrase:
    phrase = str.__new__(Phrase, english)
    phrase.key, phrase.arguments = key, arguments
    return phrase


def say(template: str, /, **arguments: Any) -> Phrase:
    """Return a phrase.

    Args:
        template: English, with the names of arguments in braces, as for `str.format`. It is written out where `say` is
            called, and nowhere else: there the catalogue finds it.
        arguments: what stands in the braces.
    """
    return Phrase(template, template, arguments)


def say_many(one: str, many: str, count: int, /, **arguments: Any) -> Phrase:
    """Return a phrase that counts; in its templates `{count}` is the number.

    Args:
        one: what English says of one; the key of the catalogue.
        many: what English says of none, or of several.
        count: how many there are.
        arguments: what else stands in the braces.
    """
    return Phrase(one, one if count == 1 else many, {"count": count, **arguments})


def template(text: str, /) -> str:
    """Return a template as it is; said where one is chosen now and filled in later, so that the catalogue finds it."""
    return text


class _Row(Phrase):
    """Names in a row: one flat phrase, however many there are."""

    __slots__ = ()

    def __reduce__(self) -> tuple[Any, ...]:
        return _row, (self.arguments["names"],)


def _row(names: tuple[str, ...]) -> _Row:
    row = str.__new__(_Row, ", ".join(names))
    row.key, row.arguments = ", ", {"names": names}
    return row


def joined(items: Iterable[str]) -> str:
    """Return names in a row, `and` before the last: `a, b and c`; empty for no names."""
    *first, last = [*items] or [""]
    return say("{names} and {last}", names=listed(first), last=last) if first else last


def listed(items: Iterable[str]) -> str:
    """Return names in a row, the comma of the language between them; empty for no names."""
    names = tuple(items)
    return _row(names) if len(names) > 1 else names[0] if names else ""


def told(text: str) -> str:
    """Return a text in the language of the moment; what is no phrase stays as it is."""
    if not isinstance(text, Phrase):
        return text
    if current() == "en":
        return str(text)
    if isinstance(text, _Row):
        return translated(", ").join(map(told, text.arguments["names"]))
    arguments = {name: told(value) if isinstance(value, Phrase) else value for name, value in text.arguments.items()}
    return translated(text.key).format_map(arguments)


def translated(text: str) -> str:
    """Return a fixed text of ours, such as a heading, in the language of the moment; itself where it has none."""
    return catalogue(current()).gettext(text) if text else text
