"""Keep account of the kinds whose tables are there.

Tables of kinds are derived from the kinds themselves; a migration stands here for what cannot be derived: a name or a
type that changes.
"""

from alembic import op
from sqlalchemy import Column, String, Text

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the table of kinds."""
    op.create_table(
        "crmcore_kinds",
        Column("name", String(40), primary_key=True),
        Column("fields", Text, nullable=False),
    )


__all__ = ["down_revision", "revision", "upgrade"]
