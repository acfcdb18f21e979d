"""Writing organizations: as YAML, JSON, TOML, as a folder with tables, and as plain data."""

from crmcore.organization.writing.destinations import write
from crmcore.organization.writing.plain import to_data

__all__ = ["to_data", "write"]
