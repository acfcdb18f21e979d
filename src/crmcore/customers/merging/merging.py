"""Merging: two customers that are one become one; shown before it is done, and taken back where it was wrong."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from attrs import evolve, field, frozen

from crmcore.customers.appointing import covering
from crmcore.customers.current import current_customers, id_of
from crmcore.customers.duplicate_keys import refresh_keys
from crmcore.customers.duplicates import Match, Settings, compare
from crmcore.customers.handing_over import handed_over
from crmcore.customers.merging.failures import ChangedSinceMerge, MergeRefused
from crmcore.customers.merging.records import Merge, MergeStep
from crmcore.customers.merging.settling import settled
from crmcore.customers.merging.steps import Pair, Step, written
from crmcore.customers.merging.survivorship import (
    FieldChoice,
    Survivorship,
    chosen_fields,
    with_values,
)
from crmcore.customers.merging.undoing import differences, entity_of, gone_along, steps_of, taken_back
from crmcore.customers.profiling import identifiers_of, profiles_of
from crmcore.customers.records import Customer
from crmcore.customers.work import Desk, Job
from crmcore.errors import MissingExtra
from crmcore.language import say
from crmcore.storage import Entity, Is, Order, Query, RecordChange

__all__ = ["MergePreview", "Merging"]

_DEEPEST: Final = 100


@frozen
class MergePreview:
    """What a merge would do.

    Attributes:
        survivor: the customer that would stay, as it is.
        other: the customer that would be merged into it, as it is.
        result: the survivor as it would be.
        fields: what would become of each field of which one of them knows the value.
        moved: how many records of each kind would go to the survivor.
        aside: what would not stand any longer, and be kept with the merge: facts of which the other one stands,
            assignments of roles that somebody else has, consent that was withdrawn, what both had.
        match: how likely it is that both are one, and why; None where rapidfuzz is not installed, which compares.
        rules: by which values are chosen.
    """

    survivor: Customer
    other: Customer
    result: Customer
    fields: tuple[FieldChoice, ...]
    moved: Mapping[str, int]
    aside: tuple[Entity, ...]
    match: Match | None
    rules: Survivorship = field(repr=False)

    @property
    def conflicts(self) -> tuple[FieldChoice, ...]:
        """The fields of which both know a value, and not the same."""
        return tuple(
            one
            for one in self.fields
            if one.survivor is not None and one.other is not None and one.survivor != one.other
        )


class Merging(Desk):
    """Customers that are there twice become one, with all that is known of both."""

    def preview(
        self, survivor: Customer | str, other: Customer | str, rules: Survivorship | None = None
    ) -> MergePreview:
        """Return what a merge would do; nothing is changed.

        Args:
            survivor: the customer that stays, or its id.
            other: the customer that is merged into it, or its id.
            rules: by which values are chosen; None: the survivor's stand, and the other's fill what is empty.

        Raises:
            NotThere: the tenant has no such customer.
            InvalidCustomer: one of them was merged into another already.
            MergeRefused: they cannot be one: a person and an organization, two numbers in a public register; or
                personal data of one was erased.
            UnknownField: a rule or a value is of a field that does not exist, or is not merged.
            OutsideSpace, ValueNotAllowed: a value by hand cannot be.
        """
        with self._begin(read_only=True) as job:
            pair, fields = _pair(job, survivor, other, rules or Survivorship())
            steps = tuple(settled(pair))
            return MergePreview(
                pair.survivor,
                pair.other,
                pair.result,
                fields,
                _moved(job, steps),
                tuple(step.aside for step in steps if step.aside is not None),
                _match(job, pair),
                pair.rules,
            )

    def apply(self, preview: MergePreview) -> Merge:
        """Do what a preview shows, in one transaction.

        Records that came to one of the two since are merged by the same rules.

        Raises:
            Stale: somebody changed one of the two customers since.
            MergeRefused, InvalidCustomer, NotThere: as for `preview`.
        """
        with self._begin() as job:
            return _merged(job, preview.survivor, preview.other, preview.rules)

    def merge(self, survivor: Customer | str, other: Customer | str, rules: Survivorship | None = None) -> Merge:
        """Merge a customer into another, in one transaction; the arguments and errors are those of `preview`.

        Everything that refers to the other refers to the survivor afterwards, also the records of plugins. Who looks
        after the survivor stays; of facts the newest stands; of consents the stricter; what both had is there once.
        What does not stand is kept with the merge. Somebody answers for the survivor in each role of its stage.
        """

        def merged() -> Merge:
            with self._begin() as job:
                return _merged(job, survivor, other, rules or Survivorship())

        return self._tried(merged)

    def undo(self, merge: Merge | str, *, keep: bool = False) -> Customer:
        """Take a merge back, in one transaction, and return the customer that had been merged, as it was.

        Every field that the merge wrote, and every record that it moved, removed or added, is as it was before.
        Records that were made since stay with the survivor, but for those of a contact that goes back.

        Args:
            merge: the merge, or its id.
            keep: whether what somebody changed since stays as it is, and only the rest is taken back.

        Raises:
            NotThere: there is no such merge, or it was undone.
            MergeRefused: the survivor was merged into another since: undo that merge first; or personal data of one of
                them was erased.
            ChangedSinceMerge: somebody changed what the merge wrote; the error says what.
        """

        def undone() -> Customer:
            with self._begin() as job:
                found = job.unit.get(Merge, merge if isinstance(merge, str) else merge.id)
                return _undone(job, found, keep=keep)

        return self._tried(undone)

    def of(self, customer: Customer | str) -> tuple[Merge, ...]:
        """Return the merges into a customer that can be undone, the oldest first."""
        with self._begin(read_only=True) as job:
            where = [Is("survivor", id_of(customer))]
            return tuple(job.unit.each(Query(Merge, where=where, order=[Order("merged_at")])))

    def into(self, customer: Customer | str) -> Customer:
        """Return the customer that stands for one, through all merges; the customer itself where it was not merged.

        Raises:
            NotThere: there is no such customer.
        """
        with self._begin(read_only=True) as job:
            found = job.unit.get(Customer, id_of(customer))
            while found.merged_into is not None:
                found = job.unit.get(Customer, found.merged_into)
            return found

    def aside(self, merge: Merge | str) -> tuple[Entity, ...]:
        """Return what a merge removed, as it was: facts of which the other one stands, and what both had."""
        with self._begin(read_only=True) as job:
            steps = steps_of(job, merge if isinstance(merge, str) else merge.id)
            return tuple(
                entity_of(job, job.kinds[step.of], step.before)
                for step in reversed(steps)
                if step.after is None and step.before is not None
            )


def _pair(
    job: Job, survivor: Customer | str, other: Customer | str, rules: Survivorship
) -> tuple[Pair, tuple[FieldChoice, ...]]:
    """Return two customers that can be merged, and what becomes of their fields."""
    stays, goes = current_customers(job, survivor, other, alone=True)
    reason = _refusal(stays, goes, rules)
    if reason is not None:
        raise MergeRefused(stays.id, goes.id, reason)
    fields = chosen_fields(job, stays, goes, rules)
    result = evolve(with_values(job, stays, fields), parent=_parent(job, stays, goes))
    return Pair(job, stays, result, goes, rules), fields


def _refusal(survivor: Customer, other: Customer, rules: Survivorship) -> str | None:
    if survivor.id == other.id:
        return say("they are one already")
    if survivor.customer_type is not other.customer_type:
        return say("one is a person, the other an organization")
    if survivor.erased_at is not None or other.erased_at is not None:
        return say("the personal data of one was erased: nobody can tell any longer who that was")
    decided = "registration" in rules.values or "registration" in rules.fields
    mine, theirs = identifiers_of(survivor.registration), identifiers_of(other.registration)
    if not decided and any(mine[scheme] != theirs[scheme] for scheme in mine.keys() & theirs.keys()):
        return say("they have different numbers in a public register: say by a rule of `registration` which one stands")
    return None


def _parent(job: Job, survivor: Customer, other: Customer) -> str | None:
    """Return to whom the survivor belongs; it takes the other's place where it belongs to the other."""
    if other.id in _above(job, survivor):
        return other.parent
    if survivor.parent is not None or other.parent is None or other.parent == survivor.id:
        return survivor.parent
    beneath = survivor.id in _above(job, job.unit.get(Customer, other.parent))
    return None if beneath else other.parent


def _above(job: Job, customer: Customer) -> tuple[str, ...]:
    found: list[str] = []
    while customer.parent is not None and customer.parent not in found and len(found) < _DEEPEST:
        found.append(customer.parent)
        customer = job.unit.get(Customer, customer.parent)
    return tuple(found)


def _match(job: Job, pair: Pair) -> Match | None:
    profiles = profiles_of(job, [pair.survivor.id, pair.other.id])
    try:
        return compare(profiles[0], profiles[1], Settings())
    except MissingExtra:
        return None


def _moved(job: Job, steps: Sequence[Step]) -> Mapping[str, int]:
    counted = Counter(
        job.kinds.of(type(step.after)).name for step in steps if step.before is not None and step.after is not None
    )
    return dict(counted.most_common())


def _merged(job: Job, survivor: Customer | str, other: Customer | str, rules: Survivorship) -> Merge:
    pair, fields = _pair(job, survivor, other, rules)
    with job.unit.watched() as watch:
        steps = tuple(settled(pair))
        result = job.unit.put(pair.result)  # also where nothing of it changes: nobody merges it elsewhere meanwhile
        gone = job.unit.put(evolve(pair.other, merged_into=result.id))
        for step in steps:
            written(job, step)
        changed = sorted(one.name for one in fields if one.stands != one.survivor)
        event = job.happened("customer-absorbed", result, other=gone.id, fields=changed, moved=_moved(job, steps))
        job.happened("customer-merged", gone, into=result.id, caused_by=event.id)
        _tell(job, result, steps, caused_by=event.id)
        if result.custom != pair.survivor.custom:
            handed_over(job, pair.survivor, result, caused_by=event.id)
        covering(job, result)
    merge = job.unit.add(
        Merge(
            id=job.ids(),
            survivor=result.id,
            other=gone.id,
            merged_at=job.now(),
            merged_by=job.actor,
            fields={one.name: one.because.value for one in fields if one.stands != one.survivor},
        )
    )
    job.unit.add_all(_remembered(job, merge, watch.changes))
    refresh_keys(job, result, gone)
    return merge


def _remembered(job: Job, merge: Merge, changes: Sequence[RecordChange]) -> Iterator[MergeStep]:
    for number, change in enumerate(changes, 1):
        before, after = _differing(change)
        yield MergeStep(
            id=job.ids(),
            merge=merge.id,
            number=number,
            of=change.kind,
            record=change.id,
            before=before,
            after=after,
            contact=None if after is not None or before is None else before.get("contact"),
        )


def _differing(change: RecordChange) -> tuple[Mapping[str, Any] | None, Mapping[str, Any] | None]:
    """Return what differs of a record that is there before and afterwards; all of one that is not."""
    if change.before is None or change.after is None:
        return change.before, change.after
    names = [name for name, value in change.after.items() if change.before[name] != value]
    return {name: change.before[name] for name in names}, {name: change.after[name] for name in names}


def _tell(job: Job, customer: Customer, steps: Sequence[Step], *, caused_by: str) -> None:
    """Tell of everything that does not stand any longer, at the survivor."""
    for step in steps:
        if step.aside is not None:
            kind = job.kinds.of(type(step.aside)).name
            job.happened("merge-set-aside", customer, kind=kind, record=step.aside.id, caused_by=caused_by)


def _undone(job: Job, merge: Merge, *, keep: bool) -> Customer:
    job.unit.hold_all(Customer, (merge.survivor, merge.other), alone=True)
    survivor, other = job.unit.get(Customer, merge.survivor), job.unit.get(Customer, merge.other)
    if survivor.merged_into is not None:
        reason = say(
            "{survivor} was merged into {into} since: undo that first", survivor=survivor.id, into=survivor.merged_into
        )
        raise MergeRefused(survivor.id, other.id, reason)
    steps = steps_of(job, merge.id)
    if not steps or survivor.erased_at is not None or other.erased_at is not None:
        raise MergeRefused(
            survivor.id, other.id, say("personal data was erased since: nobody knows any longer what was")
        )
    changed = tuple(differences(job, steps))
    if changed and not keep:
        raise ChangedSinceMerge(merge.id, tuple((one.step.of, one.step.record, one.fields) for one in changed))
    taken_back(job, steps, {one.step.id: one for one in changed})
    gone_along(job, steps, survivor.id, other.id)
    _forget(job, merge)
    refresh_keys(job, survivor.id, other.id)
    survivor, other = job.unit.get(Customer, survivor.id), job.unit.get(Customer, other.id)
    event = job.happened("merge-undone", survivor, other=other.id, kept=len(changed))
    job.happened("customer-restored", other, survivor=survivor.id, caused_by=event.id)
    return other


def _forget(job: Job, merge: Merge) -> None:
    for step in steps_of(job, merge.id):
        job.unit.remove(step)
    job.unit.remove(merge)
