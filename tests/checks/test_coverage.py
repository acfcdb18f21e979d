"""Gaps, conflicts, fallbacks, vacancies and crowds, as people see them."""

import random
from datetime import date

from attrs import evolve

from crmcore.checks import Finding
from crmcore.organization import (
    ALL,
    EVERYWHERE,
    Absence,
    Choice,
    Count,
    Dimension,
    Duty,
    Escalation,
    EscalationStep,
    Organization,
    Person,
    Role,
    Scope,
    Staffing,
    Touchpoint,
    Tree,
)
from crmcore.values import Duration

DAY = date(2026, 11, 23)
EAST = Scope((("region", ("East",)),))


def company(*duties: Duty, **sections: object) -> Organization:
    parts: dict[str, object] = {
        "dimensions": [
            Dimension("region", Tree.of({"East": ["Shanghai", "Zhejiang"], "West": ["Sichuan"]})),
            Dimension("tier", Choice(["key", "standard"])),
        ],
        "people": [Person("li.na"), Person("wang.wei")],
        "roles": [Role("seller"), Role("lead")],
        "staffing": [Staffing("seller", holders=["li.na"]), Staffing("lead", holders=["wang.wei"])],
        "touchpoints": [Touchpoint("renewal")],
        "duties": duties,
    }
    return Organization("云帆", **(parts | sections))  # type: ignore[arg-type]


def findings(organization: Organization, code: str, until: date | None = None) -> tuple[Finding, ...]:
    return organization.check(on=DAY, until=until, select=[code]).findings


def accountable(role: str, where: Scope = EVERYWHERE, priority: int = 0, to: date | None = None) -> Duty:
    return Duty(["renewal"], role, "accountable", where=where, priority=priority, to=to)


def test_a_gap_is_one_box_with_its_highest_names_and_a_witness() -> None:
    (gap,) = findings(company(accountable("seller", EAST)), "COV101")
    assert (gap.subject, gap.box, gap.points) == ("renewal", {"region": ["West"]}, 2)
    assert gap.witness == {"region": "Sichuan", "tier": "key"}
    assert gap.message == "nobody is accountable for renewal, for example for region=Sichuan"


def test_gaps_are_shown_as_few_boxes_as_large_as_can_be() -> None:
    corner = Scope((("region", ("West",)), ("tier", ("key",))))
    boxes = [gap.box for gap in findings(company(accountable("seller", corner)), "COV101")]
    assert boxes == [{"region": ["East"]}, {"tier": ["standard"]}]


def test_a_touchpoint_that_needs_nobody_has_no_gap_and_one_that_needs_two_has_one() -> None:
    duty = accountable("seller")
    nobody = company(touchpoints=[Touchpoint("renewal", accountable=Count(min=0, max=1))])
    two = company(duty, touchpoints=[Touchpoint("renewal", accountable=Count(min=2, max=2))])
    assert findings(nobody, "COV101") == ()
    assert [gap.message for gap in findings(two, "COV101")] == ["fewer than 2 roles are accountable for renewal"]


def test_a_conflict_names_the_roles_and_where_their_duties_are_written() -> None:
    (conflict,) = findings(company(accountable("seller"), accountable("lead", EAST)), "COV102")
    assert conflict.message.startswith("seller and lead are both accountable for renewal")
    assert conflict.box == {"region": ["East"]}
    assert len(conflict.related) == 2


def test_three_in_conflict_over_one_box_are_one_finding() -> None:
    roles = [Role("seller"), Role("lead"), Role("coach")]
    (conflict,) = findings(company(*(accountable(role.id) for role in roles), roles=roles), "COV102")
    assert conflict.message.startswith("seller, lead and coach are all accountable")


def test_a_higher_priority_ends_the_conflict() -> None:
    assert findings(company(accountable("seller"), accountable("lead", EAST, 1)), "COV102") == ()


def test_what_only_a_fallback_answers_is_told() -> None:
    (caught,) = findings(company(accountable("seller", EAST), Duty(ALL, "lead", "accountable", priority=-1)), "COV106")
    assert caught.message.startswith("only the fallback lead answers for renewal")
    assert caught.box == {"region": ["West"]}


def test_a_vacancy_says_where_the_role_answers() -> None:
    empty = company(accountable("seller", EAST), staffing=[Staffing("lead", holders=["wang.wei"])])
    (vacancy,) = findings(empty, "COV104")
    assert (vacancy.subject, vacancy.box) == ("seller", {"region": ["East"]})
    assert vacancy.message.startswith("nobody holds seller, which answers at renewal")


def test_a_role_to_which_nobody_can_escalate_because_nobody_holds_it_is_vacant() -> None:
    step = EscalationStep(Duration(4, "h"), "lead")
    held = company(accountable("seller"), escalations=[Escalation(["renewal"], [step], where=EAST)])
    empty = evolve(held, staffing=[entry for entry in held.staffing if entry.role != "lead"])
    assert findings(held, "COV104") == ()
    (vacancy,) = findings(empty, "COV104")
    assert (vacancy.subject, vacancy.box) == ("lead", {"region": ["East"]})


def test_a_backup_fills_the_place_of_the_absent() -> None:
    away = Person("li.na", absences=[Absence(from_=DAY, to=DAY)])
    staffing = Staffing("seller", holders=["li.na"])
    people = [away, Person("wang.wei")]
    alone = company(accountable("seller"), people=people, staffing=[staffing])
    backed = company(
        accountable("seller"), people=people, staffing=[Staffing("seller", holders=["li.na"], backup=["wang.wei"])]
    )
    assert [found.subject for found in findings(alone, "COV104")] == ["seller"]
    assert findings(backed, "COV104") == ()


def test_a_lapse_names_the_first_day_and_is_not_said_again_as_a_gap() -> None:
    ending = company(accountable("seller", to=date(2026, 12, 31)))
    (lapse,) = findings(ending, "COV108", until=date(2027, 1, 31))
    assert lapse.message == "from 2027-01-01 on nobody is accountable for renewal"
    assert lapse.box == {"day": [["2027-01-01", "2027-01-31"]]}
    assert findings(ending, "COV101", until=date(2027, 1, 31)) == ()
    assert findings(ending, "COV108") == ()


def test_somebody_who_leaves_is_a_lapse_of_the_role() -> None:
    people = [Person("li.na", to=date(2026, 11, 30)), Person("wang.wei")]
    (lapse,) = findings(company(accountable("seller"), people=people), "COV108", until=date(2026, 12, 31))
    assert lapse.message == "from 2026-12-01 on too few people hold seller"


def test_more_holders_than_the_maximum_are_named() -> None:
    crowded = company(
        roles=[Role("seller", holders=Count(max=1)), Role("lead")],
        staffing=[Staffing("seller", holders=["li.na"]), Staffing("seller", holders=["wang.wei"], where=EAST)],
    )
    (found,) = findings(crowded, "COV109")
    assert found.message.startswith("2 people hold seller, at most 1 should: li.na, wang.wei")
    assert found.box == {"region": ["East"]}


def test_a_proof_that_spends_its_budget_says_so() -> None:
    """Random conditions over many dimensions: no walk lists all gaps, and the report is not silent about it."""
    draw = random.Random(5)
    dimensions = [Dimension(f"d{number}", Choice(["0", "1"])) for number in range(34)]
    duties = [
        accountable("seller", Scope(tuple((one.id, (draw.choice("01"),)) for one in draw.sample(dimensions, 4))))
        for _ in range(160)
    ]
    report = company(*duties, dimensions=dimensions).check(on=DAY, select=["COV101"])
    assert not report.summary.proven
    undecided = [finding for finding in report.findings if not finding.proven]
    assert [finding.message for finding in undecided] == [
        "it could not be decided everywhere whether someone is accountable at renewal"
    ]
