"""What can go wrong with customers: a class for each thing that a caller can do about it."""

from typing import ClassVar

from crmcore.errors import CrmError
from crmcore.language import listed, say, told

__all__ = ["InvalidAssignment", "InvalidCustomer", "UnknownField", "ValueNotAllowed"]


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


class InvalidCustomer(CrmError):
    """A customer cannot be as it is asked for: no name, its own parent, a stage that is none. Mend what is named.

    Attributes:
        field: what is wrong.
        reason: what is wrong with it, and what is allowed.
    """

    code: ClassVar[str] = "invalid-customer"

    def __init__(self, field: str, reason: str) -> None:
        self.field, self.reason = field, reason
        super().__init__(field, reason)

    def __str__(self) -> str:
        return told(say("{field}: {reason}", field=self.field, reason=self.reason))


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
