"""Kinds of agreement: in which way two values of a field are the same, nearly so, or not."""

from enum import StrEnum
from typing import Final

from attrs import frozen

from crmcore.language import Phrase, say

__all__ = ["Agreement", "Evidence", "described", "named"]


class Agreement(StrEnum):
    """How two values agree, the strongest first. Which of them a field can have depends on the field."""

    EXACT = "exact"
    FORM = "form"
    PINYIN = "pinyin"
    TAIL = "tail"
    LOCAL = "local"
    PARTS = "parts"
    CLOSE = "close"
    ALIKE = "alike"
    INITIAL = "initial"
    YEAR = "year"
    DIFFERENT = "different"


@frozen
class Evidence:
    """What one field of two profiles says.

    Attributes:
        field: which, such as `name`, `phone`, `address.city`.
        agreement: how its values agree.
        one: the value of the first profile, as it was compared.
        other: that of the other profile.
        similarity: how alike they are, from 0 to 1, where it was measured.
    """

    field: str
    agreement: Agreement
    one: str
    other: str
    similarity: float | None = None


def described(evidence: Evidence) -> Phrase:
    """Return what a piece of evidence says, in a sentence without a field's name: `close: 'harris', 'haris' (0.97)`."""
    one, other = sorted((evidence.one, evidence.other))
    match evidence.agreement:
        case Agreement.EXACT:
            return say("the same: {value}", value=one)
        case Agreement.FORM:
            return say("the same but for the legal form: {value}", value=one)
        case Agreement.PINYIN:
            return say("the same pinyin: {one}, {other}", one=one, other=other)
        case Agreement.TAIL:
            return say("the same last 8 digits: {one}, {other}", one=one, other=other)
        case Agreement.LOCAL:
            return say("the same before the @: {one}, {other}", one=one, other=other)
        case Agreement.PARTS:
            return say("a digit or two apart, or day and month swapped: {one}, {other}", one=one, other=other)
        case Agreement.INITIAL:
            return say("an initial of the other: {one}, {other}", one=one, other=other)
        case Agreement.YEAR:
            return say("the same year: {one}, {other}", one=one, other=other)
        case Agreement.DIFFERENT:
            return say("different: {one}, {other}", one=one, other=other)
        case _ if evidence.similarity is None:
            return say("close: {one}, {other}", one=one, other=other)
        case _:
            return say("close: {one}, {other} ({similarity:.2f})", one=one, other=other, similarity=evidence.similarity)


_FIELDS: Final = {
    "name": say("name"),
    "name.pinyin": say("name"),
    "company": say("company name"),
    "phone": say("phone"),
    "email": say("e-mail"),
    "domain": say("domain"),
    "born": say("date of birth"),
    "identifier": say("identifier"),
    "address": say("address"),
    "more": say("field"),
}


def named(field: str) -> Phrase:
    """Return what people call a field: `address.city` is the `address (city)`."""
    if field in _FIELDS:
        return _FIELDS[field]
    family, _, part = field.partition(".")
    return say("{field} ({part})", field=_FIELDS[family], part=part)
