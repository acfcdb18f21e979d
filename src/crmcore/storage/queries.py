"""What is asked of a storage: conditions, an order, and one page at a time.

An empty field comes first when ascending; records that are equal in the order follow by their id.
"""

import base64
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final, Generic

from attrs import evolve, field, frozen

from crmcore.errors import nearest
from crmcore.language import listed, say
from crmcore.storage.failures import InvalidQuery
from crmcore.storage.filters import Above, Among, Below, Between, Contains, Filter, Is, StartsWith
from crmcore.storage.records import Field, Kind, Record
from crmcore.storage.rows import Row
from crmcore.storage.values import Holds

__all__ = [
    "LARGEST_PAGE",
    "MOST_CONDITIONS",
    "Order",
    "Page",
    "Query",
    "Search",
    "cursor",
    "search",
    "searched_fields",
    "searched_where",
]

LARGEST_PAGE: Final = 10_000
"""How many records a page has at most; and how many values the conditions of a query name together."""

MOST_CONDITIONS: Final = 100
"""How many conditions a query has at most."""


@frozen
class Order:
    """A field to order by.

    Attributes:
        name: the field.
        descending: whether the greatest comes first.
    """

    name: str
    descending: bool = False


def _filters(given: Iterable[Filter]) -> tuple[Filter, ...]:
    return tuple(given)


def _orders(given: Iterable[Order]) -> tuple[Order, ...]:
    return tuple(given)


@frozen
class Query(Generic[Record]):
    """Which records are wanted, in which order, and how many at once.

    Attributes:
        record: the class of the records.
        where: the conditions; all of them hold.
        order: what to order by; the id decides what is left open.
        limit: how many records a page has, from 1 to 10,000.
        after: the cursor of the page before; None for the first page.
    """

    record: type[Record]
    where: tuple[Filter, ...] = field(default=(), kw_only=True, converter=_filters)
    order: tuple[Order, ...] = field(default=(), kw_only=True, converter=_orders)
    limit: int = field(default=100, kw_only=True)
    after: str | None = field(default=None, kw_only=True)


@frozen
class Page(Generic[Record]):
    """Some of the records that a query asks for.

    Attributes:
        records: them, in the order of the query.
        after: the cursor that gives the next page; None when there is no more.
    """

    records: tuple[Record, ...]
    after: str | None = None

    def __iter__(self) -> Iterator[Record]:
        return iter(self.records)

    def __len__(self) -> int:
        return len(self.records)


@frozen
class Search:
    """A query that can be asked of a kind: what a storage is given.

    Attributes:
        where: the conditions; all of them hold.
        order: what to order by; the id is always the last.
        limit: how many rows are wanted.
        after: the values of the order behind which the rows begin; None for the beginning.
    """

    where: tuple[Filter, ...] = ()
    order: tuple[Order, ...] = (Order("id"),)
    limit: int = 100
    after: Row | None = None


def search(query: Query[Any], kind: Kind) -> Search:
    """Return what to ask a storage for one page and, so that it is known whether there are more, one row.

    Raises:
        InvalidQuery: a field does not exist, a value is not of the field's kind, the page is too large, or the
            cursor is not of this query.
    """
    if type(query.limit) is not int or not 1 <= query.limit <= LARGEST_PAGE:
        raise InvalidQuery(
            say("a page has from 1 to {most:,} records, not {limit}", most=LARGEST_PAGE, limit=str(query.limit)[:20])
        )
    where = searched_where(query.where, kind)
    named = list(searched_fields([order.name for order in query.order], kind))
    for one in named:
        _refuse_unordered(one)
    order = query.order
    if len({one.name for one in order}) < len(order):
        twice = next(one.name for place, one in enumerate(order) if one.name in {other.name for other in order[:place]})
        raise InvalidQuery(say("a query is ordered by {name} twice", name=twice))
    if not any(one.name == "id" for one in order):
        order = (*order, Order("id"))
        named.append(kind.fields["id"])
    after = None if query.after is None else _position(query.after, named)
    return Search(where, order, query.limit + 1, after)


def searched_where(where: Sequence[Filter], kind: Kind) -> tuple[Filter, ...]:
    """Return conditions after making sure that they can be asked of a kind.

    Raises:
        InvalidQuery: a field does not exist, a value is not of the field's kind, or there are too many.
    """
    if len(where) > MOST_CONDITIONS:
        raise InvalidQuery(
            say("a query has at most {most} conditions, not {count:,}", most=MOST_CONDITIONS, count=len(where))
        )
    asked = tuple(_plain(condition) for condition in where)
    named = sum(len(condition.values) for condition in asked if isinstance(condition, Among))
    if named > LARGEST_PAGE:
        raise InvalidQuery(
            say("the conditions name at most {most:,} values, not {count:,}", most=LARGEST_PAGE, count=named)
        )
    for condition in asked:
        _check(condition, next(searched_fields([condition.name], kind)))
    return asked


def _plain(condition: Filter) -> Filter:
    """Return a condition with texts in place of choices, as records have them in storages.

    Raises:
        InvalidQuery: it is no condition.
    """
    match condition:
        case Is(_, value) | Below(_, value) | Above(_, value):
            return evolve(condition, value=_chosen(value))
        case Among(_, values):
            return evolve(condition, values=map(_chosen, values))
        case Between(_, first, last):
            return evolve(condition, first=_chosen(first), last=_chosen(last))
        case StartsWith(_, text) | Contains(_, text):
            return evolve(condition, text=_chosen(text))
    raise InvalidQuery(say("{condition} is no condition that a storage knows", condition=repr(condition)[:80]))


def _chosen(value: Any) -> Any:
    return value.value if isinstance(value, StrEnum) else value


def searched_fields(names: Sequence[str], kind: Kind) -> Iterator[Field]:
    """Yield the fields of a kind that a query names.

    Raises:
        InvalidQuery: one does not exist, or cannot be searched by.
    """
    known = kind.searchable
    for name in names:
        if not isinstance(name, str) or name not in known:
            near = nearest(name, known) if isinstance(name, str) else None
            shown, about = repr(name)[:80], {"kind": kind.name}
            if near is not None:
                raise InvalidQuery(
                    say(
                        "{kind} has no field {name} to search by; did you mean {near!r}?",
                        name=shown,
                        near=near,
                        **about,
                    )
                )
            raise InvalidQuery(
                say("{kind} has no field {name} to search by; it has {known}", name=shown, known=listed(known), **about)
            )
        yield known[name]


def cursor(found: Search, kind: Kind, row: Row) -> str:
    """Return the cursor behind a row: what a storage needs to go on from it, and nothing that it has to keep."""
    places = {name: index for index, name in enumerate(kind.all_fields)}
    values = [_written(row[places[order.name]]) for order in found.order]
    return base64.urlsafe_b64encode(json.dumps(values, ensure_ascii=False).encode()).decode()


def _check(condition: Filter, of: Field) -> None:
    match condition:
        case Is(_, value):
            if value is not None:
                _admit(of, value)
        case Among(_, values):
            for value in values:
                _admit(of, value)
        case Below(_, value) | Above(_, value):
            _refuse_unordered(of)
            _admit(of, value)
        case Between(_, first, last):
            _refuse_unordered(of)
            _admit(of, first)
            _admit(of, last)
        case StartsWith(_, text) | Contains(_, text):
            if of.holds is not Holds.TEXT:
                raise InvalidQuery(say("{name} holds no text, but {holds}", name=of.name, holds=of.holds.words))
            _admit(of, text)


def _admit(of: Field, value: Any) -> None:
    found = of.holds.flaw(value)
    if found is not None:
        raise InvalidQuery(
            say(
                "{name} holds {holds}, and cannot be compared with {found}",
                name=of.name,
                holds=of.holds.words,
                found=found,
            )
        )


def _refuse_unordered(of: Field) -> None:
    if not of.holds.ordered:
        raise InvalidQuery(say("{name} holds {holds}, which has no order", name=of.name, holds=of.holds.words))


def _position(after: str, named: Sequence[Field]) -> Row:
    """Return the values that a cursor holds."""
    try:
        values = json.loads(base64.b64decode(after.encode(), altchars=b"-_", validate=True))
        return tuple(_read(one, value) for one, value in zip(named, list(values), strict=True))
    except (ValueError, TypeError, ArithmeticError, AttributeError, RecursionError) as error:
        shown = repr(after)[:80]
        raise InvalidQuery(say("{after} is no cursor of this query: begin with the first page", after=shown)) from error


def _written(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def _read(of: Field, value: Any) -> Any:
    if value is None and of.optional:
        return None
    match of.holds:
        case Holds.EXACT:
            value = Decimal(value)
        case Holds.DAY:
            value = date.fromisoformat(value)
        case Holds.INSTANT:
            value = datetime.fromisoformat(value)
    if not of.holds.admits(value):
        raise ValueError(value)
    return value
