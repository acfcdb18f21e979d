"""What happened with a customer, as a sentence: for every event of the CRM, in English and Chinese."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from attrs import frozen

from crmcore.language import Phrase, say
from crmcore.organization import Organization
from crmcore.storage import Entity, Event

__all__ = ["ENTRY_KINDS", "entry_kind", "sentence"]

ENTRY_KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "customer": (
        "customer-registered",
        "customer-changed",
        "customer-moved",
        "customer-merged",
        "customer-tagged",
        "customer-untagged",
        "customer-erased",
        "customer-removed",
    ),
    "stage": ("stage-changed",),
    "assignment": ("customer-assigned", "customer-released"),
    "handoff": (
        "handoff-opened",
        "handoff-accepted",
        "handoff-returned",
        "handoff-offered-again",
        "handoff-late",
        "handoff-obsolete",
    ),
    "interaction": ("interaction-recorded",),
    "message": ("message-queued", "message-sent", "message-delayed", "message-undeliverable", "message-received"),
    "contact": ("contact-added", "contact-changed", "contact-preferred", "contact-left", "contact-erased"),
    "contact-point": (
        "contact-point-added",
        "contact-points-added",
        "contact-point-preferred",
        "contact-point-verified",
        "contact-point-removed",
    ),
    "task": ("task-added", "task-done", "task-dropped", "task-passed-on", "task-put-off", "task-reminder"),
    "note": ("note-added", "note-changed", "note-removed"),
    "document": ("document-attached", "document-removed"),
    "fact": ("fact-learned",),
    "consent": ("consent-given", "consent-withdrawn"),
    "veto": ("veto-raised", "veto-withdrawn"),
    "purchase": ("purchase-recorded", "purchase-returned"),
    "relation": ("relation-added", "relation-ended"),
    "preference": ("preference-set",),
}
"""The kinds of entries of a timeline, each with the events that it shows."""

_KIND_OF: Final = {name: kind for kind, names in ENTRY_KINDS.items() for name in names}


def entry_kind(event: Event) -> str:
    """Return of which kind an event's entry is; an event that is not of crmcore is a kind of its own."""
    return _KIND_OF.get(event.name, event.name)


@frozen
class _Told:
    """An event with what is known of it, where a sentence looks it up."""

    event: Event
    record: Entity | None
    organization: Organization

    def __getitem__(self, name: str) -> Any:
        """Return a part of the event; what it has not is a dash."""
        value = self.event.payload.get(name)
        return "–" if value is None else value

    def of_record(self, name: str) -> str:
        """Return a text of the record; a dash where it is gone or has none."""
        return getattr(self.record, name, None) or "–"

    def person(self, name: str) -> str:
        """Return the name of a person that the event names; the id where nobody is called so."""
        return self._called("people", "name", self[name])

    def department(self, name: str) -> str:
        """Return what a department that the event names is called."""
        return self._called("departments", "label", self[name])

    def role(self, name: str) -> str:
        """Return what a role that the event names is called."""
        return self._called("roles", "label", self[name])

    def stage(self, name: str) -> str:
        """Return what a stage that the event names is called."""
        return self._called("stages", "label", self[name])

    def _called(self, section: str, attribute: str, id_: str) -> str:
        found = self.organization.by_id(section).get(id_)
        return getattr(found, attribute, None) or id_


def sentence(event: Event, record: Entity | None, organization: Organization) -> Phrase:
    """Return what happened, in words: in English, and told in the language of whoever reads it.

    Args:
        event: what happened.
        record: the record that it tells of, as it is now; None where there is none, or it is gone.
        organization: what people, departments, roles and stages are called in.
    """
    words = _SENTENCES.get(event.name)
    if words is None:
        return say("{event} happened", event=event.name)
    return words(_Told(event, record, organization))


def _fields(told: _Told) -> str:
    return _listed(told, "fields")


def _listed(told: _Told, name: str) -> str:
    return ", ".join(told.event.payload.get(name, ()))


_SENTENCES: Final[Mapping[str, Callable[[_Told], Phrase]]] = {
    "customer-registered": lambda told: say("came into the CRM, in stage {stage}", stage=told.stage("stage")),
    "customer-changed": lambda told: say("was changed: {fields}", fields=_fields(told)),
    "customer-moved": lambda told: say(
        "belongs to {parent} now, before to {before}", parent=told["parent"], before=told["before"]
    ),
    "customer-merged": lambda _: say("was merged with another customer"),
    "customer-tagged": lambda told: say("was tagged {tag}", tag=told.of_record("name")),
    "customer-untagged": lambda _: say("lost a tag"),
    "customer-removed": lambda _: say("was removed, as its import was undone"),
    "customer-erased": lambda told: say("was erased: {because}", because=told["because"]),
    "stage-changed": lambda told: say(
        "came from {before} into {after}", before=told.stage("before"), after=told.stage("after")
    ),
    "customer-assigned": lambda told: say(
        "{person} looks after it as {role}", person=told.person("person"), role=told.role("role")
    ),
    "customer-released": lambda told: say(
        "{person} no longer looks after it as {role}", person=told.person("person"), role=told.role("role")
    ),
    "handoff-opened": lambda told: say(
        "{giver} offers it to {taker}", giver=told.department("from_department"), taker=told.department("to_department")
    ),
    "handoff-accepted": lambda told: say("{taker} took it", taker=told.department("to_department")),
    "handoff-returned": lambda told: say(
        "{taker} returned it: {reason}", taker=told.department("to_department"), reason=told.of_record("reason")
    ),
    "handoff-offered-again": lambda told: say("it is offered to {taker} again", taker=told.department("to_department")),
    "handoff-late": lambda told: say(
        "{taker} has not taken it in time; {person} was told",
        taker=told.department("to_department"),
        person=told.person("escalated_to"),
    ),
    "handoff-obsolete": lambda _: say("a handoff became needless"),
    "interaction-recorded": lambda told: (
        say("wrote or called by {channel}: {subject}", channel=told["channel"], subject=told.of_record("subject"))
        if told["direction"] == "in"
        else say("was spoken to by {channel}: {subject}", channel=told["channel"], subject=told.of_record("subject"))
    ),
    "message-queued": lambda told: say(
        "a message waits to be sent by {channel}: {subject}", channel=told["channel"], subject=told.of_record("subject")
    ),
    "message-sent": lambda told: say(
        "a message was sent by {channel}: {subject}", channel=told["channel"], subject=told.of_record("subject")
    ),
    "message-delayed": lambda told: say(
        "a message could not be sent by {channel} yet: {subject}",
        channel=told["channel"],
        subject=told.of_record("subject"),
    ),
    "message-undeliverable": lambda told: say(
        "a message cannot be sent by {channel}: {subject}", channel=told["channel"], subject=told.of_record("subject")
    ),
    "message-received": lambda told: say(
        "a message came by {channel}: {subject}", channel=told["channel"], subject=told.of_record("subject")
    ),
    "contact-added": lambda told: say("{contact} is a contact now", contact=told.of_record("name")),
    "contact-changed": lambda told: say(
        "{contact} was changed: {fields}", contact=told.of_record("name"), fields=_fields(told)
    ),
    "contact-preferred": lambda told: say("one turns to {contact} first", contact=told.of_record("name")),
    "contact-left": lambda told: say("{contact} left", contact=told.of_record("name")),
    "contact-erased": lambda told: say("a contact was erased: {because}", because=told["because"]),
    "contact-point-added": lambda told: say(
        "is reached by {kind}: {point}", kind=told["kind"], point=told.of_record("text")
    ),
    "contact-points-added": lambda told: say("is reached by {kinds} too", kinds=_listed(told, "kinds")),
    "contact-point-preferred": lambda told: say(
        "is reached first by {kind}: {point}", kind=told["kind"], point=told.of_record("text")
    ),
    "contact-point-verified": lambda told: say(
        "is certainly reached by {kind}: {point}", kind=told["kind"], point=told.of_record("text")
    ),
    "contact-point-removed": lambda told: say("is no longer reached by one {kind}", kind=told["kind"]),
    "task-added": lambda told: say(
        "{person} has a task: {task}", person=told.person("owner"), task=told.of_record("title")
    ),
    "task-done": lambda told: say("{person} did it: {task}", person=told.person("owner"), task=told.of_record("title")),
    "task-dropped": lambda told: say("a task was dropped: {task}", task=told.of_record("title")),
    "task-passed-on": lambda told: say(
        "{person} took over a task: {task}", person=told.person("owner"), task=told.of_record("title")
    ),
    "task-put-off": lambda told: say("a task was put off: {task}", task=told.of_record("title")),
    "task-reminder": lambda told: say(
        "{person} was reminded: {task}", person=told.person("owner"), task=told.of_record("title")
    ),
    "note-added": lambda told: say("a note: {text}", text=told.of_record("text")),
    "note-changed": lambda told: say("a note was changed: {text}", text=told.of_record("text")),
    "note-removed": lambda _: say("a note was removed"),
    "document-attached": lambda told: say("a document: {document}", document=told.of_record("name")),
    "document-removed": lambda _: say("a document was removed"),
    "fact-learned": lambda told: say("told {fact}: {value}", fact=told["fact"], value=told.of_record("value")),
    "consent-given": lambda told: say("agreed to {purpose}", purpose=told["purpose"]),
    "consent-withdrawn": lambda told: say("no longer agrees to {purpose}", purpose=told["purpose"]),
    "veto-raised": lambda told: say(
        "a veto at {touchpoint}: {because}", touchpoint=told["touchpoint"], because=told.of_record("because")
    ),
    "veto-withdrawn": lambda told: say("the veto at {touchpoint} was withdrawn", touchpoint=told["touchpoint"]),
    "purchase-recorded": lambda told: say("bought {product}", product=told["product"]),
    "purchase-returned": lambda told: say("returned {product}", product=told["product"]),
    "relation-added": lambda told: say("is related to {other}", other=told["other"]),
    "relation-ended": lambda _: say("a relation to another customer ended"),
    "preference-set": lambda told: say("what it prefers was changed: {about}", about=told["about"]),
}
