"""The customer on file that a command is about: named by its id, or by its name as it is written."""

from typing import TYPE_CHECKING

from crmcore.cli.failures import Failure
from crmcore.language import listed, say, told

if TYPE_CHECKING:
    from crmcore.crm import CRM
    from crmcore.customers import Customer

__all__ = ["customer_given"]

_SHOWN = 5


def customer_given(crm: "CRM", text: str) -> "Customer":
    """Return the customer that is meant; of one that was merged, the one that it was merged into.

    Args:
        crm: whose customers they are.
        text: its id, or its name.

    Raises:
        Failure: there is none, or several have the name.
    """
    from crmcore.storage import Is, NotThere  # noqa: PLC0415 (the help opens no storage)

    try:
        found = crm.customers.get(text)
    except NotThere:
        named = crm.customers.find(filters=[Is("name", text)], limit=_SHOWN).records
        if len(named) == 1:
            return named[0]
        if not named:
            said = say("Error: no customer has the id or the name {text!r}: crmcore customers lists them.", text=text)
            raise Failure(told(said)) from None
        ids = listed(one.id for one in named)
        raise Failure(
            told(say("Error: several customers are called {text!r}: name one by its id: {ids}", text=text, ids=ids))
        ) from None
    return found if found.merged_into is None else customer_given(crm, found.merged_into)
