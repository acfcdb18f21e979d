"""Tenants: by what names their records are kept apart."""

from typing import Final

from crmcore.language import say
from crmcore.storage.failures import InvalidTenant

__all__ = ["tenant_named"]

_LONGEST_TENANT: Final = 100


def tenant_named(name: str) -> str:
    """Return the name of a tenant after making sure that it can be one.

    Raises:
        InvalidTenant: it is empty, too long, or has characters that nobody sees.
    """
    if not isinstance(name, str) or not 0 < len(name) <= _LONGEST_TENANT:
        raise InvalidTenant(say("a tenant is named by 1 to {most} characters", most=_LONGEST_TENANT))
    if not name.isprintable() or name != name.strip() or name == "*":
        shown = repr(name)
        raise InvalidTenant(say("{name} cannot name a tenant: it has what nobody sees, or is *", name=shown))
    return name
