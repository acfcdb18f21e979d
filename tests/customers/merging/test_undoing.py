"""A merge is taken back exactly, or it is said what was changed since; in every storage alike."""

import pickle
from collections import Counter

import pytest
from attrs import evolve, frozen
from crms import COMPANY, FIELDS, SteppingClock, numbered
from tenants import rows

from crmcore.crm import CRM
from crmcore.customers import ChangedSinceMerge, Customer, MergeRefused, MergeStep, Survivorship
from crmcore.plugins import Registry
from crmcore.storage import Entity, Is, Kind, MemoryStorage, NotThere, Query, reference

EAST = {"region": "Shanghai", "tier": "key"}


def pair(crm: CRM) -> tuple[Customer, Customer]:
    a = crm.customers.register("华为技术有限公司", attributes=EAST, id="a")
    b = crm.customers.register("华为", attributes={"region": "Sichuan"}, id="b", language="zh")
    for one in (a, b):
        crm.facts.learn(one, "interest", f"interest of {one.id}")
        crm.tags.add(one, "vip", one.id)
        contact = crm.contacts.add(one, f"contact of {one.id}")
        crm.contact_points.add(one, "phone", "138 1234 5678", contact=contact)
        crm.contact_points.add(one, "email", "info@huawei.com")
        crm.consents.give(one, "marketing", evidence="form")
        crm.tasks.add("call", owner="li.na", customer=one)
    crm.consents.withdraw(b, "marketing", because="mail")
    return a, b


def test_everything_is_as_it_was(every_crm: CRM) -> None:
    pair(every_crm)
    before = rows(every_crm)
    merge = every_crm.merging.merge("a", "b", Survivorship("other"))
    assert rows(every_crm) != before
    restored = every_crm.merging.undo(merge)
    assert (restored.id, restored.merged_into) == ("b", None)
    assert rows(every_crm) == before
    with pytest.raises(NotThere):
        every_crm.merging.undo(merge)


def test_it_can_be_merged_again(every_crm: CRM) -> None:
    pair(every_crm)
    every_crm.merging.undo(every_crm.merging.merge("a", "b"))
    once = every_crm.merging.merge("a", "b")
    merged = rows(every_crm)
    every_crm.merging.undo(once)
    every_crm.merging.merge("a", "b")
    kinds = Counter(kind for kind, _ in merged)
    assert Counter(kind for kind, _ in rows(every_crm)) == kinds


def test_a_chain_is_taken_back_from_its_end(every_crm: CRM) -> None:
    pair(every_crm)
    c = every_crm.customers.register("Huawei", id="c")
    every_crm.facts.learn(c, "budget", "much")
    first = rows(every_crm)
    into_b = every_crm.merging.merge("b", "c")
    second = rows(every_crm)
    into_a = every_crm.merging.merge("a", "b")
    assert every_crm.customers.get("c").merged_into == "a"
    assert every_crm.merging.into("c").id == "a"
    assert every_crm.facts.of("a")["budget"].value == "much"
    with pytest.raises(MergeRefused, match="b was merged into a since"):
        every_crm.merging.undo(into_b, keep=True)
    every_crm.merging.undo(into_a)
    assert rows(every_crm) == second
    every_crm.merging.undo(into_b)
    assert rows(every_crm) == first


def test_two_merges_into_one_are_taken_back_in_any_order(every_crm: CRM) -> None:
    pair(every_crm)
    c = every_crm.customers.register("Huawei", id="c")
    every_crm.facts.learn(c, "budget", "much")
    before = rows(every_crm)
    b_into_a = every_crm.merging.merge("a", "b")
    c_into_a = every_crm.merging.merge("a", "c")
    every_crm.merging.undo(b_into_a)
    every_crm.merging.undo(c_into_a)
    assert rows(every_crm) == before


def test_what_was_changed_since_is_named_and_nothing_is_done(every_crm: CRM) -> None:
    pair(every_crm)
    merge = every_crm.merging.merge("a", "b", Survivorship("other"))
    every_crm.customers.change("a", name="荣耀")
    (point,) = [one for one in every_crm.contact_points.of("a") if one.contact is None]
    every_crm.contact_points.verify(point)
    after = rows(every_crm)
    with pytest.raises(ChangedSinceMerge, match=r"customer 'a' \(name\)") as caught:
        every_crm.merging.undo(merge)
    assert caught.value.changes == (("customer", "a", ("name",)),)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)  # noqa: S301 (our own)
    assert rows(every_crm) == after


def test_what_was_changed_since_stays_where_one_asks_for_it(every_crm: CRM) -> None:
    pair(every_crm)
    merge = every_crm.merging.merge("a", "b", Survivorship("other"))
    every_crm.customers.change("a", name="荣耀")
    every_crm.facts.learn("a", "interest", "of both")
    every_crm.merging.undo(merge, keep=True)
    a, b = every_crm.customers.get("a"), every_crm.customers.get("b")
    assert (a.name, a.custom["region"]) == ("荣耀", "Shanghai")
    assert (b.name, b.merged_into) == ("华为", None)
    assert every_crm.facts.of("a")["interest"].value == "of both"
    assert every_crm.facts.of("b")["interest"].value == "interest of b"


def test_what_changed_in_other_fields_since_goes_back_with_the_record(every_crm: CRM) -> None:
    pair(every_crm)
    (task,) = every_crm.tasks.of("b")
    merge = every_crm.merging.merge("a", "b")
    every_crm.tasks.done(task.id, outcome="reached")
    every_crm.merging.undo(merge)
    (again,) = every_crm.tasks.of("b", closed=True)
    assert (again.id, again.customer, again.outcome) == (task.id, "b", "reached")


def test_what_was_made_since_stays_with_the_survivor_but_for_that_of_a_contact_that_goes_back(every_crm: CRM) -> None:
    pair(every_crm)
    (contact,) = every_crm.contacts.of("b")
    merge = every_crm.merging.merge("a", "b")
    every_crm.facts.learn("a", "budget", "much")
    every_crm.consents.give("a", "newsletter", evidence="form", contact=contact.id)
    every_crm.contact_points.add("a", "phone", "139 1234 5678", contact=contact.id)
    every_crm.merging.undo(merge)
    assert "budget" in every_crm.facts.of("a")
    assert every_crm.consents.allows("b", "newsletter", contact=contact.id) is not None
    every_crm.contact_points.add("b", "phone", "+86 139 1234 5678", contact=contact.id)
    assert len([one for one in every_crm.contact_points.of("b") if one.contact == contact.id]) == 2
    assert {one.customer for one in every_crm.contact_points.of("a")} == {"a"}


def test_both_are_recognised_again_each_by_its_own(every_crm: CRM) -> None:
    a = every_crm.customers.register("深圳市大疆创新科技有限公司")
    b = every_crm.customers.register("王府井百货有限公司")
    merge = every_crm.merging.merge(a, b)
    assert every_crm.duplicates.check("王府井百货有限公司") == ()
    every_crm.merging.undo(merge)
    assert [one.customer.id for one in every_crm.duplicates.check("王府井百货有限公司")] == [b.id]
    assert [one.customer.id for one in every_crm.duplicates.check("深圳市大疆创新科技有限公司")] == [a.id]


def test_a_merge_is_not_taken_back_once_what_it_keeps_is_forgotten(every_crm: CRM) -> None:
    pair(every_crm)
    merge = every_crm.merging.merge("a", "b")
    with every_crm.begin() as work:
        for step in tuple(work.job.unit.each(Query(MergeStep))):
            work.job.unit.remove(step)
    with pytest.raises(MergeRefused, match="erased since"):
        every_crm.merging.undo(merge)


def test_what_is_kept_of_a_contact_is_found_by_the_contact(every_crm: CRM) -> None:
    pair(every_crm)
    (contact,) = every_crm.contacts.of("b")
    with every_crm.begin() as work:
        point = next(one for one in work.contact_points.of("b") if one.contact == contact.id)
        twin = evolve(point, id="twin", customer="a", primary=False, version=0)
        work.job.unit.add(twin)
    every_crm.merging.merge("a", "b")
    with every_crm.begin(read_only=True) as work:
        kept = tuple(work.job.unit.each(Query(MergeStep, where=[Is("contact", contact.id)])))
    assert [one.record for one in kept] == [point.id]


@frozen(kw_only=True)
class Visit(Entity):
    """A record of a plugin, with two references to customers."""

    host: str = reference("customer")
    guest: str | None = reference("customer", default=None)
    said: str


class Visits:
    """A plugin that brings it."""

    @staticmethod
    def kinds() -> list[Kind]:
        return [Kind("visit", Visit)]


def test_records_of_plugins_are_moved_and_come_back() -> None:
    kinds = [*CRM.kinds(COMPANY, fields=FIELDS).values(), *Visits.kinds()]
    crm = CRM(
        MemoryStorage(type(CRM.kinds(COMPANY))(kinds)),
        organization=COMPANY,
        clock=SteppingClock(),
        ids=numbered(),
        plugins=Registry.installed(),
    )
    pair(crm)
    with crm.begin() as work:
        work.job.unit.add(Visit(id="v1", host="b", guest="a", said="hello"))
        work.job.unit.add(Visit(id="v2", host="b", guest="b", said="hello"))
    before = rows(crm)
    merge = crm.merging.merge("a", "b")
    with crm.begin(read_only=True) as work:
        visits = [work.job.unit.get(Visit, id_) for id_ in ("v1", "v2")]
    assert [(one.host, one.guest) for one in visits] == [("a", "a"), ("a", "a")]
    crm.merging.undo(merge)
    assert rows(crm) == before
