"""All checks that come with crmcore, by family."""

from collections.abc import Iterator

from crmcore.checks import (
    continuity,
    coverage,
    escalation,
    governance,
    journey,
    lapses,
    measurement,
    redundancy,
    references,
    resilience,
    skills,
    structure,
    vacancies,
)
from crmcore.checks.context import Context
from crmcore.checks.findings import Check, Problem, Severity

__all__ = ["CHECKS", "UNUSED_SUPPRESSION"]


def _suppressions(_context: Context) -> Iterator[Problem]:
    """REF002: what is unused is known only when all others have run, so that the run itself says it."""
    yield from ()


UNUSED_SUPPRESSION = Check("REF002", "unused-suppression", Severity.ERROR, _suppressions)

CHECKS: tuple[Check, ...] = tuple(
    sorted(
        (
            UNUSED_SUPPRESSION,
            *coverage.CHECKS,
            *vacancies.CHECKS,
            *redundancy.CHECKS,
            *lapses.CHECKS,
            *references.CHECKS,
            *structure.CHECKS,
            *resilience.CHECKS,
            *journey.CHECKS,
            *continuity.CHECKS,
            *escalation.CHECKS,
            *measurement.CHECKS,
            *governance.CHECKS,
            *skills.CHECKS,
        ),
        key=lambda one: one.code,
    )
)
