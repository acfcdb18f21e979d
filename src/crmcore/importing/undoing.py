"""Taking an import back, batch by batch from the last to the first, each in one transaction."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from attrs import evolve, frozen

from crmcore.customers import (
    Assignment,
    AssignmentReason,
    Begin,
    ContactPoint,
    Customer,
    DuplicateKey,
    Job,
    refresh_keys,
)
from crmcore.importing.failures import ChangedSince
from crmcore.importing.held import restored
from crmcore.importing.run_records import Change, ImportBatch, ImportRun, RunState, batch_id, packed
from crmcore.language import Phrase, say
from crmcore.storage import Among, Entity, Kind, NotThere, Query

__all__ = ["Undone", "undo"]

Later = dict[tuple[str, str], int]
"""The versions of records that batches behind one wrote too, by (kind, id)."""

_ORDER: Final = ("task", "assignment", "stage-change", "contact-point", "contact", "customer")
"""Kinds in which imports write, those first that refer to others."""


@frozen
class Undone:
    """What came of taking an import back.

    Attributes:
        run: the import, as it is stored.
        removed: how many records were removed.
        restored: how many have again what they held before.
        kept: the records that were changed or used since, by (kind, id): they are as they were.
    """

    run: ImportRun
    removed: int = 0
    restored: int = 0
    kept: tuple[tuple[str, str], ...] = ()

    def lines(self) -> Iterator[Phrase]:
        """Yield it as people read it."""
        counts = {"removed": self.removed, "restored": self.restored}
        yield say("{file}: {removed} records removed, {restored} restored", file=self.run.file, **counts)
        for kind, id_ in self.kept:
            yield say("kept, because it was changed or used since: {kind} {id}", kind=kind, id=id_)


def undo(begin: Begin, run: str, *, keep_changed: bool, progress: Callable[[str, float], Any] | None = None) -> Undone:
    """Take an import back; the arguments and errors are those of `Imports.undo`."""
    with begin(read_only=True) as job:
        found = job.unit.get(ImportRun, run)
        numbers = range(found.batches, 0, -1)
        if not keep_changed and found.state is not RunState.UNDOING:
            _refuse_changed(job, found)
    undone = Undone(found)
    if found.state is RunState.UNDONE:
        return undone
    for number in numbers:
        if found.linked:
            with begin() as job:
                _unlink(job, batch_id(run, number))
    later: Later = {}
    for done, number in enumerate(numbers, 1):
        with begin() as job:
            undone = _batch_undone(job, undone, batch_id(run, number), later)
        if progress is not None:
            progress(say("taking back {file}", file=found.file), done / max(found.batches, 1))
    with begin() as job:
        current = job.unit.get(ImportRun, run)
        ended = job.unit.put(evolve(current, state=RunState.UNDONE, ended_at=job.now()))
        job.happened("import-undone", ended, removed=undone.removed, restored=undone.restored, kept=len(undone.kept))
    return evolve(undone, run=ended)


def _refuse_changed(job: Job, run: ImportRun) -> None:
    changed: list[tuple[str, str]] = []
    later: Later = {}
    numbers = range(run.batches, 0, -1)
    own = {(kind, id_) for number in numbers for _, kind, id_, *_ in _changes(job, batch_id(run.id, number))}
    for number in numbers:
        changes = _changes(job, batch_id(run.id, number))
        lines = _used(job, changes, _stored(job, changes), own, later)
        for _, kind, id_, version, held in reversed(changes):
            if held is not None:
                later.setdefault((kind, id_), version)
        changed += [(kind, id_) for line, kind, id_, *_ in changes if line in lines and kind == "customer"]
    if changed:
        raise ChangedSince(run.file, tuple(dict.fromkeys(changed)))


def _changes(job: Job, batch: str) -> list[Change]:
    try:
        return job.unit.get(ImportBatch, batch).changes
    except NotThere:
        return []


def _unlink(job: Job, batch: str) -> None:
    """Let no customer that an import added belong to another, so that any of them can be removed."""
    try:
        record = job.unit.get(ImportBatch, batch)
    except NotThere:
        return
    changes = record.changes
    stored = _stored(job, changes)
    for index, (line, kind, id_, version, held) in enumerate(changes):
        customer = stored.get((kind, id_))
        if isinstance(customer, Customer) and held is None and customer.parent and customer.version == version:
            changes[index] = (line, kind, id_, job.unit.put(evolve(customer, parent=None)).version, held)
    if changes != record.changes:
        job.unit.put(evolve(record, written=packed(changes)))


def _batch_undone(job: Job, undone: Undone, batch: str, later: Later) -> Undone:
    """Take one batch back, and forget it; remember the versions that this gave to records of batches before."""
    current = job.unit.get(ImportRun, undone.run.id)
    if current.state is not RunState.UNDOING:
        job.unit.put(evolve(current, state=RunState.UNDOING))
    try:
        record = job.unit.get(ImportBatch, batch)
    except NotThere:
        return undone
    changes = record.changes
    stored = _stored(job, changes)
    used = _used(job, changes, stored, {(kind, id_) for _, kind, id_, *_ in changes}, later)
    kept = [(kind, id_) for line, kind, id_, *_ in changes if line in used and kind in ("customer", "contact")]
    undoing = dict(_to_undo(changes, used))
    gone = [id_ for (kind, id_), held in undoing.items() if kind == "customer" and held is None]
    there = {key: held for key, held in undoing.items() if key in stored}
    before = {key: restored(stored[key], held) for key, held in there.items() if held is not None}
    added = [stored[key] for key, held in there.items() if held is None]
    job.unit.remove_all(tuple(_among(job, job.kinds.of(DuplicateKey), "customer", gone)))  # of which nobody is told
    removed = job.unit.remove_all(tuple(_followers(job, gone, stored)))
    back = job.unit.put_all(before.values())
    later.update((key, entity.version + 1) for key, entity in before.items())
    removed += job.unit.remove_all(added)
    job.tell([job.event("customer-removed", one, run=undone.run.id) for one in added if isinstance(one, Customer)])
    job.unit.remove(record)
    refresh_keys(job, *_customers_of(stored.values(), gone))
    return evolve(
        undone,
        removed=undone.removed + removed,
        restored=undone.restored + back,
        kept=(*undone.kept, *dict.fromkeys(kept)),
    )


def _customers_of(records: Iterable[Entity], gone: Sequence[str]) -> set[str]:
    """Return the customers that are still there, of which something was written by which they are recognised."""
    found = {one.id for one in records if isinstance(one, Customer)}
    return (found | {one.customer for one in records if isinstance(one, ContactPoint)}) - set(gone)


def _to_undo(changes: Sequence[Change], used: set[int]) -> Iterator[tuple[tuple[str, str], Mapping[str, Any] | None]]:
    """Yield each record of a batch once, with what it held before the first change; None for one that was added."""
    found: dict[tuple[str, str], Mapping[str, Any] | None] = {}
    for line, kind, id_, _, held in reversed(changes):
        if line not in used:
            known = found.get((kind, id_))
            found[kind, id_] = None if held is None else {**(known or {}), **held}
    yield from sorted(found.items(), key=lambda one: _ORDER.index(one[0][0]))


def _stored(job: Job, changes: Sequence[Change]) -> dict[tuple[str, str], Entity]:
    """Return the records of a batch as they are now, by kind and id."""
    ids: dict[str, list[str]] = {}
    for _, kind, id_, *_ in changes:
        ids.setdefault(kind, []).append(id_)
    found: dict[tuple[str, str], Entity] = {}
    for name, some in ids.items():
        for entity in _among(job, job.kinds[name], "id", some):
            found[name, entity.id] = entity
    return found


def _used(
    job: Job,
    changes: Sequence[Change],
    stored: Mapping[tuple[str, str], Entity],
    own: set[tuple[str, str]],
    later: Later,
) -> set[int]:
    """Return the lines of which some record was changed since, or is referred to by what the import did not write."""
    latest = {(kind, id_): later.get((kind, id_), version) for _, kind, id_, version, _ in changes}
    line_of = {(kind, id_): line for line, kind, id_, *_ in changes}
    used = {line_of[key] for key, version in latest.items() if key in stored and stored[key].version != version}
    added = [(kind, id_) for _, kind, id_, _, held in changes if held is None]
    for name in ("customer", "contact"):
        ids = [id_ for kind, id_ in added if kind == name]
        for referring, field in job.kinds.references[name] if ids else ():
            for entity in _among(job, referring, field, ids):
                if (referring.name, entity.id) not in own and not _follows(entity):
                    used.add(line_of[name, referring.value(entity, field)])
    return used


def _follows(entity: Entity) -> bool:
    """Whether a record only follows from a customer being there: its keys, and who was assigned by a rule."""
    by_rule = isinstance(entity, Assignment) and entity.reason is not AssignmentReason.BY_HAND
    return by_rule or isinstance(entity, DuplicateKey)


def _followers(job: Job, customers: Sequence[str], known: Mapping[tuple[str, str], Entity]) -> Iterator[Entity]:
    """Yield the assignments that followed from customers being there, and that the import did not write itself."""
    kind = job.kinds.of(Assignment)
    for entity in _among(job, kind, "customer", customers):
        if (kind.name, entity.id) not in known:
            yield entity


def _among(job: Job, kind: Kind, field: str, values: Sequence[str]) -> Iterator[Entity]:
    for start in range(0, len(values), 5_000):
        where = [Among(field, tuple(values[start : start + 5_000]))]
        yield from job.unit.each(Query(kind.record, where=where, limit=5_000))
