"""What is proven of an organization: each check a function with a code, a name and a page."""

from crmcore.checks.baseline import Baseline, InvalidBaseline, read_baseline, write_baseline
from crmcore.checks.baseline import apply as apply_baseline
from crmcore.checks.context import Context
from crmcore.checks.findings import Check, Finding, OnFile, Problem, Related, Report, Severity, Summary
from crmcore.checks.population import attributes_of_customers, with_customers
from crmcore.checks.registry import CHECKS
from crmcore.checks.running import check

__all__ = [
    "CHECKS",
    "Baseline",
    "Check",
    "Context",
    "Finding",
    "InvalidBaseline",
    "OnFile",
    "Problem",
    "Related",
    "Report",
    "Severity",
    "Summary",
    "apply_baseline",
    "attributes_of_customers",
    "check",
    "read_baseline",
    "with_customers",
    "write_baseline",
]
