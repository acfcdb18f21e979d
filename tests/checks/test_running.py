"""A run chooses checks, suppresses what the file ignores, orders what it finds, and tells how far it is."""

import random
from collections.abc import Iterator
from datetime import date

import pytest
from attrs import evolve

from crmcore.checks import CHECKS, Check, Context, Problem, Severity, check
from crmcore.errors import EmptyWindow, UnknownName
from crmcore.organization import (
    Choice,
    Dimension,
    Duty,
    Organization,
    Person,
    Role,
    Scope,
    Settings,
    Staffing,
    Touchpoint,
)

DAY = date(2026, 11, 23)
EMPTY = Organization("x", roles=[Role("seller")], people=[Person("li.na")], touchpoints=[Touchpoint("renewal")])


def codes(organization: Organization, **options: object) -> set[str]:
    return {finding.code for finding in organization.check(on=DAY, **options).findings}  # type: ignore[arg-type]


def test_every_code_and_name_is_its_own() -> None:
    assert len({check.code for check in CHECKS}) == len({check.name for check in CHECKS}) == len(CHECKS)


def test_checks_are_chosen_by_code_or_beginning() -> None:
    assert codes(EMPTY, select=["COV101"]) == {"COV101"}
    assert codes(EMPTY, select=["COV"], ignore=["COV101"]) == set()


def test_an_unknown_code_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownName, match="no check 'COV9101'; did you mean 'COV101'"):
        EMPTY.check(select=["COV9101"])
    with pytest.raises(UnknownName, match="no check ''"):
        EMPTY.check(ignore=[""])


def test_a_window_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(EmptyWindow, match="2026-11-22 comes before the first day 2026-11-23"):
        EMPTY.check(on=DAY, until=date(2026, 11, 22))


def test_what_the_file_ignores_is_not_reported_and_what_ignores_nothing_is() -> None:
    ignoring = evolve(EMPTY, checks=Settings(ignore=["COV101", "COV102", "COV999"]))
    report = ignoring.check(on=DAY, select=["COV", "REF"])
    assert [(finding.code, finding.subject) for finding in report.findings] == [
        ("REF002", "COV102"),
        ("REF002", "COV999"),
    ]
    assert "COV102 is ignored, but it finds nothing" in report.findings[0].message
    assert "there is no such check" in report.findings[1].message


def test_an_ignored_code_whose_check_did_not_run_is_not_judged() -> None:
    ignoring = evolve(EMPTY, checks=Settings(ignore=["COV102"]))
    assert codes(ignoring, select=["REF", "COV101"]) == {"COV101"}


def test_findings_come_worst_first_and_the_summary_counts_them() -> None:
    report = EMPTY.check(on=DAY)
    ranks = [finding.severity.rank for finding in report.findings]
    assert ranks == sorted(ranks)
    assert report.summary.errors == sum(finding.severity is Severity.ERROR for finding in report.findings) > 0
    assert not report.ok


def test_the_same_organization_gives_the_same_report() -> None:
    assert EMPTY.check(on=DAY).to_dict() == EMPTY.check(on=DAY).to_dict()


def test_progress_rises_from_nothing_to_done() -> None:
    told: list[float] = []
    EMPTY.check(on=DAY, progress=lambda _doing, done: told.append(done))
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_a_check_that_builds_on_an_undecided_proof_says_so() -> None:
    draw = random.Random(5)
    dimensions = [Dimension(f"d{number}", Choice(["0", "1"])) for number in range(34)]
    duties = [
        Duty(
            ["renewal"],
            "seller",
            "accountable",
            where=Scope(tuple((one.id, (draw.choice("01"),)) for one in draw.sample(dimensions, 4))),
            priority=number // 40,
        )
        for number in range(160)
    ]

    def asks_where_duties_win(context: Context) -> Iterator[Problem]:
        context.responsibilities.answers("renewal")
        yield from ()

    asking = Check("XYZ1", "asks-where-duties-win", Severity.WARNING, asks_where_duties_win)
    report = check(evolve(EMPTY, dimensions=dimensions, duties=duties), on=DAY, checks=[asking])
    assert [found.message for found in report.findings] == [
        "asks-where-duties-win could not be decided everywhere for renewal"
    ]
    assert not report.summary.proven


def test_people_can_be_thought_away() -> None:
    staffed = evolve(
        EMPTY,
        duties=[Duty(["renewal"], "seller", "accountable")],
        staffing=[Staffing("seller", holders=["li.na"])],
    )
    assert "COV104" not in codes(staffed)
    assert "COV104" in codes(staffed, without=["li.na"])
    with pytest.raises(UnknownName):
        staffed.check(without=["li.nan"])
