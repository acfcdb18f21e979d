"""Tables whose gaps, overlaps and masked rules others have found and asserted: we find the same."""

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from crmcore.checks.decision_tables import DecisionTables
from crmcore.checks.findings import Finding
from crmcore.errors import InvalidOrganization
from crmcore.organization.dmn import DecisionTable, read_tables
from crmcore.organization.dmn.columns import Column, Names
from crmcore.organization.dmn.unary_tests import condition

DATA = "rules-dmn-gaps-overlaps"
Point = tuple[int, ...]


@pytest.fixture(scope="module")
def answers(shared_data: Path) -> list[dict[str, Any]]:
    known: list[dict[str, Any]] = json.loads((shared_data / DATA / "known_answers.json").read_text("utf-8"))
    return known


def cases(shared_data: Path, answers: Sequence[dict[str, Any]]) -> Iterator[tuple[DecisionTable, dict[str, Any]]]:
    for known in answers:
        for file in known["files"]:
            (table,) = read_tables(shared_data / DATA / "dmn" / file)
            yield table, known


def columns(table: DecisionTable) -> list[Column]:
    return [one.column for one in table.inputs if one.column is not None]


def their_mask(column: Column, interval: str) -> int:
    """The cells of an interval as they write it: text and truth values lie in the order of the alphabet."""
    low, high = interval[1:-1].split(" .. ")
    if isinstance(column, Names):
        order = sorted(column.domain.values)
        first, last = order.index(low), order.index(high)
        inside = order[first + (interval[0] == "(") : last + (interval[-1] == "]")]
        return sum(1 << cell for cell, value in enumerate(column.domain.values) if value in inside)
    if low == "NEG_INF" and high == "POS_INF":
        return column.mask(condition("-"))
    if low == "NEG_INF":
        return column.mask(condition(("<=" if interval[-1] == "]" else "<") + high))
    if high == "POS_INF":
        return column.mask(condition((">=" if interval[0] == "[" else ">") + low))
    return column.mask(condition(interval.replace(" ", "")))


def our_mask(column: Column, texts: Sequence[str]) -> int:
    mask = 0
    for text in texts:
        mask |= column.mask(condition(text))
    return mask


def points(table: DecisionTable, boxes: Sequence[Sequence[int]]) -> set[Point]:
    cells = [range(len(column.domain.values)) for column in columns(table)]
    return {
        point
        for point in product(*cells)
        if any(all(mask >> cell & 1 for mask, cell in zip(box, point, strict=True)) for box in boxes)
    }


def their_points(table: DecisionTable, boxes: Sequence[Sequence[str]]) -> set[Point]:
    every = columns(table)
    full = [column.mask(condition("-")) for column in every]
    given = [[their_mask(column, text) for column, text in zip(every, box, strict=False)] for box in boxes]
    return points(table, [[*masks, *full[len(masks) :]] for masks in given])


def our_points(table: DecisionTable, boxes: Sequence[Mapping[str, Sequence[str]]]) -> set[Point]:
    inputs = [one for one in table.inputs if one.column is not None]
    return points(
        table,
        [[our_mask(one.column, box.get(one.name, ["-"])) for one in inputs if one.column is not None] for box in boxes],
    )


def found(table: DecisionTable, code: str) -> list[Finding]:
    return list(DecisionTables("t", (table,)).check(select=[code]).findings)


def rules(table: DecisionTable, finding: Finding) -> tuple[int, ...]:
    numbers = {rule.place: rule.number for rule in table.rules}
    return tuple(numbers[related.place] for related in finding.related)


def test_all_tables_have_the_known_gaps(shared_data: Path, answers: list[dict[str, Any]]) -> None:
    for table, known in cases(shared_data, answers):
        ours = our_points(table, [finding.box or {} for finding in found(table, "COV101")])
        theirs = their_points(table, [box["intervals"] for box in known.get("gap_boxes", ())])
        assert ours == theirs, known["test"]
        assert bool(ours) == bool(known["gaps"]), known["test"]


def test_all_tables_have_the_known_overlaps(shared_data: Path, answers: list[dict[str, Any]]) -> None:
    for table, known in cases(shared_data, answers):
        ours = {overlap.rules: our_points(table, [overlap.box]) for overlap in table.overlaps()}
        theirs = {
            tuple(sorted(overlap["rules"])): their_points(table, [overlap["box"]])
            for overlap in known.get("overlap_boxes", ())
        }
        assert ours == theirs, known["test"]
        assert len(ours) == known["overlaps"], known["test"]


def test_overlaps_are_conflicts_where_the_hit_policy_forbids_them(
    shared_data: Path, answers: list[dict[str, Any]]
) -> None:
    for table, known in cases(shared_data, answers):
        conflicts = {tuple(sorted(rules(table, finding))) for finding in found(table, "COV102")}
        forbidden = {"UNIQUE", "ANY"}  # of the overlaps of their ANY tables all have different outputs
        theirs = known.get("overlap_boxes", ()) if table.policy.value in forbidden else ()
        assert conflicts == {tuple(sorted(overlap["rules"])) for overlap in theirs}, known["test"]


def test_a_masked_rule_is_one_that_never_answers(shared_data: Path, answers: list[dict[str, Any]]) -> None:
    seen = 0
    for table, known in cases(shared_data, answers):
        numbers = {rule.place: rule.number for rule in table.rules}
        ours = {(numbers[finding.place], *rules(table, finding)) for finding in found(table, "COV103")}
        for pair in known.get("masked_pairs", ()):
            assert tuple(pair) in ours
            seen += 1
    assert seen == 1


def test_a_subsumed_rule_is_one_that_is_not_needed(shared_data: Path, answers: list[dict[str, Any]]) -> None:
    for table, known in cases(shared_data, answers):
        numbers = {rule.place: rule.number for rule in table.rules}
        ours = {(*rules(table, finding), numbers[finding.place]) for finding in found(table, "COV105")}
        assert ours == {tuple(pair) for pair in known.get("subsumption_pairs", ())}, known["test"]


def test_the_rules_that_are_read_are_those_of_the_tables(shared_data: Path) -> None:
    tables = json.loads((shared_data / DATA / "tables.json").read_text("utf-8"))
    for file, by_id in tables.items():
        (table,) = read_tables(shared_data / DATA / "dmn" / file)
        (known,) = by_id.values()
        assert table.policy.value == known["hit_policy"]
        assert [one.name for one in table.inputs] == [one["expression"] for one in known["inputs"]]
        for rule, row in zip(table.rules, known["rules"], strict=True):
            assert [str(answer) for answer in rule.outputs] == row[row.index("=>") + 1 :]


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("cyclic-diagram.dmn", "the decisions Decision 1, Decision 3 and Decision 2 need one another's answers"),
        ("diagram-with-a-loop.dmn", "the decision Decision_0yjra19 needs its own answer"),
        ("no-decision.dmn", "the file holds no decision table"),
    ],
)
def test_files_without_a_table_that_can_be_decided_are_refused(shared_data: Path, file: str, said: str) -> None:
    with pytest.raises(InvalidOrganization) as refused:
        read_tables(shared_data / DATA / "dmn-check" / file)
    (fault,) = refused.value.faults
    assert said in fault.found


@pytest.mark.parametrize("file", ["dish-decision.dmn", "dish-decision-1-3.dmn"])
def test_the_conflict_of_the_dishes_is_found_in_both_versions(shared_data: Path, file: str) -> None:
    (table,) = read_tables(shared_data / DATA / "dmn-check" / file)
    (conflict,) = found(table, "COV102")
    assert rules(table, conflict) == (3, 4)
    assert conflict.box == {"season": ['"Spring"'], "guestCount": ["[5 .. 7]"]}
    assert table.decide({"season": "Fall", "guestCount": Decimal(9)}) == "Stew"


def test_two_equal_rules_are_a_conflict_of_unique_and_no_fault_of_collect(shared_data: Path) -> None:
    (unique,) = read_tables(shared_data / DATA / "dmn-check" / "duplicate_unique.dmn")
    (collect,) = read_tables(shared_data / DATA / "dmn-check" / "duplicate_collect.dmn")
    assert [rules(unique, conflict) for conflict in found(unique, "COV102")] == [(1, 2)]
    assert not found(collect, "COV102")
    assert [overlap.rules for overlap in collect.overlaps()] == [(1, 2)]
