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

__all__ = [
    "CrmError",
    "Fault",
    "InvalidOrganization",
    "Organization",
    "OutsideSpace",
    "Unanswered",
    "UncoveredTouchpoint",
    "UnknownName",
    "VacantRole",
]
