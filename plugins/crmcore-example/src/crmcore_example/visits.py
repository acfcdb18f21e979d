"""Visits: a kind of records of the plugin's own."""

from datetime import date

from attrs import frozen

from crmcore.storage import Entity, Kind

__all__ = ["VISIT", "Visit"]


@frozen(kw_only=True)
class Visit(Entity):
    """That somebody of the company was at a customer's.

    Attributes:
        customer: the id of the customer.
        person: the id of the person who was there.
        on: the day.
        notes: what was talked about.
    """

    customer: str
    person: str
    on: date
    notes: str = ""


VISIT = Kind("visit", Visit, indexed=("customer", "on"))
