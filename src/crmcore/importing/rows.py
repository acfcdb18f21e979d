"""From the lines of a table to typed rows: every one is read or rejected, with all that is wrong with it."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from attrs import Factory, evolve, frozen

from crmcore.errors import InvalidText, nearest
from crmcore.importing.failures import ColumnsMissing, UndecidedColumn
from crmcore.importing.formats import Format, ValueType, Wrong
from crmcore.importing.mappings import ColumnMapping, Route
from crmcore.importing.marks import is_null
from crmcore.importing.numbers import currency_in, number_of
from crmcore.importing.tables import Cell, Line, Table
from crmcore.importing.targets import Target, TargetField
from crmcore.importing.values import reader
from crmcore.language import listed, say, told
from crmcore.organization.faults import quoted
from crmcore.organization.spreadsheets.dates import ambiguous
from crmcore.organization.spreadsheets.labels import folded

__all__ = ["Reason", "RejectedRow", "TypedRow", "is_decided", "read_rows", "reasons_in_words"]

_UNSEEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_WIDTHLESS: Final = str.maketrans("", "", "\u200b\ufeff\u2060")
_MOST_CHOICES: Final = 12
_DATED: Final = (ValueType.DAY, ValueType.INSTANT)
_COUNTED: Final = (ValueType.WHOLE, ValueType.DECIMAL, ValueType.MONEY)

Take = Callable[[Sequence[Cell]], Any]


@frozen
class Reason:
    """One thing that is wrong with a row.

    Attributes:
        column: the column; empty where it is the row as a whole.
        value: what stands there.
        found: what is wrong with it: a phrase.
        mend: how to mend it: a phrase; empty where nothing is to be said.
    """

    column: str
    value: str
    found: str
    mend: str = ""

    @classmethod
    def of(cls, column: str, error: InvalidText, *, kept: bool = False) -> "Reason":
        """Return what is wrong with a text that cannot be what it should be.

        Args:
            column: the column.
            error: what is wrong.
            kept: whether the text is kept all the same.
        """
        found = say("{reason}; it is kept as it is written", reason=error.reason) if kept else error.reason
        mend = say("did you mean {name}?", name=quoted(error.suggestion)) if error.suggestion else ""
        return cls(column, error.text, found, mend)

    def phrase(self) -> str:
        """Return it as people read it."""
        said = say("{found} ({mend})", found=self.found, mend=self.mend) if self.mend else self.found
        if not self.column:
            return said
        return say("{column} {value}: {found}", column=self.column, value=quoted(self.value), found=said)


@frozen
class TypedRow:
    """A row whose values are what its fields want.

    Attributes:
        line: where it begins in the file.
        values: by the names of fields, without those that are empty; one that can have several values has a list.
        cells: what the file holds.
    """

    line: int
    values: Mapping[str, Any]
    cells: Sequence[Cell]


@frozen
class RejectedRow:
    """A row that cannot be imported.

    Attributes:
        line: where it begins in the file.
        cells: what the file holds.
        reasons: all that is wrong with it.
        values: what was understood of it, by the names of fields.
    """

    line: int
    cells: Sequence[Cell]
    reasons: tuple[Reason, ...]
    values: Mapping[str, Any] = Factory(dict)


def reasons_in_words(row: RejectedRow) -> str:
    """Return what is wrong with a row, in the language of the moment."""
    return "; ".join(told(reason.phrase()) for reason in row.reasons)


def read_rows(table: Table, mapping: ColumnMapping, target: Target) -> Iterator[TypedRow | RejectedRow]:
    """Read the lines of a table, one after another.

    Args:
        table: the file.
        mapping: which column goes where.
        target: what it is imported into.

    Raises:
        ColumnsMissing: the file lacks a column of the mapping, or nothing goes to a field that every row needs.
        UndecidedColumn: days or decimals of a column can be read in two ways, and the mapping does not say which.
        UnknownName: the mapping names a field that the target has not.
    """
    missing = mapping.difference(table.columns).missing
    unserved = mapping.unserved(target)
    if missing or unserved:
        raise ColumnsMissing(table.file, missing, unserved, table.columns)
    takes = [(target.field(route.to), route, _taking(table, route, target.field(route.to))) for route in mapping.routes]
    return _read(table, takes, [field for field in target.fields if field.required])


def is_decided(mapping: ColumnMapping, target: Target) -> bool:
    """Tell whether no value can stop the reading of a file, as none can be read in two ways."""
    formats = (route.format or target.field(route.to).format for route in mapping.routes)
    return not any(
        (one.type in _DATED and one.dates is None) or (one.type in _COUNTED and not one.decimal) for one in formats
    )


def _read(
    table: Table, takes: Sequence[tuple[TargetField, Route, Take]], required: Sequence[TargetField]
) -> Iterator[TypedRow | RejectedRow]:
    width = len(table.columns)
    for line in table:
        cells = line.cells
        if len(cells) > width:
            yield _too_long(line, width)
            continue
        if len(cells) < width:
            cells = [*cells, *[""] * (width - len(cells))]
        values: dict[str, Any] = {}
        wrong: list[Reason] = []
        for field, route, take in takes:
            value = take(cells)
            if value is None:
                continue
            if isinstance(value, Wrong):
                wrong.append(_reason(table, route, cells, value))
            elif field.several:
                values.setdefault(field.name, []).extend(value if isinstance(value, list) else [value])
            else:
                values[field.name] = value
        if missing := [field for field in required if field.name not in values]:
            wrong += _empty(missing, takes, wrong)
        yield (
            RejectedRow(line.number, line.cells, tuple(wrong), values)
            if wrong
            else TypedRow(line.number, values, tuple(line.cells))
        )


def _empty(
    missing: Sequence[TargetField], takes: Sequence[tuple[TargetField, Route, Take]], wrong: Sequence[Reason]
) -> list[Reason]:
    """Return what is wrong with a row that lacks fields, but for those of whose columns something is said already."""
    told_of = {column for reason in wrong for column in reason.column.split(", ")}
    columns = [sorted(_columns_to(field, takes)) for field in missing]
    return [
        Reason("", "", say("{columns} is empty", columns=listed(some)), say("give a value"))
        for some in columns
        if told_of.isdisjoint(some)
    ]


def _columns_to(field: TargetField, takes: Sequence[tuple[TargetField, Route, Take]]) -> set[str]:
    return {column for one, route, _ in takes if one is field for column in route.columns}


def _too_long(line: Line, width: int) -> RejectedRow:
    found = say("the row has {count} cells, the header {width}", count=len(line.cells), width=width)
    return RejectedRow(line.number, line.cells, (Reason("", "", found, say("put text with delimiters into quotes")),))


def _reason(table: Table, route: Route, cells: Sequence[Cell], wrong: Wrong) -> Reason:
    texts = [str(cells[table.columns.index(column)]) for column in route.columns]
    return Reason(", ".join(route.columns), " ".join(texts) or route.constant, wrong.found, wrong.mend)


def _taking(table: Table, route: Route, field: TargetField) -> Take:
    """Return what takes the value of a field out of the cells of a line: None where it is empty."""
    finish = _finishing(table, route, field)
    if not route.columns:
        constant = finish(route.constant) if route.constant else None
        return lambda _: constant
    default = finish(route.default) if route.default else None
    places = [table.columns.index(column) for column in route.columns]
    if len(places) == 1 and not route.split:
        place = places[0]

        def one(cells: Sequence[Cell]) -> Any:
            cell = cells[place]
            return default if _is_empty(cell) else finish(cell)

        return one

    def some(cells: Sequence[Cell]) -> Any:
        texts = [str(cell).strip() for place in places if not _is_empty(cell := cells[place])]
        text = route.between.join(texts[:1] if route.first else texts)
        if route.split and field.several and not route.part:
            found = [finish(part) for part in _parts(text, route)]
            return next((one for one in found if isinstance(one, Wrong)), found) if found else default
        text = _part(text, route) if route.split else text
        return finish(text) if text else default

    return some


def _is_empty(cell: Cell) -> bool:
    return isinstance(cell, str) and (not cell or cell.isspace() or is_null(cell))


def _parts(text: str, route: Route) -> list[str]:
    return [part for part in (piece.strip() for piece in text.split(route.split)) if part]


def _part(text: str, route: Route) -> str:
    parts = _parts(text, route)
    index = route.part - 1 if route.part > 0 else len(parts) + route.part
    return parts[index] if 0 <= index < len(parts) else ""


def _finishing(table: Table, route: Route, field: TargetField) -> Callable[[Cell], Any]:
    """Return what makes a value of a cell that is not empty: looks it up, reads it, and holds it to the choices."""
    format_ = route.format or field.format
    read = reader(format_)
    if format_.type in _DATED and format_.dates is None:
        two = [evolve(format_, dates="day-first"), evolve(format_, dates="month-first")]
        read = _decided(table, route, two, ambiguous, read)
    elif format_.type in _COUNTED and not format_.decimal:
        two = [evolve(format_, decimal="."), evolve(format_, decimal=",")]
        read = _decided(table, route, two, _has_two_marks, read)
    lookup = {folded(label): value for label, value in route.values.items()}
    labels = {folded(word): value for word, value in field.words.items()}
    labels |= {folded(label): value for value, label in field.choices.items()}
    ids = {folded(value): value for value in field.choices}

    def finish(cell: Cell) -> Any:
        if isinstance(cell, str):
            cell = cell.strip()
            if not cell.isprintable():
                cell = cell.translate(_WIDTHLESS).strip()
                if not cell:
                    return None
                unseen = _UNSEEN.search(cell)
                if unseen is not None:
                    character = f"U+{ord(unseen[0]):04X}"
                    found = say("the cell holds the invisible character {character}", character=character)
                    return Wrong(found, say("type the cell anew"))
        if lookup:
            cell = lookup.get(folded(str(cell)), cell)
        if field.choices:
            return _chosen(str(cell), ids, labels, field)
        return read(cell)

    return finish


def _chosen(text: str, ids: Mapping[str, str], labels: Mapping[str, str], field: TargetField) -> str | Wrong:
    if text in field.choices:
        return text
    key = folded(text)
    value = ids.get(key) or labels.get(key)
    if value is not None:
        return value
    near = nearest(text, [*field.choices.values(), *field.choices])
    if near is not None:
        return Wrong(say("{field} has no such value", field=field.name), say("did you mean {name}?", name=quoted(near)))
    some = listed(list(field.choices.values())[:_MOST_CHOICES])
    return Wrong(say("{field} has no such value", field=field.name), say("the values are {values}", values=some))


def _has_two_marks(text: str) -> bool:
    """Whether a text is one number with a point before decimals, and another one with a comma."""
    number = currency_in(text)[1]
    return number_of(number, "") is None and number_of(number, ".") is not None and number_of(number, ",") is not None


def _decided(
    table: Table, route: Route, two: Sequence[Format], unclear: Callable[[str], bool], read: Callable[[Cell], Any]
) -> Callable[[Cell], Any]:
    """Return what reads values, and stops at the first one that can be read in two ways."""

    def decide(cell: Cell) -> Any:
        if isinstance(cell, str) and unclear(cell):
            raise UndecidedColumn(table.file, ", ".join(route.columns), cell, [one.phrase() for one in two])
        return read(cell)

    return decide
