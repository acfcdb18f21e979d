"""One check run over one organization."""

from collections.abc import Iterable, Mapping
from datetime import date

from crmcore.checks import CHECKS, Context, Finding
from crmcore.checks.running import attributed
from crmcore.organization import Organization
from crmcore.responsibility import Responsibilities

__all__ = ["DAY", "found"]

DAY = date(2026, 11, 23)


def found(
    code: str,
    organization: Organization,
    *,
    on: date = DAY,
    until: date | None = None,
    without: Iterable[str] = (),
    load: Mapping[str, int] | None = None,
) -> list[Finding]:
    """Return what one check finds."""
    responsibilities = Responsibilities(organization, on=on, until=until, without=without)
    context = Context(
        organization=organization,
        responsibilities=responsibilities,
        on=on,
        until=until or on,
        without=frozenset(without),
        load=load,
    )
    check = {one.code: one for one in CHECKS}[code]
    return list(attributed(check, check.run(context)))
