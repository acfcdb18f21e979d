"""Who looks after a customer: a person for each role that answers for it, for as long as nothing speaks against it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from attrs import evolve

from crmcore.customers.appointing import (
    choose,
    covering,
    current_assignment,
    given,
    on_another_day,
    past,
    standing,
    written,
)
from crmcore.customers.assignment_records import Assigned, Assignment, AssignmentReason, Coverage, current_id
from crmcore.customers.attributes import point_of
from crmcore.customers.current import current_customer, id_of
from crmcore.customers.failures import InvalidAssignment
from crmcore.customers.records import Customer
from crmcore.customers.work import Desk, Job
from crmcore.errors import UnknownName, nearest
from crmcore.language import say
from crmcore.organization import DutyKind
from crmcore.responsibility import Question
from crmcore.storage import Is, Order, Page, Query

__all__ = ["Assignments"]


class Assignments(Desk):
    """Who looks after which customer."""

    def who(
        self,
        customer: Customer | str,
        touchpoint: str,
        *,
        duty: DutyKind = "accountable",
        contact: Mapping[str, Any] | None = None,
        day: date | None = None,
    ) -> Assigned:
        """Say who answers for a customer at a touchpoint; the person stays the same as long as possible.

        Where nobody is assigned yet for the role that answers, somebody of the pool is, by the rule of the staffing.
        In work that only reads, of another day than today, and to a customer that was merged or erased, nobody is
        assigned.

        Args:
            customer: the customer, or its id.
            touchpoint: the touchpoint.
            duty: which duty is asked for.
            contact: what is known of this contact, by dimension.
            day: the day; None for today.

        Raises:
            NotThere: there is no such customer.
            UnknownName: there is no such touchpoint, or no such rule to choose by.
            OutsideSpace: something must be known of the customer or the contact, and is not.
            UncoveredTouchpoint: no duty covers this customer.
            VacantRole: the role that answers has no active holder.
        """

        def asked(job: Job, *, writing: bool) -> Assigned | None:
            id_ = id_of(customer)
            found = job.unit.hold(Customer, id_, alone=True) if writing else job.unit.get(Customer, id_)
            today = job.today()
            resolution = job.organization.who(
                Question(
                    touchpoint,
                    duty=duty,
                    customer=point_of(found.custom, job.organization),
                    contact=contact or {},
                    stage=found.stage,
                    day=day or today,
                )
            )
            if day is not None and day != today:
                return on_another_day(job, found, resolution, day)
            current = current_assignment(job, found.id, resolution.role.id)
            answering = standing(found, resolution, current, today)
            if answering is not None:
                return answering
            gone = found.merged_into is not None or found.erased_at is not None
            if gone or (self._joined and job.unit.read_only):
                return Assigned(found, resolution, choose(job, found.id, resolution))
            return given(job, found, resolution, current) if writing else None

        def answered() -> Assigned:
            with self._begin(read_only=True) as job:
                answer = asked(job, writing=False)
            if answer is None:
                with self._begin() as job:  # what was read above may be outdated: it is read again
                    answer = asked(job, writing=True)
            assert answer is not None  # noqa: S101 (writing, it always is)
            return answer

        return self._tried(answered)

    def cover(self, customer: Customer | str) -> Coverage:
        """See to it that somebody looks after a customer in each role that answers in its stage.

        Raises:
            NotThere: there is no such customer.
            InvalidCustomer: it was merged into another.
        """

        def covered() -> Coverage:
            with self._begin() as job:
                found = current_customer(job, customer, alone=True)
                return covering(job, found)

        return self._tried(covered)

    def assign(self, customer: Customer | str, role: str, person: str, *, note: str | None = None) -> Assignment:
        """Let a certain person look after a customer in a role.

        Args:
            customer: the customer, or its id.
            role: the role.
            person: the person; one who works here today.
            note: why, in words.

        Raises:
            UnknownName: there is no such role, or no such person.
            InvalidAssignment: the person does not work here today.
            Stale: somebody else assigned it meanwhile.
        """
        with self._begin() as job:
            found = current_customer(job, customer)
            people, roles = job.organization.by_id("people"), job.organization.by_id("roles")
            if role not in roles:
                raise UnknownName("role", role, nearest(role, roles))
            if person not in people:
                raise UnknownName("person", person, nearest(person, people))
            if not people[person].employed(job.today()):
                raise InvalidAssignment(found.id, role, say("{person} does not work here today", person=person))
            current = current_assignment(job, found.id, role)
            if current is not None and current.person == person:
                return current
            return written(job, found, role, person, reason=AssignmentReason.BY_HAND, current=current, note=note)

    def release(self, customer: Customer | str, role: str, *, note: str | None = None) -> None:
        """Let nobody look after a customer in a role any longer; `who` and `cover` choose anew.

        Raises:
            NotThere: nobody does.
        """
        with self._begin() as job:
            found = current_customer(job, customer)
            current = job.unit.get(Assignment, current_id(found.id, role))
            job.unit.remove(current)
            job.unit.add(past(job, evolve(current, ended_because=note)))
            job.happened("customer-released", found, role=role, person=current.person)

    def of(self, customer: Customer | str) -> tuple[Assignment, ...]:
        """Return who looks after a customer now, by role."""
        with self._begin(read_only=True) as job:
            where = [Is("customer", id_of(customer)), Is("until", None)]
            return tuple(job.unit.each(Query(Assignment, where=where, order=[Order("role")])))

    def history(self, customer: Customer | str) -> tuple[Assignment, ...]:
        """Return who ever looked after a customer, in the order of their beginning."""
        with self._begin(read_only=True) as job:
            where = [Is("customer", id_of(customer))]
            return tuple(job.unit.each(Query(Assignment, where=where, order=[Order("since")])))

    def held_by(
        self, person: str, *, role: str | None = None, limit: int = 100, after: str | None = None
    ) -> Page[Assignment]:
        """Return one page of what somebody looks after now, the oldest first.

        Args:
            person: the person.
            role: in which role; None for all.
            limit: how many a page has.
            after: the cursor of the page before.
        """
        with self._begin(read_only=True) as job:
            where = [Is("person", person), Is("until", None), *([] if role is None else [Is("role", role)])]
            return job.unit.find(Query(Assignment, where=where, order=[Order("since")], limit=limit, after=after))

    def loads(self) -> Mapping[str, int]:
        """Return how many customers each person looks after now, a customer once for each role."""
        with self._begin(read_only=True) as job:
            found = job.unit.count_by(Assignment, ["person"], [Is("until", None)])
            return {person: count for (person,), count in found.items()}
