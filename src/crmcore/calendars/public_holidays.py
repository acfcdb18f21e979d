"""The public holidays of a country or of a part of it, its make-up workdays, and the years that are not known yet."""

from datetime import date
from importlib import import_module
from typing import Any, Final

from attrs import Factory, field, frozen

from crmcore.calendars.failures import LibraryWanted
from crmcore.calendars.free_days import year_of_notice, years
from crmcore.errors import UnknownName

__all__ = ["BY_DECREE", "PublicHolidays"]

BY_DECREE: Final = frozenset({"AZ", "BY", "CN", "HU", "KG", "KZ", "LV", "MM", "RU", "UZ", "VN"})
"""Countries (ISO 3166) whose government decrees each year anew which workdays move to a weekend.

The rules of such a country give its festivals of any year, and not the days that are exchanged around them."""

_DECREES_AHEAD: Final = 8
"""Years after one without moved days among which there is one with some, if it was only a quiet year."""

_ESTIMATED: Final = ("estimated_label", "observed_estimated_label")
_MOVED: Final = "substituted_label"


@frozen
class _Year:
    """What is known of one year.

    Attributes:
        free: its holidays.
        made_up: its weekend days that are worked.
        known: whether its holidays are published.
    """

    free: frozenset[date]
    made_up: frozenset[date]
    known: bool


@frozen
class PublicHolidays:
    """The public holidays of a country or of a part of it, from the library `holidays`.

    A year is not known where the library estimates a date, such as one that a sighting of the moon decides; where the
    government moves workdays each year (`BY_DECREE`) and the installed library has not its decree; and where the
    library does not know the year at all.

    Attributes:
        code: the country by ISO 3166-1, such as `CN`, or a part of it by ISO 3166-2, such as `DE-BY`.
    """

    code: str
    _country: str = field(init=False, eq=False, repr=False)
    _part: str | None = field(init=False, eq=False, repr=False)
    _known: dict[int, _Year] = field(init=False, eq=False, repr=False, default=Factory(dict))

    @_country.default
    def _first_part(self) -> str:
        return self.code.partition("-")[0]

    @_part.default
    def _second_part(self) -> str | None:
        return self.code.partition("-")[2] or None

    def __attrs_post_init__(self) -> None:
        known = _library().list_supported_countries()
        if self._country not in known:
            raise UnknownName("country", self.code)
        if self._part is not None and self._part not in known[self._country]:
            raise UnknownName("country", self.code, self._country)

    def worked(self, day: date) -> bool | None:
        """Whether a day is worked: False on a holiday, True on a make-up workday, None where the week decides."""
        year = self._year(day.year)
        if day in year.made_up:
            return True
        return False if day in year.free else None

    def unpublished(self, first: date, last: date) -> tuple[int, ...]:
        """Return the years, in order, whose holidays are not known yet and could change what lies between two days."""
        if self._country in BY_DECREE:
            last = date(year_of_notice(last), 1, 1) if last.year < year_of_notice(last) else last
        return tuple(year for year in years(first, last) if not self._year(year).known)

    def _year(self, number: int) -> _Year:
        found = self._known.get(number)
        if found is None:
            found = self._known[number] = self._read(number)
        return found

    def _read(self, number: int) -> _Year:
        """Read a year; what its neighbours say of its days counts too."""
        country = self._holidays(number - 1, number, number + 1)
        of_the_year = [day for day in country if day.year == number]
        return _Year(
            free=frozenset(of_the_year),
            made_up=frozenset(day for day in country.weekend_workdays if day.year == number),
            known=country.start_year <= number <= country.end_year
            and not any(
                _says(country, country[day], "estimated_label", "observed_estimated_label") for day in of_the_year
            )
            and (self._country not in BY_DECREE or self._decreed(number)),
        )

    def _decreed(self, number: int) -> bool:
        """Whether the library has moved days of the year, or of a later one; then it knows the year."""
        country = self._holidays(*range(number, number + _DECREES_AHEAD))
        return any(_says(country, name, _MOVED) for name in country.values())

    def _holidays(self, *numbers: int) -> Any:
        return _library().country_holidays(self._country, subdiv=self._part, years=numbers, expand=False)


def _says(country: Any, name: str, *labels: str) -> bool:
    """Whether the name of a holiday was made from one of the labels of its country, in the language of the library."""
    templates = (getattr(country, label, None) for label in labels)
    return any(all(part in name for part in country.tr(text).split("%s")) for text in templates if text)


def _library() -> Any:
    try:
        return import_module("holidays")  # an extra, slow to import, and only for a country
    except ImportError:
        raise LibraryWanted("holidays") from None
