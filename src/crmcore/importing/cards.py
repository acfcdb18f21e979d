"""Writing vCards of version 3.0 (RFC 2426), which every phone and mail program reads."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from crmcore.importing.vcard_files import ADDRESS_PARTS, NAME_PARTS, ORGANIZATION_PARTS, SEVERAL, SINGLE

__all__ = ["card_text"]

_FOLD: Final = 74
_ESCAPED: Final = str.maketrans({"\\": "\\\\", "\n": "\\n", ",": "\\,", ";": "\\;", "\r": None})
_TYPE: Final = re.compile("[A-Za-z0-9-]+")
_FIRST: Final = ("phone", "email", "web", "address")


def card_text(values: Mapping[str, str]) -> str:
    """Return a vCard.

    Args:
        values: texts by the names that reading a vCard gives: `name`, `family name`, `organization`, `phone 1`,
            `phone 1 kind`, `address 1 city` and so on; `phone` stands for `phone 1`. Others are left out.
    """
    known = dict(values)
    for word in _FIRST:
        if word in known:
            known.setdefault(f"{word} 1" if word != "address" else "address 1 street", known.pop(word))
    lines = ["BEGIN:VCARD", "VERSION:3.0", *_properties(known), "END:VCARD"]
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _properties(values: Mapping[str, str]) -> Iterator[str]:
    parts = [values.get(part, "") for part in NAME_PARTS]
    name = values.get("name") or " ".join(filter(None, (parts[1], parts[0]))) or values.get("organization", "")
    yield f"FN:{_escaped(name)}"
    yield f"N:{_row(parts if any(parts) else [name, '', '', '', ''])}"
    organization = [values.get(part, "") for part in ORGANIZATION_PARTS]
    if any(organization):
        yield f"ORG:{_row(organization if organization[1] else organization[:1])}"
    for property_, word in SEVERAL.items():
        for text, kind in _numbered(values, word):
            yield f"{property_}{_types(kind)}:{_escaped(text)}"
    number = 1
    while any(name.startswith(f"address {number} ") for name in values):
        kind = values.get(f"address {number} kind", "")
        yield f"ADR{_types(kind)}:{_row([values.get(f'address {number} {part}', '') for part in ADDRESS_PARTS])}"
        number += 1
    for property_, word in SINGLE.items():
        if property_ != "FN" and values.get(word):
            yield f"{property_}:{_escaped(values[word])}"


def _numbered(values: Mapping[str, str], word: str) -> Iterator[tuple[str, str]]:
    numbers = sorted(int(name.split()[1]) for name in values if re.fullmatch(rf"{word} [0-9]{{1,3}}", name))
    for number in numbers:
        yield values[f"{word} {number}"], values.get(f"{word} {number} kind", "")


def _types(kind: str) -> str:
    return "".join(f";TYPE={word}" for word in kind.split() if _TYPE.fullmatch(word))


def _row(parts: Sequence[str]) -> str:
    return ";".join(map(_escaped, parts))


def _escaped(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_ESCAPED)


def _folded(line: str) -> Iterator[str]:
    """Yield a line in pieces of at most 75 bytes, none of which cuts a character."""
    start, size, before = 0, 0, ""
    for index, letter in enumerate(line):
        width = len(letter.encode("utf-8", "replace"))
        if size + width > _FOLD:
            yield before + line[start:index]
            start, size, before = index, 0, " "
        size += width
    yield before + line[start:]
