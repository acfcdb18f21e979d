"""What the records of the file are called in a sentence."""

from collections.abc import Mapping
from typing import Final

from crmcore.language import Phrase, say

__all__ = ["TITLES"]

TITLES: Final[Mapping[str, Phrase]] = {
    "Absence": say("absence"),
    "Calendar": say("calendar"),
    "Count": say("count"),
    "Department": say("department"),
    "Duty": say("duty"),
    "Escalation": say("escalation"),
    "EscalationStep": say("escalation step"),
    "Forum": say("forum"),
    "Handoff": say("handoff"),
    "Impossible": say("impossible combination"),
    "Metric": say("metric"),
    "Organization": say("organization"),
    "Person": say("person"),
    "Promise": say("promise"),
    "Role": say("role"),
    "Scorecard": say("scorecard"),
    "Settings": say("settings of checks"),
    "Staffing": say("staffing"),
    "Stage": say("stage"),
    "Suppression": say("suppression"),
    "Touchpoint": say("touchpoint"),
}
"""By the name of the record class."""
