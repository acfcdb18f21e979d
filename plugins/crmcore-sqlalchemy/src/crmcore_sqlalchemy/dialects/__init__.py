"""What differs between databases: column types, how values travel, how errors are told, how a transaction begins."""

from collections.abc import Mapping
from typing import Final

from crmcore_sqlalchemy.dialects.dialect import Dialect, Fault
from crmcore_sqlalchemy.dialects.mariadb import MariaDB
from crmcore_sqlalchemy.dialects.postgresql import PostgreSQL
from crmcore_sqlalchemy.dialects.sqlite import SQLite

__all__ = ["DIALECTS", "Dialect", "Fault"]

DIALECTS: Final[Mapping[str, Dialect]] = {
    "sqlite": SQLite(),
    "postgresql": PostgreSQL(),
    "mariadb": MariaDB(),
    "mysql": MariaDB(),
}
"""The dialects by the names that SQLAlchemy has for them."""
