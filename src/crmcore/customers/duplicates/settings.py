"""What each kind of agreement is worth: how often it is seen among duplicates, and how often among others."""

from collections.abc import Mapping
from math import log2
from typing import Final

from attrs import field, frozen
from attrs.validators import and_, ge, gt, le, lt

from crmcore.customers.duplicates.agreements import Agreement

__all__ = ["DEFAULTS", "OFFICIAL", "Frequencies", "Odds", "Settings"]


_SHARE: Final = and_(gt(0), le(1))


@frozen
class Odds:
    """How often a kind of agreement is seen.

    Attributes:
        m: among pairs that are one customer, from above 0 to 1.
        u: among pairs that are not, from above 0 to 1.
    """

    m: float = field(validator=_SHARE)
    u: float = field(validator=_SHARE)

    @property
    def bits(self) -> float:
        """The weight of evidence, log2(m / u): each bit doubles the odds that two are one (Fellegi, Sunter 1969)."""
        return log2(self.m / self.u)


def _odds(**levels: tuple[float, float]) -> Mapping[Agreement, Odds]:
    return {Agreement(name): Odds(*odds) for name, odds in levels.items()}


DEFAULTS: Final[Mapping[str, Mapping[Agreement, Odds]]] = {
    "name": _odds(
        exact=(0.84, 5e-3),
        pinyin=(0.06, 4e-3),
        initial=(0.01, 5e-3),
        close=(0.04, 4e-3),
        alike=(0.02, 1.2e-2),
        different=(0.03, 0.97),
    ),
    "name.pinyin": _odds(
        pinyin=(0.86, 1e-2),
        initial=(0.01, 5e-3),
        close=(0.04, 8e-3),
        alike=(0.02, 3e-2),
        different=(0.07, 0.95),
    ),
    "company": _odds(
        exact=(0.55, 1e-5),
        form=(0.25, 1e-5),
        pinyin=(0.02, 1e-5),
        close=(0.12, 1e-4),
        alike=(0.03, 5e-3),
        different=(0.03, 0.995),
    ),
    "email": _odds(exact=(0.75, 1e-8), close=(0.04, 1e-6), local=(0.03, 1e-5), different=(0.18, 1.0)),
    "phone": _odds(exact=(0.75, 1e-8), tail=(0.05, 1e-7), close=(0.02, 1e-5), different=(0.18, 1.0)),
    "domain": _odds(exact=(0.8, 1e-3), different=(0.2, 0.999)),
    "born": _odds(exact=(0.93, 5e-5), parts=(0.04, 5e-3), year=(0.01, 1.5e-2), different=(0.02, 0.98)),
    "identifier": _odds(exact=(0.95, 1e-9), close=(0.03, 1e-6), different=(0.02, 1.0)),
    "address": _odds(
        exact=(0.7, 1e-2), pinyin=(0.3, 1e-2), close=(0.12, 5e-3), alike=(0.05, 2e-2), different=(0.13, 0.965)
    ),
    "address.street": _odds(
        exact=(0.6, 1e-4), pinyin=(0.1, 1e-4), close=(0.18, 5e-4), alike=(0.09, 1e-2), different=(0.13, 0.99)
    ),
    "address.region": _odds(
        exact=(0.9, 0.1), pinyin=(0.5, 0.1), close=(0.03, 1e-2), alike=(0.02, 5e-2), different=(0.05, 0.84)
    ),
    "address.country": _odds(
        exact=(0.97, 0.5), pinyin=(0.6, 0.4), close=(0.01, 1e-2), alike=(0.01, 2e-2), different=(0.01, 0.47)
    ),
    "more": _odds(exact=(0.6, 0.1), pinyin=(0.3, 0.1), close=(0.1, 2e-2), alike=(0.1, 8e-2), different=(0.2, 0.8)),
}
"""What holds where nothing was learned: by the name of a field, or by what stands before its dot."""

OFFICIAL: Final = frozenset({"uscc", "vat", "lei"})
"""Schemes of identifiers with check digits: who has another one is another customer."""


def _expected() -> Mapping[str, Mapping[Agreement, Odds]]:
    return DEFAULTS


@frozen
class Frequencies:
    """How common the values of a field are.

    Attributes:
        shares: how large a share of the customers has a value too, by value as compared, from above 0 to 1.
        rarest: the share that is taken for a value which none of them has.
    """

    shares: Mapping[str, float]
    rarest: float

    def of(self, value: str) -> float:
        """Return the share of a value."""
        return max(self.shares.get(value, self.rarest), self.rarest)


@frozen
class Settings:
    """How profiles are compared.

    Attributes:
        prior: how likely it is that two customers chosen at random are one, from above 0 to below 1; one in as many as
            there are customers says that each is there twice.
        threshold: the least score that counts as a duplicate, from 0 to 1.
        odds: what each agreement is worth, by field or by what stands before its dot.
        frequencies: how common the values of a field are, by field: agreement on a common value is worth less, on a
            rare one more (Winkler 1988, as the weight log2(m / share) of a value).
        official: the schemes of identifiers of which one customer has one; who has another is another.
    """

    prior: float = field(default=1e-6, validator=[gt(0), lt(1)])
    threshold: float = field(default=0.5, validator=[ge(0), le(1)])
    odds: Mapping[str, Mapping[Agreement, Odds]] = field(factory=_expected, repr=False)
    frequencies: Mapping[str, Frequencies] = field(factory=dict, repr=False)
    official: frozenset[str] = OFFICIAL

    def of(self, name: str, agreement: Agreement) -> Odds:
        """Return how often an agreement of a field is seen."""
        return (self.odds.get(name) or self.odds[name.partition(".")[0]])[agreement]

    def bits(self, name: str, agreement: Agreement, value: str = "") -> float:
        """Return the weight of an agreement.

        Args:
            name: of the field.
            agreement: how its values agree.
            value: the value that both have, where they agree exactly.
        """
        odds = self.of(name, agreement)
        common = self.frequencies.get(name)
        if agreement is Agreement.EXACT and common is not None:
            return log2(odds.m / common.of(value))
        return odds.bits

    def is_official(self, name: str) -> bool:
        """Tell whether a field is an identifier of which one customer has one."""
        family, _, scheme = name.partition(".")
        return family == "identifier" and scheme in self.official
