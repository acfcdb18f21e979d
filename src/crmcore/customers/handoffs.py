"""Handoffs: a department takes a customer from another, sees at once what is known, or returns it with a reason."""

from collections.abc import Iterator

from attrs import evolve

from crmcore.customers.appointing import release_idle
from crmcore.customers.current import current_customer, id_of
from crmcore.customers.facts import known_facts
from crmcore.customers.failures import HandoffRefused, NotEntitled
from crmcore.customers.handing_over import open_handoffs
from crmcore.customers.handoff_records import Checklist, CustomerHandoff, HandoffState
from crmcore.customers.records import Customer
from crmcore.customers.work import Desk, Job
from crmcore.language import say
from crmcore.organization import Organization
from crmcore.storage import Below, Is, Order, Page, Query

__all__ = ["Handoffs"]


class Handoffs(Desk):
    """Handoffs of customers between departments. They are opened by what makes them necessary."""

    def of(self, customer: Customer | str) -> tuple[CustomerHandoff, ...]:
        """Return all handoffs of a customer, the oldest first."""
        with self._begin(read_only=True) as job:
            where = [Is("customer", id_of(customer))]
            return tuple(job.unit.each(Query(CustomerHandoff, where=where, order=[Order("opened_at")])))

    def open(self, customer: Customer | str) -> tuple[CustomerHandoff, ...]:
        """Return the handoffs of a customer that nobody has taken yet; who gives it is accountable so long."""
        with self._begin(read_only=True) as job:
            return open_handoffs(job, id_of(customer))

    def inbox(self, department: str, *, limit: int = 100, after: str | None = None) -> Page[CustomerHandoff]:
        """Return one page of the handoffs that are offered to a department, the most urgent first.

        Args:
            department: its id.
            limit: how many a page has.
            after: the cursor of the page before.
        """
        with self._begin(read_only=True) as job:
            where = [Is("to_department", department), Is("state", HandoffState.OFFERED.value)]
            order = [Order("due"), Order("opened_at")]
            return job.unit.find(Query(CustomerHandoff, where=where, order=order, limit=limit, after=after))

    def checklist(self, handoff: CustomerHandoff | str) -> Checklist:
        """Return what goes along with a customer: what is known, and what is missing."""
        with self._begin(read_only=True) as job:
            return _checklist(job, _current(job, handoff))

    def accept(self, handoff: CustomerHandoff | str, *, despite_missing: bool = False) -> CustomerHandoff:
        """Take a customer: from now on the department that takes it is accountable.

        Whoever looked after the customer in a role that no longer answers in its stage does so no longer.

        Args:
            handoff: the handoff, or its id.
            despite_missing: whether it is taken although facts are missing that it should carry.

        Raises:
            HandoffRefused: it is not offered, or facts are missing.
            NotEntitled: the actor is a person of another department.
        """
        with self._begin() as job:
            before = _offered(job, handoff)
            checklist = _checklist(job, before)
            if checklist.missing and not despite_missing:
                missing = ", ".join(checklist.missing)
                raise HandoffRefused(
                    before.id, say("nobody knows {facts} yet: return it, or take it despite that", facts=missing)
                )
            after = job.unit.put(
                evolve(before, state=HandoffState.ACCEPTED, settled_by=job.actor, settled_at=job.now())
            )
            customer = job.unit.get(Customer, after.customer)
            job.happened(
                "handoff-accepted",
                customer,
                handoff=after.id,
                to_department=after.to_department,
                missing=list(checklist.missing),
            )
            release_idle(job, customer)
            return after

    def return_(self, handoff: CustomerHandoff | str, reason: str) -> CustomerHandoff:
        """Give a customer back: who gave it stays accountable, and has to mend what is named.

        Args:
            handoff: the handoff, or its id.
            reason: what is wrong, in words.

        Raises:
            HandoffRefused: it is not offered, or there is no reason.
            NotEntitled: the actor is a person of another department.
        """
        with self._begin() as job:
            before = _offered(job, handoff)
            if not reason.strip():
                raise HandoffRefused(before.id, say("say what is wrong with it"))
            after = job.unit.put(
                evolve(
                    before,
                    state=HandoffState.RETURNED,
                    settled_by=job.actor,
                    settled_at=job.now(),
                    reason=reason.strip(),
                )
            )
            self._tell(job, "handoff-returned", after)
            return after

    def offer_again(self, handoff: CustomerHandoff | str) -> CustomerHandoff:
        """Offer a customer again that was returned; the deadline begins anew.

        Raises:
            HandoffRefused: it was not returned.
        """
        with self._begin() as job:
            before = _current(job, handoff)
            if before.state is not HandoffState.RETURNED:
                raise HandoffRefused(before.id, say("it was not returned, it is {state}", state=before.state.value))
            due = None
            if before.due is not None:
                due = job.hours.add(job.now(), job.hours.between(before.opened_at, before.due).time).at
            after = job.unit.put(
                evolve(
                    before,
                    state=HandoffState.OFFERED,
                    due=due,
                    settled_by=None,
                    settled_at=None,
                    escalated_at=None,
                    escalated_to=None,
                )
            )
            self._tell(job, "handoff-offered-again", after)
            return after

    def late(self) -> Iterator[CustomerHandoff]:
        """Yield the handoffs that should have been taken by now, the latest first."""
        with self._begin(read_only=True) as job:
            yield from _late(job)

    def escalate(self) -> tuple[CustomerHandoff, ...]:
        """Tell the lead of the department that should have taken it, of each handoff that is late; once of each.

        Where the department has no lead, it is who leads the customers. An event tells it, from which notifiers learn.
        """
        with self._begin() as job:
            told = []
            for handoff in tuple(_late(job)):
                if handoff.escalated_at is None:
                    person = _lead(job.organization, handoff.to_department)
                    after = job.unit.put(evolve(handoff, escalated_at=job.now(), escalated_to=person))
                    told.append(after)
                    self._tell(job, "handoff-late", after, escalated_to=person)
            return tuple(told)

    def _tell(self, job: Job, name: str, handoff: CustomerHandoff, **payload: str | None) -> None:
        customer = job.unit.get(Customer, handoff.customer)
        job.happened(name, customer, handoff=handoff.id, to_department=handoff.to_department, **payload)


def _current(job: Job, handoff: CustomerHandoff | str) -> CustomerHandoff:
    return job.unit.get(CustomerHandoff, handoff) if isinstance(handoff, str) else handoff


def _offered(job: Job, handoff: CustomerHandoff | str) -> CustomerHandoff:
    """Return a handoff that the actor can take or return."""
    found = _current(job, handoff)
    current_customer(job, found.customer, alone=True)
    if found.state is not HandoffState.OFFERED:
        raise HandoffRefused(found.id, say("it is not offered, it is {state}", state=found.state.value))
    person = job.organization.by_id("people").get(job.actor)
    if person is not None and not _belongs(job.organization, person.department, found.to_department):
        entitled = tuple(
            one.id for one in job.organization.people if _belongs(job.organization, one.department, found.to_department)
        )
        raise NotEntitled(job.actor, say("take or return {handoff}", handoff=found.id), entitled)
    return found


def _belongs(organization: Organization, department: str | None, above: str) -> bool:
    """Whether a department is another, or belongs to it."""
    departments = organization.by_id("departments")
    seen: set[str] = set()
    while department is not None and department not in seen:
        if department == above:
            return True
        seen.add(department)
        department = departments[department].parent if department in departments else None
    return False


def _checklist(job: Job, handoff: CustomerHandoff) -> Checklist:
    known = known_facts(job, handoff.customer)
    return Checklist(
        handoff,
        tuple(known[name] for name in handoff.carries if name in known),
        tuple(name for name in handoff.carries if name not in known),
    )


def _late(job: Job) -> Iterator[CustomerHandoff]:
    where = [Is("state", HandoffState.OFFERED.value), Below("due", job.now())]
    yield from job.unit.each(Query(CustomerHandoff, where=where, order=[Order("due")]))


def _lead(organization: Organization, department: str) -> str | None:
    """Return who leads a department, or else the customers."""
    found = organization.by_id("departments").get(department)
    if found is not None and found.lead is not None:
        lead: str = found.lead
        return lead
    leaders = {role.id for role in organization.roles if role.leads_customers}
    return next((holder for entry in organization.staffing if entry.role in leaders for holder in entry.holders), None)
