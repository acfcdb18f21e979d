"""What agreements are worth."""

import pytest

from crmcore.customers.duplicates import DEFAULTS, Agreement, Frequencies, Odds, Settings


@pytest.mark.parametrize("field", DEFAULTS)
def test_shares_of_a_field_are_shares(field: str) -> None:
    of_names = field in {"name", "name.pinyin", "company"}  # in texts, two scripts are compared apart from one
    levels = [odds for agreement, odds in DEFAULTS[field].items() if of_names or agreement is not Agreement.PINYIN]
    assert sum(odds.m for odds in levels) == pytest.approx(1, abs=0.03)
    assert sum(odds.u for odds in levels) == pytest.approx(1, abs=0.03)


@pytest.mark.parametrize("field", DEFAULTS)
def test_to_agree_speaks_for_and_to_differ_against_a_match(field: str) -> None:
    levels = DEFAULTS[field]
    assert levels.get(Agreement.EXACT, levels.get(Agreement.PINYIN, Odds(1, 1))).bits > 0
    assert levels[Agreement.DIFFERENT].bits < 0


def test_a_bit_doubles_the_odds() -> None:
    assert Odds(m=0.5, u=0.25).bits == 1
    assert Odds(m=0.25, u=0.5).bits == -1


def test_a_part_of_a_field_has_its_own_weights_or_those_of_the_field() -> None:
    assert Settings().of("address.street", Agreement.EXACT) == DEFAULTS["address.street"][Agreement.EXACT]
    assert Settings().of("address.hamlet", Agreement.EXACT) == DEFAULTS["address"][Agreement.EXACT]


def test_the_share_of_a_value_counts_where_it_is_known() -> None:
    known = Settings(frequencies={"name": Frequencies({"wang": 0.07}, rarest=0.001)})
    common, rare, unknown = (
        known.bits("name", Agreement.EXACT, "wang"),
        known.bits("name", Agreement.EXACT, "quux"),
        known.bits("born", Agreement.EXACT, "1990-03-04"),
    )
    assert rare - common == pytest.approx(6.13, abs=0.01)  # log2(0.07 / 0.001)
    assert unknown == DEFAULTS["born"][Agreement.EXACT].bits


@pytest.mark.parametrize("wrong", [{"prior": 0.0}, {"prior": 1.0}, {"threshold": 1.5}, {"threshold": -0.1}])
def test_what_is_no_probability_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Settings(**wrong)  # type: ignore[arg-type]


def test_an_official_identifier_is_one_that_a_customer_has_once() -> None:
    assert Settings().is_official("identifier.uscc")
    assert not Settings().is_official("identifier.taobao")
    assert not Settings().is_official("more.uscc")
