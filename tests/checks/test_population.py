"""Customers on file are counted in the parts of the space that findings are about as brute force counts them."""

import random
from collections import Counter
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import jsonschema
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import Oracle, expand, random_organization

from crmcore.checks import OnFile, Severity, attributes_of_customers, check, with_customers
from crmcore.checks.report_schema import report_schema
from crmcore.cli.formats import FORMATS, Options, write
from crmcore.language import speaking
from crmcore.organization import Choice, Dimension, Duty, Number, Organization, Role, Scope, Staffing, Touchpoint, Tree

DAY = date(2026, 11, 23)
Counts = Counter[tuple[Any, ...]]


def company(*duties: Duty) -> Organization:
    return Organization(
        "云帆软件",
        dimensions=[
            Dimension("region", Tree.of({"East": ["Shanghai", "Zhejiang"], "West": ["Sichuan"]})),
            Dimension("employees", Number(min=1)),
            Dimension("channel", Choice(["phone", "email"]), of="contact"),
        ],
        roles=[Role("sales")],
        staffing=[Staffing("sales", holders=["li.na"])],
        touchpoints=[Touchpoint("renewal-call")],
        duties=duties,
    )


def answered(**where: Any) -> Duty:
    return Duty(["renewal-call"], "sales", "accountable", where=Scope(tuple(where.items())))


def counted(organization: Organization, counts: Mapping[tuple[Any, ...], int]) -> tuple[int | None, OnFile]:
    report = with_customers(organization.check(on=DAY, select=["COV101"]), organization, counts)
    assert report.summary.customers is not None
    return (report.findings[0].customers if report.findings else None), report.summary.customers


def test_customers_are_counted_by_what_is_true_of_them_for_longer_than_a_contact() -> None:
    assert attributes_of_customers(company()) == ("region", "employees")


def test_a_finding_tells_how_many_customers_on_file_sit_in_it() -> None:
    counts = {("Shanghai", 5): 7, ("Sichuan", 800): 3, ("Sichuan", 20): 2}
    assert counted(company(answered(region=("East",))), counts) == (5, OnFile(total=12, affected=5))
    assert counted(company(answered()), counts) == (None, OnFile(total=12, affected=0))


def test_a_customer_sits_where_some_contact_of_theirs_would() -> None:
    counts = {("Shanghai", 5): 7, ("Sichuan", 800): 3}
    by_phone = company(answered(channel=("phone",)), answered(region=("East",)))
    assert counted(by_phone, counts) == (3, OnFile(total=10, affected=3))


def test_who_lacks_an_attribute_is_counted_where_it_makes_no_difference_and_apart() -> None:
    counts = {("Sichuan", None): 1, (None, 5): 2, ("Atlantis", 5): 4, ("Sichuan", 5): 8}
    unplaced = {"region": 6, "employees": 1}
    assert counted(company(answered(region=("East",))), counts) == (9, OnFile(total=15, affected=9, unplaced=unplaced))
    assert counted(company(), counts) == (15, OnFile(total=15, affected=15, unplaced=unplaced))


def test_exact_numbers_of_a_storage_are_numbers() -> None:
    from crmcore.values import Interval  # noqa: PLC0415

    gap = company(answered(employees=(Interval(100, None),)))
    assert counted(gap, {("Sichuan", Decimal("99.5")): 1, ("Sichuan", Decimal(100)): 2})[0] == 1


def test_a_report_without_a_storage_counts_nothing() -> None:
    report = company().check(on=DAY)
    assert report.summary.customers is None
    assert {finding.customers for finding in report.findings} == {None}


def test_every_format_tells_it_and_the_schema_knows_it() -> None:
    organization = company(answered(region=("East",)))
    report = with_customers(organization.check(on=DAY), organization, {("Sichuan", 5): 1234, (None, 5): 1})
    jsonschema.Draft202012Validator(report_schema()).validate(report.to_dict())
    assert report.to_dict()["summary"]["customers"] == {"total": 1235, "affected": 1234, "unplaced": {"region": 1}}
    for name in FORMATS:
        assert write(name, report, Options())
    text = write("text", report, Options())
    assert "1,234 on file" in text
    assert "An error is about 1,234 of the 1,235 customers on file. Missing or unknown is region of 1:" in text
    with speaking("zh"):
        assert "1,235" in write("text", report, Options())


def populated(seed: int) -> tuple[Organization, date, date, Counts]:
    """Return a random organization of which some dimensions are of the contact, with customers on file."""
    organization, on, until = random_organization(seed)
    draw = random.Random(seed)
    dimensions = [evolve(one, of="contact") if draw.random() < 0.3 else one for one in organization.dimensions]
    organization = organization.with_(dimensions=dimensions)
    domains: dict[str, list[Any]] = {"stage": [stage.id for stage in organization.stages]}
    for dimension in dimensions:
        domain = dimension.domain
        domains[dimension.id] = (
            list(domain.leaves)
            if isinstance(domain, Tree)
            else list(domain.values)
            if isinstance(domain, Choice)
            else list(range(10))
        )
    names = attributes_of_customers(organization)
    counts: Counts = Counter()
    for _ in range(draw.randint(0, 30)):
        values = tuple(
            draw.choice([None, "Atlantis"]) if draw.random() < 0.1 else draw.choice(domains[name]) for name in names
        )
        counts[values] += draw.randint(1, 2000)
    return organization, on, until, counts


@settings(max_examples=300, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_each_finding_counts_as_brute_force_does(seed: int) -> None:
    organization, on, until, counts = populated(seed)
    oracle = Oracle(organization, on, until)
    names = attributes_of_customers(organization)
    report = with_customers(check(organization, on=on, until=until), organization, counts)
    wrong: set[tuple[Any, ...]] = set()
    for finding in report.findings:
        if finding.box is None:
            assert finding.customers is None
            continue
        inside = {values for values in counts if sits(oracle, finding.box, dict(zip(names, values, strict=True)))}
        assert finding.customers == sum(counts[values] for values in inside)
        if finding.severity is Severity.ERROR:
            wrong |= inside
    assert report.summary.customers is not None
    assert report.summary.customers.affected == sum(counts[values] for values in wrong)
    assert report.summary.customers.total == sum(counts.values())


def sits(oracle: Oracle, box: Mapping[str, list[Any]], customer: Mapping[str, Any]) -> bool:
    for name, values in box.items():
        if name in customer and not any(
            (value[0] is None or value[0] <= customer[name]) and (value[1] is None or customer[name] < value[1])
            if isinstance(value, list) and isinstance(customer[name], int)
            else customer[name] == value or customer[name] in oracle.below_name(name, str(value))
            for value in values
        ):
            return False
    return True


@settings(max_examples=300, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_the_customers_of_an_uncovered_touchpoint_are_those_whom_nobody_answers_in_some_contact(seed: int) -> None:
    organization, on, until, counts = populated(seed)
    names = attributes_of_customers(organization)
    known = {values: count for values, count in counts.items() if None not in values and "Atlantis" not in values}
    oracle = Oracle(organization, on, until)
    alone = {
        frozenset((name, value) for name, value in point if name in names)
        for touchpoint in organization.touchpoints
        for point in oracle.points()
        if oracle.happens(touchpoint, point)
        and len({duty.role for duty in oracle.winners(touchpoint, "accountable", point, on)})
        < touchpoint.accountable.min
    }
    cut = {
        values: frozenset((name, _cut(oracle, name, value)) for name, value in zip(names, values, strict=True))
        for values in known
    }
    report = with_customers(check(organization, on=on, until=until, select=["COV101"]), organization, known)
    assert report.summary.customers is not None
    assert report.summary.customers.affected == sum(known[values] for values in known if cut[values] in alone)


def _cut(oracle: Oracle, name: str, value: Any) -> Any:
    """Return the value that stands for a number in the oracle: the end of a rule that is next below it."""
    if not isinstance(value, int):
        return value
    ends = {dict(point)[name] for point in oracle.points()}
    return max(end for end in ends if end <= value)


def test_the_oracle_s_boxes_hold_points() -> None:
    """What `expand` says of a box is what `sits` says: both read it as a person would."""
    for seed in range(50):
        organization, on, until, _ = populated(seed)
        oracle = Oracle(organization, on, until)
        for finding in check(organization, on=on, until=until, select=["COV"]).findings:
            if finding.box is not None:
                for point, _day in expand(oracle, finding.box):
                    assert sits(oracle, finding.box, dict(point))
