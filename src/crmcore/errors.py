"""What can go wrong, a class for each thing that a caller can do about it. All derive from `CrmError`."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, ClassVar, Final

from attrs import frozen

from crmcore.language import Phrase, listed, say, told

if TYPE_CHECKING:
    from datetime import date

    from crmcore.values import Place

__all__ = [
    "CrmError",
    "EmptyWindow",
    "Fault",
    "InvalidOrganization",
    "InvalidText",
    "MissingExtra",
    "OutsideSpace",
    "Unanswered",
    "UncoveredTouchpoint",
    "UnknownName",
    "VacantRole",
    "nearest",
]

_MOST_CANDIDATES = 5_000
_LONGEST_NAME = 200
_LONGEST_TEXT = 120
_NAMED: Final = (
    say("touchpoint"),
    say("person"),
    say("role"),
    say("check"),
    say("command"),
    say("template"),
    say("country"),
    say("region"),
    say("kind of identifier"),
    say("kind of contact point"),
)
# What can be asked for by name, so that an `UnknownName` of it is told in the reader's language.
_KINDS: Final[Mapping[str, Phrase]] = {kind: kind for kind in _NAMED}


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name most like a misspelt one; None when none is alike."""
    if len(name) > _LONGEST_NAME:
        return None
    candidates = [other for other in known if abs(len(other) - len(name)) <= max(3, len(name) // 2)]
    folded = {candidate.casefold(): candidate for candidate in reversed(candidates[:_MOST_CANDIDATES])}
    matches = get_close_matches(name.casefold(), folded, n=1, cutoff=0.6)
    return folded[matches[0]] if matches else None


def _with_hint(text: str, suggestion: str | None) -> str:
    if not suggestion:
        return text
    return say("{text}; did you mean {suggestion!r}?", text=text, suggestion=suggestion)


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
        found: what is there and what is allowed instead: a phrase, which reads as English.
        suggestion: the nearest thing that would be right, or how to mend it: a phrase too.
    """

    place: "Place"
    found: str
    suggestion: str = ""

    def __str__(self) -> str:
        if not self.suggestion:
            return f"{self.place}: {told(self.found)}"
        return f"{self.place}: {told(say('{found} ({suggestion})', found=self.found, suggestion=self.suggestion))}"


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


class InvalidText(CrmError):
    """A text cannot be what it should be. Ask for it again, or take the suggestion.

    Attributes:
        kind: what it should be.
        text: what was given; masked where it is personal.
        reason: what is wrong with it, and how to mend it: a phrase, which reads as English.
        suggestion: what may be meant; empty where nobody can tell.
    """

    code: ClassVar[str] = "invalid-text"

    def __init__(self, kind: str, text: str, reason: str, suggestion: str = "") -> None:
        self.kind = kind
        self.text = text
        self.reason = reason
        self.suggestion = suggestion
        super().__init__(kind, text, reason, suggestion)

    def __str__(self) -> str:
        shown = self.text if len(self.text) <= _LONGEST_TEXT else f"{self.text[:_LONGEST_TEXT]}…"
        problem = say("{text!r} is no {kind}: {reason}", text=shown, kind=self._named(), reason=self.reason)
        return told(_with_hint(problem, self.suggestion))

    def _named(self) -> str:
        """Return what it should be, as people call it."""
        return self.kind


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
        kind = _KINDS.get(self.kind, self.kind)
        return told(_with_hint(say("there is no {kind} {name!r}", kind=kind, name=self.name), self.suggestion))


class OutsideSpace(CrmError):
    """A question lies outside the space of possible customers. Give the attribute that it names a possible value.

    Attributes:
        attribute: the attribute that is missing, unknown, or has an impossible value; None for a combination.
        value: the value that was given; None when it is missing.
        reason: what is wrong and what is allowed, in a sentence: a phrase, which reads as English.
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
        return told(_with_hint(self.reason, self.suggestion))


class MissingExtra(CrmError):
    """Something needs a library that is not installed, because few need it. Install the extra that brings it.

    Attributes:
        purpose: what needs it: a phrase, which reads as English.
        library: the name of the library.
        extra: the extra of crmcore that brings it.
    """

    code: ClassVar[str] = "missing-extra"

    def __init__(self, purpose: str, library: str, extra: str) -> None:
        self.purpose = purpose
        self.library = library
        self.extra = extra
        super().__init__(purpose, library, extra)

    def __str__(self) -> str:
        command = f"pip install 'crmcore[{self.extra}]'"
        needs = {"purpose": self.purpose, "library": self.library, "command": command}
        return told(say("{purpose} needs {library}, which is not installed: run {command}", **needs))


class EmptyWindow(CrmError):
    """A window of days ends before it begins. Give a last day that is not before the first.

    Attributes:
        first: the first day.
        last: the last day.
    """

    code: ClassVar[str] = "empty-window"

    def __init__(self, first: "date", last: "date") -> None:
        self.first = first
        self.last = last
        super().__init__(first, last)

    def __str__(self) -> str:
        return told(say("the last day {last} comes before the first day {first}", last=self.last, first=self.first))


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

    def __str__(self) -> str:
        customer = listed(f"{name}={value}" for name, value in self.witness.items())
        nobody = self._nobody()
        if not customer:
            return told(nobody)
        return told(say("{nobody}, for example for {customer}", nobody=nobody, customer=customer))

    def _nobody(self) -> Phrase:
        return say("nobody answers for {subject!r}", subject=self.subject)


class UncoveredTouchpoint(Unanswered):
    """No duty covers the customer at this touchpoint."""

    code: ClassVar[str] = "uncovered-touchpoint"

    def _nobody(self) -> Phrase:
        return say("nobody answers at touchpoint {subject!r}", subject=self.subject)


class VacantRole(Unanswered):
    """The role that answers has no active holder for the customer on that day."""

    code: ClassVar[str] = "vacant-role"

    def _nobody(self) -> Phrase:
        return say("nobody holds the role {subject!r} that answers", subject=self.subject)
