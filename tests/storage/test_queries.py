"""Cursors hold a position and nothing else; what is no cursor is refused."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcore.storage import InvalidQuery, Order, Page, Query
from crmcore.storage.queries import cursor, search
from crmcore.testing.storages import COMPANY, KINDS, Company, companies

ORDERED = [name for name, one in COMPANY.searchable.items() if one.holds.ordered]
ORDERS = st.lists(
    st.builds(Order, st.sampled_from(ORDERED), st.booleans()), max_size=4, unique_by=lambda order: order.name
)


@given(companies(), ORDERS)
def test_a_cursor_leads_back_to_the_values_of_its_row(one: Company, order: list[Order]) -> None:
    first = search(Query(Company, order=order), COMPANY)
    row = KINDS.rows(COMPANY).of(one)
    after = cursor(first, COMPANY, row)
    again = search(Query(Company, order=order, after=after), COMPANY)
    places = list(COMPANY.all_fields)
    assert again.after == tuple(row[places.index(wanted.name)] for wanted in first.order)
    assert again.order == first.order
    assert after.isascii()


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
)


@given(_JSON, ORDERS)
def test_what_is_no_position_is_refused(value: object, order: list[Order]) -> None:
    after = base64.urlsafe_b64encode(json.dumps(value).encode()).decode()
    try:
        found = search(Query(Company, order=order, after=after), COMPANY).after
    except InvalidQuery as error:
        assert "begin with the first page" in str(error)
    else:
        assert found is not None
        assert len(found) == len(search(Query(Company, order=order), COMPANY).order)


@pytest.mark.parametrize("after", ["", "x", "é", "W10", "W10=", "=" * 9, "[" * 10_000, 5, b"W10="])
def test_what_is_no_cursor_at_all_is_refused(after: str) -> None:
    with pytest.raises(InvalidQuery, match="no cursor"):
        search(Query(Company, after=after), COMPANY)


def test_the_id_decides_what_an_order_leaves_open_unless_it_is_named() -> None:
    assert search(Query(Company), COMPANY).order == (Order("id"),)
    descending = Order("id", descending=True)
    assert search(Query(Company, order=[descending, Order("name")]), COMPANY).order == (descending, Order("name"))


def test_one_row_more_is_asked_for_so_that_it_is_known_whether_there_are_more() -> None:
    assert search(Query(Company, limit=7), COMPANY).limit == 8


def test_a_page_is_gone_through_and_has_a_length() -> None:
    page: Page[Company] = Page((Company(id="c1", name="a"), Company(id="c2", name="b")))
    assert [one.id for one in page] == ["c1", "c2"]
    assert len(page) == 2
