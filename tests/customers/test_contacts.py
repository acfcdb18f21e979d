"""Contacts of customers; in every storage alike."""

import pytest

from crmcore.crm import CRM
from crmcore.customers import BuyingRole, InvalidCustomer, UnknownField
from crmcore.storage import Event, Is, NotThere, Query


def test_the_first_contact_is_the_primary_one_and_there_is_never_a_second(every_crm: CRM) -> None:
    customer = every_crm.customers.register("华为")
    first = every_crm.contacts.add(customer, "王伟", title="采购总监", buying_role="business-decision-maker")
    second = every_crm.contacts.add(customer, "李雷")
    assert first.primary
    assert first.buying_role is BuyingRole.BUSINESS_DECISION_MAKER
    assert not second.primary
    assert every_crm.contacts.prefer(second).primary
    third = every_crm.contacts.add(customer, "韩梅梅", primary=True)
    assert [one.name for one in every_crm.contacts.of(customer) if one.primary] == ["韩梅梅"]
    assert every_crm.contacts.of(customer)[0] == every_crm.contacts.get(third.id)


def test_who_has_left_is_remembered_and_no_longer_first(every_crm: CRM) -> None:
    customer = every_crm.customers.register("华为")
    contact = every_crm.contacts.add(customer, "王伟")
    gone = every_crm.contacts.leave(contact)
    assert gone.left_at is not None
    assert every_crm.contacts.leave(gone) == gone
    assert every_crm.contacts.of(customer) == ()
    assert [one.name for one in every_crm.contacts.of(customer, gone=True)] == ["王伟"]
    with pytest.raises(InvalidCustomer, match="has left the customer"):
        every_crm.contacts.prefer(gone)


def test_a_change_is_told_at_the_customer_without_what_it_says(crm: CRM) -> None:
    customer = crm.customers.register("华为")
    contact = crm.contacts.add(customer, "王伟", fields={"wechat_name": "老王"})
    changed = crm.contacts.change(contact, title="总经理", fields={"wechat_name": None})
    assert (changed.title, changed.custom) == ("总经理", {})
    assert crm.contacts.change(changed, title="总经理") == changed
    with crm.begin(read_only=True) as work:
        told = work.job.unit.find(Query(Event, where=[Is("name", "contact-changed"), Is("subject", customer.id)]))
    assert [event.payload for event in told] == [{"contact": contact.id, "fields": ["title", "wechat_name"]}]


def test_what_a_contact_cannot_have_is_refused(crm: CRM) -> None:
    customer = crm.customers.register("华为")
    with pytest.raises(InvalidCustomer, match="a contact has a name"):
        crm.contacts.add(customer, "")
    with pytest.raises(InvalidCustomer, match="'boss' is no role in buying"):
        crm.contacts.add(customer, "王伟", buying_role="boss")
    with pytest.raises(UnknownField, match="did you mean 'wechat_name'"):
        crm.contacts.add(customer, "王伟", fields={"wechat_nam": "老王"})
    contact = crm.contacts.add(customer, "王伟")
    with pytest.raises(UnknownField, match="did you mean 'title'"):
        crm.contacts.change(contact, titel="x")
    with pytest.raises(NotThere):
        crm.contacts.get("nobody")


def test_a_contact_that_has_gone_to_another_customer_since_it_was_read_is_refused(every_crm: CRM) -> None:
    stays, gone = every_crm.customers.register("华为"), every_crm.customers.register("华为技术")
    person = every_crm.contacts.add(stays, "王伟")
    every_crm.merging.merge(gone, stays)
    with pytest.raises(InvalidCustomer, match="another customer"):
        every_crm.notes.add(every_crm.customers.register("小米科技"), "王伟说", contact=person)
    assert every_crm.notes.add(gone.id, "王伟说", contact=person).contact == person.id
