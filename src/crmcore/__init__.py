"""Who is responsible for this customer? crmcore answers, and proves that someone always is."""

from crmcore.errors import (
    CrmError,
    Fault,
    InvalidOrganization,
    OutsideSpace,
    Unanswered,
    UncoveredTouchpoint,
    UnknownName,
    VacantRole,
)
from crmcore.organization import Organization
from crmcore.responsibility import Question, Resolution

__all__ = [
    "CrmError",
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
