"""What holds of searching: every condition means what `matches` says, every order and page is as in Python."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import pytest
from attrs import frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcore.storage import (
    LARGEST_PAGE,
    MOST_CONDITIONS,
    Above,
    Among,
    Below,
    Between,
    Contains,
    Filter,
    InvalidQuery,
    Is,
    Order,
    Query,
    StartsWith,
    Storage,
    UnitOfWork,
    matches,
    under,
)
from crmcore.testing.storages.given import Given, each_of, put_in
from crmcore.testing.storages.samples import COMPANY, START, Company, Tier, company, event
from crmcore.testing.storages.values import ODD_TEXTS

__all__ = ["SearchingContract", "expected", "in_order", "questions"]

_DAY: Final = date(2026, 11, 23)
_VALUES: Final[dict[str, tuple[Any, ...]]] = {
    "employees": (None, -1, 0, 1, 2**53, 2**53 + 1, 2**63 - 1),
    "turnover": (None, *map(Decimal, ("-1", "0", "0.1", "0.1001", "9.5", "10", "99999999999999.9999"))),
    "score": (None, -1.5, 0.0, 0.1, 0.30000000000000004, 1e300),
    "founded": (None, date(1000, 1, 1), _DAY, date(9999, 12, 31)),
    "seen": (
        None,
        *(START + timedelta(microseconds=number) for number in (-1, 0, 1)),
        datetime(9999, 1, 1, tzinfo=UTC),
    ),
    "memo": (None, *ODD_TEXTS),
}
_STEPS: Final = (31, 37, 41, 43, 47, 53)
"""How far each field goes on from one company to the next, so that fields meet in many combinations."""


def _companies() -> list[Company]:
    """Return companies of which each field has each of its values."""
    most = max(map(len, _VALUES.values()))
    return [
        company(
            f"c{number:02}",
            ODD_TEXTS[(number * 7) % len(ODD_TEXTS)],
            tier=list(Tier)[number % 2],
            active=number % 3 > 0,
            custom={} if number % 4 == 0 else {"行业": ODD_TEXTS[number % 5], "seats": number % 3},
            **{name: some[(number * _STEPS[place]) % len(some)] for place, (name, some) in enumerate(_VALUES.items())},
        )
        for number in range(2 * most)
    ]


ALL: Final = _companies()
_NAMES: Final = tuple(name for name in COMPANY.searchable if name not in ("version", "parent"))
_ORDERED: Final = tuple(name for name in _NAMES if name != "active")
_TEXTUAL: Final = ("id", "name", "memo", "tier", "custom.行业")
_GIVEN: Final[dict[str, tuple[Any, ...]]] = {
    name: tuple(dict.fromkeys(value for one in ALL if (value := COMPANY.value(one, name)) is not None))
    for name in _NAMES
}


def expected(companies: Sequence[Company], where: Sequence[Filter]) -> list[Company]:
    """Return the companies that meet all conditions, by asking each."""
    return [
        one for one in companies if all(matches(condition, COMPANY.value(one, condition.name)) for condition in where)
    ]


def in_order(companies: Sequence[Company], order: Sequence[Order]) -> list[Company]:
    """Return companies in an order: sorted by the last field first, what is empty before everything else."""
    found = sorted(companies, key=lambda one: one.id)
    for wanted in reversed(order):

        def key(one: Company, name: str = wanted.name) -> tuple[bool, Any]:
            value = COMPANY.value(one, name)
            return value is not None, 0 if value is None else value

        found.sort(key=key, reverse=wanted.descending)  # what is equal keeps its place, in both directions
    return found


def _conditions() -> st.SearchStrategy[Filter]:
    def of(name: str) -> st.SearchStrategy[Filter]:
        value = st.sampled_from(_GIVEN[name])
        ways: list[st.SearchStrategy[Filter]] = [
            st.builds(Is, st.just(name), st.none() | value),
            st.builds(Among, st.just(name), st.lists(value, max_size=4)),
        ]
        if name in _ORDERED:
            ways += [st.builds(kind, st.just(name), value) for kind in (Below, Above)]
            ways.append(st.builds(Between, st.just(name), value, value))
        if name in _TEXTUAL:
            text = st.sampled_from(ODD_TEXTS) | value.map(lambda one: str(one)[:2])
            ways += [st.builds(kind, st.just(name), text) for kind in (StartsWith, Contains)]
        return st.one_of(ways)

    return st.sampled_from(_NAMES).flatmap(of)


def questions() -> st.SearchStrategy[Query[Company]]:
    """Return a strategy for questions that make sense, about companies whose values are in this module."""
    order = st.builds(Order, st.sampled_from(_ORDERED), st.booleans())
    return st.builds(
        Query,
        st.just(Company),
        where=st.lists(_conditions(), max_size=3),
        order=st.lists(order, max_size=3, unique_by=lambda one: one.name),
        limit=st.integers(7, 2 * len(ALL)),
    )


_ODD: Final = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.decimals(),
    st.text(max_size=6),
    st.sampled_from(ODD_TEXTS),
    st.binary(max_size=3),
    st.dates(),
    st.datetimes(),
    st.just(START),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=2), st.none(), max_size=1),
)
_ODD_NAMES: Final = st.one_of(
    st.sampled_from(
        [*COMPANY.searchable, "notes", "custom", "custom.", "tenant", "custom.name", "name; --", 'n"', "%s"]
    ),
    st.text(max_size=8),
    st.sampled_from([None, 5]),
)
_CURSORS: Final = st.one_of(
    st.none(), st.text(max_size=12), st.sampled_from(["W10=", "eyJhIjoxfQ==", "WzFd", "Ww==", "é", 5])
)


def _hostile() -> st.SearchStrategy[Query[Company]]:
    ways = [st.builds(kind, _ODD_NAMES, _ODD) for kind in (Is, Below, Above, StartsWith, Contains)]
    ways += [st.builds(Between, _ODD_NAMES, _ODD, _ODD), st.builds(Among, _ODD_NAMES, st.lists(_ODD, max_size=3))]
    order = st.lists(st.builds(Order, _ODD_NAMES, st.booleans()), max_size=2)
    limit = st.one_of(st.integers(1, 50), st.sampled_from([0, -1, LARGEST_PAGE + 1, True, 1.5, "5", None]))
    return st.builds(
        Query, st.just(Company), where=st.lists(st.one_of(ways), max_size=2), order=order, limit=limit, after=_CURSORS
    )


@frozen
class _Regions:
    leaves: tuple[str, ...] = ("华为", "华為", "a", "A")
    spans = {"China": (0, 4), "华": (0, 2), "a": (2, 3), "nowhere": (4, 4)}  # noqa: RUF012 (never changed)


class SearchingContract(Given):
    """Searching and counting.

    Attributes:
        search_settings: how many questions hypothesis asks; raise the number for a long run.
    """

    search_settings = settings(max_examples=60, deadline=None, database=None)

    @pytest.fixture
    def filled(self, storage: Storage) -> Iterator[UnitOfWork]:
        """A unit of work that reads many companies, beside those of another tenant."""
        put_in(storage, *ALL)
        put_in(storage, *ALL[:5], tenant="other")
        with storage.begin("acme", read_only=True) as work:
            yield work

    @pytest.mark.parametrize("name", _NAMES)
    def test_each_condition_means_what_matches_says(self, filled: UnitOfWork, name: str) -> None:
        """With each value that is there, empty ones included."""
        values = _GIVEN[name]
        asked: list[Filter] = [Is(name, None), Among(name, ()), Among(name, values[::2]), Among(name, values)]
        asked += [Is(name, value) for value in values]
        if name in _ORDERED:
            asked += [kind(name, value) for kind in (Below, Above) for value in values]
            asked += [Between(name, one, other) for one, other in zip(values, reversed(values), strict=True)]
        if name in _TEXTUAL:
            parts = dict.fromkeys(
                [*ODD_TEXTS, *(str(value)[:1] for value in values), *(str(value)[1:] for value in values)]
            )
            asked += [kind(name, part) for kind in (StartsWith, Contains) for part in parts]
        for condition in asked:
            found = [one.id for one in filled.find(Query(Company, where=[condition]))]
            assert found == [one.id for one in expected(ALL, [condition])], condition
            assert filled.count(Company, [condition]) == len(found), condition

    def test_any_question_is_answered_as_python_would(self, filled: UnitOfWork) -> None:
        """Several conditions, several orders, pages of any size: walked through to the end."""

        @self.search_settings
        @given(questions())
        def holds(query: Query[Company]) -> None:
            wanted = [one.id for one in in_order(expected(ALL, query.where), query.order)]
            page = filled.find(query)
            assert [one.id for one in page] == wanted[: query.limit]
            assert (page.after is None) == (len(wanted) <= query.limit)
            assert [one.id for one in each_of(filled, query)] == wanted
            assert filled.count(Company, query.where) == len(wanted)

        holds()

    @pytest.mark.parametrize("descending", [False, True])
    @pytest.mark.parametrize("name", _ORDERED)
    def test_an_order_puts_what_is_empty_first(self, filled: UnitOfWork, name: str, *, descending: bool) -> None:
        """Or last, when the greatest comes first; page by page, three at a time."""
        order = [Order(name, descending)]
        found = [one.id for one in each_of(filled, Query(Company, order=order, limit=3))]
        assert found == [one.id for one in in_order(ALL, order)]

    def test_counts_by_several_fields_add_up(self, filled: UnitOfWork) -> None:
        """In the order in which the fields were asked for, once or twice."""
        for names in (
            ["tier"],
            ["tier", "active"],
            ["custom.行业", "seen"],
            ["memo"],
            ["turnover", "tier", "turnover"],
        ):
            for where in ([], [Above("employees", 0)], [Is("name", "nobody")]):
                found = filled.count_by(Company, names, where)
                wanted = Counter(tuple(COMPANY.value(one, name) for name in names) for one in expected(ALL, where))
                assert dict(found) == dict(wanted), names
            conditions = [Is("tier", "key"), Above("employees", 100), Is("memo", None), Is("name", "nobody")]
            met = filled.count_meeting(Company, names, conditions, [Is("active", True)])
            several = [Counter[tuple[object, ...]]() for _ in conditions]
            for counter, condition in zip(several, conditions, strict=True):
                for one in expected(ALL, [Is("active", True), condition]):
                    counter[tuple(COMPANY.value(one, name) for name in names)] += 1
            assert met == {key: tuple(counter[key] for counter in several) for key in set().union(*several)}
        assert filled.count_by(Company, []) == {(): len(ALL)}
        assert filled.count_by(Company, [], [Is("name", "nobody")]) == {}

    def test_a_choice_is_asked_for_as_it_is_or_as_its_text(self, filled: UnitOfWork) -> None:
        """And so are several."""
        for choice in (Tier.KEY, "key"):
            assert filled.count(Company, [Is("tier", choice)]) == len(ALL) // 2
            assert filled.count(Company, [Among("tier", [choice, Tier.STANDARD])]) == len(ALL)
            assert filled.count(Company, [StartsWith("tier", choice)]) == len(ALL) // 2

    def test_what_is_under_a_node_of_a_tree_is_found(self, filled: UnitOfWork) -> None:
        """Every leaf below it; a leaf stands for itself."""
        tree = _Regions()
        for node, (first, beyond) in tree.spans.items():
            found = {one.name for one in filled.find(Query(Company, where=[under("name", node, tree)]))}
            assert found == set(tree.leaves[first:beyond])
        with pytest.raises(InvalidQuery):
            under("name", "Mars", tree)

    def test_pages_go_on_where_they_were_while_others_add_and_remove(self, storage: Storage) -> None:
        """Each record that is there all the time is seen once; none is seen twice."""
        put_in(storage, *(company(f"c{number:03}", f"name {number % 7}") for number in range(80)))
        steady = {f"c{number:03}" for number in range(80)}
        for descending in (False, True):
            seen, after = list[str](), None
            while not seen or after is not None:
                with storage.begin("acme") as work:
                    query = Query(Company, order=[Order("name", descending)], limit=9, after=after)
                    page = work.find(query)
                    seen, after = [*seen, *(one.id for one in page)], page.after
                    added = len(seen)
                    work.add_all(company(f"x{descending}{added}{number}", f"name {number}") for number in range(7))
                    work.remove(work.get(Company, seen[-1]))
                    work.commit()
            assert len({*seen}) == len(seen)
            assert steady <= {*seen}
            with storage.begin("acme", read_only=True) as work:
                steady = {one.id for one in work.each(Query(Company))}

    def test_nothing_but_a_question_that_makes_sense_reaches_the_storage(self, filled: UnitOfWork) -> None:
        """Whatever names, values, orders, sizes and cursors are sent: an answer, or a sentence; never a database's."""

        @settings(max_examples=150, deadline=None, database=None)
        @given(_hostile())
        def holds(query: Query[Company]) -> None:
            try:
                page = filled.find(query)
            except InvalidQuery as error:
                assert str(error)
            else:
                wanted = in_order(expected(ALL, query.where), query.order)
                assert query.after is not None or [one.id for one in page] == [one.id for one in wanted[: query.limit]]
            assert not filled.ended

        holds()
        assert filled.count(Company) == len(ALL)

    @pytest.mark.parametrize(
        "query",
        [
            Query(Company, where=[Is("nmae", "x")]),
            Query(Company, where=[Is("notes", {})]),
            Query(Company, where=[Is("name", 5)]),
            Query(Company, where=[Above("employees", True)]),
            Query(Company, where=[Above("active", True)]),
            Query(Company, where=[Below("seen", START.replace(tzinfo=None))]),
            Query(Company, where=[Below("name", None)]),
            Query(Company, where=[Contains("employees", "1")]),
            Query(Company, where=[Is("name", "\0")]),
            Query(Company, where=[Is("name", "\ud800")]),
            Query(Company, where=[Among("name", map(str, range(LARGEST_PAGE + 1)))]),
            Query(Company, where=[Among("name", map(str, range(LARGEST_PAGE)))] * 2),
            Query(Company, where=[Is("name", "x")] * (MOST_CONDITIONS + 1)),
            Query(Company, where=["name = 'x'"]),  # type: ignore[list-item]
            Query(Company, where=[Filter("name")]),
            Query(Company, order=[Order("active")]),
            Query(Company, order=[Order("name"), Order("name", descending=True)]),
            Query(Company, order=[Order("name; DROP TABLE crmcore_company")]),
            Query(Company, limit=0),
            Query(Company, limit=LARGEST_PAGE + 1),
            Query(Company, after="no cursor"),
            Query(Company, after="W10="),
        ],
        ids=lambda query: repr(query)[60:120],
    )
    def test_a_question_that_makes_no_sense_is_refused_and_harms_nothing(
        self, storage: Storage, query: Query[Company]
    ) -> None:
        """The unit of work goes on."""
        with storage.begin("acme") as work:
            work.add(company())
            with pytest.raises(InvalidQuery):
                work.find(query)
            asks: list[Callable[[], object]] = [
                lambda: work.count(Company, [Is("nmae", "x")]),
                lambda: work.count_by(Company, ["nmae"]),
                lambda: work.count_by(Company, ["notes"]),
                lambda: work.count_meeting(Company, ["nmae"], [Is("name", "x")]),
                lambda: work.count_meeting(Company, ["name"], [Is("nmae", "x")]),
                lambda: work.count_meeting(Company, ["name"], []),
                lambda: work.count_meeting(Company, [], [Is("name", "x")]),
                lambda: work.count_meeting(Company, ["name"], [Is("name", "x")] * (MOST_CONDITIONS + 1)),
            ]
            for ask in asks:
                with pytest.raises(InvalidQuery):
                    ask()
            assert work.get(Company, "c1").name == "华为"
            work.commit()

    def test_as_many_conditions_and_values_as_are_allowed_are_answered(self, filled: UnitOfWork) -> None:
        """And the largest page."""
        names = [*map(str, range(LARGEST_PAGE - 1)), "华为"]
        found = filled.find(Query(Company, where=[Among("name", names)], limit=LARGEST_PAGE))
        assert {one.name for one in found} == {"华为"}
        assert filled.count(Company, [Contains("name", "华")] * MOST_CONDITIONS) > 0

    def test_a_cursor_of_another_question_is_refused_or_harmless(self, filled: UnitOfWork) -> None:
        """It is a position, not a key: another tenant's rows are never behind it."""
        cursors = [filled.find(Query(Company, order=[Order(name)], limit=1)).after for name in _ORDERED]
        for after in cursors:
            for name in _ORDERED:
                try:
                    page = filled.find(Query(Company, order=[Order(name)], after=after))
                except InvalidQuery:
                    continue
                assert len({one.id for one in page}) == len(page) <= len(ALL)

    def test_the_timeline_of_a_subject_comes_in_order(self, storage: Storage) -> None:
        """Events are searched like records."""
        with storage.begin("acme") as work:
            work.append_all(
                event(f"e{number}", f"c{number % 3}", at=START - timedelta(hours=number)) for number in range(30)
            )
            asked: Query[Any] = Query(
                type(event()), where=[Is("subject_kind", "company"), Is("subject", "c1")], order=[Order("at")], limit=4
            )
            assert [one.id for one in work.each(asked)] == [f"e{number}" for number in range(28, 0, -3)]
