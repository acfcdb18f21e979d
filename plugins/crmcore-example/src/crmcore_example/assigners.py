"""Whom a customer goes to: a rule of the plugin's own."""

from crmcore.customers import Candidates
from crmcore.organization import Person

__all__ = ["fewest"]


def fewest(candidates: Candidates) -> Person:
    """Choose who looks after the fewest customers, whatever the capacities; the first of the pool where several do."""
    return min(candidates.pool, key=lambda person: candidates.loads.get(person.id, 0))
