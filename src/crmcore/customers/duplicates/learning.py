"""Learning from the profiles themselves what each agreement is worth, without being told which are duplicates.

Expectation maximisation over the patterns of agreement (Dempster, Laird and Rubin 1977; for record linkage Jaro 1989
and Winkler 1988), in the form that decides of each pair (Celeux and Govaert 1992): which pairs are one customer follows
from the odds, the odds follow from these pairs.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from math import fsum
from typing import Final

from attrs import evolve

from crmcore.customers.duplicates.agreements import Agreement, Evidence
from crmcore.customers.duplicates.preparing import Prepared
from crmcore.customers.duplicates.settings import Frequencies, Odds, Settings

__all__ = ["frequencies", "learned"]

_Pattern = tuple[tuple[str, Agreement], ...]

_ROUNDS: Final = 30
_STILL: Final = 1e-4  # relative change of the number of duplicates below which nothing changes any more
_EXPECTED: Final = 20.0  # pairs: how many say as much as what is expected beforehand
_TRUST: Final = 0.25  # of what is expected of pairs that are not one customer, beside what is seen
_FEWEST: Final = 0.5  # duplicates that are thought possible where none is seen


def learned(
    candidates: Iterable[Sequence[Evidence]], chance: Iterable[Sequence[Evidence]], total: int, settings: Settings
) -> Settings:
    """Return settings with the odds and the prior that fit the profiles best.

    Args:
        candidates: what the pairs that were compared say; every pair outside counts as no duplicate.
        chance: what pairs chosen at random say, from which the odds among pairs that are not one customer come.
        total: how many pairs there are.
        settings: where to start. Its odds also count as some pairs that were seen, so that a few profiles move them
            little.
    """
    compared, random = _patterns(candidates), _patterns(chance)
    start, before = settings, 0.0
    for _ in range(_ROUNDS):
        likely = {pattern: _decided(pattern, settings) for pattern in compared.keys() | random.keys()}
        same = fsum(count * likely[pattern] for pattern, count in compared.items())
        among = _counted((pattern, count * likely[pattern]) for pattern, count in compared.items())
        others = _counted((pattern, count * (1 - likely[pattern])) for pattern, count in random.items())
        settings = evolve(
            start,
            prior=min(max(same, _FEWEST) / max(total, 1), 0.5),
            odds={**start.odds, **{name: _odds(name, among, others, start) for name in {**among, **others}}},
        )
        if abs(same - before) <= _STILL * max(same, 1.0):
            break
        before = same
    return settings


def _patterns(pairs: Iterable[Sequence[Evidence]]) -> Counter[_Pattern]:
    return Counter(tuple(sorted((each.field, each.agreement) for each in found)) for found in pairs)


def _decided(pattern: _Pattern, settings: Settings) -> float:
    """Return 1 where two are more likely one customer than not, else 0.

    A share for each pair would let many unlikely ones, such as namesakes, redefine what a duplicate is.
    """
    return float(_probability(pattern, settings) > 0.5)


def _probability(pattern: _Pattern, settings: Settings) -> float:
    odds = settings.prior / (1 - settings.prior)
    for name, agreement in pattern:
        if agreement is Agreement.DIFFERENT and settings.is_official(name):
            return 0.0
        level = settings.of(name, agreement)
        odds *= level.m / level.u
    return odds / (1 + odds)


def _counted(patterns: Iterable[tuple[_Pattern, float]]) -> Mapping[str, Mapping[Agreement, float]]:
    """Return how often each agreement of each field was seen."""
    counts: defaultdict[str, defaultdict[Agreement, float]] = defaultdict(lambda: defaultdict(float))
    for pattern, count in patterns:
        for name, agreement in pattern:
            counts[name][agreement] += count
    return counts


def _odds(
    name: str,
    among: Mapping[str, Mapping[Agreement, float]],
    others: Mapping[str, Mapping[Agreement, float]],
    start: Settings,
) -> Mapping[Agreement, Odds]:
    same, different = among.get(name, {}), others.get(name, {})
    seen, unlike = fsum(same.values()), fsum(different.values())
    expected = start.odds.get(name) or start.odds[name.partition(".")[0]]
    return {
        agreement: Odds(
            m=(same.get(agreement, 0.0) + _EXPECTED * odds.m) / (seen + _EXPECTED),
            u=(1 - _TRUST) * different.get(agreement, 0.0) / unlike + _TRUST * odds.u if unlike else odds.u,
        )
        for agreement, odds in expected.items()
    }


def frequencies(customers: Sequence[Iterable[Prepared]], settings: Settings) -> Mapping[str, Frequencies]:
    """Return how common the values of each field are.

    Args:
        customers: the profiles of each; a value counts once for a customer, in however many of its profiles it is.
        settings: in which the odds of a field say how common its values are at the most, where none is seen twice.
    """
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    having: Counter[str] = Counter()
    for profiles in customers:
        values = set(chain.from_iterable(map(_values, profiles)))
        having.update({name for name, _ in values})
        for name, value in values:
            counts[name][value] += 1
    return {name: _shares(counts[name], count, settings.of(name, Agreement.EXACT).u) for name, count in having.items()}


def _shares(counts: Counter[str], having: int, usual: float) -> Frequencies:
    others = max(having - 1, 1)
    shares = {value: (count - 1) / others for value, count in counts.items() if count > 1}
    return Frequencies(shares, rarest=min(usual, 0.5 / others))


def _values(ready: Prepared) -> Iterable[tuple[str, str]]:
    yield from (("name", part) for person in ready.people for part in person.parts)
    yield from (("company", company.text) for company in ready.companies)
    yield from (("phone", phone) for phone in ready.phones)
    yield from (("email", email) for email in ready.emails)
    yield from (("domain", domain) for domain in ready.domains)
    if ready.born:
        yield "born", ready.born.isoformat()
    yield from ((f"identifier.{scheme}", value) for scheme, value in ready.identifiers.items())
    yield from ((f"address.{part}", text) for part, text in ready.address.items())
    yield from ((f"more.{name}", text) for name, text in ready.more.items())
