"""Where names come from that are not installed: the distributions that are known to add them."""

from collections.abc import Mapping
from typing import Final

__all__ = ["DISTRIBUTIONS"]

DISTRIBUTIONS: Final[Mapping[str, Mapping[str, str]]] = {
    "crmcore_storages": {
        "sqlite": "crmcore-sqlalchemy",
        "postgresql": "crmcore-sqlalchemy[postgresql]",
        "mariadb": "crmcore-sqlalchemy[mariadb]",
    },
    "crmcore_channels": {"email": "crmcore-email"},
    "crmcore_notifiers": {"email": "crmcore-email"},
    "crmcore_scorers": {"splink": "crmcore-splink"},
}
"""What to install for a name, by the hook that would add it; extras that it needs stand in brackets."""
