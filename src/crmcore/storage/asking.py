"""Conditions about a kind and about others that refer to it: made sure of before a storage is asked."""

from collections.abc import Sequence

from attrs import evolve

from crmcore.language import say
from crmcore.storage.failures import InvalidQuery
from crmcore.storage.filters import Filter, Lacks
from crmcore.storage.kinds import Kinds
from crmcore.storage.queries import Query, Search, search, searched_fields, searched_where
from crmcore.storage.records import Kind, Record

__all__ = ["askable", "sought"]


def askable(where: Sequence[Filter], kind: Kind, kinds: Kinds) -> tuple[Filter, ...]:
    """Return conditions after making sure that they can be asked of a kind; those about other records come last.

    Raises:
        InvalidQuery: one cannot be asked.
        UnknownName: one is about a kind that the storage does not know.
    """
    return (*searched_where(_plain(where), kind), *_lacking(where, kind, kinds))


def sought(query: Query[Record], kind: Kind, kinds: Kinds) -> Search:
    """Return the search of a query, after making sure that it can be asked.

    Raises:
        InvalidQuery: it cannot.
        UnknownName: a condition is about a kind that the storage does not know.
    """
    lacking = _lacking(query.where, kind, kinds)
    wanted = search(evolve(query, where=_plain(query.where)), kind)
    return evolve(wanted, where=(*wanted.where, *lacking))


def _plain(where: Sequence[Filter]) -> tuple[Filter, ...]:
    return tuple(condition for condition in where if not isinstance(condition, Lacks))


def _lacking(where: Sequence[Filter], kind: Kind, kinds: Kinds) -> tuple[Filter, ...]:
    asked: list[Filter] = []
    for condition in where:
        if isinstance(condition, Lacks):
            other = kinds[condition.kind]
            list(searched_fields([condition.name], kind))
            list(searched_fields([condition.by], other))
            if any(isinstance(one, Lacks) for one in condition.where):
                raise InvalidQuery(say("a condition about other records has none about others again in it"))
            asked.append(evolve(condition, where=searched_where(condition.where, other)))
    return tuple(asked)
