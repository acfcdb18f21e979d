"""What the checks prove over the whole space is what brute force finds, customer by customer and day by day.

The long run is `pytest tests/checks/test_against_brute_force.py --cases 100000`; a failure names the seed of its case.
"""

from datetime import date

from attrs import evolve
from oracle import Oracle, Point, expand, random_organization

from crmcore.checks import Finding
from crmcore.organization import Duty, DutyKind, Organization
from crmcore.values import Place

Where = set[tuple[Point, date]]
KINDS: tuple[DutyKind, ...] = ("accountable", "responsible", "consulted", "informed", "veto")


def _expected(oracle: Oracle) -> dict[tuple[str, str], Where]:
    """Where each check about the space fails, by code and subject."""
    first, *later = oracle.days
    found: dict[tuple[str, str], Where] = {}

    def add(code: str, subject: str, point: Point, *days: date) -> None:
        found.setdefault((code, subject), set()).update((point, day) for day in days)

    points = [point for point in oracle.points() if oracle.possible(point)]
    for touchpoint in oracle.organization.touchpoints:
        limits = touchpoint.accountable
        for point in points:
            if not oracle.happens(touchpoint, point):
                continue
            winners = {day: oracle.winners(touchpoint, "accountable", point, day) for day in oracle.days}
            roles = {day: {duty.role for duty in won} for day, won in winners.items()}
            if len(roles[first]) < limits.min:
                add("COV101", touchpoint.id, point, *oracle.days)
            else:
                add("COV108", touchpoint.id, point, *(day for day in later if len(roles[day]) < limits.min))
            for day in oracle.days:
                if limits.max is not None and len(roles[day]) > limits.max:
                    add("COV102", touchpoint.id, point, day)
                if winners[day] and winners[day][0].priority < 0:
                    add("COV106", touchpoint.id, point, day)
            for kind, most in (("responsible", 3), ("consulted", 5)):
                for day in oracle.days:
                    if len({duty.role for duty in oracle.winners(touchpoint, kind, point, day)}) > most:
                        add("COV110", touchpoint.id, point, day)
    for role in oracle.organization.roles:
        for point in points:
            short = {day: len(oracle.pool(role.id, point, day)) < role.holders.min for day in oracle.days}
            answering = {day: short[day] and _answers(oracle, role.id, point, day) for day in oracle.days}
            if answering[first]:
                add("COV104", role.id, point, *oracle.days)
            else:
                add("COV108", role.id, point, *(day for day in later if answering[day]))
            for day in oracle.days:
                if role.holders.max is not None and len(oracle.pool(role.id, point, day)) > role.holders.max:
                    add("COV109", role.id, point, day)
    return {key: where for key, where in found.items() if where}


def _answers(oracle: Oracle, role: str, point: Point, day: date) -> bool:
    return any(
        role in {duty.role for duty in oracle.winners(touchpoint, kind, point, day)}
        for touchpoint in oracle.organization.touchpoints
        if oracle.happens(touchpoint, point)
        for kind in KINDS
    )


def _hidden(oracle: Oracle) -> set[int]:
    """The duties that hold somewhere and win nowhere, by their position."""
    holding: set[int] = set()
    winning: set[int] = set()
    position = {id(duty): number for number, duty in enumerate(oracle.organization.duties)}
    for touchpoint in oracle.organization.touchpoints:
        for point in oracle.points():
            if oracle.happens(touchpoint, point):
                for kind in KINDS:
                    for day in oracle.days:
                        holding |= {position[id(duty)] for duty in oracle.matching(touchpoint, kind, point, day)}
                        winning |= {position[id(duty)] for duty in oracle.winners(touchpoint, kind, point, day)}
    return holding - winning


def _without(organization: Organization, gone: Duty) -> Organization:
    return evolve(organization, duties=[duty for duty in organization.duties if duty is not gone])


def test_findings_about_the_space_are_those_of_brute_force(cases: int) -> None:
    for seed in range(cases):
        organization, on, until = random_organization(seed)
        oracle = Oracle(organization, on, until)
        expected = _expected(oracle)
        codes = {"COV101", "COV102", "COV104", "COV106", "COV108", "COV109", "COV110"}
        report = organization.check(on=on, until=until, select=["COV"])
        found: dict[tuple[str, str], Where] = {}
        for finding in report.findings:
            if finding.code in codes:
                _holds_its_witness(oracle, finding, seed)
                found.setdefault((finding.code, finding.subject), set()).update(expand(oracle, finding.box or {}))
        assert found == expected, f"seed {seed}"
        assert report.summary.proven
        assert report.summary.points == sum(
            oracle.happens(touchpoint, point) for touchpoint in organization.touchpoints for point in oracle.points()
        )


def _holds_its_witness(oracle: Oracle, finding: Finding, seed: int) -> None:
    assert finding.witness is not None, f"seed {seed}"
    assert finding.box is not None, f"seed {seed}"
    inside = {point for point, _ in expand(oracle, finding.box)}
    assert tuple((name, value) for name, value in finding.witness.items() if name != "day") in inside, f"seed {seed}"
    assert finding.points == len(inside), f"seed {seed}"


def test_hidden_duties_are_those_that_never_win(cases: int) -> None:
    for seed in range(cases):
        organization, on, until = random_organization(seed)
        numbered = _numbered(organization)
        oracle = Oracle(numbered, on, until)
        report = numbered.check(on=on, until=until, select=["COV103"])
        assert {finding.place.line for finding in report.findings} == _hidden(oracle), f"seed {seed}"


def _numbered(organization: Organization) -> Organization:
    """The same organization, with the position of every duty as its line, to tell them apart in findings."""
    duties = [evolve(duty, place=Place("duties", number)) for number, duty in enumerate(organization.duties)]
    return evolve(organization, duties=duties)


def test_deleting_a_redundant_duty_changes_no_answer(cases: int) -> None:
    for seed in range(cases):
        organization, on, until = random_organization(seed)
        numbered = _numbered(organization)
        report = numbered.check(on=on, until=until, select=["COV105"])
        for finding in report.findings:
            duty = numbered.duties[finding.place.line]
            before, after = Oracle(numbered, on, until), Oracle(_without(numbered, duty), on, until)
            points = before.points()
            assert _roles(before, points) == _roles(after, points), f"seed {seed}"


def _roles(oracle: Oracle, points: list[Point]) -> list[set[str]]:
    return [
        {duty.role for duty in oracle.winners(touchpoint, kind, point, day)}
        for touchpoint in oracle.organization.touchpoints
        for point in points
        if oracle.happens(touchpoint, point)
        for kind in KINDS
        for day in oracle.days
    ]


def test_empty_scopes_are_those_that_hold_no_possible_customer(cases: int) -> None:
    for seed in range(cases):
        organization, on, until = random_organization(seed)
        oracle = Oracle(organization, on, until)
        points = oracle.points()
        report = organization.check(on=on, until=until, select=["COV107"])
        expected = [
            touchpoint.id
            for touchpoint in organization.touchpoints
            if not any(oracle.happens(touchpoint, point) for point in points)
        ]
        expected += [
            "impossible" for entry in organization.impossible if _nobody(oracle, points, entry, possible=False)
        ]
        expected += [
            entry.role for entry in organization.staffing if len(entry.where) and _nobody(oracle, points, entry)
        ]
        for duty in organization.duties:
            named = [one for one in organization.touchpoints if duty.touchpoints == "all" or one.id in duty.touchpoints]
            spaces = [[point for point in points if oracle.happens(one, point)] for one in named]
            outside = not any(oracle.admits(duty.where, point) for space in spaces for point in space)
            empty = not any(oracle.admits(duty.where, point) for point in points)
            if len(duty.where) and (empty or (outside and any(spaces))):
                expected.append(duty.role)
        assert sorted(finding.subject for finding in report.findings) == sorted(expected), f"seed {seed}"


def _nobody(oracle: Oracle, points: list[Point], entry: object, *, possible: bool = True) -> bool:
    where = getattr(entry, "where")  # noqa: B009
    return not any(oracle.admits(where, point) and (oracle.possible(point) or not possible) for point in points)
