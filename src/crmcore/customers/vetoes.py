"""Vetoes: somebody whose duty it is says that what is promised to a customer cannot be kept."""

from datetime import datetime

from attrs import evolve, frozen

from crmcore.customers.attributes import point_of
from crmcore.customers.current import current_customer, id_of
from crmcore.customers.failures import NotEntitled
from crmcore.customers.records import Customer
from crmcore.customers.work import Desk, Job
from crmcore.errors import Unanswered
from crmcore.language import say
from crmcore.responsibility import Question
from crmcore.storage import Entity, Is, Kind, Order, Query, personal, reference

__all__ = ["VETO", "Veto", "Vetoes", "standing_vetoes"]


@frozen(kw_only=True)
class Veto(Entity):
    """Somebody objects to what is promised to a customer; until it is withdrawn, the customer does not move on.

    Attributes:
        customer: the customer.
        touchpoint: where it is promised.
        role: the role whose duty the veto is.
        raised_by: who raised it.
        because: why.
        raised_at: when.
        withdrawn_at: when it was withdrawn; None while it stands.
        withdrawn_by: who withdrew it.
    """

    customer: str = reference("customer")
    touchpoint: str
    role: str
    raised_by: str
    because: str = personal()
    raised_at: datetime
    withdrawn_at: datetime | None = None
    withdrawn_by: str | None = None


VETO = Kind("veto", Veto)


class Vetoes(Desk):
    """Objections to what is promised to customers."""

    def raise_(self, customer: Customer | str, touchpoint: str, because: str) -> Veto:
        """Object to what is promised to a customer; only who holds a role with the duty `veto` there can.

        Args:
            customer: the customer, or its id.
            touchpoint: where it is promised.
            because: why it cannot be kept.

        Raises:
            UnknownName: there is no such touchpoint.
            NotEntitled: the actor holds no role that has a veto there.
        """
        with self._begin() as job:
            found = current_customer(job, customer)
            role = self._role(job, found, touchpoint)
            veto = job.unit.add(
                Veto(
                    id=job.ids(),
                    customer=found.id,
                    touchpoint=touchpoint,
                    role=role,
                    raised_by=job.actor,
                    because=because,
                    raised_at=job.now(),
                )
            )
            job.happened("veto-raised", found, veto=veto.id, touchpoint=touchpoint, role=role)
            return veto

    def withdraw(self, veto: Veto | str) -> Veto:
        """Withdraw a veto; whoever could raise it can.

        Raises:
            NotEntitled: the actor holds no role that has a veto there.
        """
        with self._begin() as job:
            before = job.unit.get(Veto, veto) if isinstance(veto, str) else veto
            if before.withdrawn_at is not None:
                return before
            found = current_customer(job, before.customer)
            self._role(job, found, before.touchpoint)
            after = job.unit.put(evolve(before, withdrawn_at=job.now(), withdrawn_by=job.actor))
            job.happened("veto-withdrawn", found, veto=after.id, touchpoint=after.touchpoint)
            return after

    def standing(self, customer: Customer | str) -> tuple[Veto, ...]:
        """Return the vetoes that stand against what is promised to a customer, the oldest first."""
        with self._begin(read_only=True) as job:
            return standing_vetoes(job, id_of(customer))

    def _role(self, job: Job, customer: Customer, touchpoint: str) -> str:
        """Return the role by which the actor has a veto."""
        question = Question(
            touchpoint,
            duty="veto",
            customer=point_of(customer.custom, job.organization),
            stage=customer.stage,
            day=job.today(),
        )
        what = say("veto {touchpoint}", touchpoint=touchpoint)
        try:
            answer = job.organization.who(question)
        except Unanswered:
            raise NotEntitled(job.actor, what, ()) from None
        if job.actor not in {person.id for person in answer.pool}:
            raise NotEntitled(job.actor, what, tuple(person.id for person in answer.pool))
        return answer.role.id


def standing_vetoes(job: Job, customer: str) -> tuple[Veto, ...]:
    """Return the vetoes that stand against what is promised to a customer, the oldest first."""
    where = [Is("customer", customer), Is("withdrawn_at", None)]
    return tuple(job.unit.each(Query(Veto, where=where, order=[Order("raised_at")])))
