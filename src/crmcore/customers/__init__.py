"""Customers: who they are, and how they are reached."""

__all__: list[str] = []
