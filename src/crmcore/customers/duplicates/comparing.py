"""Comparing two profiles: how likely they are one customer, and why."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from math import fsum, log2
from typing import Final, TypeVar

from attrs import frozen

from crmcore.customers.duplicates.agreements import Agreement, Evidence, described, named
from crmcore.customers.duplicates.contacts import births, emails, identifiers, phones, texts
from crmcore.customers.duplicates.distances import Distances, distances
from crmcore.customers.duplicates.names import companies, people
from crmcore.customers.duplicates.preparing import Prepared, prepared
from crmcore.customers.duplicates.profiles import Profile
from crmcore.customers.duplicates.settings import Settings
from crmcore.language import Phrase, say, told

__all__ = ["CONCLUSIVE", "RULED_OUT", "Match", "Reason", "compare", "evidence", "matched", "weighed"]

CONCLUSIVE: Final = frozenset({"email", "phone", "identifier", "company"})
"""Fields in which the same value, with nothing that speaks against it, is proof enough."""

_CERTAIN: Final = 20.0  # bits of a match that is proven: one in a million to the contrary

RULED_OUT: Final = -1e6
"""Bits of a match that cannot be, whatever else agrees."""

_T = TypeVar("_T")


@frozen
class Reason:
    """Why two profiles may be one customer, or why not.

    Attributes:
        field: of the profile, such as `name`, `phone`, `address.city`, `identifier.uscc`.
        agreement: how its values agree.
        weight: in bits: one bit doubles the odds that the two are one, minus one halves them.
        text: a sentence that people read; a phrase.
    """

    field: str
    agreement: Agreement
    weight: float
    text: Phrase

    def phrase(self) -> Phrase:
        """Return it as people read it, with the name of the field."""
        return say("{field}: {text}", field=named(self.field), text=self.text)

    def __str__(self) -> str:
        return told(self.phrase())


@frozen
class Match:
    """What the comparison of two profiles says.

    Attributes:
        score: how likely it is that the two are one customer, from 0 to 1.
        reasons: what speaks for it and against it, the weightiest first; fields that one of the two lacks are absent.
        weight: the sum of all evidence in bits, with the odds before any evidence; from it comes the score.
    """

    score: float
    reasons: tuple[Reason, ...]
    weight: float


def compare(one: Profile, other: Profile, settings: Settings | None = None) -> Match:
    """Compare two profiles.

    The weights of the fields are added, as Fellegi and Sunter did (A Theory for Record Linkage, 1969), and the sum is
    turned into a probability by Bayes' rule. What one of the two does not have neither helps nor harms. The score is
    1 where the same e-mail address, phone, identifier or name of a company is on both and nothing speaks against it.

    Args:
        one: a profile.
        other: another; to compare them the other way round gives the same.
        settings: what each agreement is worth; None for the defaults.

    Raises:
        MissingExtra: rapidfuzz, of the extra `duplicates`, is not installed.
    """
    settings = settings or Settings()
    if one.kind is not other.kind:
        return Match(0.0, (), RULED_OUT)
    return matched(evidence(prepared(one), prepared(other), settings), settings)


def evidence(one: Prepared, other: Prepared, settings: Settings) -> tuple[Evidence, ...]:
    """Return what two prepared profiles of one kind say of each other."""
    return tuple(_evidence(one, other, settings, distances()))


def _evidence(one: Prepared, other: Prepared, settings: Settings, measure: Distances) -> Iterator[Evidence]:
    def weight(found: Iterable[Evidence]) -> float:
        return sum(settings.bits(each.field, each.agreement, each.one) for each in found)

    yield from _best(one.people, other.people, lambda a, b: tuple(people(a, b, measure)), weight)
    yield from _best(one.companies, other.companies, lambda a, b: _alone(companies(a, b, measure)), weight)
    yield from _best(one.phones, other.phones, lambda a, b: (phones(a, b, measure),), weight)
    mail = _best(one.emails, other.emails, lambda a, b: (emails(a, b, measure),), weight)
    yield from mail
    if not any(each.agreement in {Agreement.EXACT, Agreement.CLOSE} for each in mail):  # else said already
        yield from _domains(one.domains, other.domains)
    if one.born and other.born:
        yield births(one.born, other.born, measure)
    for scheme in sorted(one.identifiers.keys() & other.identifiers.keys()):
        yield identifiers(scheme, one.identifiers[scheme], other.identifiers[scheme], measure)
    for family, fields, others in (("address", one.address, other.address), ("more", one.more, other.more)):
        for name in sorted(fields.keys() & others.keys()):
            yield from _alone(texts(f"{family}.{name}", fields[name], others[name], measure))


def _best(
    values: tuple[_T, ...],
    others: tuple[_T, ...],
    compared: Callable[[_T, _T], tuple[Evidence, ...]],
    weight: Callable[[Iterable[Evidence]], float],
) -> tuple[Evidence, ...]:
    """Return what the pair of values that agrees most says; nothing where a side has none."""
    if len(values) == len(others) == 1:
        return compared(values[0], others[0])
    found = [said for value in values for other in others if (said := compared(value, other))]
    return max(found, key=lambda said: (weight(said), _values(said)), default=())


def _values(said: Iterable[Evidence]) -> list[list[str]]:
    """Return what was compared, the same whichever of the two profiles comes first."""
    return sorted(sorted((each.one, each.other)) for each in said)


def _alone(found: Evidence | None) -> tuple[Evidence, ...]:
    return (found,) if found else ()


def _domains(domains: tuple[str, ...], others: tuple[str, ...]) -> Iterator[Evidence]:
    if domains and others:
        shared = sorted(set(domains) & set(others))
        if shared:
            yield Evidence("domain", Agreement.EXACT, shared[0], shared[0])
        else:
            yield Evidence("domain", Agreement.DIFFERENT, min(domains), min(others))


def matched(found: Iterable[Evidence], settings: Settings) -> Match:
    """Return what pieces of evidence come to, with the reasons."""
    found = tuple(found)
    weight, score = weighed(found, settings)
    reasons = (Reason(each.field, each.agreement, _bits(each, settings), described(each)) for each in found)
    return Match(score, tuple(sorted(reasons, key=lambda reason: -abs(reason.weight))), weight)


def weighed(found: Sequence[Evidence], settings: Settings) -> tuple[float, float]:
    """Return what pieces of evidence come to: the weight in bits, and the score."""
    bits = [_bits(each, settings) for each in found]
    weight = fsum((log2(settings.prior / (1 - settings.prior)), *sorted(bits)))
    against = any(one < 0 and each.agreement is not Agreement.EXACT for one, each in zip(bits, found, strict=True))
    if not against and any(map(_conclusive, found)):
        return max(weight, _CERTAIN), 1.0
    return weight, _probability(weight) if found else 0.0


def _bits(each: Evidence, settings: Settings) -> float:
    if each.agreement is Agreement.DIFFERENT and settings.is_official(each.field):
        return RULED_OUT
    return settings.bits(each.field, each.agreement, each.one)


def _conclusive(each: Evidence) -> bool:
    return each.agreement is Agreement.EXACT and each.field.partition(".")[0] in CONCLUSIVE


def _probability(weight: float) -> float:
    """Return the probability for odds of two to the power of a weight."""
    odds: float = 2.0 ** min(weight, 200.0)  # beyond which the quotient is 1
    return odds / (1.0 + odds)
