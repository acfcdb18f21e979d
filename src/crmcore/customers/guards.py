"""Guards: what stands between a customer and its next stage, each saying what is missing."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from attrs import frozen

from crmcore.customers.consents import purposes_agreed
from crmcore.customers.facts import known_facts
from crmcore.customers.records import Customer
from crmcore.customers.vetoes import standing_vetoes
from crmcore.customers.work import Job
from crmcore.language import Phrase, say
from crmcore.organization import Stage

__all__ = ["GUARDS", "Guard", "Objection", "Transition"]


@frozen(eq=False)
class Transition:
    """A customer is about to come into another stage.

    Attributes:
        customer: the customer, still where it is.
        before: the stage that it leaves; None where it has none yet.
        after: the stage that it would come into.
        job: what a guard reads with; it writes nothing.
    """

    customer: Customer
    before: Stage | None
    after: Stage
    job: Job


@frozen
class Objection:
    """Why a customer cannot come into a stage yet.

    Attributes:
        reason: what is missing, in a sentence: a phrase, which reads as English.
        missing: what would mend it: names of facts, purposes or people.
    """

    reason: Phrase | str
    missing: tuple[str, ...] = ()


@frozen
class Guard:
    """Something that can object to a transition.

    Attributes:
        name: what it is called.
        examine: yields what it objects to; nothing lets the customer pass.
        summary: what it does, in a sentence.
    """

    name: str
    examine: Callable[[Transition], Iterable[Objection]]
    summary: str = ""


def needed_facts(transition: Transition) -> Iterator[Objection]:
    """Object where facts are not known that the stage needs."""
    if transition.after.needs:
        known = known_facts(transition.job, transition.customer.id)
        missing = tuple(name for name in transition.after.needs if name not in known)
        if missing:
            yield Objection(say("nobody knows {facts} yet", facts=", ".join(missing)), missing)


def needed_consents(transition: Transition) -> Iterator[Objection]:
    """Object where the customer has not agreed to what the stage wants its consent for."""
    if transition.after.consents:
        agreed = purposes_agreed(transition.job, transition.customer.id)
        missing = tuple(purpose for purpose in transition.after.consents if purpose not in agreed)
        if missing:
            yield Objection(say("the customer has not agreed to {purposes}", purposes=", ".join(missing)), missing)


def vetoes(transition: Transition) -> Iterator[Objection]:
    """Object where somebody who may has vetoed what was promised, and has not withdrawn it."""
    for veto in standing_vetoes(transition.job, transition.customer.id):
        reason = say(
            "{person} has vetoed {touchpoint}: {because}",
            person=veto.raised_by,
            touchpoint=veto.touchpoint,
            because=veto.because,
        )
        yield Objection(reason, (veto.raised_by,))


GUARDS: Final = (
    Guard("consents", needed_consents, "the customer has agreed to what the stage wants its consent for"),
    Guard("facts", needed_facts, "the facts are known that the stage needs"),
    Guard("vetoes", vetoes, "nobody has vetoed what was promised"),
)
"""The guards that crmcore brings."""
