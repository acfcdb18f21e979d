"""Reading organizations: from YAML, JSON, TOML, folders with tables, and Python data."""

from crmcore.organization.reading.sources import from_data, parse, read

__all__ = ["from_data", "parse", "read"]
