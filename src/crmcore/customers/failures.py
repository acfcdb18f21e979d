"""What can go wrong with customers: a class for each thing that a caller can do about it."""

from typing import ClassVar

from crmcore.errors import CrmError
from crmcore.language import listed, say, told

__all__ = [
    "HandoffRefused",
    "InvalidAssignment",
    "InvalidConsent",
    "InvalidCustomer",
    "InvalidDetail",
    "InvalidField",
    "InvalidTask",
    "KnownCustomer",
    "NotEntitled",
    "OutdatedPlan",
    "TransitionRefused",
    "UnknownField",
    "ValueNotAllowed",
]


class UnknownField(CrmError):
    """A record is given a field that its kind has not. Mend the name, or add the field.

    Attributes:
        kind: of the record.
        field: the name that is not known.
        suggestion: the nearest name that is.
    """

    code: ClassVar[str] = "unknown-field"

    def __init__(self, kind: str, field: str, suggestion: str | None = None) -> None:
        self.kind, self.field, self.suggestion = kind, field, suggestion
        super().__init__(kind, field, suggestion)

    def __str__(self) -> str:
        if self.suggestion is None:
            return told(
                say(
                    "{kind} has no field {field!r}: it is no dimension of the organization, and no field of your own",
                    kind=self.kind,
                    field=self.field,
                )
            )
        return told(
            say(
                "{kind} has no field {field!r}; did you mean {suggestion!r}?",
                kind=self.kind,
                field=self.field,
                suggestion=self.suggestion,
            )
        )


class ValueNotAllowed(CrmError):
    """A field is given a value that its dictionary has not. Choose one that it has, or add an entry.

    Attributes:
        field: the field.
        value: the value.
        allowed: the entries of the dictionary.
        suggestion: the nearest of them.
    """

    code: ClassVar[str] = "value-not-allowed"

    def __init__(self, field: str, value: str, allowed: tuple[str, ...], suggestion: str | None = None) -> None:
        self.field, self.value, self.allowed, self.suggestion = field, value, allowed, suggestion
        super().__init__(field, value, allowed, suggestion)

    def __str__(self) -> str:
        if self.suggestion is None:
            return told(
                say(
                    "{field} cannot be {value!r}; it can be {allowed}",
                    field=self.field,
                    value=self.value,
                    allowed=listed(self.allowed[:_SHOWN]),
                )
            )
        return told(
            say(
                "{field} cannot be {value!r}; did you mean {suggestion!r}?",
                field=self.field,
                value=self.value,
                suggestion=self.suggestion,
            )
        )


_SHOWN = 12


class InvalidField(CrmError):
    """Something cannot be as it is asked for, because of one field of it. Mend what is named.

    Attributes:
        field: what is wrong.
        reason: what is wrong with it, and what is allowed: a phrase.
    """

    code: ClassVar[str] = "invalid-field"

    def __init__(self, field: str, reason: str) -> None:
        self.field, self.reason = field, reason
        super().__init__(field, reason)

    def __str__(self) -> str:
        return told(say("{field}: {reason}", field=self.field, reason=self.reason))


class InvalidCustomer(InvalidField):
    """A customer cannot be as it is asked for: no name, its own parent, a stage that is none. Mend what is named."""

    code: ClassVar[str] = "invalid-customer"


class InvalidAssignment(CrmError):
    """Somebody cannot look after a customer in a role. Choose another person.

    Attributes:
        customer: the id of the customer.
        role: the role.
        reason: why not.
    """

    code: ClassVar[str] = "invalid-assignment"

    def __init__(self, customer: str, role: str, reason: str) -> None:
        self.customer, self.role, self.reason = customer, role, reason
        super().__init__(customer, role, reason)

    def __str__(self) -> str:
        return told(
            say("{role} of customer {customer!r}: {reason}", role=self.role, customer=self.customer, reason=self.reason)
        )


class InvalidConsent(InvalidField):
    """Consent cannot be recorded as it is asked for. Mend what is named."""

    code: ClassVar[str] = "invalid-consent"


class InvalidTask(InvalidField):
    """A task cannot be as it is asked for. Mend what is named."""

    code: ClassVar[str] = "invalid-task"


class InvalidDetail(CrmError):
    """What is to be remembered of a customer cannot be right: a tag without a word, a purchase of less than nothing.

    Mend what is named.

    Attributes:
        kind: what is to be remembered, such as `tag` or `purchase`.
        field: what is wrong.
        reason: what is wrong with it.
    """

    code: ClassVar[str] = "invalid-detail"

    def __init__(self, kind: str, field: str, reason: str) -> None:
        self.kind, self.field, self.reason = kind, field, reason
        super().__init__(kind, field, reason)

    def __str__(self) -> str:
        return told(say("{field} of a {kind}: {reason}", field=self.field, kind=self.kind, reason=self.reason))


class KnownCustomer(CrmError):
    """A customer that is to be registered is probably known. Use the one that is there, or register it all the same.

    Attributes:
        name: of the customer that was to be registered.
        matches: those that it probably is, the likeliest first: id, name, score from 0 to 1, reasons in words.
    """

    code: ClassVar[str] = "known-customer"

    def __init__(self, name: str, matches: tuple[tuple[str, str, float, tuple[str, ...]], ...]) -> None:
        self.name, self.matches = name, matches
        super().__init__(name, matches)

    def __str__(self) -> str:
        known = [
            say("{name} ({id}, {score:.0%}: {reasons})", name=name, id=id_, score=score, reasons=listed(reasons))
            for id_, name, score, reasons in self.matches
        ]
        return told(
            say(
                "{name} is probably known already: {known}; use that customer, or register it without unless_known",
                name=self.name,
                known=listed(known),
            )
        )


class NotEntitled(CrmError):
    """Somebody does what others have to do. Let one of them do it.

    Attributes:
        actor: who tried.
        what: what, in a few words.
        entitled: who can.
    """

    code: ClassVar[str] = "not-entitled"

    def __init__(self, actor: str, what: str, entitled: tuple[str, ...]) -> None:
        self.actor, self.what, self.entitled = actor, what, entitled
        super().__init__(actor, what, entitled)

    def __str__(self) -> str:
        if not self.entitled:
            return told(say("{actor} cannot {what}: nobody can", actor=self.actor, what=self.what))
        return told(
            say(
                "{actor} cannot {what}; it is for {entitled}",
                actor=self.actor,
                what=self.what,
                entitled=listed(self.entitled),
            )
        )


class TransitionRefused(CrmError):
    """A customer cannot come into a stage yet. Mend what is named, or choose another stage.

    Attributes:
        customer: the id of the customer.
        before: the stage that it is in.
        after: the stage that it should come into.
        objections: each a reason in words, and what is missing: names of facts, purposes, people or stages.
    """

    code: ClassVar[str] = "transition-refused"

    def __init__(
        self, customer: str, before: str | None, after: str, objections: tuple[tuple[str, tuple[str, ...]], ...]
    ) -> None:
        self.customer, self.before, self.after, self.objections = customer, before, after, objections
        super().__init__(customer, before, after, objections)

    def __str__(self) -> str:
        reasons = "; ".join(told(reason) for reason, _ in self.objections)
        return told(
            say(
                "{customer} cannot come into {stage}: {reasons}",
                customer=self.customer,
                stage=self.after,
                reasons=reasons,
            )
        )


class HandoffRefused(CrmError):
    """A handoff cannot go on as it is asked for. Mend what is named.

    Attributes:
        handoff: the id of the handoff.
        reason: what is wrong.
    """

    code: ClassVar[str] = "handoff-refused"

    def __init__(self, handoff: str, reason: str) -> None:
        self.handoff, self.reason = handoff, reason
        super().__init__(handoff, reason)

    def __str__(self) -> str:
        return told(say("handoff {handoff!r}: {reason}", handoff=self.handoff, reason=self.reason))


class OutdatedPlan(CrmError):
    """Somebody else assigned a customer since a plan was made. Make the plan anew.

    Attributes:
        customer: the id of the customer.
        role: the role.
    """

    code: ClassVar[str] = "outdated-plan"

    def __init__(self, customer: str, role: str) -> None:
        self.customer, self.role = customer, role
        super().__init__(customer, role)

    def __str__(self) -> str:
        return told(
            say(
                "{role} of customer {customer!r} was assigned by somebody else since the plan was made: make it anew",
                role=self.role,
                customer=self.customer,
            )
        )
