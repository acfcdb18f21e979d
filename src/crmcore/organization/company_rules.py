"""The rules of what is said once for the whole company: its name, language, timezone, calendar, and all sections."""

import re
from collections.abc import Mapping
from typing import Any, Final

from crmcore.language import say
from crmcore.organization.faults import Faults, did_you_mean, quoted, wanted_but_found
from crmcore.organization.model import Calendar, Settings, Suppression, Touchpoint
from crmcore.values import NOWHERE, Place

__all__ = ["examine_company"]

_LOCALE: Final = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_HOURS: Final = re.compile(r"([01][0-9]|2[0-4]):([0-5][0-9])-([01][0-9]|2[0-4]):([0-5][0-9])")
_COUNTRY: Final = re.compile(r"[A-Z]{2}(?:-[A-Z0-9]{1,3})?")
_DAY_MINUTES: Final = 24 * 60
_NO_ZONES: Final = frozenset({"Factory", "localtime", "posixrules"})  # files beside the zones: whatever a machine says


def examine_company(values: Mapping[str, Any], faults: Faults) -> None:
    """Add a fault for every rule that is broken.

    Args:
        values: the fields of an organization; what could not be read is absent.
        faults: where what is wrong is added.
    """
    place = values.get("place", NOWHERE)
    _Company(faults).examine(values, place)


class _Company:
    def __init__(self, faults: Faults) -> None:
        self.faults = faults

    def examine(self, values: Mapping[str, Any], place: Place) -> None:
        """Examine all that is said once."""
        version, name, locale, timezone = (values.get(key) for key in ("crmcore", "name", "locale", "timezone"))
        if isinstance(version, int) and version != 1:
            found = say("the file format is version 1, found {version}", version=quoted(version))
            self.faults.tell(place, "crmcore", "", found)
        if isinstance(name, str) and not name.strip():
            self.faults.tell(place, "name", "", say("the name of the company is empty"))
        if isinstance(locale, str) and not _LOCALE.fullmatch(locale):
            meant = locale.split(".")[0].replace("_", "-")
            suggestion = say("write {text}", text=meant) if _LOCALE.fullmatch(meant) else ""
            found = wanted_but_found(say("a language such as zh-CN"), quoted(locale))
            self.faults.tell(place, "locale", "", found, suggestion)
        if isinstance(timezone, str) and timezone != "UTC":
            self.timezone(timezone, place)
        calendar = values.get("calendar")
        if isinstance(calendar, Calendar):
            self.calendar(calendar)
        settings = values.get("checks")
        if isinstance(settings, Settings):
            self.reasons(settings)
        for index, touchpoint in enumerate(values.get("touchpoints") or ()):
            if (
                isinstance(touchpoint, Touchpoint)
                and touchpoint.channels
                and touchpoint.where.get("channel") is not None
            ):
                found = say("the channels are given twice, by `channels` and by `where`")
                self.faults.tell(touchpoint.place, "channels", f"touchpoints[{index}]", found, say("keep one"))

    def reasons(self, settings: Settings) -> None:
        """Is there a reason for all that is left out, where one is wanted?"""
        for index, entry in enumerate(settings.ignore):
            if isinstance(entry, Suppression) and isinstance(entry.because, str) and not entry.because.strip():
                found, hint = say("the reason is empty"), say("say why the company lives with this")
                self.faults.tell(entry.place, "because", f"checks.ignore[{index}]", found, hint)

    def timezone(self, name: str, place: Place) -> None:
        """Is the timezone known?"""
        import zoneinfo  # noqa: PLC0415 (only where a timezone is named)

        try:
            known = name not in _NO_ZONES and bool(zoneinfo.ZoneInfo(name))
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
            known = False
        if not known:
            near = did_you_mean(name, sorted(zoneinfo.available_timezones() - _NO_ZONES))
            shown = quoted(name)
            found = say("the timezone {name} is unknown; an IANA name such as Asia/Shanghai is wanted", name=shown)
            self.faults.tell(place, "timezone", "", found, near)

    def calendar(self, calendar: Calendar) -> None:
        """Are there hours to work in, and do they follow each other?"""
        place = calendar.place
        if not calendar.workdays:
            self.tell(place, "workdays", say("there is no workday"), say("name at least one"))
        if len(set(calendar.workdays)) < len(calendar.workdays):
            self.tell(place, "workdays", say("a workday is there twice"), say("keep one"))
        if not calendar.hours:
            suggestion = say("write {text}", text='["09:00-17:00"]')
            self.tell(place, "hours", say("there are no hours of work"), suggestion)
        ended = -1
        for index, span in enumerate(calendar.hours):
            part = f"hours[{index}]"
            minutes = _minutes(span) if isinstance(span, str) else None
            if minutes is None:
                self.tell(place, part, say("hours such as 09:00-17:00 are wanted, found {found}", found=quoted(span)))
                continue
            start, stop = minutes
            if stop <= start:
                found = say("the hours {hours} end before they begin", hours=span)
                self.tell(place, part, found, say("split them at midnight, or exchange them"))
            elif start < ended:
                found = say("the hours {hours} begin before the ones ahead of them have ended", hours=span)
                self.tell(place, part, found, say("name them in order, without overlap"))
            ended = max(ended, stop)
        if isinstance(calendar.holidays, str) and not _COUNTRY.fullmatch(calendar.holidays):
            holidays = quoted(calendar.holidays)
            found = say("a country code such as CN, or a list of dates, is wanted; found {found}", found=holidays)
            self.tell(place, "holidays", found, say("write the two letters of ISO 3166"))
        listed_free = () if isinstance(calendar.holidays, str) else calendar.holidays or ()
        for index, day in enumerate(calendar.make_up):
            for name, days in (("closed", calendar.closed), ("holidays", listed_free)):
                if day in days:
                    found = say("{day} is worked, and is free by `{name}`", day=str(day), name=name)
                    self.tell(place, f"make_up[{index}]", found, say("keep one"))

    def tell(self, place: Place, part: str, found: str, suggestion: str = "") -> None:
        """Add one fault of the calendar."""
        self.faults.tell(place, part, "calendar", found, suggestion)


def _minutes(span: str) -> tuple[int, int] | None:
    """Return the minutes of a day at which hours such as `09:00-17:00` begin and end."""
    match = _HOURS.fullmatch(span)
    if match is None:
        return None
    start, stop = int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])
    return (start, stop) if stop <= _DAY_MINUTES else None
