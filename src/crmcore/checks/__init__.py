"""What is proven of an organization: each check a function with a code, a name and a page."""

from crmcore.checks.context import Context
from crmcore.checks.findings import Check, Finding, Problem, Related, Report, Severity, Summary
from crmcore.checks.registry import CHECKS
from crmcore.checks.running import check

__all__ = [
    "CHECKS",
    "Check",
    "Context",
    "Finding",
    "Problem",
    "Related",
    "Report",
    "Severity",
    "Summary",
    "check",
]
