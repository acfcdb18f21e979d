"""What is done for customers is measured: touchpoints by metrics, departments by scorecards."""

import pytest
from checking import found
from hypothesis import given
from hypothesis import strategies as st

from crmcore.organization import Department, Duty, Metric, Organization, Role, Scorecard, Touchpoint

SALES, DELIVERY = Department("sales"), Department("delivery")
SELLER, DELIVERER = Role("seller", department="sales"), Role("deliverer", department="delivery")
CSAT = Metric("csat", outcome=True, owner="seller", target=90)
CALLS = Metric("calls", owner="seller", target=100)


def company(**more: object) -> Organization:
    """Sales sign, delivery may veto; everything can be replaced."""
    fields: dict[str, object] = {
        "departments": [SALES, DELIVERY],
        "roles": [SELLER, DELIVERER],
        "touchpoints": [Touchpoint("signing")],
        "duties": [Duty(["signing"], "seller", "accountable"), Duty(["signing"], "deliverer", "veto")],
        "metrics": [CSAT, CALLS],
    }
    return Organization("x", **(fields | more))  # type: ignore[arg-type]


def messages(code: str, organization: Organization) -> list[str]:
    return [finding.message for finding in found(code, organization)]


# GOV501


def test_a_touchpoint_without_a_metric_that_exists_is_unmeasured() -> None:
    touchpoints = [Touchpoint("a"), Touchpoint("b", metrics=["csatt"]), Touchpoint("c", metrics=["csat"])]
    assert messages("GOV501", company(touchpoints=touchpoints)) == [
        "a is measured by nothing",
        "b is measured by nothing",
    ]


def test_a_company_without_any_metric_is_told_so_once() -> None:
    touchpoints = [Touchpoint("a"), Touchpoint("b", metrics=["csat"])]
    (finding,) = found("GOV501", company(touchpoints=touchpoints, metrics=[]))
    assert finding.message == "there is no metric at all, so that none of 2 touchpoints is measured"
    assert [related.message for related in finding.related] == ["a is measured by nothing", "b is measured by nothing"]


def test_a_metric_needs_an_owner_that_exists_and_a_target_which_may_be_zero() -> None:
    metrics = [Metric("a"), Metric("b", owner="seller"), Metric("c", target=0), Metric("d", owner="seller", target=0)]
    assert messages("GOV501", company(touchpoints=[], metrics=metrics)) == [
        "a has no owner and no target",
        "b has no target",
        "c has no owner",
    ]


# GOV502


def test_a_department_that_serves_customers_without_a_scorecard_is_found() -> None:
    assert messages("GOV502", company()) == ["sales serves customers and has no scorecard"]


def test_a_company_without_any_scorecard_is_told_so_once_with_its_departments() -> None:
    both = [Duty(["signing"], "seller", "accountable"), Duty(["signing"], "deliverer", "responsible")]
    (finding,) = found("GOV502", company(duties=both))
    assert finding.message == (
        "no department has a scorecard: sales and delivery serve customers, and are scored on nothing"
    )
    assert [related.message for related in finding.related] == ["sales serves customers", "delivery serves customers"]


def test_a_scorecard_without_an_outcome_is_found() -> None:
    assert messages("GOV502", company(scorecards=[Scorecard("sales", {"calls": 1.0})])) == [
        "sales serves customers and is scored on no customer outcome"
    ]
    assert len(found("GOV502", company(scorecards=[Scorecard("sales", {"calls": 1.0, "csat": 0.0})]))) == 1


def test_one_outcome_is_enough_and_departments_that_only_veto_are_not_on_the_journey() -> None:
    assert found("GOV502", company(scorecards=[Scorecard("sales", {"calls": 0.9, "csat": 0.1})])) == []


# GOV503


@given(st.lists(st.integers(1, 50), min_size=1, max_size=8))
def test_weights_that_are_written_to_sum_to_one_do_so_whatever_binary_numbers_say(parts: list[int]) -> None:
    rest = 1_000 - sum(parts)
    weights = {f"m{number}": float(f"0.{part:03}") for number, part in enumerate((*parts, rest))}
    assert found("GOV503", company(scorecards=[Scorecard("sales", weights)])) == []
    weights["m0"] += 0.001
    assert len(found("GOV503", company(scorecards=[Scorecard("sales", weights)]))) == 1


def test_three_thirds_are_one() -> None:
    assert found("GOV503", company(scorecards=[Scorecard("sales", dict.fromkeys("abc", 1 / 3))])) == []


def test_the_sum_is_told_as_it_is_written() -> None:
    assert messages("GOV503", company(scorecards=[Scorecard("sales", {"csat": 0.8, "calls": 0.4})])) == [
        "the weights in the scorecard of sales sum to 1.2, not to 1"
    ]
    assert messages("GOV503", company(scorecards=[Scorecard("sales", {})])) == [
        "the weights in the scorecard of sales sum to 0, not to 1"
    ]


@pytest.mark.parametrize("weight", [0, -0.5])
def test_a_weight_that_is_not_positive_is_found(weight: float) -> None:
    texts = messages("GOV503", company(scorecards=[Scorecard("sales", {"csat": 1.0, "calls": weight})]))
    assert texts[0] == f"the scorecard of sales weighs calls {weight:g}, which is not positive"
