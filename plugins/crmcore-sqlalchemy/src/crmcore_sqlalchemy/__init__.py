"""Storage of crmcore in SQL databases: SQLite, PostgreSQL and MariaDB."""

from crmcore_sqlalchemy.schema import Schema
from crmcore_sqlalchemy.storage import SQLStorage

__all__ = ["SQLStorage", "Schema"]
