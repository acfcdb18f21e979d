"""A scale is cut exactly at values, and a run of its cells is told as one interval."""

from decimal import Decimal

from crmcore.organization import Choice, Dimension, Duty, Organization, Role, Touchpoint
from crmcore.organization.scales import Scale, ScaleCell, ScaleEnd
from crmcore.responsibility.cutting import dimension_axis

FIVE, NINE = ScaleEnd(Decimal(5), "5"), ScaleEnd(Decimal(9), "9")
SCALE = Scale.of(
    (
        ScaleCell(None, FIVE, 4),
        ScaleCell(FIVE, FIVE, 5),
        ScaleCell(FIVE, NINE, 6),
        ScaleCell(NINE, NINE, 9),
        ScaleCell(NINE, None, 10),
    )
)
AXIS = dimension_axis(Dimension("age", SCALE), ())


def test_the_cells_are_named_by_what_they_hold() -> None:
    assert SCALE.values == ("< 5", "5", "(5 .. 9)", "9", "> 9")
    assert isinstance(SCALE, Choice)


def test_a_value_lies_in_one_cell() -> None:
    assert [AXIS.cell(value) for value in (4, 5, Decimal("5.1"), 8.99, 9, 10)] == [0, 1, 2, 2, 3, 4]
    assert [AXIS.cell(value) for value in (True, None, float("inf"), "6")] == [None] * 4
    assert AXIS.cell("(5 .. 9)") == 2


def test_a_run_of_cells_is_one_interval() -> None:
    assert AXIS.describe(0b00110) == ["[5 .. 9)"]
    assert AXIS.describe(0b01100) == ["(5 .. 9]"]
    assert AXIS.describe(0b11011) == ["<= 5", ">= 9"]
    assert AXIS.describe(0b10101) == ["< 5", "(5 .. 9)", "> 9"]
    assert AXIS.describe(AXIS.full) == ["-"]


def test_cells_with_something_between_them_are_told_apart() -> None:
    apart = Scale.of((SCALE.cells[1], ScaleCell(NINE, NINE, 9, joined=False)))
    assert list(apart.describe(0, 2)) == ["5", "9"]
    assert apart.find(Decimal(6)) is None
    assert apart.find(Decimal(1)) is None


def test_a_witness_is_a_value_and_not_the_name_of_a_cell() -> None:
    assert AXIS.witness(0b100) == 6


def test_an_organization_can_have_a_scale() -> None:
    organization = Organization(
        "T",
        dimensions=(Dimension("age", SCALE),),
        roles=(Role("adult"),),
        touchpoints=(Touchpoint("t"),),
        duties=(Duty(("t",), "adult", "accountable", where={"age": ("9", "> 9")}),),
    )
    (finding,) = organization.check(select=["COV101"]).findings
    assert finding.box == {"age": ["< 9"]}
