"""Who looks after a customer: asked, assigned, kept, replaced; in every storage alike."""

from datetime import UTC, date, datetime, timedelta

import pytest
from crms import COMPANY, START, SteppingClock

from crmcore.crm import CRM
from crmcore.customers import AssignmentReason, InvalidAssignment
from crmcore.errors import OutsideSpace, UncoveredTouchpoint, UnknownName, VacantRole
from crmcore.organization import Duty, Organization, Staffing
from crmcore.storage import NotThere

EAST = {"region": "Shanghai", "tier": "key", "company-size": 10}


def later(crm: CRM, instant: datetime, organization: Organization = COMPANY) -> CRM:
    """The same records, seen later, perhaps by another organization."""
    return CRM(crm.storage, tenant=crm.tenant, organization=organization, clock=SteppingClock(instant), ids=crm._ids)


def test_a_customer_has_somebody_for_each_role_of_its_stage_from_the_first_moment(every_crm: CRM) -> None:
    customer = every_crm.customers.register("华为", attributes=EAST)
    assert [(one.role, one.person) for one in every_crm.assignments.of(customer)] == [
        ("account-manager", "li.na"),
        ("marketer", "sun.yue"),
    ]
    answer = every_crm.assignments.who(customer, "first-call")
    assert answer.person is not None
    assert (answer.role, answer.person.id) == ("account-manager", "li.na")
    assert answer.assignment is not None
    assert answer.assignment.reason is AssignmentReason.FIRST
    assert answer.because.startswith("li.na as account-manager: the duty at company.yaml:")


def test_the_person_stays_the_same_however_often_one_asks(every_crm: CRM) -> None:
    customers = [every_crm.customers.register(f"客户{number}", attributes=EAST) for number in range(4)]
    people = [every_crm.assignments.who(one, "first-call").person for one in customers]
    assert [person and person.id for person in people] == ["li.na", "liu.yang", "li.na", "liu.yang"]
    assert [every_crm.assignments.who(one, "first-call").person for one in customers] == people
    assert every_crm.assignments.loads() == {"li.na": 2, "liu.yang": 2, "sun.yue": 4}
    assert [one.customer for one in every_crm.assignments.held_by("li.na")] == [customers[0].id, customers[2].id]
    assert len(every_crm.assignments.held_by("sun.yue", role="account-manager")) == 0


def test_who_is_away_is_stood_in_for_and_keeps_the_customer(every_crm: CRM) -> None:
    every_crm.customers.register("甲", attributes=EAST)
    customer = every_crm.customers.register("乙", attributes=EAST)
    away = later(every_crm, datetime(2026, 12, 2, 2, tzinfo=UTC)).assignments.who(customer, "first-call")
    assert away.person is not None
    assert away.absent is not None
    assert (away.person.id, away.absent.id) == ("wang.wei", "liu.yang")
    back = later(every_crm, datetime(2026, 12, 7, 2, tzinfo=UTC)).assignments.who(customer, "first-call")
    assert back.person is not None
    assert back.person.id == "liu.yang"
    assert len(every_crm.assignments.history(customer)) == 2


def test_who_has_left_gives_the_customer_to_another_and_history_remembers(every_crm: CRM) -> None:
    first = every_crm.customers.register("甲", attributes=EAST, stage="active")
    second = every_crm.customers.register("乙", attributes=EAST, stage="active")
    assert {one.person for c in (first, second) for one in every_crm.assignments.of(c)} == {"zhao.lei", "zhou.min"}
    new_year = later(every_crm, datetime(2027, 1, 4, 2, tzinfo=UTC))
    people = [new_year.assignments.who(one, "health-check").person for one in (first, second)]
    assert [person and person.id for person in people] == ["zhao.lei", "zhao.lei"]
    moved = next(c for c in (first, second) if len(every_crm.assignments.history(c)) == 2)
    before, now = every_crm.assignments.history(moved)
    assert (before.person, before.until is not None, now.person, now.until) == ("zhou.min", True, "zhao.lei", None)
    assert now.reason is AssignmentReason.LEFT
    assert before.until == datetime(2027, 1, 4, 2, tzinfo=UTC)


def test_who_no_longer_holds_the_role_gives_the_customer_away(every_crm: CRM) -> None:
    customer = every_crm.customers.register("华为", attributes=EAST)
    staffing = [one for one in COMPANY.staffing if "li.na" not in one.holders]
    other = COMPANY.with_(staffing=(*staffing, Staffing("account-manager", holders=["wang.wei"], priority=1)))
    answer = later(every_crm, START, other).assignments.who(customer, "first-call")
    assert answer.assignment is not None
    assert (answer.assignment.person, answer.assignment.reason) == ("wang.wei", AssignmentReason.STAFFING)


def test_another_day_is_told_as_it_was_and_nobody_is_assigned(every_crm: CRM) -> None:
    customer = every_crm.customers.register("华为", attributes=EAST, stage="active")
    then = later(every_crm, datetime(2026, 12, 20, 2, tzinfo=UTC))
    then.assignments.assign(customer, "success-manager", "zhou.min", note="knows the customer")
    first = every_crm.assignments.history(customer)[0].person
    for day, person in ((date(2026, 11, 25), first), (date(2026, 12, 21), "zhou.min")):
        answer = then.assignments.who(customer, "health-check", day=day)
        assert answer.person is not None
        assert answer.person.id == person
    before = then.assignments.who(customer, "health-check", day=date(2026, 11, 1))
    assert before.assignment is None
    assert len(every_crm.assignments.history(customer)) == 2


def test_work_that_only_reads_tells_who_would_be_assigned(every_crm: CRM) -> None:
    customer = every_crm.customers.register("华为", attributes={"region": "Singapore"}, stage="opportunity")
    every_crm.assignments.release(customer, "account-manager", note="by mistake")
    with every_crm.begin(read_only=True) as work:
        answer = work.assignments.who(customer, "first-call")
    assert answer.person is not None
    assert (answer.person.id, answer.assignment) == ("wang.wei", None)
    assert [one.role for one in every_crm.assignments.of(customer)] == []
    with pytest.raises(NotThere):
        every_crm.assignments.release(customer, "account-manager")


def test_what_is_not_known_of_a_customer_is_a_gap_until_it_is(every_crm: CRM) -> None:
    customer = every_crm.customers.register("华为")
    assert [one.role for one in every_crm.assignments.of(customer)] == ["marketer"]
    coverage = every_crm.assignments.cover(customer)
    assert [gap.touchpoint for gap in coverage.gaps] == ["first-call"]
    assert isinstance(coverage.gaps[0].gap, OutsideSpace)
    with pytest.raises(OutsideSpace, match="region"):
        every_crm.assignments.who(customer, "first-call")
    every_crm.customers.change(customer, attributes={"region": "Sichuan"})
    assert [one.role for one in every_crm.assignments.cover(customer.id).assigned] == ["marketer", "account-manager"]


def test_a_gap_and_a_vacancy_are_told_as_such(every_crm: CRM) -> None:
    customer = every_crm.customers.register("华为", attributes=EAST)
    without = COMPANY.with_(duties=[duty for duty in COMPANY.duties if duty.role != "account-manager"])
    with pytest.raises(UncoveredTouchpoint):
        later(every_crm, START, without).assignments.who(customer, "first-call")
    vacant = COMPANY.with_(staffing=[one for one in COMPANY.staffing if one.role != "account-manager"])
    with pytest.raises(VacantRole):
        later(every_crm, START, vacant).assignments.who(customer, "first-call")


def test_an_answer_that_hangs_on_the_contact_is_covered_for_each_way_of_it(crm: CRM) -> None:
    duties = [
        *(duty for duty in COMPANY.duties if "health-check" not in duty.touchpoints),
        Duty(["health-check"], "account-manager", "accountable", where={"channel": "phone"}, priority=1),
        Duty(["health-check"], "success-manager", "accountable"),
    ]
    customer = crm.customers.register("华为", attributes=EAST, stage="active")
    other = later(crm, START, COMPANY.with_(duties=duties))
    assert {one.role for one in other.assignments.cover(customer).assigned} == {"success-manager", "account-manager"}
    assert other.assignments.who(customer, "health-check", contact={"channel": "phone"}).role == "account-manager"
    with pytest.raises(OutsideSpace, match="channel"):
        other.assignments.who(customer, "health-check")


def test_a_person_is_chosen_by_hand_only_among_those_who_work_here(crm: CRM) -> None:
    customer = crm.customers.register("华为", attributes=EAST)
    assigned = crm.assignments.assign(customer, "account-manager", "wang.wei", note="old friends")
    assert (assigned.reason, assigned.note, assigned.assigned_by) == (
        AssignmentReason.BY_HAND,
        "old friends",
        "crmcore",
    )
    assert crm.assignments.assign(customer, "account-manager", "wang.wei") == assigned
    with pytest.raises(UnknownName, match=r"did you mean 'li\.na'"):
        crm.assignments.assign(customer, "account-manager", "li.nà")
    with pytest.raises(UnknownName, match="did you mean 'account-manager'"):
        crm.assignments.assign(customer, "account-manger", "li.na")
    gone = later(crm, datetime(2027, 1, 4, tzinfo=UTC))
    with pytest.raises(InvalidAssignment, match="does not work here"):
        gone.assignments.assign(customer, "success-manager", "zhou.min")


def test_a_rule_that_no_plugin_adds_is_told(crm: CRM) -> None:
    odd = COMPANY.with_(staffing=[Staffing("account-manager", holders=["li.na", "liu.yang"], assign="round-robbin")])
    customer = crm.customers.register("华为")
    with pytest.raises(UnknownName, match="did you mean 'round-robin'"):
        later(crm, START, odd).assignments.who(customer, "first-call")


def test_who_takes_a_customer_over_begins_where_the_one_before_ends_also_while_the_clock_stands(crm: CRM) -> None:
    customer = crm.customers.register("华为", attributes={"region": "Shanghai"})
    for person in ("wang.wei", "liu.yang", "li.na"):
        crm.assignments.assign(customer, "account-manager", person)
    periods = [one for one in crm.assignments.history(customer) if one.role == "account-manager"]
    assert [one.until for one in periods] == [*(one.since for one in periods[1:]), None]


def test_a_period_has_a_length_also_where_the_clock_of_who_ends_it_is_behind(crm: CRM) -> None:
    customer = crm.customers.register("华为", attributes={"region": "Shanghai"})
    behind = later(crm, START - timedelta(hours=1))
    behind.assignments.assign(customer, "account-manager", "wang.wei")
    behind.assignments.release(customer, "account-manager")
    periods = [one for one in crm.assignments.history(customer) if one.role == "account-manager"]
    assert all(one.until is not None and one.since < one.until for one in periods)


def test_nobody_is_assigned_to_a_customer_that_was_merged_however_it_is_asked(every_crm: CRM) -> None:
    stays, gone = (every_crm.customers.register("华为", attributes=EAST) for _ in range(2))
    every_crm.merging.merge(stays, gone)
    answer = every_crm.assignments.who(gone, "first-call")
    assert (answer.role, answer.assignment) == ("account-manager", None)
    with every_crm.begin() as work:
        assert work.assignments.who(gone, "first-call").assignment is None
    assert every_crm.assignments.history(gone) == ()
