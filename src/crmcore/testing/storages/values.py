"""What holds of values: each sort at its limits comes back without loss, and what would lose something is refused."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal, localcontext
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcore.storage import (
    DEEPEST_TREE,
    LONGEST_ID,
    LONGEST_INDEXED,
    LONGEST_TEXT,
    Is,
    Order,
    Query,
    Storage,
)
from crmcore.storage import InvalidRecord as Invalid
from crmcore.testing.storages.given import Given, put_in
from crmcore.testing.storages.samples import START, Company, Tier, company

__all__ = ["KEPT", "ODD_TEXTS", "REFUSED", "ValuesContract", "companies"]

ODD_TEXTS: Final = (
    "",
    " ",
    "a",
    "A",
    "a ",
    " a",
    "á",
    "a\u0301",
    "ß",
    "ss",
    "İ",
    "i",
    "华为",
    "华為",
    "𠮷野家",
    "👩‍👩‍👧",
    "\ud7ff",
    "\ue000",
    "\U0010ffff",
    "עברית",
    "line\nbreak\r\n\ttab",
    "100%",
    "a_b",
    "a\\b",
    "o'brien",
    '"; DROP TABLE crmcore_company; --',
    "%s %(x)s :x ? {x}",
    "NULL",
    "\x01\x1f\x7f\u200b\ufeff",
)
"""Texts in which programs that store them have got lost."""

_LARGEST: Final = Decimal("99999999999999.9999")

KEPT: Final[Mapping[str, tuple[Any, ...]]] = {
    "name": (*ODD_TEXTS, "华" * LONGEST_INDEXED, "".join(map(chr, range(0x1F300, 0x1F300 + LONGEST_INDEXED)))),
    "memo": (*ODD_TEXTS, "".join(chr(0x4E00 + number) for number in range(10_000)), "x" * LONGEST_TEXT),
    "tier": tuple(Tier),
    "employees": (0, -1, 2**63 - 1, -(2**63), 2**53 + 1),
    "turnover": (
        *map(Decimal, ("0", "-0.0", "0.0001", "-0.0001", "1.10", "1E+13", "0.10000000", "12345678.9")),
        _LARGEST,
        -_LARGEST,
    ),
    "score": (0.0, 0.1, -1.5, 1e308, -1e308, 5e-324, 2.2250738585072014e-308, 0.1 + 0.2, 123456789.123456789),
    "active": (True, False),
    "founded": (date(1000, 1, 1), date(2024, 2, 29), date(9999, 12, 31)),
    "seen": (
        datetime(1000, 1, 1, tzinfo=UTC),
        datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(2038, 1, 19, 3, 14, 8, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        START.replace(tzinfo=ZoneInfo("UTC")),
    ),
    "notes": (
        {},
        {"b": 1, "a": [True, False, None, {"深": [[]]}], "": "", "f": 0.1, "n": -(2**63), "m": 2**63 - 1},
        {text: text for text in ODD_TEXTS},
    ),
    "custom": ({"行业": "华" * 5_000}, {"seats": -(2**63)}),
}
"""Values that every storage keeps, by the fields of a company."""


def _nested(levels: int) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for _ in range(levels - 1):
        tree = {"deeper": tree}
    return tree


def _circle() -> dict[str, Any]:
    tree: dict[str, Any] = {}
    tree["twice"] = [tree, tree]
    return tree


REFUSED: Final[Mapping[str, tuple[Any, ...]]] = {
    "id": ("", "x" * (LONGEST_ID + 1), "\0", "\udfff", 5, None),
    "version": (-1, 1.0, True, None),
    "name": (None, 5, b"bytes", "\0", "half \ud83d", "x" * (LONGEST_INDEXED + 1)),
    "memo": ("x" * (LONGEST_TEXT + 1), b"", ["a"]),
    "employees": (2**63, -(2**63) - 1, 1.0, True, "1", Decimal(1)),
    "turnover": (
        *map(Decimal, ("1E+14", "0E+14", "0.00001", "-99999999999999.99991", "NaN", "sNaN", "Infinity", "1E-1000000")),
        1,
        1.5,
    ),
    "score": (float("nan"), float("inf"), -float("inf"), 1, Decimal(1), True),
    "active": (None, 0, 1, "yes"),
    "founded": (date(999, 12, 31), START, "2026-11-23"),
    "seen": (
        datetime(999, 12, 31, tzinfo=UTC),
        START.replace(tzinfo=None),
        START.astimezone(ZoneInfo("Asia/Shanghai")),
        START.astimezone(timezone(timedelta(hours=-5))),
        datetime(2026, 12, 1, tzinfo=ZoneInfo("Europe/London")),
        date(2026, 11, 23),
        "2026-11-23",
    ),
    "notes": (
        None,
        {1: 2},
        {"set": {1}},
        {"date": date(2026, 11, 23)},
        {"bytes": b""},
        {"half": "\ud800"},
        {"\0": 1},
        {"nan": float("nan")},
        {"big": 2**63},
        _nested(DEEPEST_TREE + 2),
        _circle(),
        {"long": ["x" * 1_000] * 1_000},
    ),
    "parent": (5, "x" * (LONGEST_ID + 1), "\0"),
}
"""Values that no storage is given, by the fields of a company."""

_KINDS: Final = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
_TEXTS: Final = st.one_of(st.sampled_from(ODD_TEXTS), st.text(_KINDS, max_size=30))
_TREES: Final = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**63), 2**63 - 1),
        st.floats(allow_nan=False, allow_infinity=False),
        _TEXTS,
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(_TEXTS, inner, max_size=4)),
    max_leaves=10,
)


def companies(ids: st.SearchStrategy[str] | None = None) -> st.SearchStrategy[Company]:
    """Return a strategy for companies with every value that can be stored, and no parent."""
    whole = st.integers(-(2**63), 2**63 - 1)
    return st.builds(
        Company,
        id=st.text(_KINDS, min_size=1, max_size=20) if ids is None else ids,
        name=_TEXTS,
        memo=st.none() | _TEXTS,
        tier=st.sampled_from(Tier),
        employees=st.none() | whole,
        turnover=st.none() | st.decimals(-_LARGEST, _LARGEST, places=4),
        score=st.none() | st.floats(allow_nan=False, allow_infinity=False),
        active=st.booleans(),
        founded=st.none() | st.dates(date(1000, 1, 1)),
        seen=st.none() | st.datetimes(datetime(1000, 1, 1), timezones=st.just(UTC)),
        notes=st.dictionaries(_TEXTS, _TREES, max_size=4),
        parent=st.none(),
        custom=st.fixed_dictionaries({}, optional={"行业": _TEXTS, "seats": whole}),
    )


class ValuesContract(Given):
    """Values come back as they were."""

    def _back(self, storage: Storage, **fields: Any) -> Company:
        with storage.begin("acme") as work:
            work.add(company(**{"id": "v", **fields}))
            found = work.get(Company, "v")
            work.remove(found)
            work.commit()
        return found

    @pytest.mark.parametrize("name", KEPT)
    def test_values_at_their_limits_come_back_as_they_were(self, storage: Storage, name: str) -> None:
        """Equal, of the same type, and found by their own value."""
        for value in KEPT[name]:
            with storage.begin("acme") as work:
                work.add(company("v", **{name: value}))
                found = getattr(work.get(Company, "v"), name)
                assert found == value, f"{name}: {value!r:.100} came back as {found!r:.100}"
                assert type(found) is type(value)
                if name not in ("notes", "custom") and value != "x" * LONGEST_TEXT:
                    assert work.count(Company, [Is(name, value)]) == 1, f"{name}: {value!r:.100} is not found"

    @pytest.mark.parametrize("name", REFUSED)
    def test_values_that_would_lose_something_are_refused(self, storage: Storage, name: str) -> None:
        """A storage keeps what it is given, or says that it does not; the error names the field."""
        for value in REFUSED[name]:
            with storage.begin("acme") as work, pytest.raises(Invalid) as caught:
                work.add(company(**{name: value}))
            assert caught.value.field == name
            assert str(caught.value).encode()

    def test_any_record_comes_back_as_it_was(self, storage: Storage) -> None:
        """Whatever hypothesis thinks of."""

        @settings(max_examples=60, deadline=None, database=None)
        @given(companies())
        def holds(one: Company) -> None:
            with storage.begin("acme") as work:
                added = work.add(one)
                work.commit()
            with storage.begin("acme") as work:
                found = work.get(Company, one.id)
                assert found == added
                assert list(found.notes) == list(one.notes)
                work.remove(found)
                work.commit()

        holds()

    def test_ids_are_told_apart_to_the_last_character(self, storage: Storage) -> None:
        """Upper and lower case, accents, blanks at the end, and how an accent is written."""
        ids = [text for text in ODD_TEXTS if text] + ["华" * LONGEST_ID, "𠮷" * LONGEST_ID]
        put_in(storage, *(company(one, name=f"number {number}") for number, one in enumerate(ids)))
        with storage.begin("acme", read_only=True) as work:
            assert [work.get(Company, one).name for one in ids] == [f"number {number}" for number in range(len(ids))]
            assert [one.id for one in work.find(Query(Company))] == sorted(ids)

    def test_exact_numbers_are_kept_whatever_the_caller_s_context_says(self, storage: Storage) -> None:
        """A program that counts with three digits loses none of what it stores."""
        with localcontext(prec=3):
            found = self._back(storage, turnover=Decimal("12345678901234.5678"))
        assert found.turnover == Decimal("12345678901234.5678")

    def test_both_hours_of_a_night_that_repeats_one_are_kept_apart(self, storage: Storage) -> None:
        """When daylight saving ends, 2:30 comes twice; in UTC each is its own."""
        berlin = ZoneInfo("Europe/Berlin")
        twice = [datetime(2026, 10, 25, 2, 30, fold=fold, tzinfo=berlin).astimezone(UTC) for fold in (0, 1)]
        put_in(storage, *(company(f"c{fold}", seen=instant) for fold, instant in enumerate(twice)))
        with storage.begin("acme", read_only=True) as work:
            found = [one.seen for one in work.find(Query(Company, order=[Order("seen")]))]
        assert found == twice
        assert twice[1] - twice[0] == timedelta(hours=1)
        assert [one.astimezone(berlin).fold for one in found if one is not None] == [0, 1]

    def test_instants_come_back_in_utc(self, storage: Storage) -> None:
        """Whichever zone the server thinks it is in."""
        found = self._back(storage, seen=START).seen
        assert found is not None
        assert found.tzinfo is UTC

    def test_trees_of_any_shape_come_back(self, storage: Storage) -> None:
        """Mappings keep their order; lists and mappings lie inside one another a hundred times."""
        tree = {"z": 1, "a": _nested(DEEPEST_TREE - 1), "m": [[["深"]]]}
        found = self._back(storage, notes=tree).notes
        assert found == tree
        assert list(found) == ["z", "a", "m"]

    def test_what_is_stored_is_not_changed_from_outside(self, storage: Storage) -> None:
        """Neither through the tree that was given nor through one that was read."""
        tree = {"tags": ["a"]}
        with storage.begin("acme") as work:
            work.add(company(notes=tree))
            tree["tags"].append("b")
            work.get(Company, "c1").notes["tags"].append("c")
            work.commit()
        with storage.begin("acme", read_only=True) as work:
            assert work.get(Company, "c1").notes == {"tags": ["a"]}
