"""A question without an answer is refused with what is allowed instead, in both languages."""

from datetime import date

import pytest

from crmcore.errors import OutsideSpace
from crmcore.language import speaking
from crmcore.organization import Choice, Dimension, Duty, Number, Organization, Role, Touchpoint
from crmcore.responsibility import Question
from crmcore.values import Interval


def refused(number: Number, **customer: object) -> OutsideSpace:
    """Ask a company that cares for customers from 500 employees on about one; return how it refuses."""
    organization = Organization(
        "x",
        dimensions=[Dimension("employees", number), Dimension("tier", Choice([f"t{n}" for n in range(20)]))],
        roles=[Role("seller")],
        touchpoints=[Touchpoint("call")],
        duties=[Duty(["call"], "seller", "accountable", where={"employees": Interval(500, None), "tier": "t1"})],
    )
    with pytest.raises(OutsideSpace) as caught:
        organization.who(Question("call", customer=customer, day=date(2026, 11, 23)))
    return caught.value


@pytest.mark.parametrize(
    ("number", "english", "chinese"),
    [
        (Number(), "it is a number", "只能是数字"),
        (Number(min=0), "it is a number from 0", "只能是数字，0 起"),
        (Number(max=900), "it is a number below 900", "只能是数字，900 以下"),
        (Number(min=1, max=900), "it is a number from 1 to below 900", "只能是数字，1 至 900（不含）"),
    ],
)
def test_the_numbers_that_are_allowed_are_said_as_people_would(number: Number, english: str, chinese: str) -> None:
    for customer in ({"tier": "t1"}, {"tier": "t1", "employees": "many"}):
        error = refused(number, **customer)
        assert str(error).endswith(english)
        with speaking("zh"):
            assert str(error).endswith(chinese)


def test_of_many_values_a_dozen_are_named_with_how_many_more_there_are() -> None:
    error = refused(Number(), tier="t99", employees=500)
    assert str(error).startswith("no customer has tier 't99': it is one of t0, t1, t2")
    assert "t11 and 8 more" in str(error)
    with speaking("zh"):
        assert str(error).startswith("没有客户的 tier 是 't99'：只能是 t0、t1、t2")
