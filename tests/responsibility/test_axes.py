"""Dimensions cut into cells: masks and words say the same, in as few words as can be."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from crmcore.organization import Choice, Dimension, Number, Scope, Tree
from crmcore.responsibility.axes import DayAxis, NameAxis, NumberAxis, Space, TreeAxis, cells, runs
from crmcore.responsibility.cutting import dimension_axis
from crmcore.values import Interval

TREE = Tree.of({"China": {"East": ["Shanghai", "Zhejiang"], "West": ["Sichuan"]}, "Overseas": ["Singapore"]})
REGION = TreeAxis("region", of_customer=True, tree=TREE)
FIRST = date(2026, 1, 1)


@given(st.integers(0, 1 << 70))
def test_runs_and_cells_rebuild_the_mask(mask: int) -> None:
    assert sum(1 << cell for cell in cells(mask)) == mask
    assert sum((1 << stop) - (1 << start) for start, stop in runs(mask)) == mask
    spans = list(runs(mask))
    assert all(before[1] < after[0] for before, after in pairwise(spans))


@given(st.integers(1, REGION.full))
def test_a_tree_is_described_by_its_highest_names_and_read_back(mask: int) -> None:
    names = REGION.describe(mask)
    assert REGION.mask(names) == mask
    assert REGION.witness(mask) in TREE.leaves
    for name in names:
        start, stop = TREE.spans[name]
        above = [
            other
            for other, span in TREE.spans.items()
            if span[0] <= start and stop <= span[1] and span != (start, stop)
        ]
        assert not any(REGION.mask([other]) & mask == REGION.mask([other]) for other in above)


def test_an_inner_name_stands_for_its_leaves_and_the_unknown_for_nothing() -> None:
    assert REGION.mask(["East"]) == REGION.mask(["Shanghai", "Zhejiang"])
    assert REGION.mask(["Est", Interval(1, 2)]) == 0
    assert (REGION.cell("East"), REGION.cell("Shanghai"), REGION.cell(3)) == (None, 0, None)


NUMBERS = st.one_of(st.none(), st.integers(-3, 13))


@given(
    st.sampled_from([Number(min=0, max=10), Number(min=0), Number(max=10), Number()]),
    st.lists(st.tuples(NUMBERS, NUMBERS)),
)
def test_a_number_lies_in_the_cells_of_exactly_the_intervals_that_hold_it(
    domain: Number, bounds: list[tuple[int | None, int | None]]
) -> None:
    intervals = [Interval(*pair) for pair in bounds]
    ends = [end for pair in bounds for end in pair if end is not None]
    axis = dimension_axis(Dimension("size", domain), ends)
    for half in range(-8, 30):
        number = half / 2
        cell = axis.cell(number)
        assert (cell is not None) == (number in Interval(domain.min, domain.max))
        for interval in intervals:
            inside = cell is not None and number in interval
            assert bool(cell is not None and axis.mask([interval]) >> cell & 1) == inside


def test_intervals_are_described_half_open_with_whole_numbers_plain_and_open_ends_none() -> None:
    axis = NumberAxis("size", of_customer=True, domain=Number(min=1.0), cuts=(5.0, 7.5))
    assert axis.describe(0b111) == [[1, None]]
    assert axis.describe(0b101) == [[1, 5], [7.5, None]]
    assert (axis.witness(0b001), axis.witness(0b100)) == (1, 7.5)


def test_a_witness_without_lower_bound_lies_inside_all_the_same() -> None:
    axis = NumberAxis("size", of_customer=True, domain=Number(), cuts=(-5, 3))
    for mask in (0b001, 0b010, 0b100):
        cell = axis.cell(axis.witness(mask))
        assert cell is not None
        assert mask >> cell & 1


@given(st.lists(st.integers(1, 9), unique=True), st.integers(-2, 12), st.integers(-2, 12))
def test_a_span_of_days_holds_exactly_its_days_of_the_window(starts: list[int], one: int, other: int) -> None:
    first, last = sorted((one, other))
    cuts = {*starts, first, last + 1}
    axis = DayAxis(
        "day",
        of_customer=False,
        first=FIRST,
        last=FIRST + timedelta(days=9),
        cuts=tuple(FIRST + timedelta(days=day) for day in sorted(cuts) if 0 < day <= 9),
    )
    mask = axis.span(FIRST + timedelta(days=first), FIRST + timedelta(days=last))
    for day in range(10):
        cell = axis.cell(FIRST + timedelta(days=day))
        assert cell is not None
        assert bool(mask >> cell & 1) == (first <= day <= last)


def test_days_are_described_as_first_and_last_both_included() -> None:
    axis = DayAxis("day", of_customer=False, first=FIRST, last=date(2026, 1, 31), cuts=(date(2026, 1, 10),))
    assert axis.describe(0b01) == [["2026-01-01", "2026-01-09"]]
    assert axis.describe(0b10) == [["2026-01-10", "2026-01-31"]]
    assert axis.witness(0b10) == "2026-01-10"


def test_a_space_counts_points_without_days_and_leaves_the_unrestricted_out() -> None:
    days = DayAxis("day", of_customer=False, first=FIRST, last=FIRST, cuts=())
    tier = NameAxis("tier", of_customer=True, values=("key", "standard"))
    space = Space((REGION, tier, days))
    box = space.box(Scope((("region", ("East",)), ("unknown", ("x",)))))
    assert box is not None
    assert space.points(box) == 4
    assert space.describe(box) == {"region": ["East"]}
    assert space.witness(box) == {"region": "Shanghai", "tier": "key"}
    assert space.box(Scope((("tier", ("gold",)),))) is None
    assert dimension_axis(Dimension("tier", Choice(["key", "standard"])), ()) == tier
