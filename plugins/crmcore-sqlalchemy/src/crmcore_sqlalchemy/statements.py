"""Searches as statements: names of fields choose columns, values travel as parameters; neither becomes their text."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, func, literal, or_, select
from sqlalchemy.sql import Select

from crmcore.storage import (
    Above,
    Among,
    Below,
    Between,
    Contains,
    Filter,
    Is,
    Kind,
    Lacks,
    Order,
    Search,
    StartsWith,
)
from crmcore_sqlalchemy.dialects import Dialect
from crmcore_sqlalchemy.tables import TENANT, KindTable

__all__ = ["counted", "selected", "tallied"]

Clause = ColumnElement[bool]

Tables = Mapping[str, KindTable]
"""The tables by the names of their kinds."""


def selected(tables: Tables, kind: Kind, tenant: str, search: Search, dialect: Dialect) -> Select[Any]:
    """Return the statement of a search."""
    table = tables[kind.name]
    statement = table.selected.where(*_conditions(tables, table, tenant, search.where, dialect))
    if search.after is not None:
        statement = statement.where(_behind(table, search.order, search.after))
    return statement.order_by(*_order(table, search.order, dialect)).limit(search.limit)


def counted(tables: Tables, kind: Kind, tenant: str, where: Sequence[Filter], dialect: Dialect) -> Select[Any]:
    """Return the statement that counts."""
    table = tables[kind.name]
    return select(func.count()).select_from(table.table).where(*_conditions(tables, table, tenant, where, dialect))


def tallied(
    tables: Tables,
    kind: Kind,
    tenant: str,
    names: Sequence[str],
    *,
    where: Sequence[Filter],
    dialect: Dialect,
    conditions: Sequence[Filter] = (),
) -> Select[Any]:
    """Return the statement that counts each combination of values: its rows, or those that meet each condition."""
    table = tables[kind.name]
    columns = [table.columns[name] for name in dict.fromkeys(names)]
    asked = _conditions(tables, table, tenant, where, dialect)
    numbers: list[ColumnElement[Any]] = [
        func.sum(case((one, 1), else_=0)) for one in _clauses(tables, table, tenant, conditions, dialect)
    ]
    return select(*columns, *(numbers or [func.count()])).where(*asked).group_by(*columns)


def _conditions(
    tables: Tables, table: KindTable, tenant: str, where: Sequence[Filter], dialect: Dialect
) -> Iterator[Clause]:
    yield table.table.c[TENANT] == tenant
    yield from _clauses(tables, table, tenant, where, dialect)


def _clauses(
    tables: Tables, table: KindTable, tenant: str, where: Sequence[Filter], dialect: Dialect
) -> Iterator[Clause]:
    for condition in where:
        if isinstance(condition, Lacks):
            yield _lacking(tables, table, tenant, condition, dialect)
        else:
            yield _clause(table, condition, dialect)


def _lacking(tables: Tables, table: KindTable, tenant: str, condition: Lacks, dialect: Dialect) -> Clause:
    """Return the condition that no row of another table refers to a row; of an alias, as the table may be the same."""
    other = tables[condition.kind].again()
    referring = other.columns[condition.by] == table.columns[condition.name]
    inner = _conditions(tables, other, tenant, condition.where, dialect)
    return ~select(literal(1)).select_from(other.table).where(*inner, referring).correlate(table.table).exists()


def _clause(table: KindTable, condition: Filter, dialect: Dialect) -> Clause:
    column = table.columns[condition.name]

    def given(value: Any) -> Any:
        return table.value(condition.name, value)

    match condition:
        case Is(_, None):
            return column.is_(None)
        case Is(_, value):
            return and_(column == given(value))
        case Among(_, values):
            return column.in_([given(value) for value in values]) if values else false()
        case Below(_, value):
            return and_(column < given(value))
        case Above(_, value):
            return and_(column > given(value))
        case Between(_, first, last):
            return and_(column >= given(first), column <= given(last))
        case StartsWith(_, text):
            return _begins(column, text)
        case Contains(_, text):
            return column.is_not(None) if not text else dialect.contains(column, text)
    raise TypeError(condition)


def _begins(column: ColumnElement[Any], text: str) -> Clause:
    """Return the condition that a column begins with a text, as a range, so that an index serves it."""
    if not text:
        return column.is_not(None)
    kept = text.rstrip(chr(0x10FFFF))
    if not kept:
        return and_(column >= text)
    last = ord(kept[-1]) + 1
    beyond = kept[:-1] + chr(0xE000 if 0xD800 <= last < 0xE000 else last)  # surrogates are no characters
    return and_(column >= text, column < beyond)


def _order(table: KindTable, order: Sequence[Order], dialect: Dialect) -> Iterator[ColumnElement[Any]]:
    for one in order:
        column = table.columns[one.name]
        placed = column.desc() if one.descending else column.asc()
        if dialect.empty_first and table.kind.all_fields[one.name].optional:
            placed = placed.nulls_last() if one.descending else placed.nulls_first()
        yield placed


def _behind(table: KindTable, order: Sequence[Order], after: Sequence[Any]) -> Clause:
    """Return the condition that a row comes behind a position: greater in one field, equal in all before it.

    That the first field is not before the position follows from it; said apart, an index begins there.
    """
    ways: list[Clause] = []
    equal: list[Clause] = []
    for one, value in zip(order, after, strict=True):
        column, given = table.columns[one.name], table.value(one.name, value)
        further = _further(column, given, one, optional=table.kind.all_fields[one.name].optional)
        if further is not None:
            ways.append(and_(*equal, further))
        equal.append(column.is_(None) if value is None else column == given)
    first, value = table.columns[order[0].name], after[0]
    if len(order) == 1 or value is None or order[0].descending:
        return or_(*ways)
    return and_(first >= table.value(order[0].name, value), or_(*ways))


def _further(column: ColumnElement[Any], value: Any, order: Order, *, optional: bool) -> Clause | None:
    """Return the condition that a column is further on than a value; None when nothing can be."""
    if value is None:
        return None if order.descending else column.is_not(None)
    if not order.descending:
        return and_(column > value)
    return or_(column < value, column.is_(None)) if optional else and_(column < value)
