"""The desks of a CRM, one for each part of it: what an operation is called by."""

from functools import cached_property

from crmcore.customers import (
    Assignments,
    Auditing,
    Consents,
    ContactPoints,
    Contacts,
    Customers,
    Documents,
    Facts,
    Handoffs,
    Interactions,
    Lifecycle,
    Merging,
    Notes,
    Preferences,
    Privacy,
    Purchases,
    Rebalancing,
    Recognition,
    Relations,
    Tags,
    Tasks,
    Timelines,
    Vetoes,
)
from crmcore.customers.work import Begin
from crmcore.importing import Exports, Imports

__all__ = ["Desks"]


class Desks:
    """The desks of a CRM, one for each part of it."""

    def __init__(self, begin: Begin) -> None:
        """Make the desks.

        Args:
            begin: what opens the job of each operation.
        """
        self._begin = begin

    @cached_property
    def customers(self) -> Customers:
        """Customers come in, are looked up, and change."""
        return Customers(self._begin)

    @cached_property
    def assignments(self) -> Assignments:
        """Who looks after which customer."""
        return Assignments(self._begin)

    @cached_property
    def consents(self) -> Consents:
        """What customers have agreed to."""
        return Consents(self._begin)

    @cached_property
    def contacts(self) -> Contacts:
        """Those one speaks with at a customer."""
        return Contacts(self._begin)

    @cached_property
    def contact_points(self) -> ContactPoints:
        """By what customers and their contacts are reached."""
        return ContactPoints(self._begin)

    @cached_property
    def documents(self) -> Documents:
        """The files about customers, which lie elsewhere."""
        return Documents(self._begin)

    @cached_property
    def interactions(self) -> Interactions:
        """What was spoken with customers."""
        return Interactions(self._begin)

    @cached_property
    def duplicates(self) -> Recognition:
        """Customers that were entered more than once."""
        return Recognition(self._begin)

    @cached_property
    def merging(self) -> Merging:
        """Customers that are there twice become one."""
        return Merging(self._begin)

    @cached_property
    def notes(self) -> Notes:
        """What people wrote down about customers."""
        return Notes(self._begin)

    @cached_property
    def preferences(self) -> Preferences:
        """What customers and their contacts prefer."""
        return Preferences(self._begin)

    @cached_property
    def privacy(self) -> Privacy:
        """What is held on people, and how it is forgotten."""
        return Privacy(self._begin)

    @cached_property
    def timelines(self) -> Timelines:
        """What happened with customers, in order."""
        return Timelines(self._begin)

    @cached_property
    def purchases(self) -> Purchases:
        """What customers bought."""
        return Purchases(self._begin)

    @cached_property
    def relations(self) -> Relations:
        """What customers are to one another."""
        return Relations(self._begin)

    @cached_property
    def tags(self) -> Tags:
        """The words by which customers are found together."""
        return Tags(self._begin)

    @cached_property
    def facts(self) -> Facts:
        """What customers have told."""
        return Facts(self._begin)

    @cached_property
    def handoffs(self) -> Handoffs:
        """Handoffs of customers between departments."""
        return Handoffs(self._begin)

    @cached_property
    def exports(self) -> Exports:
        """Customers go out into files."""
        return Exports(self._begin)

    @cached_property
    def imports(self) -> Imports:
        """Files of customers come in, and can be taken back."""
        return Imports(self._begin)

    @cached_property
    def lifecycle(self) -> Lifecycle:
        """The way of customers through the stages."""
        return Lifecycle(self._begin)

    @cached_property
    def rebalancing(self) -> Rebalancing:
        """Who goes to whom when the organization changes or somebody leaves."""
        return Rebalancing(self._begin)

    @cached_property
    def tasks(self) -> Tasks:
        """What people have to do next."""
        return Tasks(self._begin)

    @cached_property
    def auditing(self) -> Auditing:
        """What is wrong with the customers on file."""
        return Auditing(self._begin)

    @cached_property
    def vetoes(self) -> Vetoes:
        """Objections to what is promised to customers."""
        return Vetoes(self._begin)
