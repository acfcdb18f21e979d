"""A message names of its example what matters, and nothing else."""

from datetime import date
from typing import Any

import pytest

from crmcore.checks.boxes import Region, example, in_common, region
from crmcore.language import speaking, told
from crmcore.organization import DAY, Choice, Dimension, Organization, Stage, Touchpoint
from crmcore.responsibility import Responsibilities

COMPANY = Organization(
    "x",
    dimensions=[Dimension("tier", Choice(["key", "standard"])), Dimension("region", Choice(["East", "West"]))],
    stages=[Stage("lead"), Stage("active"), Stage("renewal", terminal=True)],
    touchpoints=[
        Touchpoint("renewal", stages=["renewal"]),
        Touchpoint("upsell", stages=["renewal"], where={"region": "East"}),
        Touchpoint("call"),
    ],
)
KNOWN = Responsibilities(COMPANY, on=date(2026, 11, 23))


def where(**scope: Any) -> Region:
    box = list(KNOWN.space.whole)
    for name, values in scope.items():
        position = KNOWN.space.names.index(name)
        box[position] = KNOWN.space.axes[position].mask(values)
    return region(KNOWN, tuple(box))


def test_a_dimension_that_is_free_is_not_named_and_the_witness_stays_whole() -> None:
    part = where(tier=["standard"])
    assert example(part) == ", for example for tier=standard"
    assert part["witness"].keys() >= {"tier", "region", "stage"}


def test_where_nothing_is_restricted_there_is_no_example() -> None:
    assert example(where()) == ""


def test_what_every_customer_at_the_touchpoint_has_in_common_is_not_named() -> None:
    part = where(stage=["renewal"], tier=["key"])
    assert example(part) == ", for example for tier=key, stage=renewal"
    assert example(part, in_common(KNOWN, "renewal")) == ", for example for tier=key"
    assert example(where(stage=["renewal"]), in_common(KNOWN, "renewal")) == ""


def test_a_part_of_where_the_touchpoint_happens_is_named() -> None:
    assert example(where(stage=["lead"]), in_common(KNOWN, "call")) == ", for example for stage=lead"


@pytest.mark.parametrize(
    ("touchpoints", "common"),
    [
        ((), {}),
        (("call",), {}),
        (("upsell",), {"region": ["East"], "stage": ["renewal"]}),
        (("upsell", "renewal"), {"stage": ["renewal"]}),
        (("upsell", "renewal", "call"), {}),
    ],
)
def test_several_touchpoints_have_in_common_what_each_of_them_has(
    touchpoints: tuple[str, ...], common: dict[str, list[Any]]
) -> None:
    assert in_common(KNOWN, *touchpoints) == common
    assert DAY not in common


def test_an_example_is_listed_with_the_comma_of_the_language() -> None:
    with speaking("zh"):
        assert told(example(where(tier=["key"], region=["West"]))) == "，例如 tier=key、region=West"
