"""Which values every storage keeps: held against arithmetic that cannot round."""

from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crmcore.storage import DECIMALS, DEEPEST_TREE, DIGITS, LONGEST_ID, LONGEST_TEXT, Holds
from crmcore.storage.values import is_id, named


@given(st.decimals(allow_nan=False, allow_infinity=False))
@example(Decimal("0E-1000000"))
@example(Decimal("1E+999999"))
@example(Decimal("99999999999999.9999"))
@example(Decimal("99999999999999.99991"))
@example(Decimal("0.00010"))
@example(Decimal("0.00011"))
def test_an_exact_number_is_kept_if_it_has_so_many_digits_and_no_more(value: Decimal) -> None:
    if abs(value.adjusted()) > 1_000:  # too large to write out
        fits = value.adjusted() < 0 and value == 0
    else:
        parts = Fraction(value) * 10**DECIMALS
        fits = parts.denominator == 1 and abs(parts) < 10**DIGITS and value.adjusted() < DIGITS - DECIMALS
    with localcontext(prec=2):
        assert Holds.EXACT.admits(value) == fits


def test_a_tree_is_as_deep_and_as_large_as_is_said() -> None:
    deep: object = "leaf"
    for _ in range(DEEPEST_TREE):
        deep = [deep]
    assert Holds.TREE.admits(deep)
    assert Holds.TREE.flaw([deep]) == f"a tree of more than {DEEPEST_TREE} levels"
    assert Holds.TREE.admits(["x" * (LONGEST_TEXT - 1)])
    assert Holds.TREE.flaw(["x" * LONGEST_TEXT]) == f"a tree of more than {LONGEST_TEXT:,} characters"


@given(st.one_of(st.none(), st.integers(), st.text(max_size=LONGEST_ID + 5), st.binary(max_size=3)))
def test_an_id_is_a_text_of_some_characters(value: object) -> None:
    fits = isinstance(value, str) and 0 < len(value) <= LONGEST_ID and "\0" not in value
    assert is_id(value) == fits


def test_half_a_character_is_no_part_of_an_id() -> None:
    assert not is_id("\ud800")
    assert is_id("\U0001f600")


def test_what_a_value_is_is_said_in_a_few_words() -> None:
    assert (named(None), named(5)) == ("nothing", "a int")


@pytest.mark.parametrize("holds", Holds)
def test_every_sort_of_value_has_words_and_a_type_or_is_a_tree(holds: Holds) -> None:
    assert holds.words
    assert (holds.type is None) == (holds is Holds.TREE)
    assert holds.ordered == (holds not in (Holds.YES_NO, Holds.TREE))
