"""All records of some tenants as lines of JSON, from one storage into any other, without loss.

The first line says what follows: the kinds with what their fields hold, and the tenants. Each tenant begins with a line
of its own, has a line for each record (a kind and the values of its fields), and ends with a line that counts them, so
that a file that is cut off is noticed. Kinds come behind those that they refer to.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import IO, Any, Final

from attrs import define, field, frozen

from crmcore.errors import nearest
from crmcore.language import listed, say
from crmcore.storage.failures import AlreadyThere, InvalidExport, StorageUnavailable
from crmcore.storage.filters import Among
from crmcore.storage.kinds import Kinds
from crmcore.storage.plain import READ, WRITTEN
from crmcore.storage.port import Storage, Transaction
from crmcore.storage.queries import Order, Search
from crmcore.storage.records import CUSTOM, Field, Kind
from crmcore.storage.rows import Row
from crmcore.storage.tenancy import tenant_named
from crmcore.storage.trees import as_text
from crmcore.storage.values import Holds

__all__ = ["FORMAT", "kinds_of_export", "read_export", "write_export"]

FORMAT: Final = 1
"""The version of the format."""

Progress = Callable[[str, float], Any]
"""Is told what is being done, and which share of all is done, from 0 to 1."""

_PAGE: Final = 5_000


def write_export(
    storage: Storage, file: IO[str], *, tenants: Iterable[str] | None = None, progress: Progress | None = None
) -> Mapping[str, int]:
    """Write all records of some tenants, with their events and parcels; each tenant as it is at one moment.

    Args:
        storage: where they lie.
        file: where they are written to, as UTF-8 and with plain line ends.
        tenants: whose records; None for those of all tenants.
        progress: is told how far it is.

    Returns:
        How many records of each tenant were written.

    Raises:
        StorageUnavailable: all tenants are asked for, and the storage cannot tell which there are.
    """
    names = tuple(map(tenant_named, tenants)) if tenants is not None else storage.tenants()
    if names is None:
        raise StorageUnavailable(say("this storage cannot tell which tenants it has: name them"))
    kinds = storage.kinds.in_order
    head = {
        "crmcore-export": FORMAT,
        "kinds": {kind.name: {name: one.holds.value for name, one in kind.all_fields.items()} for kind in kinds},
        "tenants": list(names),
    }
    _say(file, head)
    counts: dict[str, int] = {}
    for number, tenant in enumerate(names):
        transaction = storage.transaction(tenant, read_only=True)
        try:
            total = sum(transaction.count(kind, ()) for kind in kinds)
            _say(file, {"tenant": tenant, "records": total})
            counts[tenant] = 0
            for kind in kinds:
                for rows in _pages(transaction, kind):
                    file.writelines(_line(kind, row) for row in rows)
                    counts[tenant] += len(rows)
                    if progress is not None:
                        progress(tenant, (number + counts[tenant] / max(total, counts[tenant])) / len(names))
        finally:
            transaction.rollback()
        _say(file, {"end": tenant, "records": counts[tenant]})
    return counts


def read_export(storage: Storage, file: Iterable[str], *, progress: Progress | None = None) -> Mapping[str, int]:
    """Add the records that `write_export` wrote: each tenant as a whole, or nothing of it.

    Records that are there already as the file has them are passed over, so that an import that was interrupted is
    simply run again.

    Args:
        storage: where they go; it knows their kinds.
        file: the lines.
        progress: is told how far it is.

    Returns:
        How many records of each tenant were added.

    Raises:
        InvalidExport: the file is no export, is damaged or cut off, or has what the storage does not know.
        AlreadyThere: the tenant has another record of one of the ids.
        InvalidRecord, DanglingReference, Busy: as `UnitOfWork.add`.
    """
    lines = _Lines(iter(file))
    head = _head(lines)
    layouts = dict(_layouts(head["kinds"], storage.kinds))
    counts: dict[str, int] = {}
    for number, expected in enumerate(head["tenants"]):
        beginning = lines.mapping(tenant=str, records=int)
        tenant = beginning["tenant"]
        if tenant != expected:
            raise lines.wrong(say("tenant {expected} should follow here", expected=expected))
        loading = _Loading(storage.transaction(tenant_named(tenant), read_only=False), storage.kinds, layouts)
        try:
            for done in loading.load(lines, tenant):
                if progress is not None:
                    progress(tenant, (number + done / max(beginning["records"], done, 1)) / len(head["tenants"]))
            loading.transaction.commit()
        except BaseException:
            loading.transaction.rollback()
            raise
        counts[tenant] = loading.added
    return counts


def kinds_of_export(line: str, kinds: Iterable[Kind]) -> Kinds:
    """Return kinds with the fields of the company's own that an export has.

    Args:
        line: the first line of the export.
        kinds: the kinds that there are.

    Raises:
        InvalidExport: it is no export.
    """
    head = _head(_Lines(iter([line])))
    own = {
        kind: [
            Field(name.removeprefix(CUSTOM), Holds(holds), optional=True)
            for name, holds in fields.items()
            if name.startswith(CUSTOM)
        ]
        for kind, fields in head["kinds"].items()
    }
    return Kinds(kind.with_custom(*own.get(kind.name, ())) for kind in kinds)


def _head(lines: "_Lines") -> Mapping[str, Any]:
    head = lines.mapping(**{"crmcore-export": int, "kinds": dict, "tenants": list})
    if head["crmcore-export"] != FORMAT:
        raise lines.wrong(
            say("its format is version {found}, this program reads {own}", found=head["crmcore-export"], own=FORMAT)
        )
    known = set(Holds)
    for fields in head["kinds"].values():
        if not isinstance(fields, dict) or not known.issuperset(map(str, fields.values())):
            raise lines.wrong(say("it does not say what the fields of each kind hold"))
    return head


def _say(file: IO[str], tree: Mapping[str, Any]) -> None:
    file.write(as_text(tree) + "\n")


def _pages(transaction: Transaction, kind: Kind) -> Iterator[list[Row]]:
    after: Row | None = None
    while rows := transaction.select(kind, Search((), (Order("id"),), _PAGE, after)):
        yield rows
        after = (rows[-1][0],)


def _line(kind: Kind, row: Row) -> str:
    values = [
        value if value is None or one.holds not in WRITTEN else WRITTEN[one.holds](value)
        for one, value in zip(kind.all_fields.values(), row, strict=True)
    ]
    return as_text([kind.name, values]) + "\n"


@define
class _Lines:
    """The lines of an export, counted."""

    given: Iterator[str]
    number: int = 0

    def tree(self) -> Any:
        """Return the next line, read."""
        self.number += 1
        line = next(self.given, None)
        if line is None:
            raise self.wrong(say("the file is cut off"))
        try:
            return json.loads(line)
        except (ValueError, RecursionError) as error:
            raise self.wrong(say("it is no line of JSON")) from error

    def mapping(self, **types: type) -> Mapping[str, Any]:
        """Return the next line, which maps some names to values of some types."""
        tree = self.tree()
        if not isinstance(tree, dict) or not all(type(tree.get(name)) is wanted for name, wanted in types.items()):
            raise self.wrong(say("a line with {names} should stand here", names=listed(types)))
        return tree

    def wrong(self, reason: str) -> InvalidExport:
        """Return the error for the line that was read last."""
        return InvalidExport(self.number, reason)


@frozen
class _Layout:
    """How the values of a kind stand in the lines of an export.

    Attributes:
        kind: the kind, as the storage knows it.
        count: how many values a line has.
        places: for each field of the kind its place in a line, or None where the export has no such field.
        readers: for each field what reads a value that JSON has no type for.
        loose: the fields that refer to records which may follow later, with the kind that they refer to.
    """

    kind: Kind
    count: int
    places: tuple[int | None, ...]
    readers: tuple[Callable[[Any], Any] | None, ...]
    loose: tuple[tuple[int, str], ...]

    def row(self, values: list[Any]) -> Row:
        """Return the values of a line as a row."""
        row = []
        for place, reader, one in zip(self.places, self.readers, self.kind.all_fields.values(), strict=True):
            value = one.default if place is None else values[place]
            row.append(value if reader is None or value is None else reader(value))
        return tuple(row)


def _layouts(given: Mapping[str, Mapping[str, str]], kinds: Kinds) -> Iterator[tuple[str, _Layout]]:
    before: set[str] = set()
    for name, holds in given.items():
        if name not in kinds:
            raise InvalidExport(1, _unknown(say("kind"), name, kinds))
        kind = kinds[name]
        for field_name, held in holds.items():
            known = kind.all_fields.get(field_name)
            if known is None:
                raise InvalidExport(1, _unknown(say("field of {kind}", kind=name), field_name, kind.all_fields))
            if known.holds != held:
                raise InvalidExport(
                    1,
                    say(
                        "{kind}.{name} holds {before} in the file, and {holds} here",
                        kind=name,
                        name=field_name,
                        before=held,
                        holds=known.holds.value,
                    ),
                )
        places = {field_name: place for place, field_name in enumerate(holds)}
        fields = kind.all_fields
        loose = tuple(
            (place, one.refers)
            for place, one in enumerate(fields.values())
            if one.refers is not None and one.refers not in before and one.optional
        )
        before.add(name)
        yield (
            name,
            _Layout(
                kind,
                len(holds),
                tuple(places.get(field_name) for field_name in fields),
                tuple(READ.get(one.holds) for one in fields.values()),
                loose,
            ),
        )


def _unknown(what: str, name: str, known: Iterable[str]) -> str:
    near = nearest(name, known)
    if near is None:
        return say("this storage knows no {what} {name!r}", what=what, name=name)
    return say("this storage knows no {what} {name!r}; the nearest is {near!r}", what=what, name=name, near=near)


@define
class _Loading:
    """One tenant on its way into a storage.

    Attributes:
        transaction: which writes its rows.
        kinds: the kinds of the storage.
        layouts: how the lines are to be read.
        added: how many rows were added.
    """

    transaction: Transaction
    kinds: Kinds
    layouts: Mapping[str, _Layout]
    added: int = 0
    _present: dict[str, set[str]] = field(factory=dict)
    _later: list[tuple[Kind, Row]] = field(factory=list)

    def load(self, lines: _Lines, tenant: str) -> Iterator[int]:
        """Add the rows up to the end of the tenant, and yield how many lines were read, now and then."""
        self._present = {target: set() for layout in self.layouts.values() for _, target in layout.loose}
        empty = not any(self.transaction.count(layout.kind, ()) for layout in self.layouts.values())
        read = 0
        rows = self._rows(lines, tenant)
        while page := list(islice(rows, _PAGE)):
            read += len(page)
            for kind, some in _together(page):
                self._add(kind, some, empty=empty)
            yield read
        for kind, row in self._later:
            if not self.transaction.replace(kind, row, row[1]):
                raise lines.wrong(say("{kind} {id!r} stands there twice", kind=kind.name, id=row[0]))

    def _rows(self, lines: _Lines, tenant: str) -> Iterator[tuple[Kind, Row]]:
        count = 0
        while True:
            line = lines.tree()
            if isinstance(line, dict):
                if line != {"end": tenant, "records": count}:
                    raise lines.wrong(
                        say("{count:,} records stand before this end of {tenant}", count=count, tenant=tenant)
                    )
                return
            count += 1
            yield self._row(lines, line)

    def _row(self, lines: _Lines, line: Any) -> tuple[Kind, Row]:
        if not isinstance(line, list) or len(line) != 2 or not isinstance(line[0], str) or line[0] not in self.layouts:
            raise lines.wrong(say("it is no record of a kind that the first line names"))
        layout = self.layouts[line[0]]
        if not isinstance(line[1], list) or len(line[1]) != layout.count:
            raise lines.wrong(say("a record of {kind} has {count} values", kind=line[0], count=layout.count))
        try:
            entity = self.kinds.rows(layout.kind).entity(layout.row(line[1]))
        except (ValueError, TypeError, ArithmeticError) as error:
            raise lines.wrong(say("it has a value that is none: {reason}", reason=str(error)[:200])) from error
        return layout.kind, self.kinds.rows(layout.kind).of(entity)

    def _add(self, kind: Kind, rows: list[Row], *, empty: bool) -> None:
        fresh = rows if empty else self._new(kind, rows)
        if fresh:
            self.transaction.insert(kind, [self._loosened(kind, row) for row in fresh])
            self.added += len(fresh)

    def _new(self, kind: Kind, rows: list[Row]) -> list[Row]:
        """Return the rows that are not there yet; one that is there and differs is refused."""
        wanted = Search((Among("id", tuple(row[0] for row in rows)),), (Order("id"),), len(rows))
        known = {row[0]: row for row in self.transaction.select(kind, wanted)}
        for row in rows:
            if known.get(row[0], row) != row:
                raise AlreadyThere(kind.name, row[0])
        return [row for row in rows if row[0] not in known]

    def _loosened(self, kind: Kind, row: Row) -> Row:
        """Return a row without its references to rows that are still to come; they are written when all are there."""
        layout = self.layouts[kind.name]
        if kind.name in self._present:
            self._present[kind.name].add(row[0])
        missing = [
            place
            for place, target in layout.loose
            if row[place] is not None and row[place] not in self._present[target]
        ]
        if not missing:
            return row
        self._later.append((kind, row))
        return tuple(None if place in missing else value for place, value in enumerate(row))


def _together(page: Iterable[tuple[Kind, Row]]) -> Iterator[tuple[Kind, list[Row]]]:
    """Yield the rows of a kind that follow one another."""
    some: list[Row] = []
    current: Kind | None = None
    for kind, row in page:
        if current is not None and kind is not current:
            yield current, some
            some = []
        current = kind
        some.append(row)
    if current is not None:
        yield current, some
