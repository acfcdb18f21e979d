"""Which customers rows probably are, though neither id, registration nor name says so: asked for many at once."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from attrs import define, evolve, field, frozen
from attrs.validators import and_, ge, le, optional

from crmcore.customers import Customer, CustomerType, Job
from crmcore.customers.contact_points import ContactKind
from crmcore.customers.duplicate_keys import sharing_few
from crmcore.customers.duplicates import (
    Agreement,
    Match,
    Prepared,
    Profile,
    ProfileKind,
    Settings,
    alike,
    can_compare,
    keys_of,
    prepared,
    proving,
    shared,
)
from crmcore.customers.profiling import identifiers_of, profiles_for, served
from crmcore.customers.recognition import AT_ENTRY
from crmcore.importing.recognising import ALIKE, Seen
from crmcore.importing.records import Made

__all__ = ["LEAST", "SURE", "Entered", "Resembling"]

SURE: Final = 0.99
"""How likely it has to be that a row is of a customer, for it to be taken for that where nobody is asked.

The check at entry expects one in ten thousand that it meets to be the one, as somebody decides. An import must be right
of its own among a million, too: by those odds 0.99 becomes 0.5, likelier than not.
"""

LEAST: Final = 0.5
"""From where on a row is likelier than not of a customer, so that somebody should look at it: as at entry."""

_MOST: Final = 50
_PAGE: Final = 1_000
_NAMES: Final = frozenset({"name", "company"})
_OTHERWISE: Final = frozenset({Agreement.DIFFERENT, Agreement.ALIKE})
"""How names agree of families, and of the companies of a group: they share phones and domains, and are two."""
_WHOLLY: Final = frozenset({Agreement.EXACT, Agreement.FORM, Agreement.PINYIN, Agreement.TAIL})
_KINDS: Final = {sort: ProfileKind(sort.value) for sort in CustomerType}
_NUMBER: Final = re.compile(r"\d+")
_Entry = tuple[Customer, Prepared]


@frozen
class Entered:
    """A row as it is compared.

    Attributes:
        made: what the row is made into.
        keys: its keys.
        asked: those of them that are looked up.
    """

    made: Made
    keys: tuple[str, ...]
    asked: tuple[str, ...]

    @property
    def ready(self) -> Prepared:
        """That by which its customer may be recognised: made anew, as few rows share a key with anybody."""
        return prepared(_profile(self.made))

    @classmethod
    def of(cls, made: Made) -> "Entered":
        """Return what is compared of a row."""
        ready = prepared(_profile(made))
        keys = keys_of(ready)
        return cls(made, keys, proving(ready, keys))


@define
class Resembling:
    """The customers that rows can resemble: those of the storage that share a key with them, and those of rows before.

    A key that more than fifty share tells nobody from anybody, and counts for nothing.

    Attributes:
        sure: the least score that makes a row the same customer; None where nothing is compared.
        compares: whether anything is compared: it is wanted, and rapidfuzz is installed.
    """

    sure: float | None = field(validator=optional(and_(ge(LEAST), le(1))))
    compares: bool = field(init=False)
    _sharing: dict[str, Sequence[str] | None] = field(factory=dict, init=False)
    _stored: dict[str, _Entry] = field(factory=dict, init=False)
    _changed: dict[str, _Entry] = field(factory=dict, init=False)
    _new: dict[str, Customer] = field(factory=dict, init=False)
    _rows: dict[str, Entered] = field(factory=dict, init=False)
    _new_sharing: dict[str, tuple[str, ...]] = field(factory=dict, init=False)

    @compares.default
    def _wanted_and_possible(self) -> bool:
        return self.sure is not None and can_compare()

    def look_up(self, job: Job, rows: Iterable[Entered]) -> None:
        """Ask the storage for the customers that some rows can resemble, all at once."""
        self._stored, self._sharing = {}, {}
        self.look_up_too(job, rows)

    def look_up_too(self, job: Job, rows: Iterable[Entered]) -> None:
        """Ask the storage for the customers that more rows can resemble."""
        if not self.compares:
            return
        rows = list(rows)
        self._sharing |= sharing_few(job, sorted({key for row in rows for key in row.asked}), _MOST)
        wanted = sorted({id_ for row in rows for id_ in self._near(row)})
        for start in range(0, len(wanted), _PAGE):
            self._stored |= _read(job, wanted[start : start + _PAGE])

    def find(self, row: Entered) -> Seen | None:
        """Return the customer that a row is most likely of, and whether that is sure; None where none is likely."""
        ids = self._near(row) if self.compares else ()
        if not ids:
            return None
        there = {id_: entry for id_ in ids if (entry := self._entry(id_)) is not None}
        settings, own = Settings(prior=AT_ENTRY, threshold=LEAST), row.ready
        seen: Seen | None = None
        for one in alike(own, (ready for _, ready in there.values()), settings):
            customer, ready = there[one.id]
            sure = self._is_sure(own, ready, one.match)
            if sure or seen is None:
                seen = Seen(customer, ALIKE, one.match.score, one.match.reasons, sure)
            if sure:
                break
        return seen

    def add(self, customer: Customer, row: Entered) -> None:
        """Make a new customer known."""
        if self.compares:
            self._new[customer.id], self._rows[customer.id] = customer, row
            self._share(customer.id, row.keys)

    def replace(self, job: Job, customer: str) -> None:
        """Let what a customer is now take the place of what it was."""
        for changed, ready in _read(job, [customer]).values() if self.compares else ():
            self._changed[customer] = changed, ready
            self._share(customer, keys_of(ready))

    def _share(self, customer: str, keys: Sequence[str]) -> None:
        for key in keys:
            some = self._new_sharing.get(key, ())
            if len(some) <= _MOST and customer not in some:
                self._new_sharing[key] = (*some, customer)

    def _entry(self, id_: str) -> _Entry | None:
        """Return a customer of a row before, or of the storage; None for one of the storage that was not looked up."""
        if id_ in self._changed or id_ not in self._new:
            return self._changed.get(id_) or self._stored.get(id_)
        ready = self._rows[id_].ready
        return self._new[id_], evolve(ready, profile=evolve(ready.profile, id=id_))

    def _near(self, row: Entered) -> tuple[str, ...]:
        found = self._shared_by(row.asked)
        return shared("", row.asked, lambda *_: found, most=_MOST).ids if found else ()

    def _shared_by(self, asked: Sequence[str]) -> Mapping[str, Sequence[str]]:
        """Return for each key who shares it; a key that nobody shares, or too many, is left out."""
        found: dict[str, Sequence[str]] = {}
        for key in asked:
            stored, new = self._sharing.get(key, ()), self._new_sharing.get(key, ())
            if stored and new:
                stored = list(dict.fromkeys((*stored, *new)))
            elif stored is not None:
                stored = stored or new
            if stored and len(stored) <= _MOST:
                found[key] = stored
        return found

    def _is_sure(self, row: Prepared, other: Prepared, match: Match) -> bool:
        """Whether a row is of a customer also where nobody is asked.

        Who is called or registered otherwise is another; and slips alone are what a series looks like, not a customer.
        """
        if self.sure is None or match.score < self.sure:
            return False
        if row.identifiers and other.identifiers and row.identifiers != other.identifiers:
            return False
        names = (one.agreement for one in match.reasons if one.field.partition(".")[0] in _NAMES)
        if not _OTHERWISE.isdisjoint(names) or _numbers_differ(row, other):
            return False
        return not _WHOLLY.isdisjoint(one.agreement for one in match.reasons)


def _numbers_differ(one: Prepared, other: Prepared) -> bool:
    """Whether two names have numbers, and not the same: shops of a chain, items of a series."""
    numbers, others = (set(_NUMBER.findall(" ".join(ready.profile.names))) for ready in (one, other))
    return bool(numbers and others) and numbers != others


def _read(job: Job, ids: Sequence[str]) -> dict[str, _Entry]:
    customers = served(job, ids)
    profiles = profiles_for(job, customers)
    return {one.id: (one, prepared(profile)) for one, profile in zip(customers, profiles, strict=True)}


def _profile(made: Made) -> Profile:
    """Return by what the customer of a row may be recognised: what is known of it once it is stored."""
    sort: CustomerType = made.values.get("customer_type", CustomerType.ORGANIZATION)

    of_it: dict[str, list[str]] = {}
    for of_contact, point_kind, value, _ in made.points:
        if value and not (of_contact and sort is CustomerType.PERSON):
            of_it.setdefault(point_kind, []).append(value)
    return Profile(
        "",
        _KINDS[sort],
        names=(made.values["name"],),
        phones=tuple(of_it.get(ContactKind.PHONE, ())),
        emails=tuple(of_it.get(ContactKind.EMAIL, ())),
        domains=tuple(of_it.get(ContactKind.WEB, ())),
        identifiers=identifiers_of(made.values.get("registration")),
    )
