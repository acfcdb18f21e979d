"""What changes hands between two organizations, against every possible customer on every day."""

import itertools
import random
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import oracle
import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracle import Oracle, random_organization

from crmcore.organization import (
    Absence,
    Choice,
    Count,
    Dimension,
    Duty,
    Number,
    Organization,
    Person,
    Role,
    Scope,
    Staffing,
    Touchpoint,
    Tree,
    TreeNode,
)
from crmcore.responsibility import Comparison, Hands, Incomparable, Load, Space, compare
from crmcore.testing import organizations
from crmcore.values import Interval

DAY = date(2026, 11, 23)
Moves = dict[tuple[str, tuple[tuple[str, Any], ...], date], tuple[Hands | None, Hands | None]]


def _values(old: Dimension | None, new: Dimension | None, ends: set[float]) -> list[Any]:
    """Every value of a dimension that makes a difference on either side; a name that one side divides is left out."""
    sides = [one for one in (old, new) if one is not None]
    numbers = [one.domain for one in sides if isinstance(one.domain, Number)]
    if numbers:
        return sorted({end for one in numbers for end in (one.min, one.max) if end is not None} | ends)[:-1]
    names: dict[str, None] = {}
    for one, other in ((old, new), (new, old)):
        elsewhere = () if other is None else _leaves(other)
        for leaf in () if one is None else _leaves(one):
            if leaf in elsewhere or not any(_own(one, other, part) == leaf for part in elsewhere):  # type: ignore[arg-type]
                names[leaf] = None
    return list(names)


def _paths(dimension: Dimension) -> dict[str, list[str]]:
    """For every name of a dimension those above it, the nearest first."""
    if not isinstance(dimension.domain, Tree):
        return {value: [] for value in dimension.domain.values}  # type: ignore[union-attr]
    paths: dict[str, list[str]] = {}
    for node in dimension.domain.walk():
        above = paths.setdefault(node.name, [])
        paths |= {child.name: [node.name, *above] for child in node.children}
    return paths


def _leaves(dimension: Dimension) -> tuple[str, ...]:
    domain = dimension.domain
    return domain.leaves if isinstance(domain, Tree) else domain.values  # type: ignore[union-attr]


def _own(dimension: Dimension, other: Dimension | None, value: Any) -> Any:
    """What one side calls a value of the common space; None where it has no such customer.

    That is the name itself, or else the nearest name above it on the other side, if that is no group here.
    """
    if isinstance(dimension.domain, Number):
        return value if value in Interval(dimension.domain.min, dimension.domain.max) else None
    above = [value] if other is None else [value, *_paths(other).get(value, ())]
    if value in _leaves(dimension):
        return value
    nearest = next((name for name in above if name in _paths(dimension)), None)
    return nearest if nearest in _leaves(dimension) else None


class BruteForce:
    """Two organizations, compared point by point."""

    def __init__(self, old: Organization, new: Organization, on: date, until: date) -> None:
        self.sides = (old, new)
        self.oracles = [Oracle(one, on, until) for one in self.sides]
        self.days = self.oracles[0].days

    def points(self) -> Iterator[dict[str, Any]]:
        old, new = ({one.id: one for one in side.dimensions} for side in self.sides)
        axes = []
        for name in {**new, **old}:
            ends = {end for oracle in self.oracles for end in oracle._ends(name)}
            limits = [one.domain for one in (old.get(name), new.get(name)) if one and isinstance(one.domain, Number)]
            inside = {end for end in ends if any(end in Interval(one.min, one.max) for one in limits)}
            axes.append([(name, value) for value in _values(old.get(name), new.get(name), inside)])
        stages = dict.fromkeys(stage.id for side in self.sides for stage in side.stages)
        if stages:
            axes.append([("stage", stage) for stage in stages])
        for point in itertools.product(*axes):
            yield dict(point)

    def hands(self, side: int, touchpoint: str, point: Mapping[str, Any], day: date) -> Hands | None:
        organization, oracle = self.sides[side], self.oracles[side]
        others = {one.id: one for one in self.sides[1 - side].dimensions}
        record = organization.by_id("touchpoints").get(touchpoint)
        own = {one.id: _own(one, others.get(one.id), point[one.id]) for one in organization.dimensions}
        if organization.stages:
            known = {stage.id for stage in organization.stages}
            own["stage"] = point["stage"] if point["stage"] in known else None
        here = tuple(own.items())
        if record is None or None in own.values() or not oracle.happens(record, here):
            return None
        roles = sorted({duty.role for duty in oracle.winners(record, "accountable", here, day)})
        people = {person for role in roles for person in oracle.pool(role, here, day)}
        most = record.accountable.max
        return Hands(tuple(roles), tuple(sorted(people)), most is not None and len(roles) > most)

    @property
    def touchpoints(self) -> list[str]:
        return list(dict.fromkeys(one.id for side in self.sides for one in side.touchpoints))

    def moves(self) -> Moves:
        found: Moves = {}
        for point in self.points():
            for touchpoint, day in itertools.product(self.touchpoints, self.days):
                before, after = (self.hands(side, touchpoint, point, day) for side in (0, 1))
                if before != after:
                    found[touchpoint, tuple(sorted(point.items())), day] = before, after
        return found

    def burdens(self, side: int, space: Space) -> Counter[str]:
        """What each person answers, in points of a space: customers that it does not tell apart are one point."""
        cells = [(point, tuple(_cell(space, name, value) for name, value in point.items())) for point in self.points()]
        alike = Counter(cell for _, cell in cells)
        found: Counter[str] = Counter()
        for (point, cell), touchpoint, day in itertools.product(cells, self.touchpoints, self.days):
            hands = self.hands(side, touchpoint, point, day)
            for person in () if hands is None else hands.people:
                found[person] += 1 / alike[cell] / len(self.days) / len(hands.people)  # type: ignore[union-attr]
        return found


def expanded(comparison: Comparison, brute: BruteForce) -> Moves:
    """Every point that a comparison's moves hold; no point is in two of them."""
    space = comparison.space
    found: Moves = {}
    points = [(point, {name: _cell(space, name, value) for name, value in point.items()}) for point in brute.points()]
    for move in comparison.moves:
        for box in move.boxes:
            for point, cells in points:
                for day in brute.days:
                    here = {**cells, "day": _cell(space, "day", day)}
                    if all(mask >> here.get(axis.id, 0) & 1 for axis, mask in zip(space.axes, box, strict=True)):
                        key = move.touchpoint, tuple(sorted(point.items())), day
                        assert key not in found, "two moves share a point"
                        found[key] = move.before, move.after
    return found


def _cell(space: Space, name: str, value: Any) -> int:
    position = space.index(name)
    assert position is not None
    cell = space.axes[position].cell(value)
    assert cell is not None, f"{name}={value} lies outside the common space"
    return int(cell)


def _edited(organization: Organization, draw: random.Random, donor: Organization) -> Organization:
    """One or two random changes of an organization."""
    for _ in range(draw.randint(1, 2)):
        section = draw.choice(["duties", "staffing", "people", "touchpoints", "impossible"])
        records = list(organization.section(section))
        if records and draw.random() < 0.6:
            records.pop(draw.randrange(len(records)))
        names = {getattr(record, "id", None) for record in records} - {None}
        records += [one for one in _within(organization, donor, section) if getattr(one, "id", None) not in names]
        sections: dict[str, Any] = {section: records}
        organization = evolve(organization, **sections)
    return organization


def _within(organization: Organization, donor: Organization, section: str) -> Iterator[Any]:
    """The first record of another organization's section, without the dimensions that do not exist here."""
    known = {dimension.id for dimension in organization.dimensions}
    for record in donor.section(section)[:1]:
        where = getattr(record, "where", None)
        kept = Scope(tuple(choice for choice in where or () if choice[0] in known))
        yield record if where is None else evolve(record, where=kept)


def _agrees(old: Organization, new: Organization, on: date, until: date, what: str) -> None:
    comparison = compare(old, new, on=on, until=until)
    brute = BruteForce(old, new, on, until)
    assert comparison.complete
    assert expanded(comparison, brute) == brute.moves(), what
    if comparison.moves:
        before, after = (brute.burdens(side, comparison.space) for side in (0, 1))
        assert comparison.answered == pytest.approx((before.total(), after.total())), what
        assert {load.person: load.before for load in comparison.loads} == pytest.approx(
            {load.person: before[load.person] for load in comparison.loads}
        ), what
        assert {load.person: load.after for load in comparison.loads} == pytest.approx(
            {load.person: after[load.person] for load in comparison.loads}
        ), what


def test_an_edit_moves_whom_brute_force_says_that_it_moves(cases: int) -> None:
    for seed in range(cases // 4):
        old, on, until = random_organization(seed)
        donor, _, _ = random_organization(seed + 1)
        _agrees(old, _edited(old, random.Random(seed), donor), on, until, f"seed {seed}")


def test_two_organizations_of_other_dimensions_are_compared_as_brute_force_does(cases: int) -> None:
    for seed in range(cases // 8):
        old, on, until = random_organization(seed)
        new, _, _ = random_organization(seed + 7_919)
        _agrees(old, new, on, until, f"seed {seed}")


def test_regions_that_are_cut_in_any_other_way_are_compared_as_brute_force_does(
    cases: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oracle, "_random_dimensions", _any_dimensions)
    for seed in range(cases // 8):
        old, on, until = random_organization(seed)
        new, _, _ = random_organization(seed + 7_919)
        _agrees(old, new, on, until, f"seed {seed}")


def _any_dimensions(draw: random.Random) -> list[Dimension]:
    """Dimensions that share names, wherever they stand: a leaf here, a group there."""
    names = draw.sample("abcdefg", draw.randint(1, 6))
    below: dict[int, list[int]] = {number: [] for number in range(-1, len(names))}
    for number in range(len(names)):
        below[draw.randint(-1, number - 1)].append(number)

    def node(number: int) -> TreeNode:
        return TreeNode(names[number], tuple(map(node, below[number])))

    region = Tree(tuple(map(node, below[-1]))) if draw.random() < 0.8 else Choice(names)
    tier = Dimension("tier", Choice(draw.sample("xyz", draw.randint(1, 3))))
    size = Dimension("size", Number(min=draw.choice([0, 2]), max=draw.choice([7, 10]), integer=True))
    return draw.sample([Dimension("region", region), tier, size], draw.randint(0, 3))


def test_the_leaving_of_people_moves_whom_brute_force_says_that_it_moves(cases: int) -> None:
    for seed in range(cases // 8):
        organization, on, until = random_organization(seed)
        gone = random.Random(seed).choice(organization.people)
        left = [evolve(one, status="vacant") if one is gone else one for one in organization.people]
        comparison = compare(organization, organization, on=on, until=until, without=[gone.id])
        brute = BruteForce(organization, evolve(organization, people=left), on, until)
        assert expanded(comparison, brute) == brute.moves(), f"seed {seed}"


def _counted(comparison: Comparison) -> Counter[tuple[str, Hands | None, Hands | None]]:
    counts: Counter[tuple[str, Hands | None, Hands | None]] = Counter()
    for move in comparison.moves:
        counts[move.touchpoint, move.before, move.after] += sum(map(comparison.space.points, move.boxes))
    return counts


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # how fast is the machine's affair
@given(organizations(), organizations(), st.dates(DAY, date(2028, 1, 1)))
def test_whatever_two_organizations_hold_the_way_back_moves_the_same(
    old: Organization, new: Organization, until: date
) -> None:
    assert compare(old, old, on=DAY, until=until).moves == ()
    try:
        there = compare(old, new, on=DAY, until=until)
    except Incomparable:
        with pytest.raises(Incomparable):
            compare(new, old, on=DAY, until=until)
        return
    back = compare(new, old, on=DAY, until=until)
    assert _counted(there) == {(at, after, before): n for (at, before, after), n in _counted(back).items()}


COMPANY = Organization(
    "company",
    dimensions=[
        Dimension("region", Tree.of({"China": ["Shanghai", "Sichuan"]})),
        Dimension("tier", Choice(["key", "standard"])),
    ],
    people=[Person("li.na"), Person("wang.wei")],
    roles=[Role("manager"), Role("agent")],
    staffing=[Staffing("manager", holders=["li.na"]), Staffing("agent", holders=["wang.wei"])],
    touchpoints=[Touchpoint("call")],
    duties=[
        Duty(["call"], "manager", "accountable", where={"tier": "key"}),
        Duty(["call"], "agent", "accountable", where={"tier": "standard"}),
    ],
)
LI_NA, WANG_WEI = Hands(("manager",), ("li.na",)), Hands(("agent",), ("wang.wei",))


def _told(comparison: Comparison) -> list[tuple[str, Hands | None, Hands | None, list[dict[str, Any]]]]:
    return [
        (move.kind, move.before, move.after, [comparison.space.describe(box) for box in move.boxes])
        for move in comparison.moves
    ]


def _with_regions(**branches: Any) -> Organization:
    tier = COMPANY.dimensions[1]
    return evolve(COMPANY, dimensions=[Dimension("region", Tree.of(branches)), tier])


def test_the_same_organization_changes_nothing() -> None:
    assert compare(COMPANY, COMPANY, on=DAY).moves == ()
    assert compare(COMPANY, COMPANY, on=DAY).loads == ()


def test_a_new_region_appears_with_whoever_answers_there() -> None:
    wider = _with_regions(China=["Shanghai", "Sichuan"], Overseas=["Singapore"])
    assert _told(compare(COMPANY, wider, on=DAY)) == [
        ("appeared", None, LI_NA, [{"region": ["Overseas"], "tier": ["key"]}]),
        ("appeared", None, WANG_WEI, [{"region": ["Overseas"], "tier": ["standard"]}]),
    ]
    assert {move.kind for move in compare(wider, COMPANY, on=DAY).moves} == {"vanished"}


def test_a_new_region_that_nobody_was_given_opens() -> None:
    wider = _with_regions(China=["Shanghai", "Sichuan"], Overseas=["Singapore"])
    only_china = [evolve(duty, where={**dict(duty.where), "region": "China"}) for duty in wider.duties]
    assert _told(compare(COMPANY, evolve(wider, duties=only_china), on=DAY)) == [
        ("opened", None, Hands((), ()), [{"region": ["Overseas"]}])
    ]


def test_a_region_that_is_divided_further_is_the_same_customers() -> None:
    finer = _with_regions(China={"Shanghai": ["Pudong", "Minhang"], "Sichuan": []})
    assert compare(COMPANY, finer, on=DAY).moves == ()
    assert compare(finer, COMPANY, on=DAY).moves == ()
    pudong = Duty(["call"], "agent", "accountable", where={"region": "Pudong"}, priority=1)
    assert _told(compare(COMPANY, evolve(finer, duties=[*finer.duties, pudong]), on=DAY)) == [
        ("moved", LI_NA, WANG_WEI, [{"region": ["Pudong"], "tier": ["key"]}])
    ]


def test_a_region_that_comes_to_lie_below_another_keeps_its_own_customers() -> None:
    flat, tree = _with_regions(**{"China": [], "Hong Kong": []}), _with_regions(China=["Mainland", "Hong Kong"])
    hong_kong = Duty(["call"], "agent", "accountable", where={"region": "Hong Kong"}, priority=1)
    assert compare(flat, tree, on=DAY).moves == ()
    assert _told(compare(flat.with_(hong_kong), tree, on=DAY)) == [
        ("moved", WANG_WEI, LI_NA, [{"region": ["Hong Kong"], "tier": ["key"]}])
    ]


def test_a_dimension_that_is_new_makes_no_difference_to_how_it_was() -> None:
    channels = [*COMPANY.dimensions, Dimension("channel", Choice(["phone", "web"]), of="contact")]
    by_phone = Duty(["call"], "manager", "accountable", where={"channel": "phone"}, priority=1)
    new = evolve(COMPANY, dimensions=channels, duties=[*COMPANY.duties, by_phone])
    assert _told(compare(COMPANY, new, on=DAY)) == [
        ("moved", WANG_WEI, LI_NA, [{"tier": ["standard"], "channel": ["phone"]}])
    ]


def test_numbers_of_another_range_are_compared_where_both_have_them() -> None:
    small, large = (Dimension("employees", Number(min=1, max=most, integer=True)) for most in (100, 1_000))
    old, new = (evolve(COMPANY, dimensions=[*COMPANY.dimensions, one]) for one in (small, large))
    told = _told(compare(old, new, on=DAY))
    assert {(kind, *boxes[0]["employees"][0]) for kind, _, _, boxes in told} == {("appeared", 100, 1_000)}


def test_a_number_and_a_choice_of_one_name_cannot_be_compared() -> None:
    number = evolve(COMPANY, dimensions=[Dimension("tier", Number(min=1, max=3))], duties=[])
    with pytest.raises(Incomparable, match="tier is a number in one organization and a choice of names in the other"):
        compare(COMPANY, number, on=DAY)


def test_an_absence_of_some_days_moves_customers_for_these_days_and_weighs_as_many() -> None:
    away = Absence(from_=date(2026, 11, 24), to=date(2026, 11, 25), cover="wang.wei")
    new = evolve(COMPANY, people=[Person("li.na", absences=[away]), Person("wang.wei")])
    comparison = compare(COMPANY, new, on=DAY, until=date(2026, 11, 26))
    assert _told(comparison) == [
        ("moved", LI_NA, Hands(("manager",), ("wang.wei",)), [{"tier": ["key"], "day": [["2026-11-24", "2026-11-25"]]}])
    ]
    assert comparison.loads == (Load("li.na", 0.0, 1.0, 2.0), Load("wang.wei", 1.0, 0.0, 2.0))
    assert [load.after for load in comparison.loads] == [1.0, 3.0]
    assert comparison.answered == (4.0, 4.0)
    assert comparison.points(comparison.moves[0]) == 2


def test_whoever_leaves_without_anyone_to_stand_in_opens_a_vacancy() -> None:
    comparison = compare(COMPANY, COMPANY, on=DAY, without=["li.na"])
    assert _told(comparison) == [("opened", LI_NA, Hands(("manager",), ()), [{"tier": ["key"]}])]


def test_two_roles_where_one_may_be_accountable_are_a_conflict_that_appears_and_is_settled() -> None:
    both = COMPANY.with_(Duty(["call"], "agent", "accountable", where={"tier": "key"}))
    together = Hands(("agent", "manager"), ("li.na", "wang.wei"), conflict=True)
    assert _told(compare(COMPANY, both, on=DAY)) == [("contested", LI_NA, together, [{"tier": ["key"]}])]
    assert _told(compare(both, COMPANY, on=DAY)) == [("settled", together, LI_NA, [{"tier": ["key"]}])]
    allowed = both.with_(Touchpoint("call", accountable=Count(min=1, max=2)))
    assert _told(compare(both, allowed, on=DAY)) == [
        ("settled", together, evolve(together, conflict=False), [{"tier": ["key"]}])
    ]


def test_the_places_of_the_duties_that_decide_are_told(tmp_path: Path) -> None:
    file = tmp_path / "crmcore.yaml"
    COMPANY.write(file)
    old = Organization.read(file)
    file.write_text(
        file.read_text(encoding="utf-8").replace("role: agent, duty", "role: manager, duty"), encoding="utf-8"
    )
    new = Organization.read(file)
    (move,) = compare(old, new, on=DAY).moves
    assert (move.before, move.after) == (WANG_WEI, LI_NA)
    assert [place.line for place in move.before_places] == [
        duty.place.line for duty in old.duties if duty.role == "agent"
    ]
    assert move.before_places == move.after_places
