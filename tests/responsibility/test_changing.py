"""A change of duties says what opens and what closes, without proving all anew, and agrees with brute force."""

import random
from datetime import date

from attrs import evolve
from oracle import Oracle, Point, expand, random_organization

from crmcore.organization import Duty, Organization
from crmcore.responsibility import Responsibilities, changed

Holes = set[tuple[str, Point, date]]


def _holes(organization: Organization, on: date, until: date, points: list[Point]) -> Holes:
    oracle = Oracle(organization, on, until)
    return {
        (touchpoint.id, point, day)
        for touchpoint in organization.touchpoints
        for point in points
        if oracle.happens(touchpoint, point)
        for day in oracle.days
        if not oracle.winners(touchpoint, "accountable", point, day)
    }


def test_what_opens_and_closes_is_that_of_brute_force(cases: int) -> None:
    for seed in range(cases // 2):
        organization, on, until = random_organization(seed)
        draw = random.Random(seed)
        removed = [duty for duty in organization.duties if draw.random() < 0.3]
        donor, _, _ = random_organization(seed)
        added = [evolve(duty, priority=draw.choice([-1, 0, 1])) for duty in donor.duties if draw.random() < 0.3]
        kept = [duty for duty in organization.duties if not any(duty is gone for gone in removed)]
        after = evolve(organization, duties=[*kept, *added])
        change = changed(Responsibilities(organization, on, until), removed=removed, added=added)
        points = Oracle(organization, on, until).points()
        before_holes, after_holes = (_holes(one, on, until, points) for one in (organization, after))
        oracle = Oracle(organization, on, until)
        assert change.complete
        assert _points(change.responsibilities, oracle, change.opened) == after_holes - before_holes, f"seed {seed}"
        assert _points(change.responsibilities, oracle, change.closed) == before_holes - after_holes, f"seed {seed}"


def _points(responsibilities: Responsibilities, oracle: Oracle, boxes: object) -> Holes:
    assert isinstance(boxes, dict)
    return {
        (touchpoint, point, day)
        for touchpoint, parts in boxes.items()
        for part in parts
        for point, day in expand(oracle, responsibilities.space.describe(part))
    }


def test_after_a_change_everything_is_as_if_compiled_anew(cases: int) -> None:
    for seed in range(cases // 4):
        organization, on, until = random_organization(seed)
        if not organization.duties:
            continue
        removed = organization.duties[:1]
        added = [evolve(removed[0], priority=removed[0].priority + 1)]
        patched = Responsibilities(organization, on, until).with_duties(removed=removed, added=added)
        anew = Responsibilities(evolve(organization, duties=[*organization.duties[1:], *added]), on, until)
        assert patched.organization == anew.organization
        for touchpoint in organization.touchpoints:
            assert patched.rules(touchpoint.id) == anew.rules(touchpoint.id), f"seed {seed}"


def test_the_responsibilities_before_the_change_stay_as_they_were() -> None:
    organization, on, until = random_organization(3)
    before = Responsibilities(organization, on, until)
    rules = {touchpoint.id: before.rules(touchpoint.id) for touchpoint in organization.touchpoints}
    changed(before, removed=organization.duties, added=[Duty("all", "r0", "accountable", priority=9)])
    assert before.organization is organization
    assert {touchpoint.id: before.rules(touchpoint.id) for touchpoint in organization.touchpoints} == rules


EDITS_OF_ONE_ORGANIZATION = 20


def test_edit_after_edit_the_gaps_are_those_of_a_full_check(cases: int) -> None:
    for seed in range(max(1, cases // 4)):  # by default 10,000 edits
        organization, on, _ = random_organization(seed)
        draw = random.Random(seed)
        donors = [duty for other in range(5) for duty in random_organization(seed + other)[0].duties]
        every_end = evolve(organization, duties=[*organization.duties, *donors])
        oracle = Oracle(every_end, on, on)
        responsibilities = Responsibilities(organization, on, on)
        gaps = _gaps(organization, on, oracle)
        for number in range(EDITS_OF_ONE_ORGANIZATION):
            duties = responsibilities.organization.duties
            removed = [draw.choice(duties)] if duties and draw.random() < 0.6 else []
            added = [evolve(draw.choice(donors), priority=draw.choice([-1, 0, 1]))] if draw.random() < 0.6 else []
            change = changed(responsibilities, removed=removed, added=added)
            responsibilities = change.responsibilities
            gaps -= _customers(responsibilities, oracle, change.closed)
            gaps |= _customers(responsibilities, oracle, change.opened)
            assert gaps == _gaps(responsibilities.organization, on, oracle), f"seed {seed}, edit {number}"


def _gaps(organization: Organization, on: date, oracle: Oracle) -> set[tuple[str, Point]]:
    """The customers without an answer, as a full check reports them; where one accountable role is wanted."""
    return {
        (finding.subject, point)
        for finding in organization.check(on=on, select=["COV101"]).findings
        if finding.box is not None and _wants_one(organization, finding.subject)
        for point, _ in expand(oracle, finding.box)
    }


def _customers(responsibilities: Responsibilities, oracle: Oracle, boxes: object) -> set[tuple[str, Point]]:
    return {
        (touchpoint, point)
        for touchpoint, point, _ in _points(responsibilities, oracle, boxes)
        if _wants_one(responsibilities.organization, touchpoint)
    }


def _wants_one(organization: Organization, touchpoint: str) -> bool:
    return bool(organization.by_id("touchpoints")[touchpoint].accountable.min == 1)
