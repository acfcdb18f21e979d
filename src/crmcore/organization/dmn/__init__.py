"""Decision tables of DMN files as organizations: what no rule answers, and where rules contradict each other."""

from crmcore.organization.dmn.deciding import RulesConflict
from crmcore.organization.dmn.policies import HitPolicy
from crmcore.organization.dmn.reading import parse_tables, read_tables
from crmcore.organization.dmn.records import Expression, Input, Output, Rule
from crmcore.organization.dmn.tables import DecisionTable, Overlap

__all__ = [
    "DecisionTable",
    "Expression",
    "HitPolicy",
    "Input",
    "Output",
    "Overlap",
    "Rule",
    "RulesConflict",
    "parse_tables",
    "read_tables",
]
