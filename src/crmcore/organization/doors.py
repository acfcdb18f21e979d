"""Doors from the organization to the rooms above it: who answers, the checks, the graph.

People ask an organization, not a module: `organization.who(...)`, `organization.check(...)`. The rooms above import this one,
so each door opens its room only when somebody goes through.
"""

from collections.abc import Callable, Iterable
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    import networkx

    from crmcore.checks import Report
    from crmcore.organization.model import Organization
    from crmcore.responsibility import Question, Resolution, Responsibilities

__all__ = ["Doors"]


class Doors:
    """What an organization can be asked."""

    @cached_property
    def responsibilities(self) -> "Responsibilities":
        """The organization compiled for questions and proofs; made once, on first use."""
        from crmcore.responsibility import Responsibilities  # noqa: PLC0415 (a door opens when it is used)

        return Responsibilities(cast("Organization", self))

    def who(self, question: "Question") -> "Resolution":
        """Say who answers for one customer in contact, and why.

        Args:
            question: the touchpoint, the customer and the day.

        Raises:
            UnknownName: there is no such touchpoint.
            OutsideSpace: an attribute is missing, or has a value that does not exist.
            UncoveredTouchpoint: no duty covers this customer.
            VacantRole: the role that answers has no active holder.
        """
        return self.responsibilities.who(question)

    def check(
        self,
        *,
        on: date | None = None,
        until: date | None = None,
        select: Iterable[str] = (),
        ignore: Iterable[str] = (),
        without: Iterable[str] = (),
        progress: Callable[[str, float], Any] | None = None,
    ) -> "Report":
        """Prove the organization, over every possible customer, and report what does not hold.

        Args:
            on: the first day of the proof; None for today in the organization's timezone.
            until: the last day of the proof; None for the first day alone.
            select: codes, or beginnings of codes, of the checks to run; empty for all.
            ignore: codes, or beginnings of codes, of the checks to leave out.
            without: people to reckon with as if they had left.
            progress: called with what is being done and how much is done, from 0 to 1.

        Raises:
            UnknownName: a code or a person does not exist.
        """
        from crmcore.checks import check  # noqa: PLC0415 (a door opens when it is used)

        organization = cast("Organization", self)
        return check(
            organization, on=on, until=until, select=select, ignore=ignore, without=without, progress=progress
        )

    def graph(self) -> "networkx.MultiDiGraph[Any]":
        """Return the organization as a networkx graph; `docs/reference/graph.md` lists its node and edge kinds."""
        from crmcore.responsibility import graph  # noqa: PLC0415 (a door opens when it is used)

        return graph(cast("Organization", self))
