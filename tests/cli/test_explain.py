from collections.abc import Callable

import pytest
from click.testing import Result

from crmcore.checks import CHECKS
from crmcore.checks.pages import page


def test_without_a_code_all_checks_are_listed_with_their_promises(run: Callable[..., Result]) -> None:
    result = run("explain")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert [line.split()[:3] for line in lines] == [
        [check.code, check.severity.value, check.name] for check in sorted(CHECKS, key=lambda check: check.code)
    ]
    promise = " ".join(page("COV101").promise.split())
    assert any(line.endswith(promise) for line in lines)


def test_the_list_can_be_markdown(run: Callable[..., Result]) -> None:
    lines = run("explain", "--format", "markdown").stdout.splitlines()
    assert len(lines) == len(CHECKS) + 2
    assert lines[2].startswith(f"| {CHECKS[0].code} | {CHECKS[0].severity} | {CHECKS[0].name} | ")


@pytest.mark.parametrize("asked", ["COV101", "cov101", "uncovered-touchpoint"])
def test_a_page_is_found_by_code_or_name(run: Callable[..., Result], asked: str) -> None:
    result = run("explain", asked)
    assert result.exit_code == 0
    for heading in ("What it means", "Why it matters", "A failing file", "The mend"):
        assert heading in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 100


def test_a_page_can_be_had_as_it_is(run: Callable[..., Result]) -> None:
    assert run("explain", "COV101", "--format", "markdown").stdout == page("COV101").text


def test_every_page_can_be_shown(run: Callable[..., Result]) -> None:
    for check in CHECKS:
        result = run("explain", check.code)
        assert result.exit_code == 0
        assert check.name in result.stdout


@pytest.mark.parametrize(("asked", "near"), [("COV1001", "COV101"), ("uncoverd-touchpoint", "uncovered-touchpoint")])
def test_an_unknown_check_names_the_nearest(run: Callable[..., Result], asked: str, near: str) -> None:
    result = run("explain", asked)
    assert result.exit_code == 2
    assert result.stderr == f"Error: there is no check {asked!r}; did you mean {near!r}?\n"
