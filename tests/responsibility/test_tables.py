"""Rules in rank order as bitsets: what meets, what spans, what stands above."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from crmcore.organization import Duty
from crmcore.responsibility import Box, Rule, Space, Table, intersection
from crmcore.responsibility.axes import DayAxis, NameAxis, cells

DAY = date(2026, 1, 1)
SPACE = Space(
    (
        NameAxis("a", of_customer=True, values=tuple("pqrstu")),
        NameAxis("b", of_customer=True, values=tuple("xyz")),
        DayAxis("day", of_customer=False, first=DAY, last=DAY, cuts=()),
    )
)
BOXES = st.tuples(st.integers(1, 63), st.integers(1, 7), st.just(1))
RULES = st.lists(st.tuples(BOXES, st.integers(-1, 1)), max_size=8)


def table(rules: list[tuple[Box, int]]) -> Table:
    duty = Duty("all", "r", "accountable")
    return Table.ranked(SPACE, [Rule(box, duty, priority) for box, priority in rules])


@given(RULES, BOXES)
def test_meeting_and_spanning_are_those_of_the_boxes(rules: list[tuple[Box, int]], box: Box) -> None:
    ranked = table(rules)
    boxes = ranked.boxes
    assert set(cells(ranked.meeting(box))) == {rank for rank, rule in enumerate(boxes) if intersection(rule, box)}
    assert set(cells(ranked.spanning(box))) == {
        rank for rank, rule in enumerate(boxes) if intersection(rule, box) == box
    }


@given(RULES)
def test_rank_follows_priority_and_then_the_order_of_the_file(rules: list[tuple[Box, int]]) -> None:
    ranked = table(rules)
    priorities = [rule.priority for rule in ranked.rules]
    assert priorities == sorted(priorities, reverse=True)
    for priority in set(priorities):
        assert [rule.box for rule in ranked.rules if rule.priority == priority] == [
            box for box, own in rules if own == priority
        ]
    for rank, priority in enumerate(priorities):
        assert set(cells(ranked.level(rank))) == {other for other, own in enumerate(priorities) if own == priority}
        assert set(cells(ranked.higher(rank))) == {other for other, own in enumerate(priorities) if own > priority}


@given(RULES, st.lists(st.tuples(st.integers(0, 20), BOXES, st.integers(-1, 1)), max_size=80))
def test_a_table_edited_again_and_again_is_the_table_made_anew(
    rules: list[tuple[Box, int]], edits: list[tuple[int, Box, int]]
) -> None:
    written = [Rule(box, Duty("all", "r", "accountable"), priority) for box, priority in rules]
    edited = Table.ranked(SPACE, written)
    assert edited.columns is not None  # compiled, so that the columns are patched
    for number, box, priority in edits:
        gone = written.pop(number) if number < len(written) else None
        added = Rule(box, Duty("all", "r", "accountable"), priority)
        written.append(added)
        edited = edited.edited({id(gone.record)} if gone else (), [added])
        anew = Table.ranked(SPACE, written)
        assert edited.boxes == anew.boxes
        for position, axis in enumerate(SPACE.axes):
            for cell in range(axis.size):
                assert edited.reached(position, 1 << cell) == anew.reached(position, 1 << cell)
            assert edited.reached(position, axis.full) == anew.reached(position, axis.full)
        for column in edited.columns:
            assert column is None or len(column.bits) < 200, "classes without a cell pile up"
