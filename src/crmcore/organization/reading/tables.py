"""Tables beside an organization file: CSV with the names of keys as columns, a record a row.

A nested key has a column of its own: `where.region`, `sla.respond`, `holders.min`. Each column keeps what it has read,
so that equal cells give the same object and a hundred thousand rows are read in a second.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from attrs import define, evolve, field, frozen

from crmcore.language import say, say_many
from crmcore.organization.faults import Faults, did_you_mean, listed, quoted
from crmcore.organization.reading.cells import cell_node, selection
from crmcore.organization.reading.decoding import decoded
from crmcore.organization.reading.files import bytes_of
from crmcore.organization.reading.parser_problems import harmless
from crmcore.organization.reading.records import Structuring
from crmcore.organization.reading.scalars import BAD
from crmcore.organization.reading.sheets import RowParts, Sheet, delimiter_of
from crmcore.organization.shapes import Entry, Key, Real, Shape, Shares, Text, Where
from crmcore.organization.space import Dimension, Number, Scope
from crmcore.values import Place

__all__ = ["parse_table", "read_table"]

_ABSENT: Final = object()


def read_table(
    path: Path, shape: Entry, dimensions: Sequence[Dimension], faults: Faults, named: Place
) -> tuple[Any, ...]:
    """Return the records of a table that can be read.

    Args:
        path: the table.
        shape: what its records look like.
        dimensions: the dimensions, which tell names from ranges of numbers.
        faults: where what is wrong is added.
        named: where the table is named.
    """
    data = bytes_of(path, faults, named)
    if data is None:
        return ()
    text = decoded(data, str(path), faults, table=True)
    return () if text is None else parse_table(text, str(path), shape, dimensions, faults)


def parse_table(text: str, file: str, shape: Entry, dimensions: Sequence[Dimension], faults: Faults) -> tuple[Any, ...]:
    """Return the records that can be read of the text of a table."""
    if not text.strip():
        mend = say("begin with a line of column names: {names}", names=listed(_names(shape)))
        faults.add(Place(file), say("the table is empty"), mend)
        return ()
    return _Table(text, file, shape, dimensions, faults).records()


def _names(shape: Entry) -> list[str]:
    """Return the names that columns can have."""
    names: list[str] = []
    for key in shape.keys.values():
        if isinstance(key.shape, Entry):
            names.extend(f"{key.name}.{inner}" for inner in key.shape.keys)
        else:
            names.append(f"{key.name}.…" if isinstance(key.shape, Where | Shares) else key.name)
    return names


@frozen
class _Slot:
    """Where the cells of a column go in a record.

    Attributes:
        key: the key of the record.
        inner: the key inside, of a nested record; the dimension, of a scope; None for a plain key.
    """

    key: Key
    inner: Key | str | None = None

    @property
    def shape(self) -> Shape:
        """What a cell holds."""
        if isinstance(self.inner, Key):
            return self.inner.shape
        return Real() if isinstance(self.key.shape, Shares) else self.key.shape


def _slot(shape: Entry, name: str) -> _Slot | None:
    """Return where the column of a name goes; None when there is no such column."""
    outer, dot, rest = name.partition(".")
    key = shape.keys.get(outer)
    if key is None or isinstance(key.shape, Entry | Where | Shares) != bool(dot and rest):
        return None
    if isinstance(key.shape, Entry):
        inner = key.shape.keys.get(rest)
        return None if inner is None else _Slot(key, inner)
    return _Slot(key, rest) if rest else _Slot(key)


@define(eq=False)
class _Cells:
    """The cells of one column that were read already."""

    index: int
    slot: _Slot
    number: bool | None
    known: dict[str, Any] = field(factory=dict)


class _Table:
    def __init__(self, text: str, file: str, shape: Entry, dimensions: Sequence[Dimension], faults: Faults) -> None:
        first = next(io.StringIO(text, newline=""))
        delimiter = delimiter_of(first, lambda name: _slot(shape, name) is not None)
        self.file = file
        self.shape = shape
        self.faults = faults
        self.numbers = {dimension.id: isinstance(dimension.domain, Number) for dimension in dimensions}
        self.rows = self.read(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
        self.header = [name.strip() for name in next(self.rows, (1, []))[1]]
        columns = {name: index for index, name in reversed(list(enumerate(self.header))) if name}
        self.sheet = Sheet(file, text, delimiter, columns)
        self.probe = Faults()
        self.probing = Structuring(file, self.probe)
        self.telling = Structuring(file, faults)
        self.made: dict[tuple[str, ...], Any] = {}  # scopes and shares by their cells

    def read(self, reader: Any) -> Iterator[tuple[int, list[str]]]:
        """Yield every row with the line at which it begins."""
        while True:
            line = reader.line_num + 1
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                found = say("the row that begins here is no CSV: {problem}", problem=harmless(str(error)))
                quotes = say("close every quote, and double the quotes inside")
                self.faults.add(
                    Place(self.file, line), found, quotes if "limit" not in str(error) else say("shorten the cell")
                )
                return
            if row:
                yield line, row

    def records(self) -> tuple[Any, ...]:
        """Read all rows."""
        if not self.plan():
            return ()
        records = []
        width = len(self.header)
        for line, row in self.rows:
            if len(row) == width:
                record = self.record(line, row)
                if record is not None:
                    records.append(record)
            elif any(cell.strip() for cell in row):
                cells = say_many("{count} cell", "{count} cells", len(row))
                found = say("the row has {cells}, the first line names {width} columns", cells=cells, width=width)
                mend = say("put cells with a comma in quotes, and fill the row up")
                self.faults.add(Place(self.file, line), found, mend)
        return tuple(records)

    def plan(self) -> bool:
        """Sort the columns by where their cells go; False, with faults, when no row can be read with them."""
        columns = self.columns()
        given = {column.slot.key.name for column in columns}
        self.nameless = [index for index, name in enumerate(self.header) if not name]
        self.required = [key for key in self.shape.keys.values() if key.required]
        self.direct = [(column.index, column.slot.key.field, column) for column in columns if column.slot.inner is None]
        self.nested = [column for column in columns if isinstance(column.slot.inner, Key)]
        self.prefixed = {
            key: [column for column in columns if column.slot.key is key]
            for key in self.shape.keys.values()
            if isinstance(key.shape, Where | Shares) and key.name in given
        }
        missing = [key.name for key in self.required if key.name not in given]
        for name in missing:
            title = self.shape.title
            found = say("the column `{name}` of {title} entries is missing", name=name, title=title)
            self.faults.add(Place(self.file), found, say("add a column {name}", name=name))
        return not missing

    def columns(self) -> list[_Cells]:
        """Return the columns whose names are known, with a fault for each other."""
        cells = []
        given: set[str] = set()
        for index, name in enumerate(self.header):
            slot = _slot(self.shape, name)
            if name in given:
                twice = say("the column {name} is there twice", name=quoted(name))
                self.tell_header(index, twice, say("remove one"))
            elif slot is not None:
                number = self.numbers.get(slot.inner) if isinstance(slot.inner, str) else None
                cells.append(_Cells(index, slot, number))
            elif name:
                names = _names(self.shape)
                found = say(
                    "the column {name} of {title} entries is unknown; allowed are {allowed}",
                    name=quoted(name),
                    title=self.shape.title,
                    allowed=listed(names),
                )
                self.tell_header(index, found, did_you_mean(name, names))
            given.add(name or f"{index}")
        return cells

    def tell_header(self, index: int, found: str, suggestion: str) -> None:
        """Add a fault of the name of a column."""
        self.faults.add(Place(self.file, *self.sheet.cell(1, index)), found, suggestion)

    def record(self, line: int, row: list[str]) -> Any:
        """Return the record of a row; None when it is empty, or a required cell is."""
        values: dict[str, Any] = {}
        for index, name, column in self.direct:
            cell = row[index]
            if cell:
                value = column.known.get(cell, BAD)
                if value is BAD:
                    value = self.value(column, cell, line)
                if value is not _ABSENT and value is not BAD:
                    values[name] = value
        for key, columns in self.prefixed.items():
            value = self.together(key, columns, line, row)
            if value is not None:
                values[key.field] = value
        place = Place(self.file, line, 1, RowParts(self.sheet, line))
        if self.nested:
            self.nest(values, line, row, place)
        for index in self.nameless:
            if row[index].strip():
                where = Place(self.file, *self.sheet.cell(line, index))
                self.faults.add(where, say("the column of this cell has no name"), say("name it in the first line"))
        for key in self.required:
            if key.field not in values:
                self.tell_missing(key, row, place)
                return None
        return self.shape.record(place=place, **values)

    def tell_missing(self, key: Key, row: list[str], place: Place) -> None:
        """Add the fault that a required cell is empty, unless all are, or it is there and told to be wrong."""
        index = self.sheet.columns.get(key.name)
        if any(cell.strip() for cell in row) and (index is None or not row[index].strip()):
            found = say("the cell of `{name}` is empty in this row", name=key.name)
            self.faults.add(place.at(key.name), found, say("fill in {wanted}", wanted=key.shape.wanted))

    def together(self, key: Key, columns: list[_Cells], line: int, row: list[str]) -> Any:
        """Put a scope, or shares, together from their columns; None when the cells are empty."""
        cells = (key.name, *[row[column.index] for column in columns])
        made = self.made.get(cells, BAD)
        if made is not BAD:
            return made
        before = len(self.faults)
        values = [(column.slot.inner, self.value(column, row[column.index], line)) for column in columns]
        pairs: tuple[Any, ...] = tuple(pair for pair in values if pair[1] is not _ABSENT and pair[1] is not BAD)
        made = (Scope(pairs) if isinstance(key.shape, Where) else dict(pairs)) if pairs else None
        if len(self.faults) == before:
            self.made[cells] = made
        return made

    def nest(self, values: dict[str, Any], line: int, row: list[str], place: Place) -> None:
        """Make the nested records of a row of their columns."""
        fields: dict[Key, dict[str, Any]] = {}
        for column in self.nested:
            value = self.value(column, row[column.index], line)
            if value is not _ABSENT and value is not BAD and isinstance(column.slot.inner, Key):
                fields.setdefault(column.slot.key, {})[column.slot.inner.field] = value
        for key, inner in fields.items():
            if isinstance(key.shape, Entry):
                default = key.default if isinstance(key.default, key.shape.record) else key.shape.record()
                values[key.field] = evolve(default, **inner, place=place)

    def value(self, column: _Cells, cell: str, line: int) -> Any:
        """Read a cell; the place of a wrong one is found only then."""
        known = column.known.get(cell, BAD)
        if known is not BAD:
            return known
        stripped = cell.strip()
        if not stripped:
            column.known[cell] = _ABSENT
            return _ABSENT
        value = self.structured(column, stripped, Place(self.file), self.probing)
        if not len(self.probe):
            column.known[cell] = value
            return value
        self.probe = Faults()
        self.probing = Structuring(self.file, self.probe)
        place = Place(self.file, *self.sheet.cell(line, column.index))
        return self.structured(column, stripped, place, self.telling)

    def structured(self, column: _Cells, cell: str, place: Place, structuring: Structuring) -> Any:
        """Return the value of a cell; BAD, with faults, when it has none."""
        shape = column.slot.shape
        if isinstance(shape, Where):
            return selection(cell, number=column.number)
        if isinstance(shape, Text):
            return cell
        found = cell_node(shape, cell, place, structuring.faults)
        return BAD if found is None else structuring.value(shape, found)
