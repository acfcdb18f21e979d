"""Calendars: working time, the deadlines of promises, and what recurs."""

from crmcore.calendars.failures import CalendarError, InvalidRecurrence, LibraryWanted, NeverOpen, OutOfReach
from crmcore.calendars.free_days import FreeDays, ListedDays, NoFreeDays, OwnDays
from crmcore.calendars.moments import Elapsed, Moment, Pause
from crmcore.calendars.promises import Alarm, Due, alarms, due
from crmcore.calendars.public_holidays import BY_DECREE, PublicHolidays
from crmcore.calendars.recurrence import Recurrence
from crmcore.calendars.working_time import HORIZON, WorkingTime

__all__ = [
    "BY_DECREE",
    "HORIZON",
    "Alarm",
    "CalendarError",
    "Due",
    "Elapsed",
    "FreeDays",
    "InvalidRecurrence",
    "LibraryWanted",
    "ListedDays",
    "Moment",
    "NeverOpen",
    "NoFreeDays",
    "OutOfReach",
    "OwnDays",
    "Pause",
    "PublicHolidays",
    "Recurrence",
    "WorkingTime",
    "alarms",
    "due",
]
