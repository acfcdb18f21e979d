"""Cells are called what spreadsheets call them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcore.organization.spreadsheets import Grid, address, spans


@pytest.mark.parametrize(
    ("cell", "name"),
    [((0, 0), "A1"), ((6, 1), "B7"), ((0, 25), "Z1"), ((0, 26), "AA1"), ((1_048_575, 16_383), "XFD1048576")],
)
def test_a_cell_has_its_address(cell: tuple[int, int], name: str) -> None:
    assert address(*cell) == name


def test_cells_below_each_other_are_one_span() -> None:
    assert spans([(2, 0), (3, 0), (5, 0), (2, 1), (4, 0)]) == ["A3:A6", "B3"]


@given(st.sets(st.tuples(st.integers(0, 5), st.integers(0, 3))))
def test_spans_hold_each_cell_once(cells: set[tuple[int, int]]) -> None:
    held: list[tuple[int, int]] = []
    for span in spans(cells):
        first, _, last = span.partition(":")
        rows = range(int(first[1:]) - 1, int((last or first)[1:]))
        held.extend((row, ord(first[0]) - ord("A")) for row in rows)
    assert sorted(held) == sorted(cells)


def test_beyond_the_ends_cells_are_empty() -> None:
    grid = Grid("f", [["a"], []])
    assert [grid.at(0, 0), grid.at(0, 1), grid.at(1, 0), grid.at(9, 0), grid.at(-1, 0)] == ["a", "", "", "", ""]
