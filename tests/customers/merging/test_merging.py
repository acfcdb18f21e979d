"""Two customers become one with all that is known of both; shown first, in one transaction, in every storage alike."""

import pytest
from crms import COMPANY, SteppingClock

from crmcore.crm import CRM
from crmcore.customers import (
    AssignmentReason,
    Choice,
    Customer,
    HandoffState,
    InvalidCustomer,
    MergeRefused,
    Survivorship,
    TaskState,
    UnknownField,
)
from crmcore.storage import Event, Is, NotThere, Query, Stale

EAST, WEST = {"region": "Shanghai", "tier": "key"}, {"region": "Sichuan", "tier": "key"}


def clock(crm: CRM) -> SteppingClock:
    return crm._clock  # type: ignore[return-value]


def pair(crm: CRM, **options: object) -> tuple[Customer, Customer]:
    return (
        crm.customers.register("华为技术有限公司", attributes=EAST, id="a", **options),  # type: ignore[arg-type]
        crm.customers.register("华为技术", attributes=EAST, id="b", **options),  # type: ignore[arg-type]
    )


def referring(crm: CRM, customer: str) -> list[tuple[str, str]]:
    """Whatever refers to a customer, but for merges."""
    with crm.begin(read_only=True) as work:
        return [
            (kind.name, one.id)
            for kind, name in work.job.kinds.references["customer"]
            if kind.name != "merge"
            for one in work.job.unit.each(Query(kind.record, where=[Is(name, customer)]))
        ]


def test_the_survivor_has_everything_that_the_other_had(every_crm: CRM) -> None:
    a, b = pair(every_crm)
    contact = every_crm.contacts.add(b, "李雷")
    every_crm.contact_points.add(b, "phone", "138 1234 5678", contact=contact)
    every_crm.facts.learn(b, "interest", "ERP")
    every_crm.consents.give(b, "marketing", evidence="form")
    every_crm.tags.add(b, "vip")
    every_crm.notes.add(b, "likes tea")
    task = every_crm.tasks.add("call back", owner="li.na", customer=b)
    child = every_crm.customers.register("海思", parent=b.id)
    merge = every_crm.merging.merge(a, b)
    assert [one.id for one in every_crm.contacts.of(a)] == [contact.id]
    assert [one.shown for one in every_crm.contact_points.of(a)] != []
    assert every_crm.facts.of(a)["interest"].value == "ERP"
    assert every_crm.consents.allows(a, "marketing") is not None
    assert every_crm.tags.of(a) == ("vip",)
    assert every_crm.tasks.get(task.id).customer == a.id
    assert every_crm.customers.get(child.id).parent == a.id
    assert every_crm.customers.get(b.id).merged_into == a.id
    assert referring(every_crm, b.id) == []
    assert every_crm.merging.of(a) == (merge,)
    assert every_crm.merging.into(b).id == a.id
    assert [one.id for one in every_crm.customers.find()] == ["a", child.id]
    with pytest.raises(InvalidCustomer, match="was merged into a"):
        every_crm.facts.learn(b, "interest", "CRM")


def test_what_is_learned_later_meets_what_was_moved(every_crm: CRM) -> None:
    a, b = pair(every_crm)
    every_crm.facts.learn(b, "interest", "ERP")
    every_crm.tags.add(b, "VIP")
    every_crm.contact_points.add(b, "phone", "138 1234 5678")
    every_crm.preferences.set(b, "channel", "phone")
    every_crm.merging.merge(a, b)
    every_crm.facts.learn(a, "interest", "CRM")
    every_crm.tags.add(a, "vip")
    every_crm.contact_points.add(a, "phone", "+86 138 1234 5678")
    every_crm.preferences.set(a, "channel", "email")
    assert every_crm.facts.of(a)["interest"].value == "CRM"
    assert len(every_crm.tags.of(a)) == len(every_crm.contact_points.of(a)) == len(every_crm.preferences.of(a)) == 1


def test_the_team_of_the_survivor_stays_and_nobody_has_a_role_twice(every_crm: CRM) -> None:
    a, b = pair(every_crm)
    every_crm.assignments.assign(a, "account-manager", "liu.yang")
    every_crm.assignments.assign(b, "account-manager", "li.na")
    task = every_crm.tasks.add("call back", owner="li.na", customer=b)
    every_crm.merging.merge(a, b)
    assert {one.role: one.person for one in every_crm.assignments.of(a)}["account-manager"] == "liu.yang"
    assert len({one.role for one in every_crm.assignments.of(a)}) == len(every_crm.assignments.of(a))
    ended = [one for one in every_crm.assignments.history(a) if one.reason is AssignmentReason.MERGED]
    assert ("account-manager", "li.na") in {(one.role, one.person) for one in ended}
    assert all(one.until is not None for one in ended)
    assert every_crm.tasks.get(task.id).owner == "liu.yang"
    assert every_crm.assignments.of(b) == ()


def test_who_looks_after_the_other_fills_a_role_that_nobody_has(every_crm: CRM) -> None:
    a, b = pair(every_crm)
    assert {one.role: one.person for one in every_crm.assignments.of(b)}["account-manager"] == "liu.yang"
    every_crm.assignments.release(a, "account-manager")
    every_crm.merging.merge(a, b)
    (kept,) = [one for one in every_crm.assignments.of(a) if one.role == "account-manager"]
    assert (kept.person, kept.reason) == ("liu.yang", AssignmentReason.FIRST), "nobody is chosen anew"


def test_a_role_that_the_stage_of_the_survivor_does_not_ask_for_ends(every_crm: CRM) -> None:
    a = every_crm.customers.register("华为", attributes=EAST, stage="active")
    b = every_crm.customers.register("华为", attributes=EAST)
    every_crm.merging.merge(a, b)
    assert [one.role for one in every_crm.assignments.of(a)] == ["success-manager"]
    assert every_crm.rebalancing.plan().moves == ()


def test_of_two_facts_the_newest_stands_and_the_other_is_kept_with_the_merge(every_crm: CRM) -> None:
    a, b = pair(every_crm)
    every_crm.facts.learn(b, "interest", "old of b")
    every_crm.facts.learn(a, "budget", "old of a")
    clock(every_crm).advance(hours=1)
    every_crm.facts.learn(a, "interest", "new of a")
    every_crm.facts.learn(b, "budget", "new of b")
    merge = every_crm.merging.merge(a, b)
    assert {name: fact.value for name, fact in every_crm.facts.of(a).items()} == {
        "interest": "new of a",
        "budget": "new of b",
    }
    aside = {getattr(one, "value", None) for one in every_crm.merging.aside(merge)}
    assert "old of b" in aside


def test_of_two_facts_a_rule_can_choose_another(every_crm: CRM) -> None:
    a, b = pair(every_crm)
    every_crm.facts.learn(a, "interest", "of a")
    clock(every_crm).advance(hours=1)
    every_crm.facts.learn(b, "interest", "of b")
    every_crm.merging.merge(a, b, Survivorship(fields={"fact.interest": "survivor"}))
    assert every_crm.facts.of(a)["interest"].value == "of a"


@pytest.mark.parametrize("withdrawn_by", ["a", "b"])
def test_of_consents_the_stricter_stands(every_crm: CRM, withdrawn_by: str) -> None:
    pair(every_crm)
    for one in ("a", "b"):
        every_crm.consents.give(one, "marketing", channel="email", evidence="form")
        every_crm.consents.give(one, "newsletter", evidence="form")
    clock(every_crm).advance(hours=1)
    every_crm.consents.withdraw(withdrawn_by, "marketing", because="mail")
    every_crm.merging.merge("a", "b")
    assert every_crm.consents.allows("a", "marketing", channel="email") is None
    assert every_crm.consents.allows("a", "newsletter") is not None
    assert len(every_crm.consents.of("a")) == 4


def test_consent_that_was_given_again_later_is_not_withdrawn_by_a_merge(every_crm: CRM) -> None:
    pair(every_crm)
    every_crm.consents.give("a", "marketing", evidence="form")
    every_crm.consents.give("b", "marketing", evidence="form")
    every_crm.consents.withdraw("b", "marketing", because="mail")
    clock(every_crm).advance(hours=1)
    every_crm.consents.give("b", "marketing", evidence="call")
    every_crm.merging.merge("a", "b")
    assert every_crm.consents.allows("a", "marketing") is not None


def test_handoffs_that_nobody_took_are_over_and_the_others_are_history(every_crm: CRM) -> None:
    a = every_crm.customers.register("华为", attributes=EAST, stage="opportunity")
    b = every_crm.customers.register("华为", attributes=EAST)
    every_crm.facts.learn(b, "interest", "ERP")
    every_crm.lifecycle.advance(b, "opportunity")
    assert len(every_crm.handoffs.open(b)) == 1
    every_crm.merging.merge(a.id, b.id)
    assert every_crm.handoffs.open(a) == ()
    assert [one.state for one in every_crm.handoffs.of(a)] == [HandoffState.OBSOLETE]


def test_one_turns_first_to_whom_one_did_at_the_survivor(every_crm: CRM) -> None:
    a, b = pair(every_crm)
    for one in (a, b):
        every_crm.contacts.add(one, f"contact of {one.id}")
        every_crm.contact_points.add(one, "phone", f"1381234567{int(one.id == 'a')}")
    every_crm.merging.merge(a, b)
    assert [one.name for one in every_crm.contacts.of(a) if one.primary] == ["contact of a"]
    assert [one.primary for one in every_crm.contact_points.of(a)] == [True, False]


def test_what_both_had_is_there_once(every_crm: CRM) -> None:
    a, b = pair(every_crm)
    for one in (a, b):
        every_crm.tags.add(one, "vip", f"only {one.id}")
        every_crm.contact_points.add(one, "phone", "138 1234 5678")
        every_crm.relations.relate(one, "partner", every_crm.customers.register(f"partner of {one.id}"))
    every_crm.relations.relate(a, "partner", b)
    every_crm.merging.merge(a, b)
    assert every_crm.tags.of(a) == ("only a", "only b", "vip")
    assert len(every_crm.contact_points.of(a)) == 1
    assert len(every_crm.relations.of(a)) == 2, "what the two were to one another is gone"


def test_the_same_planned_task_is_done_once(every_crm: CRM) -> None:
    a, b = pair(every_crm)
    first = every_crm.tasks.add("send offer", owner="li.na", customer=a)
    second = every_crm.tasks.add("send offer", owner="li.na", customer=b)
    every_crm.merging.merge(a, b)
    assert every_crm.tasks.get(first.id).state is TaskState.OPEN
    assert every_crm.tasks.get(second.id).state is TaskState.OPEN, "somebody set it by hand: it may be another"


def test_a_customer_takes_the_place_of_the_one_above_it_and_never_stands_above_itself(every_crm: CRM) -> None:
    top = every_crm.customers.register("集团")
    b = every_crm.customers.register("华为", parent=top.id)
    between = every_crm.customers.register("华为（深圳）", parent=b.id)
    a = every_crm.customers.register("华为", parent=between.id)
    every_crm.merging.merge(a, b)
    assert every_crm.customers.get(a.id).parent == top.id
    assert every_crm.customers.get(between.id).parent == a.id
    assert [one.id for one in every_crm.customers.above(between.id)] == [a.id, top.id]


def test_a_customer_is_not_put_below_one_that_stands_below_it(every_crm: CRM) -> None:
    a = every_crm.customers.register("华为")
    below = every_crm.customers.register("海思", parent=a.id)
    b = every_crm.customers.register("华为", parent=below.id)
    every_crm.merging.merge(a, b)
    assert every_crm.customers.get(a.id).parent is None


def test_a_preview_says_what_would_be_and_changes_nothing(every_crm: CRM) -> None:
    a = every_crm.customers.register("华为", attributes={"region": "Shanghai"}, source="web")
    b = every_crm.customers.register("华为技术有限公司", attributes={"tier": "key"}, source="erp", language="zh")
    every_crm.facts.learn(b, "interest", "ERP")
    before = every_crm.assignments.history(b)
    preview = every_crm.merging.preview(a, b)
    assert {one.name: one.stands for one in preview.fields} == {
        "name": "华为",
        "source": "web",
        "language": "zh",
        "region": "Shanghai",
        "tier": "key",
    }
    assert [one.name for one in preview.conflicts] == ["name", "source"]
    assert preview.moved["fact"] == 1
    assert preview.result.custom == {"region": "Shanghai", "tier": "key"}
    assert every_crm.assignments.history(b) == before
    assert every_crm.customers.get(b.id) == b
    merge = every_crm.merging.apply(preview)
    assert merge.fields == {"language": "survivor", "tier": "survivor"}
    assert every_crm.customers.get(a.id).custom == preview.result.custom


def test_a_preview_that_somebody_overtook_is_refused_whole(every_crm: CRM) -> None:
    a, b = pair(every_crm)
    preview = every_crm.merging.preview(a, b)
    every_crm.customers.change(b, name="荣耀")
    with pytest.raises(Stale):
        every_crm.merging.apply(preview)
    assert every_crm.customers.get(a.id) == a
    assert referring(every_crm, b.id) != []


@pytest.mark.parametrize(
    ("rules", "name"),
    [
        (None, "华为"),
        (Survivorship("other"), "华为技术有限公司"),
        (Survivorship("longest"), "华为技术有限公司"),
        (Survivorship("most-complete"), "华为技术有限公司"),
        (Survivorship("newest"), "华为"),
        (Survivorship("source", sources=["erp", "web"]), "华为技术有限公司"),
        (Survivorship("source", sources=["web", "erp"]), "华为"),
        (Survivorship(fields={"name": "longest"}), "华为技术有限公司"),
        (Survivorship(values={"name": "华为公司"}), "华为公司"),
    ],
)
def test_the_rules_say_whose_value_stands(crm: CRM, rules: Survivorship | None, name: str) -> None:
    b = crm.customers.register("华为技术有限公司", source="erp", language="zh")
    clock(crm).advance(hours=1)
    a = crm.customers.register("华为", source="web")
    crm.merging.merge(a, b, rules)
    assert crm.customers.get(a.id).name == name


def test_the_newest_value_is_the_one_that_was_changed_last(crm: CRM) -> None:
    a, b = pair(crm)
    clock(crm).advance(hours=1)
    crm.customers.change(a, attributes={"tier": "standard"})
    clock(crm).advance(hours=1)
    crm.customers.change(b, attributes={"tier": "strategic"}, language="zh")
    crm.merging.merge("a", "b", Survivorship("newest"))
    assert crm.customers.get("a").custom["tier"] == "strategic"


def test_what_is_known_is_never_emptied(crm: CRM) -> None:
    a, _ = pair(crm)
    crm.customers.change(a, source="web")
    crm.merging.merge("a", "b", Survivorship("other"))
    assert crm.customers.get(a.id).source == "web"


def test_a_value_by_hand_has_to_be_one(crm: CRM) -> None:
    pair(crm)
    with pytest.raises(Exception, match="Shanghai"):
        crm.merging.preview("a", "b", Survivorship(values={"region": "Shanghia"}))
    with pytest.raises(UnknownField, match="name"):
        crm.merging.preview("a", "b", Survivorship(fields={"nmae": "other"}))


def test_other_attributes_bring_those_who_answer_for_them(every_crm: CRM) -> None:
    a = every_crm.customers.register("华为")
    b = every_crm.customers.register("华为", attributes={"region": "Singapore"})
    every_crm.merging.merge(a, b)
    assert ("account-manager", "wang.wei") in {(one.role, one.person) for one in every_crm.assignments.of(a)}
    assert every_crm.rebalancing.plan().moves == ()


def test_wrong_pairs_are_refused_with_the_reason(every_crm: CRM) -> None:
    a = every_crm.customers.register("腾讯", registration="91440300708461136T")
    b = every_crm.customers.register("腾讯", registration="914403001922038216")
    person = every_crm.customers.register("腾讯", customer_type="person")
    with pytest.raises(MergeRefused, match="different numbers in a public register"):
        every_crm.merging.merge(a, b)
    with pytest.raises(MergeRefused, match="a person"):
        every_crm.merging.merge(a, person)
    with pytest.raises(MergeRefused, match="one already"):
        every_crm.merging.merge(a, a)
    assert every_crm.customers.count() == 3
    every_crm.merging.merge(a, b, Survivorship(fields={"registration": "survivor"}))
    assert every_crm.customers.get(a.id).registration == "91440300708461136T"


def test_customers_of_another_tenant_cannot_be_merged(every_crm: CRM) -> None:
    a = every_crm.customers.register("华为")
    other = CRM(every_crm.storage, organization=COMPANY, tenant=f"{every_crm.tenant}-2", clock=SteppingClock())
    b = other.customers.register("华为")
    with pytest.raises(NotThere):
        every_crm.merging.merge(a.id, b.id)
    with pytest.raises(NotThere):
        every_crm.merging.merge(a, b)
    assert other.customers.get(b.id) == b
    assert every_crm.customers.get(a.id) == a


def test_who_was_merged_is_found_by_what_is_known_of_it_as_the_survivor(every_crm: CRM) -> None:
    a, b = every_crm.customers.register("华为技术有限公司"), every_crm.customers.register("Huawei")
    every_crm.contact_points.add(b, "phone", "138 1234 5678")
    every_crm.merging.merge(a, b)
    assert [one.customer.id for one in every_crm.duplicates.check("x", phones=["13812345678"])] == [a.id]
    assert every_crm.duplicates.of(a) == ()


def test_the_merge_is_told_at_both(every_crm: CRM) -> None:
    a, b = pair(every_crm)
    every_crm.facts.learn(b, "interest", "ERP")
    every_crm.merging.merge(a, b)
    with every_crm.begin(read_only=True) as work:
        told = {one.name: one for one in work.job.unit.each(Query(Event))}
    assert (told["customer-absorbed"].subject, told["customer-merged"].subject) == ("a", "b")
    assert told["customer-absorbed"].payload["moved"]["fact"] == 1
    assert told["customer-merged"].payload == {"into": "a"}
    assert "华为" not in str([one.payload for one in told.values()])


def test_a_merge_within_other_work_fails_with_it(every_crm: CRM) -> None:
    a, b = pair(every_crm)
    with pytest.raises(RuntimeError), every_crm.begin() as work:
        work.merging.merge(a, b)
        raise RuntimeError
    assert every_crm.customers.get(b.id) == b
    assert every_crm.merging.of(a) == ()


def test_the_rule_names_are_those_of_the_choices() -> None:
    assert Survivorship("newest").of("name") is Choice.NEWEST
    assert Survivorship().of("fact.interest") is Choice.NEWEST
