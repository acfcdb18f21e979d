"""Public holidays, make-up workdays, and years that nobody has published."""

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crmcore.calendars import LibraryWanted, PublicHolidays, WorkingTime
from crmcore.errors import UnknownName
from crmcore.organization import Calendar
from crmcore.values import Duration

CHINA = WorkingTime(Calendar(holidays="CN"), "Asia/Shanghai")
NOTICES = {  # of the State Council: the days off, first and last, and the weekend days that are worked
    2024: (
        ["01-01 01-01", "02-10 02-17", "04-04 04-06", "05-01 05-05", "06-10 06-10", "09-15 09-17", "10-01 10-07"],
        ["02-04", "02-18", "04-07", "04-28", "05-11", "09-14", "09-29", "10-12"],
    ),
    2025: (
        ["01-01 01-01", "01-28 02-04", "04-04 04-06", "05-01 05-05", "05-31 06-02", "10-01 10-08"],
        ["01-26", "02-08", "04-27", "09-28", "10-11"],
    ),
    2026: (
        ["01-01 01-03", "02-15 02-23", "04-04 04-06", "05-01 05-05", "06-19 06-21", "09-25 09-27", "10-01 10-07"],
        ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"],
    ),
}


def shanghai(*numbers: int) -> datetime:
    return datetime(*numbers, tzinfo=ZoneInfo("Asia/Shanghai"))  # type: ignore[arg-type, misc]


def first_unpublished(code: str) -> int:
    return PublicHolidays(code).unpublished(date(2026, 1, 1), date(2099, 12, 1))[0]


@pytest.mark.parametrize("year", NOTICES)
def test_every_day_of_china_is_worked_or_free_as_the_notice_says(year: int) -> None:
    off, made_up = NOTICES[year]
    free = {
        day
        for first, last in (span.split() for span in off)
        for day in days(date.fromisoformat(f"{year}-{first}"), date.fromisoformat(f"{year}-{last}"))
    }
    worked = {date.fromisoformat(f"{year}-{day}") for day in made_up}
    for day in days(date(year, 1, 1), date(year, 12, 31)):
        assert CHINA.is_workday(day) == (day in worked or (day.weekday() < 5 and day not in free)), day
    assert PublicHolidays("CN").unpublished(date(year, 1, 1), date(year, 12, 24)) == ()


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def test_a_promise_before_the_golden_week_is_kept_after_it_and_counts_the_make_up_saturday() -> None:
    found = CHINA.add(shanghai(2026, 9, 30, 16), Duration.parse("3d"))
    assert found.at == shanghai(2026, 10, 10, 16)  # an hour of that day, the 8th, the 9th, and seven of Saturday
    assert found.certain
    assert CHINA.is_open(shanghai(2026, 10, 10, 10))


def test_the_notice_of_a_year_decides_about_the_end_of_the_december_before() -> None:
    assert CHINA.is_workday(date(2018, 12, 29))  # a Saturday, by the notice of 2019
    assert not CHINA.is_workday(date(2018, 12, 31))
    year = first_unpublished("CN")
    china = PublicHolidays("CN")
    assert china.unpublished(date(year - 1, 12, 1), date(year - 1, 12, 24)) == ()
    assert china.unpublished(date(year - 1, 12, 1), date(year - 1, 12, 25)) == (year,)


def test_a_year_without_a_notice_is_said_to_be_unpublished_with_every_answer() -> None:
    year = first_unpublished("CN")
    start = datetime(year - 1, 12, 20, tzinfo=UTC)
    for answer in (
        CHINA.add(start, Duration.parse("4w")),
        CHINA.between(start, start + timedelta(days=30)),
        CHINA.next_opening(datetime(year, 5, 1, tzinfo=UTC)),
    ):
        assert (answer.unpublished, answer.certain) == ((year,), False)
    assert CHINA.unpublished(date(year - 1, 1, 1), date(year + 1, 1, 1)) == (year, year + 1)


def test_a_quiet_year_before_one_with_moved_days_is_published() -> None:
    assert PublicHolidays("HU").unpublished(date(2023, 1, 1), date(2023, 12, 31)) == ()  # nothing moved in 2023


def test_holidays_that_the_law_gives_are_known_until_the_library_ends() -> None:
    bavaria = PublicHolidays("DE-BY")
    assert bavaria.unpublished(date(2026, 1, 1), date(2099, 12, 31)) == ()
    assert bavaria.unpublished(date(2099, 1, 1), date(2101, 12, 31)) == (2101,)


def test_a_year_whose_dates_the_moon_decides_is_unpublished_while_they_are_estimated() -> None:
    assert PublicHolidays("AE").unpublished(date(2060, 1, 1), date(2060, 12, 31)) == (2060,)


def test_a_part_of_a_country_has_holidays_of_its_own() -> None:
    epiphany = date(2026, 1, 6)
    assert PublicHolidays("DE-BY").worked(epiphany) is False
    assert PublicHolidays("DE").worked(epiphany) is None


def test_a_holiday_that_is_observed_in_the_year_before_is_free() -> None:
    assert PublicHolidays("US").worked(date(2027, 12, 31)) is False  # for Saturday, 1 January 2028


def test_an_unknown_country_or_part_is_an_error_that_names_it() -> None:
    with pytest.raises(UnknownName, match=r"there is no country 'ZZ'$"):
        WorkingTime(Calendar(holidays="ZZ"), "UTC")
    with pytest.raises(UnknownName, match="there is no country 'DE-ZZ'; did you mean 'DE'"):
        WorkingTime(Calendar(holidays="DE-ZZ"), "UTC")


def test_without_the_extra_a_country_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "holidays", None)
    with pytest.raises(LibraryWanted, match=r"pip install 'crmcore\[calendars\]'"):
        WorkingTime(Calendar(holidays="CN"), "Asia/Shanghai")
    assert WorkingTime(Calendar(holidays=[date(2026, 1, 1)]), "Asia/Shanghai").is_workday(date(2026, 1, 2))


@pytest.mark.parametrize("module", ["crmcore", "crmcore.calendars"])
def test_importing_crmcore_imports_neither_library(module: str) -> None:
    program = f"import sys, {module}; print(*({{'holidays', 'dateutil'}} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not run.stdout.strip()


@pytest.mark.parametrize("language", ["en_US", "zh_CN"])
def test_what_is_published_does_not_depend_on_the_language_of_the_machine(
    language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = {code: first_unpublished(code) for code in ("CN", "MY", "AE")}
    monkeypatch.setenv("LANGUAGE", language)
    assert {code: first_unpublished(code) for code in expected} == expected
