from itertools import pairwise

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcore.cli.wrapping import Formatter, columns, flowing, padded, wrapped

TEXT = st.text(st.sampled_from("ab 客户，。"), max_size=60)


@pytest.mark.parametrize(("text", "width"), [("", 0), ("ab", 2), ("客户", 4), ("客户 a，", 8)])
def test_a_chinese_character_takes_two_columns(text: str, width: int) -> None:
    assert columns(text) == width
    assert columns(padded(text, 10)) == 10


@given(TEXT, st.integers(14, 40))
def test_no_line_is_wider_than_it_may_be_and_nothing_is_lost(text: str, width: int) -> None:
    lines = list(wrapped(text, width))
    assert "".join("".join(lines).split()) == "".join(text.split())
    pieces = [word for word in text.replace("客", " 客 ").replace("户", " 户 ").split() if columns(word) > width // 3]
    assert pieces or all(columns(line) <= width for line in lines)


@given(TEXT, st.integers(14, 40))
def test_no_line_begins_with_a_mark_that_closes(text: str, width: int) -> None:
    lines = list(wrapped(f"客户{text}", width))
    for before, line in pairwise(lines):
        assert line[0] not in "，。" or before[-1] in "ab" or " " in text, lines


def test_words_in_english_are_not_broken() -> None:
    assert list(wrapped("查看 crmcore check 的帮助", 12)) == ["查看 crmcore", "check 的帮助"]


def test_the_lines_of_a_chinese_paragraph_flow_together() -> None:
    assert flowing("客户，\n客户\n\n客户\nname: 客户\n- x") == "客户，客户\n\n客户\nname: 客户\n- x"


def test_a_table_is_aligned_whatever_its_language() -> None:
    formatter = Formatter(width=40)
    formatter.write_dl([("--on 日期", "第一天"), ("-x", "其他")])
    assert formatter.getvalue() == "--on 日期  第一天\n-x         其他\n"


def test_a_term_that_is_too_wide_stands_on_a_line_of_its_own() -> None:
    formatter = Formatter(width=40)
    formatter.write_dl([("--format [text|json|sarif]", "格式"), ("-x", "其他")], col_max=10)
    assert formatter.getvalue() == "--format [text|json|sarif]\n            格式\n-x          其他\n"


def test_english_is_written_as_click_writes_it() -> None:
    ours, theirs = Formatter(width=40), click.HelpFormatter(width=40)
    for formatter in (ours, theirs):
        formatter.write_text("one two three four five six seven eight nine ten\n\neleven")
        formatter.write_dl([("--on DAY", "The first day of the proof; today if it is absent.")])
    assert ours.getvalue() == theirs.getvalue()
