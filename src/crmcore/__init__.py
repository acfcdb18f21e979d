"""Who is responsible for this customer? crmcore answers, and proves that someone always is."""

from typing import TYPE_CHECKING, Any

from crmcore.errors import (
    CrmError,
    EmptyWindow,
    Fault,
    InvalidOrganization,
    OutsideSpace,
    Unanswered,
    UncoveredTouchpoint,
    UnknownName,
    VacantRole,
)
from crmcore.organization import Organization

if TYPE_CHECKING:
    from crmcore.crm import CRM
    from crmcore.responsibility import Question, Resolution

__all__ = [
    "CRM",
    "CrmError",
    "EmptyWindow",
    "Fault",
    "InvalidOrganization",
    "Organization",
    "OutsideSpace",
    "Question",
    "Resolution",
    "Unanswered",
    "UncoveredTouchpoint",
    "UnknownName",
    "VacantRole",
]


def __getattr__(name: str) -> Any:
    """Bring in what only those need who ask: `crmcore --help` and the readers of files start without it."""
    if name in {"Question", "Resolution"}:
        from crmcore import responsibility  # noqa: PLC0415 (that is what this function is for)

        return getattr(responsibility, name)
    if name == "CRM":
        from crmcore import crm  # noqa: PLC0415 (as above)

        return crm.CRM
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
