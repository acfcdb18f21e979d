"""Who is there: the holders of a staffing entry on one day, with those who stand in for the absent."""

from collections.abc import Mapping
from datetime import date

from attrs import frozen

from crmcore.language import Phrase, say
from crmcore.organization import Absence, Person, Staffing

__all__ = ["Pool", "Replacement", "Roster"]


@frozen
class Replacement:
    """A holder who is not there, and who stands in.

    Attributes:
        holder: who is not there.
        by: who stands in; None when nobody does.
        reason: why the holder is not there.
    """

    holder: Person
    by: Person | None
    reason: Phrase

    @property
    def told(self) -> Phrase:
        """All of it in a sentence, people by their ids."""
        if self.by is None:
            return say("{holder} {reason}, nobody stands in", holder=self.holder.id, reason=self.reason)
        return say("{holder} {reason}, {by} stands in", holder=self.holder.id, reason=self.reason, by=self.by.id)


@frozen
class Pool:
    """The people of one staffing entry on one day.

    Attributes:
        people: who is there, in the order of the file.
        replaced: the holders who are not, and who stands in for each.
    """

    people: tuple[Person, ...]
    replaced: tuple[Replacement, ...] = ()


@frozen
class Roster:
    """All people, less those who are thought away.

    Attributes:
        people: by id.
        without: ids of people who are thought away.
    """

    people: Mapping[str, Person]
    without: frozenset[str] = frozenset()

    def available(self, person: str, day: date) -> bool:
        """Whether somebody is there that day: employed, not away, not thought away."""
        record = self.people.get(person)
        return record is not None and self._why_away(record, day) is None

    def _why_away(self, person: Person, day: date) -> Phrase | None:
        if person.id in self.without:
            return say("is thought away")
        if person.status == "vacant":
            return say("is a vacant seat")
        if person.to is not None and day > person.to:
            return say("left after {day}", day=person.to)
        if person.from_ is not None and day < person.from_:
            return say("starts on {day}", day=person.from_)
        absence = person.absence(day)
        return None if absence is None else say("is away until {day}", day=absence.to)

    def _stand_in(self, absence: Absence | None, entry: Staffing, taken: Mapping[str, Person], day: date) -> str | None:
        candidates = (absence.cover, *entry.backup) if absence is not None else entry.backup
        free = [one for one in candidates if one is not None and self.available(one, day)]
        return next((one for one in free if one not in taken), free[0] if free else None)

    def pool(self, entry: Staffing, day: date) -> Pool:
        """Return who holds a role by one staffing entry on one day.

        A holder who is not there is replaced by the absence's cover, else by the first of the entry's backup who is
        there and not in the pool already.
        """
        holders = [self.people[holder] for holder in entry.holders if holder in self.people]
        reasons = {holder.id: self._why_away(holder, day) for holder in holders}
        if not any(reasons.values()):
            return Pool(tuple(holders))
        pool = {holder.id: holder for holder in holders if reasons[holder.id] is None}
        replaced = []
        for holder in holders:
            reason = reasons[holder.id]
            if reason is not None:
                other = self._stand_in(holder.absence(day), entry, pool, day)
                if other is not None:
                    pool.setdefault(other, self.people[other])
                replaced.append(Replacement(holder, None if other is None else self.people[other], reason))
        return Pool(tuple(pool.values()), tuple(replaced))
