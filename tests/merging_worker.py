"""What a process of its own does in tests of merging: it merges two customers and takes that back, again and again."""

from multiprocessing.connection import Connection

from crmcore_sqlalchemy import SQLStorage
from crms import COMPANY, FIELDS

from crmcore.crm import CRM

__all__ = ["merges_on", "opened_at"]


def opened_at(url: str) -> CRM:
    """Open the CRM of the company in a database."""
    return CRM.open(lambda kinds: SQLStorage.open(url, kinds, patience=30), organization=COMPANY, fields=FIELDS)


def merges_on(tells: Connection, url: str) -> None:
    """Merge `b` into `a` and take it back; tell of each when it is done."""
    with opened_at(url) as crm:
        while True:
            merge = crm.merging.merge("a", "b")
            tells.send(("merged", merge.id))
            crm.merging.undo(merge)
            tells.send(("undone", merge.id))
