"""By what customers are reached, and how whoever writes or calls is recognised."""

import pytest

from crmcore.crm import CRM
from crmcore.customers import InvalidCustomer
from crmcore.customers.contact_points import ContactKind, InvalidContactPoint
from crmcore.errors import UnknownName
from crmcore.storage import NotThere


def test_whoever_writes_or_calls_is_found_however_the_address_is_typed(every_crm: CRM) -> None:
    customer = every_crm.customers.register("华为")
    person = every_crm.contacts.add(customer, "王伟")
    phone = every_crm.contact_points.add(customer, "phone", "138 0013 8000", contact=person, label="work")
    mail = every_crm.contact_points.add(customer, "email", "Wei.Wang@Example.com")
    assert (phone.value, phone.contact, phone.details["type"]) == ("+8613800138000", person.id, "mobile")
    assert every_crm.contact_points.find("phone", "+86-138-0013-8000") == (phone,)
    assert every_crm.contact_points.find("email", "王伟 <wei.wang@EXAMPLE.com>") == (mail,)
    assert every_crm.contact_points.find("email", "somebody@example.com") == ()


def test_an_owner_has_a_contact_point_once_and_others_may_share_it(every_crm: CRM) -> None:
    customer = every_crm.customers.register("华为")
    person = every_crm.contacts.add(customer, "王伟")
    first = every_crm.contact_points.add(customer, "phone", "010-62781234")
    assert every_crm.contact_points.add(customer, "phone", "+86 10 6278 1234") == first
    shared = every_crm.contact_points.add(customer, "phone", "010-62781234", contact=person)
    assert {one.id for one in every_crm.contact_points.find("phone", "01062781234")} == {first.id, shared.id}
    assert every_crm.contact_points.of(customer, contact=person) == (shared,)


def test_one_of_a_kind_and_owner_is_used_first(every_crm: CRM) -> None:
    customer = every_crm.customers.register("华为")
    one = every_crm.contact_points.add(customer, "email", "one@example.com")
    two = every_crm.contact_points.add(customer, "email", "two@example.com")
    phone = every_crm.contact_points.add(customer, "phone", "13800138000")
    assert (one.primary, two.primary, phone.primary) == (True, False, True)
    every_crm.contact_points.prefer(two)
    assert [p.value for p in every_crm.contact_points.of(customer, kind="email")] == [
        "two@example.com",
        "one@example.com",
    ]
    three = every_crm.contact_points.add(customer, "email", "three@example.com", primary=True)
    assert [p.primary for p in every_crm.contact_points.of(customer, kind=ContactKind.EMAIL)] == [True, False, False]
    every_crm.contact_points.remove(three)
    assert sorted(p.primary for p in every_crm.contact_points.of(customer, kind="email")) == [False, True]
    with pytest.raises(NotThere):
        every_crm.contact_points.get(three.id)


def test_what_reaches_nobody_is_refused_and_nothing_is_written(crm: CRM) -> None:
    customer, other = crm.customers.register("华为"), crm.customers.register("中兴")
    stranger = crm.contacts.add(other, "王伟")
    with pytest.raises(InvalidContactPoint, match="phone"):
        crm.contact_points.add(customer, "phone", "一二")
    with pytest.raises(UnknownName, match="email"):
        crm.contact_points.add(customer, "emial", "a@example.com")
    with pytest.raises(InvalidCustomer, match="another customer"):
        crm.contact_points.add(customer, "email", "a@example.com", contact=stranger)
    assert crm.contact_points.of(customer) == ()


def test_a_long_address_is_kept_whole_and_found_again(every_crm: CRM) -> None:
    customer = every_crm.customers.register("华为")
    text = "广东省深圳市龙岗区坂田街道" + "很长的路" * 60 + "1号"
    every_crm.contact_points.add(customer, "address", text + "2室")
    point = every_crm.contact_points.add(customer, "address", text)
    assert point.value.endswith("1号")
    assert every_crm.contact_points.find("address", text) == (point,)
    assert point.details["city"] == "深圳市"


def test_it_is_remembered_that_a_contact_point_was_verified(every_crm: CRM) -> None:
    customer = every_crm.customers.register("华为")
    point = every_crm.contact_points.add(customer, "email", "a@example.com")
    assert point.verified_at is None
    assert every_crm.contact_points.verify(point.id).verified_at is not None
