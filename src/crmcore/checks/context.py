"""What a check function is given."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from crmcore.organization import Organization
from crmcore.responsibility import Responsibilities, graph

if TYPE_CHECKING:
    import networkx

__all__ = ["Context"]


def _silent(_doing: str, _done: float) -> None:
    pass


@frozen(slots=False, kw_only=True)
class Context:
    """The organization under examination, with what several checks need, made once.

    Attributes:
        organization: what is checked.
        responsibilities: the same, compiled for this window of days and without the people who are thought away.
        on: the first day of the proof.
        until: the last day of the proof.
        without: ids of people who are thought away.
        load: how many customers each person looks after, where a storage has counted them; None where nobody has.
        progress: to be told how far a long proof is: what is done, and how much of it, from 0 to 1.
    """

    organization: Organization
    responsibilities: Responsibilities
    on: date
    until: date
    without: frozenset[str] = frozenset()
    load: Mapping[str, int] | None = None
    progress: Callable[[str, float], Any] = field(default=_silent)

    @cached_property
    def graph(self) -> "networkx.MultiDiGraph[Any]":
        """The organization as a graph."""
        return graph(self.organization)

    @cached_property
    def people(self) -> Mapping[str, Any]:
        """People by id."""
        return self.organization.by_id("people")

    @cached_property
    def roles(self) -> Mapping[str, Any]:
        """Roles by id."""
        return self.organization.by_id("roles")

    @cached_property
    def departments(self) -> Mapping[str, Any]:
        """Departments by id."""
        return self.organization.by_id("departments")

    @cached_property
    def touchpoints(self) -> Mapping[str, Any]:
        """Touchpoints by id."""
        return self.organization.by_id("touchpoints")
