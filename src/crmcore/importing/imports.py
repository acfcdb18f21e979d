"""Importing files of customers: looked at row by row, written batch by batch, gone on with after a stop, and undone."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any, Final

from attrs import evolve, frozen

from crmcore.customers import Desk, Job
from crmcore.importing.batches import Ask, Batch
from crmcore.importing.customer_targets import customer_target
from crmcore.importing.examining import Examination, examine
from crmcore.importing.failures import AlreadyImported
from crmcore.importing.formats import Format
from crmcore.importing.importers import open_table
from crmcore.importing.layouts import GUESS, Layout
from crmcore.importing.linking import link
from crmcore.importing.mappings import ColumnMapping
from crmcore.importing.outcomes import Action, Duplicates, Outcome, Summary
from crmcore.importing.recognising import Known
from crmcore.importing.records import Maker
from crmcore.importing.resembling import SURE, Resembling
from crmcore.importing.rows import Reason, RejectedRow, TypedRow, is_decided, read_rows
from crmcore.importing.run_records import ImportBatch, ImportRun, RunState, batch_id, packed
from crmcore.importing.tables import Table
from crmcore.importing.targets import Target
from crmcore.importing.undoing import Undone, undo
from crmcore.language import say
from crmcore.storage import Is, NotThere, Order, Query, Stale

__all__ = ["Imports"]

_BATCH: Final = 1_000
_CHUNK: Final = 1 << 20
_NO_FORMATS: Final[Mapping[str, Format]] = {}
_COUNTED: Final = {
    Action.ADD: "added",
    Action.UPDATE: "updated",
    Action.SKIP: "skipped",
    Action.REJECT: "rejected",
}
Progress = Callable[[str, float], Any] | None


@frozen
class _Source:
    """A file that is imported: opened, mapped, and held to what customers can have."""

    table: Table
    mapping: ColumnMapping
    target: Target
    total: int

    def rows(self, done: int = 0) -> Iterator[TypedRow | RejectedRow]:
        return islice(read_rows(self.table, self.mapping, self.target), done, None)


class Imports(Desk):
    """Files of customers come in, and can be taken back."""

    def target(self) -> Target:
        """Return what files of customers can be imported into: to guess, to read and to check mappings with."""
        with self._begin(read_only=True) as job:
            fields = [one for by_name in job.fields.values() for one in by_name.values()]
            return customer_target(job.organization, fields)

    def examine(
        self,
        path: Path | str,
        layout: Layout = GUESS,
        *,
        formats: Mapping[str, Format] = _NO_FORMATS,
        progress: Progress = None,
    ) -> Examination:
        """Look at a file with all importers that are installed: the arguments and errors are those of `examine`."""
        with self._begin(read_only=True) as job:
            importers = job.plugins.importers.values()
        return examine(path, layout, formats=formats, importers=importers, progress=progress)

    def preview(
        self,
        path: Path | str,
        mapping: ColumnMapping,
        *,
        duplicates: Duplicates | str = Duplicates.ASK,
        alike: float | None = SURE,
        region: str = "CN",
        progress: Progress = None,
    ) -> Iterator[Outcome]:
        """Yield what would become of each row; nothing is written.

        Args:
            path: the file.
            mapping: which column goes where.
            duplicates: what would be done with rows whose customer is there already.
            alike: as for `run`.
            region: the country of phone numbers and addresses of rows that name none, by its two letters (ISO 3166-1).
            progress: called with what is being done and how much is done, from 0 to 1.

        Raises:
            ColumnsMissing, UndecidedColumn, UnreadableSheet, OSError: the file cannot be imported so.
        """
        source = self._source(path, mapping)
        maker, known, resembling = Maker(region), Known(), Resembling(alike)
        rows, done = source.rows(), 0
        while some := list(islice(rows, _BATCH)):
            with self._begin(read_only=True) as job:
                batch = Batch(job, maker, known, resembling, Duplicates(duplicates), dry=True)
                yield from batch.write(some)
            done += len(some)
            _tell(progress, source, done)

    def run(
        self,
        path: Path | str,
        mapping: ColumnMapping,
        *,
        duplicates: Duplicates | str = Duplicates.ASK,
        ask: Ask | None = None,
        assign: bool = True,
        again: bool = False,
        batch: int = _BATCH,
        alike: float | None = SURE,
        region: str = "CN",
        each: Callable[[Outcome], Any] | None = None,
        progress: Progress = None,
    ) -> Summary:
        """Import a file. One that was stopped before, even by a kill, goes on where it was; nothing comes in twice.

        Args:
            path: the file.
            mapping: which column goes where.
            duplicates: what is done with rows whose customer is there already.
            ask: who is asked about each of those, and about rows whose customer is likelier there than not, where
                `duplicates` is `ask`; None for nobody.
            assign: whether new customers are assigned at once; else `crm.rebalancing` assigns them later.
            again: whether a file is imported once more that was imported before.
            batch: how many rows are written in one transaction.
            alike: from which score on, from 0.5 to 1, a row is of a customer that it resembles, though neither id nor
                registration nor name says so; None to compare nothing. Comparing needs rapidfuzz, of the extra
                `duplicates`: without it nothing is compared, and the summary says so.
            region: the country of phone numbers and addresses of rows that name none, by its two letters (ISO 3166-1).
            each: called with what became of each row, once its batch is written.
            progress: called with what is being done and how much is done, from 0 to 1.

        Raises:
            AlreadyImported: the same file was imported with the same mapping.
            ColumnsMissing, UndecidedColumn, UnreadableSheet, OSError: the file cannot be imported so.
            Stale: somebody else goes on with the same import.
        """
        source = self._source(path, mapping)
        rule = Duplicates(duplicates)
        compared = Resembling(alike).compares or alike is None
        run = self._begun(source, _digest(Path(path), mapping, rule, alike), again=again)
        resumed, maker = run.position, Maker(region)
        rows = source.rows(run.position)
        while some := list(islice(rows, batch)):
            before = run

            def written(before: ImportRun = before, some: Sequence[Any] = some) -> tuple[ImportRun, list[Outcome]]:
                with self._begin() as job:
                    new = Batch(job, maker, Known(), Resembling(alike), rule, ask, assign)
                    return _written(job, before, new, some)

            run, outcomes = self._tried(written)
            if each is not None:
                for outcome in outcomes:
                    each(outcome)
            _tell(progress, source, run.position)
        if any(route.to == "parent" for route in mapping.routes):
            run = self._linked(source, run)
        return Summary(self._ended(run), resumed, compared)

    def _source(self, path: Path | str, mapping: ColumnMapping) -> _Source:
        """Open a file, and make sure that it can be read to its end."""
        target = self.target()
        with self._begin(read_only=True) as job:
            table = open_table(path, mapping.layout, importers=job.plugins.importers.values())
        source = _Source(table, mapping, target, 0)
        rows = source.rows()  # which looks whether all columns are there
        return evolve(source, total=sum(1 for _ in (table if is_decided(mapping, target) else rows)))

    def _begun(self, source: _Source, digest: str, *, again: bool) -> ImportRun:
        """Return the import of a file that was begun before, or a new one."""
        with self._begin() as job:
            found = list(job.unit.each(Query(ImportRun, where=[Is("digest", digest)], order=[Order("started_at")])))
            for run in found:
                if run.state in (RunState.RUNNING, RunState.LINKING):
                    return run
            last = next((run for run in reversed(found) if run.state is not RunState.UNDONE), None)
            if last is not None and not again:
                raise AlreadyImported(source.table.file, last.id, last.started_at)
            name = Path(source.table.file).name
            run = ImportRun(
                id=job.ids(),
                file=name,
                digest=digest,
                target=source.target.name,
                started_at=job.instants.at(job.now()),
                started_by=job.actor,
            )
            run = job.unit.add(run)
            job.happened("import-started", run)
            return run

    def _linked(self, source: _Source, run: ImportRun) -> ImportRun:
        """Put customers below those that they belong to, batch by batch, as those may come later in the file."""
        parents = {
            row.line: str(row.values["parent"])
            for row in source.rows()
            if isinstance(row, TypedRow) and "parent" in row.values
        }
        while run.linked < run.batches:
            before = run

            def linked(before: ImportRun = before) -> ImportRun:
                with self._begin() as job:
                    link(job, batch_id(before.id, before.linked + 1), parents)
                    return job.unit.put(evolve(before, state=RunState.LINKING, linked=before.linked + 1))

            run = self._tried(linked)
        return run

    def _ended(self, run: ImportRun) -> ImportRun:
        if run.state is RunState.DONE:
            return run
        with self._begin() as job:
            run = job.unit.put(evolve(run, state=RunState.DONE, ended_at=job.now()))
            job.happened("import-done", run, added=run.added, updated=run.updated, rejected=run.rejected)
            return run

    def runs(self) -> tuple[ImportRun, ...]:
        """Return all imports, the latest first."""
        with self._begin(read_only=True) as job:
            return tuple(job.unit.each(Query(ImportRun, order=[Order("started_at", descending=True)])))

    def rejected(self, run: ImportRun | str, path: Path | str, mapping: ColumnMapping) -> Iterator[RejectedRow]:
        """Yield the rows that an import rejected, with what is wrong with them: for `write_rejected`.

        Args:
            run: the import, or its id.
            path: the file that was imported.
            mapping: with which mapping.
        """
        id_ = run if isinstance(run, str) else run.id
        with self._begin(read_only=True) as job:
            found = job.unit.get(ImportRun, id_)
            table = open_table(path, mapping.layout, importers=job.plugins.importers.values())
            batches = (_batch(job, batch_id(id_, number)) for number in range(1, found.batches + 1))
            reasons = {line: texts for batch in batches if batch is not None for line, *texts in batch.rejected}
        for line in table:
            if line.number in reasons:
                told = tuple(Reason("", "", text) for text in reasons[line.number])
                yield RejectedRow(line.number, line.cells, told)

    def undo(self, run: ImportRun | str, *, keep_changed: bool = False, progress: Progress = None) -> Undone:
        """Take an import back: what it added is removed, what it changed is as it was.

        Args:
            run: the import, or its id.
            keep_changed: whether rows whose records were changed or used since are left as they are; otherwise
                nothing is taken back where there are such.
            progress: called with what is being done and how much is done, from 0 to 1.

        Raises:
            NotThere: there is no such import.
            ChangedSince: records were changed or used since; nothing is taken back.
        """
        return undo(self._begin, run if isinstance(run, str) else run.id, keep_changed=keep_changed, progress=progress)


def _written(
    job: Job, run: ImportRun, batch: Batch, rows: Sequence[TypedRow | RejectedRow]
) -> tuple[ImportRun, list[Outcome]]:
    """Write a batch together with how far the import came."""
    if job.unit.get(ImportRun, run.id).position != run.position:
        raise Stale("import-run", run.id, run.version)
    outcomes = batch.write(rows)
    rejected = [[one.line, *map(str, (reason.phrase() for reason in one.reasons))] for one in _rejected(outcomes)]
    number = run.batches + 1
    job.unit.add(
        ImportBatch(
            id=batch_id(run.id, number),
            run=run.id,
            written=packed(batch.changes),
            rejected=rejected,
            written_at=job.now(),
        )
    )
    counts = {name: getattr(run, name) for name in _COUNTED.values()}
    for outcome in outcomes:
        counts[_COUNTED[outcome.action]] += 1
    return job.unit.put(evolve(run, position=run.position + len(rows), batches=number, **counts)), outcomes


def _rejected(outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    return (outcome for outcome in outcomes if outcome.action is Action.REJECT)


def _batch(job: Job, id_: str) -> ImportBatch | None:
    try:
        return job.unit.get(ImportBatch, id_)
    except NotThere:
        return None


def _digest(path: Path, mapping: ColumnMapping, rule: Duplicates, alike: float | None) -> str:
    found = sha256(f"{mapping!r}\0{rule}\0{alike}\0".encode())
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            found.update(chunk)
    return found.hexdigest()


def _tell(progress: Progress, source: _Source, done: int) -> None:
    if progress is not None:
        progress(say("importing {file}", file=source.table.file), done / max(source.total, 1))
