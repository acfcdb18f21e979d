"""vCards of the versions 2.1, 3.0 and 4.0 (RFC 2426, RFC 6350), property by property.

Phones and mail programs write all three, mixed and not always by the rules: versions decide what may be escaped and
encoded, but everything is understood in every version, as far as it does not mean something else there.
"""

import quopri
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from attrs import field, frozen

from crmcore.language import say
from crmcore.organization.spreadsheets import UnreadableSheet

__all__ = ["Card", "Property", "cards_of"]

_BINARY: Final = frozenset({"PHOTO", "LOGO", "SOUND", "KEY"})
_ESCAPED: Final = re.compile(r"\\([nN,;:\\])")
_PART: Final = re.compile(r"(?:\\.|[^;])*", re.DOTALL)
_HEAD: Final = re.compile(r"(?:([A-Za-z0-9-]+)\.)?([A-Za-z0-9-]+)((?:;(?:[^:;\"]|\"[^\"]*\")*)*):(.*)", re.DOTALL)
_PARAMETER: Final = re.compile(r";((?:[^;\"]|\"[^\"]*\")*)")
_SMALLEST, _LARGEST = 1, 100


@frozen
class Property:
    """One property of a card.

    Attributes:
        name: in capitals, such as `TEL`.
        value: as it stands there, decoded, but with its escapes.
        types: such as `work` and `cell`, in small letters.
        preference: how much it is preferred, 1 the most; 100 where nothing says so.
        group: what the property belongs to, such as `item1`; empty for nothing.
    """

    name: str
    value: str
    types: tuple[str, ...] = ()
    preference: int = _LARGEST
    group: str = ""

    @property
    def text(self) -> str:
        """The value as one text."""
        return _unescaped(self.value).strip()

    @property
    def parts(self) -> tuple[str, ...]:
        """The components of a value that is made of several, such as a name or an address."""
        return tuple(_unescaped(part).strip() for part in _components(self.value))


@frozen
class Card:
    """One vCard.

    Attributes:
        number: which one in the file, from 1.
        line: where it begins.
        properties: what it says, in its order.
    """

    number: int
    line: int
    properties: tuple[Property, ...] = field(default=())

    @property
    def version(self) -> str:
        """Its version; 3.0 where it says none."""
        return next((one.text for one in self.properties if one.name == "VERSION"), "3.0")

    def all(self, name: str) -> list[Property]:
        """Return the properties of a name, the preferred ones first."""
        found = [one for one in self.properties if one.name == name and one.value.strip(" ;")]
        return sorted(found, key=lambda one: one.preference)

    def first(self, name: str) -> Property | None:
        """Return the property of a name that is preferred; None where there is none."""
        return next(iter(self.all(name)), None)


def cards_of(path: Path, encoding: str) -> Iterator[Card]:
    """Yield the cards of a file, one after another.

    Raises:
        UnreadableSheet: it holds something else than cards, or is not in that encoding.
    """
    properties: list[Property] | None = None
    number = begun = 0
    for line, text in _logical(path, encoding):
        name = text.strip().upper()
        if name == "BEGIN:VCARD":
            if properties is not None:
                raise _open_card(path, begun)
            properties, begun, number = [], line, number + 1
        elif name == "END:VCARD" and properties is not None:
            yield Card(number, begun, tuple(properties))
            properties = None
        elif properties is None:
            if text.strip():
                reason = say("line {line} is no part of a card", line=line)
                raise UnreadableSheet(str(path), reason, say("a card begins with BEGIN:VCARD"))
        elif text.strip():
            properties.append(_property(path, line, text))
    if properties is not None:
        raise _open_card(path, begun)


def _open_card(path: Path, line: int) -> UnreadableSheet:
    reason = say("the card that begins in line {line} does not end", line=line)
    return UnreadableSheet(str(path), reason, say("a card ends with END:VCARD"))


def _logical(path: Path, encoding: str) -> Iterator[tuple[int, str]]:
    """Yield lines as they were before they were folded, each with its number."""
    began, text = 0, ""
    try:
        with path.open(encoding=encoding) as stream:
            for number, raw in enumerate(stream, 1):
                line = raw.rstrip("\n")
                soft = text.endswith("=") and _quoted(text)
                if soft:
                    text = text[:-1] + line
                elif line[:1] in (" ", "\t") and text:
                    text += line[1:]
                else:
                    if began:
                        yield began, text
                    began, text = number, line
    except UnicodeError as error:
        reason = say("the file is no plain text: {problem}", problem=str(error))
        raise UnreadableSheet(str(path), reason, say("save it as UTF-8")) from None
    if began:
        yield began, text


def _quoted(text: str) -> bool:
    return "QUOTED-PRINTABLE" in text.partition(":")[0].upper()


def _property(path: Path, line: int, text: str) -> Property:
    match = _HEAD.fullmatch(text)
    if match is None:
        reason = say("line {line} is no property of a card", line=line)
        raise UnreadableSheet(str(path), reason, say("a property is a name, a colon and a value"))
    group, name, parameters, value = match[1] or "", match[2].upper(), match[3], match[4]
    named = _parameters(parameters)
    types = [kind.strip().lower() for kind in named.get("TYPE", ())]
    preference = _preference(named.get("PREF", ()), types)
    if name in _BINARY:
        value = value if value.startswith(("http:", "https:")) else ""
    elif "QUOTED-PRINTABLE" in (one.upper() for one in named.get("ENCODING", ())):
        value = _decoded(value, next(iter(named.get("CHARSET", ())), "utf-8"))
    return Property(name, value, tuple(kind for kind in types if kind != "pref"), preference, group)


def _parameters(text: str) -> Mapping[str, list[str]]:
    """Return the parameters; a bare word of version 2.1 is a type, or an encoding."""
    found: dict[str, list[str]] = {}
    for parameter in _PARAMETER.findall(text):
        name, equals, value = parameter.partition("=")
        if not equals:
            word = name.strip().upper()
            name, value = ("ENCODING" if word in ("QUOTED-PRINTABLE", "BASE64", "8BIT", "7BIT") else "TYPE"), word
        found.setdefault(name.strip().upper(), []).extend(value.replace('"', "").split(","))
    return found


def _preference(numbers: Iterable[str], types: list[str]) -> int:
    number = next(iter(numbers), "")
    if number.isascii() and number.isdigit() and len(number) < 4:
        return min(max(int(number), _SMALLEST), _LARGEST)
    return _SMALLEST if "pref" in types else _LARGEST


def _decoded(value: str, charset: str) -> str:
    data = quopri.decodestring(value.encode("utf-8"))
    for encoding in (charset, "utf-8", "cp1252"):
        try:
            return data.decode(encoding)
        except (LookupError, UnicodeDecodeError):
            continue
    return data.decode("latin-1")


def _components(value: str) -> Iterator[str]:
    """Yield what stands between the semicolons that are not escaped."""
    start = 0
    while start <= len(value):
        end = _PART.match(value, start).end()  # type: ignore[union-attr]  # it matches nothing too
        yield value[start:end]
        start = end + 1


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], text)
