"""Consent of a customer that two become: the stricter stands. What one of them withdrew, the other's does not allow."""

from collections.abc import Iterator, Sequence

from attrs import evolve

from crmcore.customers.consents import Consent
from crmcore.customers.merging.steps import Pair, Step, records_of

__all__ = ["stricter"]

_BECAUSE = "the same customer withdrew it elsewhere"


def stricter(pair: Pair) -> Iterator[Step]:
    """Yield the consents: those of the other are moved, and on both sides those end that the other side withdrew."""
    mine = records_of(pair.job, Consent, pair.survivor.id)
    theirs = records_of(pair.job, Consent, pair.other.id)
    for one in theirs:
        moved = evolve(one, customer=pair.survivor.id)
        yield Step(one, _ended(pair, moved), aside=one) if _withdrawn(one, mine) else Step(one, moved)
    for one in mine:
        if _withdrawn(one, theirs):
            yield Step(one, _ended(pair, one), aside=one)


def _ended(pair: Pair, consent: Consent) -> Consent:
    return evolve(consent, withdrawn_at=pair.job.now(), withdrawn_because=_BECAUSE)


def _withdrawn(consent: Consent, others: Sequence[Consent]) -> bool:
    """Tell whether consent that holds was withdrawn at the other customer, and not given there again since.

    Withdrawal of one channel ends consent for all channels, as it does within one customer. What a contact withdrew
    is his or her own: it ends nobody else's consent.
    """
    return consent.withdrawn_at is None and any(
        one.purpose == consent.purpose
        and one.contact is None
        and (one.channel is None or consent.channel in (None, one.channel))
        and not _given_again(one, others)
        for one in others
        if one.withdrawn_at is not None
    )


def _given_again(withdrawn: Consent, others: Sequence[Consent]) -> bool:
    assert withdrawn.withdrawn_at is not None  # noqa: S101 (asked before)
    return any(
        one.withdrawn_at is None
        and one.purpose == withdrawn.purpose
        and one.contact is None
        and one.channel in (None, withdrawn.channel)
        and one.given_at >= withdrawn.withdrawn_at
        for one in others
    )
