"""White space is tidy, and there is no less of it than there has to be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcore.organization.mending import tidied


@pytest.mark.parametrize(
    ("text", "tidy"),
    [
        ("a: 1  \nb: 2\t\n", "a: 1\nb: 2\n"),
        ("a: 1", "a: 1\n"),
        ("a: 1\n\n\n", "a: 1\n"),
        ("a: 1\r\nb: 2\nc: 3\r\n", "a: 1\r\nb: 2\r\nc: 3\r\n"),
        ("a: 1\n\n  b: 2\n", "a: 1\n\n  b: 2\n"),
        ("", ""),
        ("\n", ""),
    ],
)
def test_ends_of_lines_are_made_tidy(text: str, tidy: str) -> None:
    assert tidied(text) == tidy


def test_of_a_table_only_the_last_line_end_is_mended() -> None:
    assert tidied("a\tb\t\r\n1\t\t", table=True) == "a\tb\t\r\n1\t\t\r\n"


@given(st.text("ab \t\r\n"), st.booleans())
def test_what_is_tidy_stays_as_it_is(text: str, table: bool) -> None:
    once = tidied(text, table=table)
    assert tidied(once, table=table) == once
    assert once.split() == text.split()
