"""Consent: what a customer has agreed to, on which evidence, and what it has withdrawn."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from attrs import evolve, frozen

from crmcore.customers.current import current_customer, id_of
from crmcore.customers.failures import InvalidConsent
from crmcore.customers.records import Contact, Customer
from crmcore.customers.work import Desk, Job
from crmcore.language import say
from crmcore.storage import Entity, Filter, Is, Kind, Order, Query, UnitOfWork, personal, reference

__all__ = ["CONSENT", "Consent", "Consents", "consent_for", "purposes_agreed"]


@frozen(kw_only=True)
class Consent(Entity):
    """A customer, or one of its contacts, has agreed to something.

    Attributes:
        customer: the customer.
        contact: who agreed for himself or herself alone; None for the customer.
        purpose: to what, such as `marketing` or `newsletter`.
        channel: on which channel alone; None for all.
        evidence: how one knows: a form, a call, a message.
        given_at: when it was given.
        recorded_by: who wrote it down.
        withdrawn_at: when it was withdrawn; None while it holds.
        withdrawn_because: how one knows that.
    """

    customer: str = reference("customer")
    contact: str | None = reference("contact", default=None)
    purpose: str
    channel: str | None = None
    evidence: str = personal()
    given_at: datetime
    recorded_by: str
    withdrawn_at: datetime | None = None
    withdrawn_because: str | None = personal(default=None)


CONSENT = Kind("consent", Consent, indexed=[("purpose", "withdrawn_at")])


class Consents(Desk):
    """What customers have agreed to."""

    def give(
        self,
        customer: Customer | str,
        purpose: str,
        *,
        evidence: str,
        channel: str | None = None,
        contact: Contact | str | None = None,
        given_at: datetime | None = None,
    ) -> Consent:
        """Remember that a customer has agreed.

        Args:
            customer: the customer, or its id.
            purpose: to what.
            evidence: how one knows; consent without evidence is none.
            channel: on which channel alone; None for all.
            contact: who agreed for himself or herself alone; None for the customer.
            given_at: when, in UTC; None for now.

        Raises:
            InvalidConsent: there is no evidence or no purpose, it was given in the future, or the contact is another
                customer's.
        """
        with self._begin() as job:
            found = current_customer(job, customer)
            person = None if contact is None else _contact(job, found, contact)
            if not evidence.strip():
                raise InvalidConsent("evidence", say("say how one knows that the customer agreed"))
            if not purpose.strip():
                raise InvalidConsent("purpose", say("say what the customer agreed to"))
            if given_at is not None and given_at > job.now():
                raise InvalidConsent("given_at", say("it was given in the future"))
            consent = job.unit.add(
                Consent(
                    id=job.ids(),
                    customer=found.id,
                    contact=None if person is None else person.id,
                    purpose=purpose,
                    channel=channel,
                    evidence=evidence,
                    given_at=given_at or job.now(),
                    recorded_by=job.actor,
                )
            )
            job.happened("consent-given", found, consent=consent.id, purpose=purpose, channel=channel)
            return consent

    def withdraw(
        self,
        customer: Customer | str,
        purpose: str | None = None,
        *,
        because: str,
        channel: str | None = None,
        contact: Contact | str | None = None,
    ) -> tuple[Consent, ...]:
        """Withdraw consent at once, everywhere, and return what was withdrawn.

        Args:
            customer: the customer, or its id.
            purpose: for what; None for everything.
            because: how one knows.
            channel: on which channel: consent for all channels is withdrawn too, and given anew for no other; None for
                all channels.
            contact: whose; None for the customer's and that of all its contacts.
        """
        with self._begin() as job:
            found = current_customer(job, customer)
            whose = None if contact is None else _contact(job, found, contact).id
            ended = []
            for consent in _holding(job.unit, found.id, purpose):
                if (channel is None or consent.channel in (None, channel)) and whose in (None, consent.contact):
                    after = evolve(consent, withdrawn_at=job.now(), withdrawn_because=because)
                    ended.append(job.unit.put(after))
                    job.happened(
                        "consent-withdrawn", found, consent=consent.id, purpose=consent.purpose, channel=channel
                    )
            return tuple(ended)

    def allows(
        self,
        customer: Customer | str,
        purpose: str,
        *,
        channel: str | None = None,
        contact: Contact | str | None = None,
    ) -> Consent | None:
        """Return the consent by which something is allowed now; None where nothing allows it.

        Args:
            customer: the customer, or its id.
            purpose: for what.
            channel: on which channel; None asks for consent on all channels.
            contact: to whom; consent of the customer itself holds for all its contacts.
        """
        with self._begin(read_only=True) as job:
            whose = contact if contact is None or isinstance(contact, str) else contact.id
            channels = () if channel is None else (channel,)
            return consent_for(job.unit, id_of(customer), purpose, channels=channels, contact=whose)

    def of(self, customer: Customer | str) -> tuple[Consent, ...]:
        """Return all consent that a customer and its contacts ever gave, the oldest first."""
        with self._begin(read_only=True) as job:
            where = [Is("customer", id_of(customer))]
            return tuple(job.unit.each(Query(Consent, where=where, order=[Order("given_at")])))


def purposes_agreed(job: Job, customer: str) -> frozenset[str]:
    """Return the purposes to which a customer, or one of its contacts, has agreed on some channel."""
    return frozenset(consent.purpose for consent in _holding(job.unit, customer, None))


def consent_for(
    work: UnitOfWork, customer: str, purpose: str, *, channels: Iterable[str] = (), contact: str | None = None
) -> Consent | None:
    """Return the consent by which something is allowed now; None where nothing allows it.

    Args:
        work: a unit of work of the CRM.
        customer: the id of the customer.
        purpose: for what.
        channels: what the channel on which it happens is called; none asks for consent on all channels.
        contact: the id of the contact; consent of the customer itself holds for all its contacts.
    """
    admitted = {None, *channels}
    for consent in _holding(work, customer, purpose):
        if consent.channel in admitted and consent.contact in (None, contact):
            return consent
    return None


def _holding(work: UnitOfWork, customer: str, purpose: str | None) -> Iterator[Consent]:
    where: list[Filter] = [Is("customer", customer), Is("withdrawn_at", None)]
    if purpose is not None:
        where.append(Is("purpose", purpose))
    yield from tuple(work.each(Query(Consent, where=where, order=[Order("given_at")])))


def _contact(job: Job, customer: Customer, contact: Contact | str) -> Contact:
    found = job.unit.get(Contact, contact) if isinstance(contact, str) else contact
    if found.customer != customer.id:
        raise InvalidConsent("contact", say("{contact} is a contact of another customer", contact=found.id))
    return found
