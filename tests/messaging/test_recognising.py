"""Whoever writes is recognised by the address from which the message came, so that nobody is taken for a stranger."""

from crms import COMPANY, SteppingClock, numbered
from letters import START, written

from crmcore.crm import CRM
from crmcore.customers import Customer
from crmcore.messaging import Address, IncomingMessage, MemoryChannel, Receiver, known_sender
from crmcore.storage import MemoryStorage


def opened() -> CRM:
    return CRM.open(MemoryStorage, organization=COMPANY, clock=SteppingClock(START), ids=numbered())


def from_(address: str, id_: str = "m") -> IncomingMessage:
    return written(id_, sender=Address("email", address))


def recognised(crm: CRM, message: IncomingMessage) -> tuple[str, str] | None:
    with crm.begin(read_only=True) as work:
        return known_sender(work.job.unit, message)


def test_a_contact_is_recognised_before_the_customer(every_crm: CRM) -> None:
    customer = every_crm.customers.register("华为")
    person = every_crm.contacts.add(customer, "王伟")
    every_crm.contact_points.add(customer, "email", "info@example.com")
    every_crm.contact_points.add(customer, "email", "wei@example.com", contact=person)
    assert recognised(every_crm, from_("Info@Example.com")) == ("customer", customer.id)
    assert recognised(every_crm, from_("wei@example.com")) == ("contact", person.id)


def test_an_address_of_several_is_that_of_what_they_have_in_common() -> None:
    crm = opened()
    customer, other = crm.customers.register("华为"), crm.customers.register("中兴")
    for name in ("王伟", "李雷"):
        crm.contact_points.add(customer, "email", "office@example.com", contact=crm.contacts.add(customer, name))
        crm.contact_points.add(customer, "email", "shared@example.com", contact=crm.contacts.add(customer, name))
    crm.contact_points.add(other, "email", "shared@example.com")
    assert recognised(crm, from_("office@example.com")) == ("customer", customer.id)
    assert recognised(crm, from_("shared@example.com")) is None


def test_nobody_is_recognised_by_what_is_no_address() -> None:
    crm = opened()
    for sender in (None, Address("email", "nonsense"), Address("pigeon", "home"), Address("email", "new@example.com")):
        assert recognised(crm, written(sender=sender)) is None


def test_a_reply_is_told_in_the_timeline_of_who_wrote_it_and_makes_no_new_customer() -> None:
    crm = opened()
    customer = crm.customers.register("华为")
    person = crm.contacts.add(customer, "王伟")
    crm.contact_points.add(customer, "email", "wei@example.com", contact=person)
    channel = MemoryChannel(inbox=[from_("WEI@example.com")])
    receiver = Receiver(
        storage=crm.storage,
        tenant=crm.tenant,
        name="email",
        channel=channel,
        clock=lambda: START,
        recognise=known_sender,
    )
    receiver.run_once()
    (entry,) = crm.timeline(customer, kinds=["message"])
    assert str(entry) == "a message came by email: 回复：续约"
    assert getattr(entry.record, "contact", None) == person.id
    assert crm.customers.count() == 1
    crm.privacy.erase(crm.customers.get(customer.id))
    with crm.begin(read_only=True) as work:
        assert work.job.unit.get(Customer, customer.id).erased_at == START
    (entry,) = crm.timeline(customer, kinds=["message"])
    assert str(entry) == "a message came by email: [erased]"
