"""Interactions: a call, a visit, a letter: who spoke with whom, when, about what, and what comes next."""

from datetime import datetime
from enum import StrEnum

from attrs import evolve, field, frozen

from crmcore.customers.current import contact_of, current_customer, id_of
from crmcore.customers.failures import InvalidDetail
from crmcore.customers.records import Contact, Customer
from crmcore.customers.tasks import Tasks
from crmcore.customers.work import Desk, Job
from crmcore.errors import UnknownName, nearest
from crmcore.language import say
from crmcore.storage import Entity, Is, Kind, Order, Page, Query, personal, reference

__all__ = ["INTERACTION", "Direction", "Interaction", "Interactions", "NextStep"]


class Direction(StrEnum):
    """Who turned to whom."""

    IN = "in"
    OUT = "out"


@frozen(kw_only=True)
class Interaction(Entity):
    """Somebody of the company spoke with a customer.

    Attributes:
        customer: the customer.
        contact: with whom there; None where nobody knows.
        channel: on which channel, such as `phone` or `visit`.
        direction: whether the customer turned to the company, or the company to it.
        person: who of the company: the id of a person; None for a program.
        touchpoint: where in the journey; None for nowhere in particular.
        happened_at: when.
        subject: what about.
        body: what was said.
        outcome: what came of it.
        task: the next step; None for none.
        recorded_by: who wrote it down.
        recorded_at: when.
    """

    customer: str = reference("customer")
    contact: str | None = reference("contact", default=None)
    channel: str
    direction: Direction = field(converter=Direction)
    person: str | None = None
    touchpoint: str | None = None
    happened_at: datetime
    subject: str = personal(default="")
    body: str = personal(default="")
    outcome: str | None = personal(default=None)
    task: str | None = reference("task", default=None)
    recorded_by: str
    recorded_at: datetime


INTERACTION = Kind(
    "interaction",
    Interaction,
    indexed=[("customer", "happened_at"), ("person", "happened_at"), ("touchpoint", "happened_at"), "channel"],
)


@frozen
class NextStep:
    """What is to be done next.

    Attributes:
        title: what.
        owner: by whom: the id of a person; None for whoever spoke with the customer.
        due: until when, in UTC; None for no time in particular.
    """

    title: str
    owner: str | None = field(default=None, kw_only=True)
    due: datetime | None = field(default=None, kw_only=True)


class Interactions(Desk):
    """What was spoken with customers."""

    def record(
        self,
        customer: Customer | str,
        channel: str,
        direction: Direction | str,
        *,
        subject: str = "",
        body: str = "",
        outcome: str | None = None,
        contact: Contact | str | None = None,
        person: str | None = None,
        touchpoint: str | None = None,
        happened_at: datetime | None = None,
        next_step: NextStep | None = None,
    ) -> Interaction:
        """Write down what was spoken; the next step becomes a task. The timeline has it at the time it happened.

        Args:
            customer: the customer, or its id.
            channel: on which channel, such as `phone`.
            direction: `in` when the customer turned to the company, else `out`.
            subject: what about.
            body: what was said.
            outcome: what came of it.
            contact: with whom there.
            person: who of the company; None for the actor, where that is a person of it.
            touchpoint: where in the journey.
            happened_at: when, in UTC; None for now.
            next_step: what is to be done next.

        Raises:
            InvalidDetail: there is no channel or no such direction, it lies in the future, or nobody has the next step.
            UnknownName: the organization has no such person or touchpoint.
            InvalidCustomer: the contact is another customer's, or the customer was merged into another.
            InvalidTask: the next step has no title, or its owner does not work here.
        """
        with self._begin() as job:
            of = current_customer(job, customer)
            met = None if contact is None else contact_of(job, of, contact).id
            who = _person(job, person)
            at = job.now() if happened_at is None else happened_at
            if not channel.strip():
                raise InvalidDetail(INTERACTION.name, "channel", say("say on which channel"))
            if at > job.now():
                raise InvalidDetail(INTERACTION.name, "happened_at", say("it lies in the future"))
            _known_touchpoint(job, touchpoint)
            spoken = Interaction(
                id=job.ids(),
                customer=of.id,
                contact=met,
                channel=channel,
                direction=_direction(direction),
                person=who,
                touchpoint=touchpoint,
                happened_at=at,
                subject=subject.strip(),
                body=body,
                outcome=outcome,
                recorded_by=job.actor,
                recorded_at=job.now(),
            )
            event = job.event(
                "interaction-recorded",
                of,
                interaction=spoken.id,
                channel=channel,
                direction=spoken.direction.value,
                touchpoint=touchpoint,
                contact=met,
            )
            job.tell([event if happened_at is None else evolve(event, at=at)])
            if next_step is not None:
                owner = next_step.owner or who
                if owner is None:
                    raise InvalidDetail(INTERACTION.name, "next_step", say("say who does it"))
                task = Tasks.within(job).add(next_step.title, owner=owner, customer=of, due=next_step.due)
                spoken = evolve(spoken, task=task.id)
            return job.unit.add(spoken)

    def get(self, id: str) -> Interaction:  # noqa: A002 (a record's id is called so everywhere)
        """Return an interaction.

        Raises:
            NotThere: there is none of that id.
        """
        with self._begin(read_only=True) as job:
            return job.unit.get(Interaction, id)

    def of(self, customer: Customer | str, *, limit: int = 100, after: str | None = None) -> Page[Interaction]:
        """Return one page of what was spoken with a customer, the newest first.

        Args:
            customer: the customer, or its id.
            limit: how many a page has.
            after: the cursor of the page before.
        """
        with self._begin(read_only=True) as job:
            order = [Order("happened_at", descending=True)]
            where = [Is("customer", id_of(customer))]
            return job.unit.find(Query(Interaction, where=where, order=order, limit=limit, after=after))


def _person(job: Job, person: str | None) -> str | None:
    people = job.organization.by_id("people")
    if person is None:
        return job.actor if job.actor in people else None
    if person not in people:
        raise UnknownName("person", person, nearest(person, people))
    return person


def _known_touchpoint(job: Job, touchpoint: str | None) -> None:
    touchpoints = job.organization.responsibilities.touchpoints
    if touchpoint is not None and touchpoint not in touchpoints:
        raise UnknownName("touchpoint", touchpoint, nearest(touchpoint, touchpoints))


def _direction(direction: Direction | str) -> Direction:
    try:
        return Direction(direction)
    except ValueError:
        raise InvalidDetail(
            INTERACTION.name, "direction", say("it is in or out, not {value!r}", value=str(direction))
        ) from None
