"""The one primitive of the proof, against the enumeration of every point."""

import itertools
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from crmcore.responsibility import Box, is_covered, merged, partition, readable, uncovered, widened

Points = set[tuple[int, ...]]


def points(box: Box) -> Points:
    """Every point of a box."""
    return set(itertools.product(*[[cell for cell in range(mask.bit_length()) if mask >> cell & 1] for mask in box]))


def union(boxes: Sequence[Box]) -> Points:
    return set().union(*(points(box) for box in boxes))


@st.composite
def spaces(draw: st.DrawFn) -> tuple[Box, list[Box]]:
    """A box and rules in a small space; masks may have holes."""
    sizes = draw(st.lists(st.integers(1, 5), min_size=1, max_size=4))
    boxes = st.tuples(*[st.one_of(st.just((1 << size) - 1), st.integers(1, (1 << size) - 1)) for size in sizes])
    return draw(boxes), draw(st.lists(boxes, max_size=9))


@given(spaces())
def test_what_is_uncovered_is_what_no_rule_holds_in_disjoint_boxes(case: tuple[Box, list[Box]]) -> None:
    box, rules = case
    result = uncovered(box, rules)
    assert result.complete
    assert union(result.boxes) == points(box) - union(rules)
    assert sum(len(points(part)) for part in result.boxes) == len(union(result.boxes))
    assert is_covered(box, rules) is (not result.boxes)


@given(spaces())
def test_a_widened_box_is_maximal_and_stays_clear_of_the_rules(case: tuple[Box, list[Box]]) -> None:
    box, rules = case
    for part in uncovered(box, rules).boxes:
        wide = widened(part, rules, box)
        assert points(part) <= points(wide) <= points(box) - union(rules)
        for axis, mask in enumerate(wide):
            for cell in range(box[axis].bit_length()):
                bit = 1 << cell
                if bit & box[axis] & ~mask:
                    slab = (*wide[:axis], bit, *wide[axis + 1 :])
                    assert points(slab) & union(rules), "a whole slab could still be taken in"


@given(spaces())
def test_readable_boxes_hold_the_same_points_and_none_is_superfluous(case: tuple[Box, list[Box]]) -> None:
    box, rules = case
    left = uncovered(box, rules).boxes
    shown = readable(left, rules, box)
    assert union(shown) == union(left)
    assert len(shown) <= max(1, len(left))
    for one in shown:
        assert union([other for other in shown if other != one]) != union(shown)


@given(spaces())
def test_merging_keeps_every_point_and_never_makes_more_boxes(case: tuple[Box, list[Box]]) -> None:
    _, rules = case
    few = merged(rules)
    assert union(few) == union(rules)
    assert len(few) <= len(rules)


@given(spaces(), st.integers(1, 3))
def test_parts_are_where_so_many_rules_hold(case: tuple[Box, list[Box]], wanted: int) -> None:
    box, rules = case

    def enough(covering: Sequence[int], partly: Sequence[int]) -> bool | None:
        if len(covering) >= wanted:
            return True
        return False if len(covering) + len(partly) < wanted else None

    result = partition(box, rules, enough)
    assert result.complete
    expected = {point for point in points(box) if sum(point in points(rule) for rule in rules) >= wanted}
    assert union([part.box for part in result.parts]) == expected


def test_a_spent_budget_is_said_and_never_passes_as_covered() -> None:
    """Forty unstructured yes-or-no dimensions are beyond any walk: the answer is undecided."""
    size = 40
    rules = [
        tuple(
            0b01 if (axis * 7 + rule * 13) % 11 < 2 else 0b10 if (axis + rule * 5) % 9 == 0 else 0b11
            for axis in range(size)
        )
        for rule in range(200)
    ]
    result = uncovered((0b11,) * size, rules, budget=100_000)
    assert not result.complete
    assert result.undecided is not None
    assert is_covered((0b11,) * size, rules, budget=8_000) is None

    def nobody(covering: Sequence[int], partly: Sequence[int]) -> bool | None:
        return False if covering else None if partly else True

    assert not partition((0b11,) * size, rules, nobody, 100_000).complete
