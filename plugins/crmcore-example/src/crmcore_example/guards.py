"""What stands before a stage: somebody has to have been at a customer's before it is lost."""

from collections.abc import Iterable

from crmcore.customers import Objection, Transition
from crmcore.language import say
from crmcore.storage import Is
from crmcore_example.visits import Visit

__all__ = ["visited"]


def visited(transition: Transition) -> Iterable[Objection]:
    """Object where a customer is given up whom nobody ever visited."""
    job, customer = transition.job, transition.customer
    if transition.after.id == "lost" and job.unit.count(Visit, [Is("customer", customer.id)]) == 0:
        yield Objection(say("nobody has visited the customer yet"))
