"""What a company lives with: leaving out the findings that its file ignores, and saying which of that is of no use."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum, auto
from math import inf
from typing import Any

from attrs import frozen

from crmcore.checks.context import Context
from crmcore.checks.findings import Check, Finding, Problem, attributed
from crmcore.checks.registry import UNUSED_SUPPRESSION
from crmcore.errors import nearest
from crmcore.organization import Scope, Suppression
from crmcore.responsibility import Axis
from crmcore.responsibility.axes import NumberAxis
from crmcore.values import Interval, Place

__all__ = ["Ruling", "Verdict", "rulings", "suppressed"]


class Verdict(Enum):
    """What became of one entry of `checks: ignore`."""

    USED = auto()
    """It leaves something out, or cannot be judged because its check did not run."""
    UNUSED = auto()
    """It leaves nothing out."""
    BEYOND = auto()
    """It leaves nothing out, because what is found reaches beyond its `where`."""
    ENDED = auto()
    """Its last day has passed."""
    UNKNOWN = auto()
    """There is no such check."""


@frozen(kw_only=True)
class Ruling:
    """One entry of `checks: ignore`, and what became of it.

    Attributes:
        suppression: the entry; a bare code is one without a reason.
        place: where it is written.
        verdict: what became of it.
        left_out: the positions of the findings that it leaves out.
    """

    suppression: Suppression
    place: Place
    verdict: Verdict
    left_out: frozenset[int]


def suppressed(
    context: Context, findings: Sequence[Finding], chosen: Sequence[Check], known: Sequence[Check]
) -> list[Finding]:
    """Return the findings that the file does not ignore, and one for every entry of `ignore` that is of no use.

    Args:
        context: the organization and the window of the proof.
        findings: all that was found.
        chosen: the checks that ran.
        known: the checks that there are.
    """
    ruled = rulings(context, findings, chosen, known)
    kept = _kept(findings, ruled)
    own = [one for one in ruled if one.suppression.code == UNUSED_SUPPRESSION.code]
    if UNUSED_SUPPRESSION not in chosen or any(_is_bare(one) for one in own):
        return kept
    useless = _told((one for one in ruled if one not in own), known)
    own = [_judged(context, one.suppression, one.place, useless, chosen, known) for one in own]
    return kept + _kept(useless, own) + _told(own, known)


def rulings(
    context: Context, findings: Sequence[Finding], chosen: Sequence[Check], known: Sequence[Check]
) -> list[Ruling]:
    """Return what became of each entry of `ignore`, in the order of the file.

    Args:
        context: the organization and the window of the proof.
        findings: all that was found.
        chosen: the checks that ran.
        known: the checks that there are.
    """
    settings = context.organization.checks
    return [
        _judged(
            context,
            Suppression(entry, because="") if isinstance(entry, str) else entry,
            settings.place.at(f"ignore[{position}]"),
            findings,
            chosen,
            known,
        )
        for position, entry in enumerate(settings.ignore)
    ]


def _kept(findings: Sequence[Finding], ruled: Iterable[Ruling]) -> list[Finding]:
    left_out = {position for one in ruled for position in one.left_out}
    return [finding for position, finding in enumerate(findings) if position not in left_out]


def _is_bare(ruling: Ruling) -> bool:
    """Whether an entry leaves out all that its check finds."""
    suppression = ruling.suppression
    return suppression.subject is None and not len(suppression.where) and ruling.verdict is not Verdict.ENDED


def _judged(  # noqa: PLR0917 (the same row as in the functions around)
    context: Context,
    suppression: Suppression,
    place: Place,
    findings: Sequence[Finding],
    chosen: Sequence[Check],
    known: Sequence[Check],
) -> Ruling:
    meant = [
        position
        for position, finding in enumerate(findings)
        if finding.code == suppression.code and suppression.subject in (None, finding.subject)
    ]
    inside = frozenset(position for position in meant if _holds(context, suppression.where, findings[position].box))
    ended = suppression.until is not None and suppression.until < context.on
    if ended:
        verdict = Verdict.ENDED
    elif inside or (not meant and _did_not_run(suppression.code, chosen, known)):
        verdict = Verdict.USED
    elif suppression.code not in {one.code for one in known}:
        verdict = Verdict.UNKNOWN
    else:
        verdict = Verdict.BEYOND if meant else Verdict.UNUSED
    left_out = frozenset[int]() if ended else inside
    return Ruling(suppression=suppression, place=place, verdict=verdict, left_out=left_out)


def _did_not_run(code: str, chosen: Sequence[Check], known: Sequence[Check]) -> bool:
    return any(one.code == code for one in known) and not any(one.code == code for one in chosen)


def _holds(context: Context, where: Scope, box: Mapping[str, list[Any]] | None) -> bool:
    """Whether a box lies within a scope; what is not about customers lies within no part of them."""
    if not len(where):
        return True
    space = context.responsibilities.space
    for name, admitted in where:
        position = space.index(name)
        if box is None or position is None or not _within(space.axes[position], box.get(name), admitted):
            return False
    return True


def _within(axis: Axis, values: Sequence[Any] | None, admitted: Sequence[str | Interval]) -> bool:
    """Whether everything that a box holds in one dimension is admitted by a scope."""
    if isinstance(axis, NumberAxis):
        ends = [(axis.domain.min, axis.domain.max)] if values is None else values
        return all(_covered(start, stop, admitted) for start, stop in ends)
    mask = axis.full if values is None else axis.mask(values)
    return not mask & ~axis.mask(admitted)


def _covered(start: float | None, stop: float | None, admitted: Sequence[str | Interval]) -> bool:
    """Whether intervals together hold all numbers from one up to, and not including, another; None is open."""
    spans = [
        (-inf if one.start is None else one.start, inf if one.stop is None else one.stop)
        for one in admitted
        if isinstance(one, Interval)
    ]
    reached = -inf if start is None else start
    for low, high in sorted(spans):
        if low <= reached:
            reached = max(reached, high)
    return reached >= (inf if stop is None else stop)


def _told(ruled: Iterable[Ruling], known: Sequence[Check]) -> list[Finding]:
    return list(attributed(UNUSED_SUPPRESSION, (problem for one in ruled for problem in _problem(one, known))))


def _problem(ruling: Ruling, known: Sequence[Check]) -> Iterator[Problem]:
    """Say what is wrong with an entry, if anything is."""
    suppression, place = ruling.suppression, ruling.place
    match ruling.verdict:
        case Verdict.UNUSED:
            yield _unused(suppression, place)
        case Verdict.BEYOND:
            yield _beyond(suppression, place)
        case Verdict.ENDED:
            yield _ended(suppression, place)
        case Verdict.UNKNOWN:
            yield _unknown(suppression, place, nearest(suppression.code, [one.code for one in known]))


def _unused(suppression: Suppression, place: Place) -> Problem:
    subject = suppression.subject
    if subject is not None:
        return Problem(
            subject=suppression.code,
            place=place,
            text="{code} is ignored for {subject}, but it finds nothing there",
            arguments={"code": suppression.code, "subject": subject},
            help="Take the entry out of `checks: ignore`.",
        )
    return Problem(
        subject=suppression.code,
        place=place,
        text="{code} is ignored, but it finds nothing",
        arguments={"code": suppression.code},
        help="Take the code out of `checks: ignore`.",
    )


def _beyond(suppression: Suppression, place: Place) -> Problem:
    return Problem(
        subject=suppression.code,
        place=place,
        text="{code} is ignored for some customers, but what it finds is about others too",
        arguments={"code": suppression.code},
        help="Widen its `where`, or mend what lies beyond it.",
    )


def _ended(suppression: Suppression, place: Place) -> Problem:
    return Problem(
        subject=suppression.code,
        place=place,
        text="{code} was ignored because {because}; that ended on {until}",
        arguments={"code": suppression.code, "because": suppression.because, "until": suppression.until},
        help="Mend what it left out, or write a later `until`; then take the entry out of `checks: ignore`.",
    )


def _unknown(suppression: Suppression, place: Place, near: str | None) -> Problem:
    if near is None:
        return Problem(
            subject=suppression.code,
            place=place,
            text="{code} is ignored, but there is no such check",
            arguments={"code": suppression.code},
            help="Take the code out of `checks: ignore`.",
        )
    return Problem(
        subject=suppression.code,
        place=place,
        text="{code} is ignored, but there is no such check; did you mean {near}?",
        arguments={"code": suppression.code, "near": near},
        help="Correct the code, or take it out of `checks: ignore`.",
    )
