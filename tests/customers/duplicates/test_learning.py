"""What is learned from the profiles themselves."""

from collections import Counter
from random import Random

import pytest
from attrs import evolve

from crmcore.customers.duplicates import Agreement, Profile, Settings
from crmcore.customers.duplicates.agreements import Evidence
from crmcore.customers.duplicates.learning import frequencies, learned
from crmcore.customers.duplicates.preparing import prepared

TRUE = {  # of pairs that are one customer, and of others: the share of each agreement
    "born": {
        Agreement.EXACT: (0.6, 0.001),
        Agreement.PARTS: (0.2, 0.019),
        Agreement.YEAR: (0.1, 0.03),
        Agreement.DIFFERENT: (0.1, 0.95),
    },
    "phone": {
        Agreement.EXACT: (0.5, 0.0005),
        Agreement.TAIL: (0.1, 0.0005),
        Agreement.CLOSE: (0.1, 0.001),
        Agreement.DIFFERENT: (0.3, 0.998),
    },
    "address.street": {
        Agreement.EXACT: (0.7, 0.0005),
        Agreement.CLOSE: (0.15, 0.001),
        Agreement.ALIKE: (0.05, 0.01),
        Agreement.DIFFERENT: (0.1, 0.9885),
    },
    "address.postcode": {
        Agreement.EXACT: (0.8, 0.005),
        Agreement.CLOSE: (0.08, 0.01),
        Agreement.ALIKE: (0.02, 0.04),
        Agreement.DIFFERENT: (0.1, 0.945),
    },
    "address.city": {
        Agreement.EXACT: (0.7, 0.2),
        Agreement.CLOSE: (0.15, 0.01),
        Agreement.ALIKE: (0.05, 0.04),
        Agreement.DIFFERENT: (0.1, 0.75),
    },
}


def drawn(random: Random, same: bool) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(field, random.choices(list(levels), [odds[0 if same else 1] for odds in levels.values()])[0], "", "")
        for field, levels in TRUE.items()
    )


def test_the_odds_by_which_pairs_were_made_are_learned_without_being_told_which_is_which() -> None:
    random = Random(1)
    pairs = [drawn(random, True) for _ in range(2_000)] + [drawn(random, False) for _ in range(38_000)]
    random.shuffle(pairs)
    found = learned(pairs, pairs, len(pairs), Settings())
    assert found.prior == pytest.approx(0.05, rel=0.2)
    for field, levels in TRUE.items():
        for agreement, (m, u) in levels.items():
            assert found.of(field, agreement).m == pytest.approx(m, abs=0.1)
            assert found.of(field, agreement).u == pytest.approx(u, abs=0.25 * u + 0.06)


def test_a_few_pairs_move_the_odds_little() -> None:
    alone = [(Evidence("born", Agreement.DIFFERENT, "", ""), Evidence("phone", Agreement.EXACT, "", ""))]
    found = learned(alone, [], 1, Settings())
    assert found.of("born", Agreement.EXACT).m == pytest.approx(Settings().of("born", Agreement.EXACT).m, abs=0.1)


def test_nothing_changes_what_is_expected_where_there_is_nothing() -> None:
    found = learned([], [], 0, Settings())
    assert evolve(found, prior=Settings().prior) == Settings()


def test_another_credit_code_is_never_taken_for_a_slip_of_one_customer() -> None:
    apart = tuple(
        Evidence(field, agreement, "", "")
        for field, agreement in (("company", Agreement.EXACT), ("identifier.uscc", Agreement.DIFFERENT))
    )
    found = learned([apart] * 1_000, [], 1_000, Settings())
    assert found.prior == pytest.approx(0.5 / 1_000)


def test_a_value_is_common_by_the_customers_that_have_it_and_not_by_its_entries() -> None:
    wei = [prepared(Profile(f"wei {number}", names=("王伟",), emails=("wei@acme.cn",))) for number in range(5)]
    li = prepared(Profile("li", names=("王丽",)))
    noah = prepared(Profile("noah", names=("Noah",), emails=("noah@acme.cn",)))
    found = frequencies([wei, [li], [noah]], Settings())
    assert found["name"].shares == {"王": 1 / 2}
    assert found["email"].shares == {}
    assert found["domain"].of("acme.cn") == 1
    assert found["email"].of("wei@acme.cn") == found["email"].of("whoever@else.org") == 1e-8


def test_each_field_that_somebody_has_gets_its_frequencies() -> None:
    profile = Profile(
        "one", "organization", names=("Acme",), phones=("12345678",), address={"city": "Leeds"}, more={"size": "9"}
    )
    assert Counter(frequencies([[prepared(profile)]], Settings()).keys()) == Counter(
        ["company", "phone", "address.city", "more.size"]
    )


def test_namesakes_do_not_redefine_what_a_duplicate_is() -> None:
    same = (Agreement.EXACT, Agreement.EXACT, Agreement.DIFFERENT)
    namesakes = [
        tuple(Evidence(field, each, "", "") for field, each in zip(("name", "name", "phone"), same, strict=True))
    ]
    twice = [(*(Evidence("name", Agreement.EXACT, "", ""),) * 2, Evidence("phone", Agreement.EXACT, "", ""))]
    found = learned([*namesakes * 400, *twice * 20], namesakes * 10, 3_000, Settings())
    assert found.prior == pytest.approx(20 / 3_000)
    assert found.of("phone", Agreement.EXACT).m > 0.8
