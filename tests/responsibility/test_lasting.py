"""Boxes of days put together, against every point of a small space."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from crmcore.responsibility import Box, uncovered
from crmcore.responsibility.lasting import unbroken

EVERY_DAY = 0b1111
masks = st.integers(1, 0b111)
boxes = st.lists(st.tuples(masks, masks, st.integers(1, EVERY_DAY)), max_size=6)


def points(box: Box) -> set[tuple[int, ...]]:
    return set(product(*([cell for cell in range(4) if mask >> cell & 1] for mask in box)))


def apart(some: list[Box]) -> list[Box]:
    found: list[Box] = []
    for box in some:
        found.extend(uncovered(box, found).boxes)
    return found


@given(boxes)
def test_the_points_are_the_same_and_no_two_boxes_share_a_customer(some: list[Box]) -> None:
    parts = apart(some)
    found = unbroken(parts, EVERY_DAY)
    assert set().union(*map(points, found)) == set().union(*map(points, some))
    customers = [point for box in found for point in {point[:-1] for point in points(box)}]
    assert len(customers) == len(set(customers))


def test_days_that_follow_each_other_become_one_box() -> None:
    assert unbroken([(1, 0b11, 0b0001), (1, 0b01, 0b0110)], EVERY_DAY) == [(1, 0b01, 0b0111), (1, 0b10, 0b0001)]
