"""Everything done once, so that processes that are copied from one that imported this begin at once."""

import gc

from crm_at_work import turns
from crms import COMPANY, FIELDS, SteppingClock

from crmcore.crm import CRM
from crmcore.storage import MemoryStorage

__all__ = ["warm"]


def warm() -> None:
    """Load and compile what is loaded and compiled when it is first needed."""
    with CRM.open(MemoryStorage, organization=COMPANY, clock=SteppingClock(), fields=FIELDS) as crm:
        turns(crm, "wang.wei", "warm")


warm()
gc.freeze()  # what is there already stays: no copy looks through all of it
