"""What can go wrong, a class for each thing that a caller can do about it. All derive from `CrmError`."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, ClassVar

from attrs import frozen

if TYPE_CHECKING:
    from crmcore.values import Place

__all__ = [
    "CrmError",
    "Fault",
    "InvalidOrganization",
    "OutsideSpace",
    "Unanswered",
    "UncoveredTouchpoint",
    "UnknownName",
    "VacantRole",
    "nearest",
]

_MOST_CANDIDATES = 5_000
_LONGEST_NAME = 200


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name most like a misspelt one; None when none is alike."""
    if len(name) > _LONGEST_NAME:
        return None
    candidates = [other for other in known if abs(len(other) - len(name)) <= max(3, len(name) // 2)]
    folded = {candidate.casefold(): candidate for candidate in reversed(candidates[:_MOST_CANDIDATES])}
    matches = get_close_matches(name.casefold(), folded, n=1, cutoff=0.6)
    return folded[matches[0]] if matches else None


class CrmError(Exception):
    """Anything that crmcore raises on purpose.

    Attributes:
        code: a stable name for programs; the message may change, the code does not.
    """

    code: ClassVar[str] = "crm-error"


@frozen
class Fault:
    """One thing that is wrong with a file.

    Attributes:
        place: where.
        found: what is there and what is allowed instead, in a sentence.
        suggestion: the nearest thing that would be right, or how to mend it.
    """

    place: "Place"
    found: str
    suggestion: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {self.found}" + (f" ({self.suggestion})" if self.suggestion else "")


class InvalidOrganization(CrmError):
    """An organization cannot be read. Mend every fault: they are all here.

    Attributes:
        faults: all that is wrong, in the order of the file.
    """

    code: ClassVar[str] = "invalid-organization"

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.faults)

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


class UnknownName(CrmError):
    """A touchpoint, person, check or other thing is asked for that does not exist. Ask for one that does.

    Attributes:
        kind: what it should have been, such as `touchpoint`.
        name: what was asked for.
        suggestion: the nearest name that exists.
    """

    code: ClassVar[str] = "unknown-name"

    def __init__(self, kind: str, name: str, suggestion: str | None = None) -> None:
        self.kind = kind
        self.name = name
        self.suggestion = suggestion
        super().__init__(kind, name, suggestion)

    def __str__(self) -> str:
        hint = f"; did you mean {self.suggestion!r}?" if self.suggestion else ""
        return f"there is no {self.kind} {self.name!r}{hint}"


class OutsideSpace(CrmError):
    """A question lies outside the space of possible customers. Give the attribute that it names a possible value.

    Attributes:
        attribute: the attribute that is missing, unknown, or has an impossible value; None for a combination.
        value: the value that was given; None when it is missing.
        reason: what is wrong and what is allowed, in a sentence.
        suggestion: the nearest name that is allowed.
    """

    code: ClassVar[str] = "outside-space"

    def __init__(self, attribute: str | None, value: Any, reason: str, suggestion: str | None = None) -> None:
        self.attribute = attribute
        self.value = value
        self.reason = reason
        self.suggestion = suggestion
        super().__init__(attribute, value, reason, suggestion)

    def __str__(self) -> str:
        return self.reason + (f"; did you mean {self.suggestion!r}?" if self.suggestion else "")


class Unanswered(CrmError):
    """Nobody answers a question that someone should answer. Give the duty, or the role, to somebody.

    Attributes:
        subject: the touchpoint without a duty, or the role without a holder.
        box: every customer in contact for whom it is so: dimension to admitted values; absent is unrestricted.
        witness: one such customer in contact, a value for every dimension.
    """

    code: ClassVar[str] = "unanswered"

    def __init__(self, subject: str, box: Mapping[str, list[Any]], witness: Mapping[str, Any]) -> None:
        self.subject = subject
        self.box = box
        self.witness = witness
        super().__init__(subject, box, witness)

    def _somewhere(self) -> str:
        customer = ", ".join(f"{name}={value}" for name, value in self.witness.items())
        return f", for example for {customer}" if customer else ""


class UncoveredTouchpoint(Unanswered):
    """No duty covers the customer at this touchpoint."""

    code: ClassVar[str] = "uncovered-touchpoint"

    def __str__(self) -> str:
        return f"nobody answers at touchpoint {self.subject!r}{self._somewhere()}"


class VacantRole(Unanswered):
    """The role that answers has no active holder for the customer on that day."""

    code: ClassVar[str] = "vacant-role"

    def __str__(self) -> str:
        return f"nobody holds the role {self.subject!r} that answers{self._somewhere()}"
