"""Who answers for customers of a kind: asked of the organization once, and remembered for all customers alike."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import islice, product
from typing import Any, Final

from attrs import frozen

from crmcore.errors import OutsideSpace, Unanswered
from crmcore.organization import Choice, Number, Organization, Touchpoint, Tree
from crmcore.responsibility import Question, Resolution

__all__ = ["Answers", "AtTouchpoint"]

_REMEMBERED: Final = 50_000
_MOST_CONTACTS: Final = 500
"""How many ways of contact are tried where the answer hangs on the contact."""

Point = tuple[tuple[str, Any], ...]
"""What is known of a customer, by dimension, in order."""


@frozen(eq=False)
class AtTouchpoint:
    """Who answers for customers of a kind at one touchpoint of their stage.

    Attributes:
        touchpoint: its id.
        resolutions: who answers, one for each role that can; several where it hangs on the contact.
        gap: why nobody answers, or nobody can be told, for some way of contact; None where somebody always does.
    """

    touchpoint: str
    resolutions: tuple[Resolution, ...]
    gap: Unanswered | OutsideSpace | None


class Answers:
    """Who answers at every touchpoint of a stage, for customers of whom the same is known."""

    def __init__(self, organization: Organization) -> None:
        """Ask an organization.

        Args:
            organization: who serves the customers, and how.
        """
        self._organization = organization
        self._known: dict[tuple[str | None, Point, date], tuple[AtTouchpoint, ...]] = {}

    def at(self, stage: str | None, customer: Mapping[str, Any], day: date) -> tuple[AtTouchpoint, ...]:
        """Return who answers at every touchpoint of a stage that happens for such a customer.

        Args:
            stage: the stage; None where the organization has none.
            customer: what is known, by dimension.
            day: the day.
        """
        key = (stage, tuple(sorted(customer.items())), day)
        if key not in self._known:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[key] = tuple(self._asked(stage, customer, day))
        return self._known[key]

    def roles(self, stage: str | None, customer: Mapping[str, Any], day: date) -> Mapping[str, Resolution]:
        """Return the roles that answer in a stage for such a customer, each with the first question that it answers."""
        roles: dict[str, Resolution] = {}
        for answer in self.at(stage, customer, day):
            for resolution in answer.resolutions:
                roles.setdefault(resolution.role.id, resolution)
        return roles

    def department(self, stage: str | None, customer: Mapping[str, Any], day: date) -> str | None:
        """Return the department that answers for such a customer in a stage: that of the first role that answers."""
        department_of = self._organization.responsibilities.department_of
        return next(filter(None, map(department_of, self.roles(stage, customer, day))), None)

    def _asked(self, stage: str | None, customer: Mapping[str, Any], day: date) -> Iterator[AtTouchpoint]:
        for touchpoint in self._organization.touchpoints:
            if touchpoint.stages and stage not in touchpoint.stages:
                continue
            answer = self._answer(touchpoint, stage, customer, day)
            if answer is not None:
                yield answer

    def _answer(
        self, touchpoint: Touchpoint, stage: str | None, customer: Mapping[str, Any], day: date
    ) -> AtTouchpoint | None:
        """Return who answers at a touchpoint; None where it does not happen for such a customer."""
        found: dict[str, Resolution] = {}
        gap: Unanswered | OutsideSpace | None = None
        for contact in self._contacts(touchpoint, stage, customer, day):
            question = Question(touchpoint.id, customer=customer, contact=contact, stage=stage, day=day)
            try:
                resolution = self._organization.who(question)
            except Unanswered as error:
                gap = gap or error
            except OutsideSpace as error:
                if _is_missing(error):
                    gap = gap or error
            else:
                found.setdefault(resolution.role.id, resolution)
        return AtTouchpoint(touchpoint.id, tuple(found.values()), gap) if found or gap is not None else None

    def _contacts(
        self, touchpoint: Touchpoint, stage: str | None, customer: Mapping[str, Any], day: date
    ) -> Iterator[Mapping[str, Any]]:
        """Yield the ways of contact that have to be asked about: none in particular, or each where that decides."""
        question = Question(touchpoint.id, customer=customer, stage=stage, day=day)
        try:
            self._organization.who(question)
        except OutsideSpace as error:
            if _is_missing(error) and error.attribute in self._of_contact:
                yield from self._ways()
                return
        except Unanswered:
            pass
        yield {}

    @property
    def _of_contact(self) -> Mapping[str, tuple[Any, ...]]:
        """The dimensions of contacts, with values that stand for all that they can have."""
        dimensions = (one for one in self._organization.dimensions if one.of == "contact")
        return {one.id: _values(one.domain, self._organization, one.id) for one in dimensions}

    def _ways(self) -> Iterator[Mapping[str, Any]]:
        values = self._of_contact
        for combination in islice(product(*values.values()), _MOST_CONTACTS):
            yield dict(zip(values, combination, strict=True))


def _is_missing(error: OutsideSpace) -> bool:
    """Whether an attribute is missing; otherwise the touchpoint does not happen, or cannot, for such a customer."""
    return error.attribute is not None and error.value is None


def _values(domain: Choice | Tree | Number, organization: Organization, dimension: str) -> tuple[Any, ...]:
    if isinstance(domain, Choice):
        return domain.values
    if isinstance(domain, Tree):
        return domain.leaves
    space = organization.responsibilities.space
    position = space.index(dimension)
    if position is None:
        return ()
    axis = space.axes[position]
    return tuple(axis.witness(1 << cell) for cell in range(axis.full.bit_length()))
