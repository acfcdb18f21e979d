"""Duplicates among millions of customers, found by Splink on DuckDB."""

from crmcore_splink.finding import find_duplicates

__all__ = ["find_duplicates"]
