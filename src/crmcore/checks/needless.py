"""What stands in an organization's files without need, and what the organization is without it."""

from collections.abc import Container, Iterable, Iterator, Sequence
from datetime import date
from functools import cached_property
from typing import Any, Final

from attrs import evolve, frozen

from crmcore.checks.baseline import fingerprint
from crmcore.checks.context import Context
from crmcore.checks.findings import Check, Finding, Report
from crmcore.checks.registry import CHECKS, UNUSED_SUPPRESSION
from crmcore.checks.running import check
from crmcore.checks.suppressions import Verdict, rulings, suppressed
from crmcore.language import say
from crmcore.organization import Organization, Record
from crmcore.responsibility import Responsibilities
from crmcore.values import Place

__all__ = ["DUPLICATE", "NAMELESS", "REDUNDANT", "UNUSED", "Mend", "Proof", "Removal", "entries", "without"]

REDUNDANT: Final = "COV105"
UNUSED: Final = UNUSED_SUPPRESSION.code
DUPLICATE: Final = "DUPLICATE"

NAMELESS: Final = ("impossible", "staffing", "duties", "handoffs", "escalations")
"""The sections whose entries have no id, so that one can stand there twice."""

_IGNORE: Final = ("checks", "ignore")


@frozen(kw_only=True)
class Mend:
    """One thing that is mended, or that is not.

    Attributes:
        code: of the check, or the name of what no check finds.
        place: where it is written.
        what: what it is, in words.
        why_not: why it is left; empty when it is mended.
    """

    code: str
    place: Place
    what: str
    why_not: str = ""


@frozen(kw_only=True)
class Removal(Mend):
    """An entry that goes.

    Attributes:
        path: the keys that lead to its list.
        position: its position in the list.
    """

    path: tuple[str, ...]
    position: int


class Proof:
    """What the checks find in an organization, ignored or not.

    Attributes:
        organization: the organization.
        on: the first day of the proof.
        until: the last day of the proof; None for the first day alone.
        checks: the checks that are run.
        report: what is found.
        prints: the fingerprints of that.
    """

    def __init__(
        self, organization: Organization, on: date | None, until: date | None, checks: Sequence[Check] = CHECKS
    ) -> None:
        self.organization = organization
        self.on = on or organization.today()
        self.until = until
        self.checks = checks
        bare = evolve(organization, checks=evolve(organization.checks, ignore=()))
        self.report: Report = check(bare, on=self.on, until=until, checks=checks)
        self.prints = {fingerprint(finding) for finding in self.report.findings}

    def removals(self, select: Container[str]) -> Iterator[Removal]:
        """Yield the entries that are there without need, each once.

        Args:
            select: the codes of what is looked for.
        """
        seen: set[tuple[tuple[str, ...], int]] = set()
        for removal in (*self._redundant(), *self._unused(), *self._duplicates()):
            if removal.code in select and (removal.path, removal.position) not in seen:
                seen.add((removal.path, removal.position))
                yield removal

    @cached_property
    def _context(self) -> Context:
        responsibilities = Responsibilities(self.organization, on=self.on, until=self.until or self.on)
        return Context(
            organization=self.organization,
            responsibilities=responsibilities,
            on=self.on,
            until=self.until or self.on,
        )

    @cached_property
    def _reported(self) -> list[Finding]:
        return suppressed(self._context, self.report.findings, self.checks, self.checks)

    def _redundant(self) -> Iterator[Removal]:
        positions = {duty.place: position for position, duty in enumerate(self.organization.duties)}
        for finding in self._reported:
            position = positions.get(finding.place)
            if finding.code == REDUNDANT and position is not None:
                role = self.organization.duties[position].role
                what = say("a duty of {role} that repeats another", role=role)
                yield Removal(code=REDUNDANT, place=finding.place, what=what, path=("duties",), position=position)

    def _unused(self) -> Iterator[Removal]:
        """Yield the suppressions that leave nothing out; one that ended, or is misspelt, is for people to judge."""
        told = {finding.place for finding in self._reported if finding.code == UNUSED}
        for position, ruling in enumerate(rulings(self._context, self.report.findings, self.checks, self.checks)):
            if ruling.verdict is Verdict.UNUSED and ruling.place in told:
                what = say("{code} is ignored, but it finds nothing", code=ruling.suppression.code)
                yield Removal(code=UNUSED, place=ruling.place, what=what, path=_IGNORE, position=position)

    def _duplicates(self) -> Iterator[Removal]:
        for path in (*((section,) for section in NAMELESS), _IGNORE):
            seen: set[Any] = set()
            for position, entry in enumerate(entries(self.organization, path)):
                if entry not in seen:
                    seen.add(entry)
                else:
                    place = entry.place if isinstance(entry, Record) else _ignored(self.organization, position)
                    what = say("an entry of `{section}` that stands there already", section=".".join(path))
                    yield Removal(code=DUPLICATE, place=place, what=what, path=path, position=position)


def _ignored(organization: Organization, position: int) -> Place:
    return organization.checks.place.at(f"ignore[{position}]")


def entries(organization: Organization, path: tuple[str, ...]) -> tuple[Any, ...]:
    """Return the list to which some keys lead."""
    return organization.checks.ignore if path == _IGNORE else organization.section(path[0])


def without(organization: Organization, removals: Iterable[Removal]) -> Organization:
    """Return an organization without some entries."""
    gone: dict[tuple[str, ...], set[int]] = {}
    for removal in removals:
        gone.setdefault(removal.path, set()).add(removal.position)
    for path, positions in gone.items():
        kept = tuple(entry for position, entry in enumerate(entries(organization, path)) if position not in positions)
        change = {"checks": evolve(organization.checks, ignore=kept)} if path == _IGNORE else {path[0]: kept}
        organization = evolve(organization, **change)
    return organization
