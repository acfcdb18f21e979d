"""Random tables against a reading so simple that it cannot be wrong: every point, every rule, one after another."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from itertools import combinations, product
from operator import eq, ge, gt, lt, not_
from typing import Any

from attrs import frozen
from decision_tables import table
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcore.checks.decision_tables import DecisionTables
from crmcore.checks.findings import Finding
from crmcore.organization.dmn import DecisionTable, RulesConflict
from crmcore.organization.dmn.unary_tests import condition

ENDS = (0, 1, 5)
NUMBERS = tuple(Decimal(number) / 2 for number in range(-2, 13))
TEXTS = ("A", "B", "C")
OUTPUTS = ("x", "y", "z")
POLICIES = ("UNIQUE", "ANY", "PRIORITY", "FIRST", "RULE ORDER", "OUTPUT ORDER", "COLLECT")


@frozen
class Part:
    """A condition as FEEL and as a function."""

    feel: str
    holds: Callable[[Any], bool]


def anything(_value: object) -> bool:
    return True


def between(low: int, low_inside: bool, high: int, high_inside: bool) -> Callable[[Any], bool]:
    def holds(value: Any) -> bool:
        return (low < value < high) or (low_inside and low == value <= high) or (high_inside and low <= value == high)

    return holds


def or_three(holds: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: holds(value) or bool(value == 3)


def number_parts() -> Iterator[Part]:
    yield Part("-", anything)
    for low in ENDS:
        yield Part(f"{low}", partial(eq, low))
        yield Part(f"< {low}", partial(gt, low))
        yield Part(f"<= {low}", partial(ge, low))
        yield Part(f"> {low}", partial(lt, low))
        yield Part(f"not(>= {low})", partial(gt, low))
        for high in ENDS:
            yield Part(f"[{low}..{high}]", between(low, True, high, True))
            yield Part(f"]{low}..{high}]", between(low, False, high, True) if low < high else never)
            yield Part(f"[{low}..{high}[, 3", or_three(between(low, True, high, False) if low < high else never))


def never(_value: object) -> bool:
    return False


TEXT_PARTS = (
    Part("-", anything),
    Part('"A"', lambda value: value == "A"),
    Part('"A","B"', lambda value: value in ("A", "B")),
    Part('not("A")', lambda value: value != "A"),
)
TRUTH_PARTS = (Part("-", anything), Part("true", bool), Part("not(true)", not_))
ROWS = st.tuples(
    st.sampled_from(list(number_parts())),
    st.sampled_from(TEXT_PARTS),
    st.sampled_from(TRUTH_PARTS),
    st.sampled_from(OUTPUTS),
)
POINTS = tuple(product(NUMBERS, TEXTS, (True, False)))
Row = tuple[Part, Part, Part, str]
Point = tuple[Decimal, str, bool]


def read(rows: Sequence[Row], policy: str, default: bool) -> DecisionTable:
    return table(
        *[(*(part.feel for part in row[:3]), f'"{row[3]}"') for row in rows],
        policy=policy,
        types=("number", "string", "boolean"),
        allowed=("[-1..6]", "", ""),
        order=('"z","y","x"',),
        default='"none"' if default else "",
    )


def matching(rows: Sequence[Row], point: Point) -> list[int]:
    return [
        number
        for number, row in enumerate(rows, 1)
        if all(part.holds(value) for part, value in zip(row[:3], point, strict=True))
    ]


def expected(rows: Sequence[Row], point: Point) -> bool:
    """Whether a text may occur: where every rule names texts, one that no rule names is not expected."""
    conditions = [row[1].feel for row in rows]
    if any(feel == "-" or feel.startswith("not") for feel in conditions):
        return True
    return any(f'"{point[1]}"' in feel for feel in conditions)


def winners(rows: Sequence[Row], policy: str, matches: Sequence[int]) -> list[int]:
    if policy == "FIRST":
        return list(matches[:1])
    if policy == "PRIORITY" and matches:
        best = max(rows[number - 1][3] for number in matches)
        return [number for number in matches if rows[number - 1][3] == best]
    return list(matches)


def conflicting(rows: Sequence[Row], policy: str, matches: Sequence[int]) -> set[tuple[int, int]]:
    if policy == "UNIQUE":
        return set(combinations(matches, 2))
    if policy == "ANY":
        return {(one, two) for one, two in combinations(matches, 2) if rows[one - 1][3] != rows[two - 1][3]}
    return set()


def answer(rows: Sequence[Row], policy: str, matches: Sequence[int], default: bool) -> Any:
    outputs = [rows[number - 1][3] for number in winners(rows, policy, matches)]
    listing = policy in ("RULE ORDER", "OUTPUT ORDER", "COLLECT")
    if not outputs and default:
        return ["none"] if listing else "none"
    if listing:
        return sorted(outputs, reverse=True) if policy == "OUTPUT ORDER" else outputs
    return outputs[0] if outputs else None


def inside(read_: DecisionTable, box: Mapping[str, Sequence[str]], point: Point) -> bool:
    for one, value in zip(read_.inputs, point, strict=True):
        if one.name not in box or one.column is None:
            continue
        cell = one.column.cell(value)
        assert cell is not None
        if not any(one.column.mask(condition(text)) >> cell & 1 for text in box[one.name]):
            return False
    return True


def covered(read_: DecisionTable, findings: Sequence[Finding]) -> set[Point]:
    boxes = [finding.box or {} for finding in findings]
    return {point for point in POINTS if any(inside(read_, box, point) for box in boxes)}


def subjects(read_: DecisionTable, findings: Sequence[Finding]) -> set[int]:
    numbers = {rule.place: rule.number for rule in read_.rules}
    return {numbers[finding.place] for finding in findings}


def pairs(read_: DecisionTable, findings: Sequence[Finding], rows: Sequence[Row], policy: str) -> set[tuple[int, int]]:
    numbers = {rule.place: rule.number for rule in read_.rules}
    found = set()
    for finding in findings:
        rules = sorted(numbers[related.place] for related in finding.related)
        found |= conflicting(rows, policy, rules)
    return found


TABLES = st.tuples(st.lists(ROWS, min_size=1, max_size=6), st.sampled_from(POLICIES), st.booleans())


@settings(max_examples=300, deadline=None)
@given(TABLES)
def test_gaps_conflicts_and_hidden_rules_are_those_of_every_point(drawn: tuple[list[Row], str, bool]) -> None:
    rows, policy, default = drawn
    read_ = read(rows, policy, default)
    by_check = DecisionTables("t", (read_,)).check().by_check()
    at = {point: matching(rows, point) for point in POINTS}
    gaps = {point for point, matches in at.items() if not matches and not default and expected(rows, point)}
    assert covered(read_, by_check.get("COV101", ())) == gaps
    conflicts = {point: conflicting(rows, policy, matches) for point, matches in at.items()}
    assert covered(read_, by_check.get("COV102", ())) == {point for point, found in conflicts.items() if found}
    assert pairs(read_, by_check.get("COV102", ()), rows, policy) == set().union(*conflicts.values())
    reached = {number for matches in at.values() for number in matches}
    answering = {number for matches in at.values() for number in winners(rows, policy, matches)}
    assert subjects(read_, by_check.get("COV103", ())) == reached - answering
    assert subjects(read_, by_check.get("COV107", ())) == set(range(1, len(rows) + 1)) - reached


@settings(max_examples=200, deadline=None)
@given(TABLES, st.sampled_from(POINTS))
def test_a_decision_is_that_of_the_rules_one_after_another(drawn: tuple[list[Row], str, bool], point: Point) -> None:
    rows, policy, default = drawn
    read_ = read(rows, policy, default)
    matches = matching(rows, point)
    inputs = dict(zip("abc", point, strict=True))
    if conflicting(rows, policy, matches):
        try:
            read_.decide(inputs)
        except RulesConflict as conflict:
            assert list(conflict.rules) == matches
        else:
            raise AssertionError
    else:
        assert read_.decide(inputs) == answer(rows, policy, matches, default)


@settings(max_examples=100, deadline=None)
@given(TABLES)
def test_overlaps_are_the_pairs_that_share_a_point(drawn: tuple[list[Row], str, bool]) -> None:
    rows, policy, default = drawn
    read_ = read(rows, policy, default)
    shared = {pair for point in POINTS for pair in combinations(matching(rows, point), 2)}
    assert {overlap.rules for overlap in read_.overlaps()} == shared
