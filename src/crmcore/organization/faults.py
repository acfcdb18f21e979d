"""Collecting everything that is wrong with an organization, bounded, so that all of it is told in one go."""

from collections.abc import Callable, Iterable
from typing import Final

from crmcore import language
from crmcore.errors import Fault, InvalidOrganization, nearest
from crmcore.language import Phrase, say, say_many
from crmcore.values import NOWHERE, Place

__all__ = ["Faults", "did_you_mean", "listed", "quoted", "wanted_but_found", "within"]

_MOST: Final = 100
_LONGEST: Final = 60
_MOST_LISTED: Final = 24


def quoted(value: object) -> str:
    """Return what was found as it can safely be shown: escaped, and cut when it is long."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return repr(value) if len(value) <= _LONGEST else f"{value[:_LONGEST]!r}…"
    text = str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def listed(names: Iterable[str]) -> str:
    """Return names in a row, the first two dozen of them."""
    shown = [name if name.isprintable() else repr(name) for name in names]
    row, rest = language.listed(shown[:_MOST_LISTED]), len(shown) - _MOST_LISTED
    return say("{names} and {count} more", names=row, count=rest) if rest > 0 else row


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return a question that offers the nearest known name; nothing where none is near."""
    near = nearest(name, known)
    return say("did you mean {name}?", name=quoted(near)) if near is not None else ""


def wanted_but_found(wanted: str, found: str) -> Phrase:
    """Return the sentence that one thing is wanted where another is."""
    return say("{wanted} is wanted, found {found}", wanted=wanted, found=found)


def within(path: str, found: str) -> str:
    """Return what was found, behind how a program reaches it; what is in a file has a line instead, and no path."""
    return say("{path}: {found}", path=path, found=found) if path else found


class Faults:
    """The faults found so far. Beyond the first hundred they are only counted."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._more = 0
        self._files: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._faults) + self._more

    def add(self, place: Place, found: str | Callable[[], str], suggestion: str | Callable[[], str] = "") -> None:
        """Add one fault.

        Args:
            place: where it is.
            found: what is there and what is allowed; a function when it is costly to say.
            suggestion: how to mend it; a function when it is costly to say.
        """
        if len(self._faults) >= _MOST:
            self._more += 1
            return
        self._files.setdefault(place.file, len(self._files))
        bare = Place(place.file, place.line, place.column)
        self._faults.append(
            Fault(
                bare,
                found if isinstance(found, str) else found(),
                suggestion if isinstance(suggestion, str) else suggestion(),
            )
        )

    def tell(self, place: Place, part: str, path: str, found: str, suggestion: str | Callable[[], str] = "") -> None:
        """Add one fault of a record; where there is no file, say how a program reaches it.

        Args:
            place: where the record is.
            part: the key or item in it that is wrong; empty for all of it.
            path: how a program reaches the record, such as `people[3]`; empty for the organization.
            found: what is there and what is allowed.
            suggestion: how to mend it.
        """
        where = place.at(part)
        if where.file == NOWHERE.file:
            found = within(".".join(filter(None, (path, part))), found)
        self.add(where, found, suggestion)

    def error(self) -> InvalidOrganization:
        """Return the error that carries the faults, file after file, in the order of their places."""
        faults = sorted(
            self._faults, key=lambda fault: (self._files[fault.place.file], fault.place.line, fault.place.column)
        )
        if self._more:
            place = faults[-1].place if faults else NOWHERE
            more = say_many("and {count} more fault", "and {count} more faults", self._more)
            faults.append(Fault(Place(place.file), more, say("mend these first")))
        return InvalidOrganization(faults)
