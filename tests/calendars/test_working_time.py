"""Working time against a clock on the wall that is read every minute, and by example."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from calendar_oracle import MINUTE, added, calendars, elapsed, is_open, pauses_around
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcore import Organization
from crmcore.calendars import HORIZON, NeverOpen, OutOfReach, Pause, WorkingTime
from crmcore.organization import Calendar
from crmcore.values import Duration

ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe")
CHANGES = (  # days on which the clocks of one of the zones change, and one on which none do
    datetime(2026, 3, 8, tzinfo=UTC),
    datetime(2026, 3, 29, tzinfo=UTC),
    datetime(2026, 4, 4, tzinfo=UTC),
    datetime(2026, 7, 1, tzinfo=UTC),
    datetime(2026, 10, 3, tzinfo=UTC),
    datetime(2026, 10, 25, tzinfo=UTC),
    datetime(2026, 11, 1, tzinfo=UTC),
)
OFFICE = WorkingTime(Calendar(), "UTC")
SATURDAY = datetime(2026, 11, 28, 15, tzinfo=UTC)
MONDAY = datetime(2026, 11, 30, tzinfo=UTC)


def berlin(*numbers: int) -> datetime:
    return datetime(*numbers, tzinfo=ZoneInfo("Europe/Berlin"))  # type: ignore[arg-type, misc]


@st.composite
def questions(draw: st.DrawFn) -> tuple[Calendar, str, datetime, list[Pause]]:
    change = draw(st.sampled_from(CHANGES))
    start = change + draw(st.integers(-2000, 2000)) * MINUTE
    return draw(calendars(change)), draw(st.sampled_from(ZONES)), start, draw(pauses_around(start))


@settings(max_examples=100, deadline=None)
@given(questions(), st.integers(0, 600))
def test_a_deadline_is_the_one_that_counting_minutes_finds(
    question: tuple[Calendar, str, datetime, list[Pause]], minutes: int
) -> None:
    calendar, zone, start, pauses = question
    found = WorkingTime(calendar, zone).add(start, minutes, pauses=pauses).at
    assert found == added(calendar, ZoneInfo(zone), start, minutes, pauses)


@settings(max_examples=100, deadline=None)
@given(questions(), st.integers(0, 5000))
def test_elapsed_time_is_what_counting_minutes_finds(
    question: tuple[Calendar, str, datetime, list[Pause]], length: int
) -> None:
    calendar, zone, start, pauses = question
    stop = start + length * MINUTE
    passed = WorkingTime(calendar, zone).between(start, stop, pauses=pauses)
    assert passed.time == elapsed(calendar, ZoneInfo(zone), start, stop, pauses) * MINUTE
    assert passed.minutes == passed.time // MINUTE


@settings(max_examples=100, deadline=None)
@given(questions())
def test_open_is_what_the_clock_on_the_wall_says_and_the_next_opening_is_the_first_open_minute(
    question: tuple[Calendar, str, datetime, list[Pause]],
) -> None:
    calendar, zone, start, _ = question
    hours = WorkingTime(calendar, zone)
    first = start
    while not is_open(calendar, ZoneInfo(zone), first):
        assert not hours.is_open(first)
        first += MINUTE
    assert hours.is_open(first)
    assert hours.next_opening(start).at == first


@settings(max_examples=200, deadline=None)
@given(questions(), st.timedeltas(timedelta(0), timedelta(days=20)), st.timedeltas(timedelta(0), timedelta(days=20)))
def test_what_is_added_has_passed_to_the_microsecond_in_one_step_or_two(
    question: tuple[Calendar, str, datetime, list[Pause]], one: timedelta, other: timedelta
) -> None:
    calendar, zone, start, pauses = question
    hours = WorkingTime(calendar, zone)
    deadline = hours.add(start, one, pauses=pauses).at
    assert hours.between(start, deadline, pauses=pauses).time == one
    later = hours.add(start, one + other, pauses=pauses).at
    assert hours.add(deadline, other, pauses=pauses).at == later
    assert later > deadline if other else later == deadline
    assert hours.between(deadline, later, pauses=pauses).time == other
    assert hours.between(later, start, pauses=pauses).time == -(one + other)


@given(st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1), timezones=st.timezones()), st.integers(0, 10**6))
def test_by_the_clock_every_minute_counts(start: datetime, minutes: int) -> None:
    deadline = OFFICE.add(start, minutes, elapsed=True).at
    assert deadline == start.astimezone(UTC) + minutes * MINUTE
    assert OFFICE.between(start, deadline, elapsed=True).minutes == minutes


def test_a_request_of_saturday_is_answered_on_monday_after_opening() -> None:
    assert OFFICE.add(SATURDAY, 60).at == MONDAY.replace(hour=10)  # and not at 16:00, the time of day kept
    assert OFFICE.next_opening(SATURDAY).at == MONDAY.replace(hour=9)


def test_a_request_on_a_holiday_runs_from_the_next_workday() -> None:
    hours = WorkingTime(Calendar(holidays=[date(2026, 11, 30)]), "UTC")
    assert hours.add(MONDAY.replace(hour=11), Duration(30, "m")).at == datetime(2026, 12, 1, 9, 30, tzinfo=UTC)


def test_a_pause_over_night_adds_its_working_time_and_not_the_night() -> None:
    start, pause = MONDAY.replace(hour=10), Pause(MONDAY.replace(hour=16), MONDAY.replace(day=1, month=12, hour=10))
    due = OFFICE.add(start, Duration.parse("1d"), pauses=[pause]).at
    assert due == datetime(2026, 12, 1, 12, tzinfo=UTC)  # two working hours later, not eighteen
    assert OFFICE.between(start, due, pauses=[pause]).minutes == 8 * 60


def test_pauses_that_overlap_count_once() -> None:
    at = [MONDAY.replace(hour=hour) for hour in range(10, 14)]
    together = [Pause(at[0], at[2]), Pause(at[1], at[3])]
    assert OFFICE.add(MONDAY.replace(hour=9), 120, pauses=together).at == MONDAY.replace(hour=14)


def test_a_pause_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="before it begins"):
        Pause(MONDAY, SATURDAY)


def test_a_deadline_at_the_end_of_the_day_is_the_closing_time_and_not_the_next_opening() -> None:
    assert OFFICE.add(MONDAY.replace(hour=9), Duration.parse("8h")).at == MONDAY.replace(hour=17)


def test_the_closing_time_is_no_longer_open_and_the_opening_time_is() -> None:
    assert OFFICE.is_open(MONDAY.replace(hour=9))
    assert not OFFICE.is_open(MONDAY.replace(hour=17))


def test_the_lunch_break_does_not_count() -> None:
    hours = WorkingTime(Calendar(hours=["09:00-12:00", "13:30-18:00"]), "UTC")
    assert hours.add(MONDAY.replace(hour=11, minute=30), 60).at == MONDAY.replace(hour=14)


def test_a_night_shift_is_written_in_two_parts_and_runs_through_midnight() -> None:
    night = WorkingTime(Calendar(workdays=["mon", "tue"], hours=["00:00-06:00", "22:00-24:00"]), "Asia/Shanghai")
    start = datetime(2026, 11, 30, 23, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert night.add(start, 120).at == start.astimezone(UTC) + 120 * MINUTE


def test_days_and_weeks_are_those_of_the_calendar() -> None:
    short = WorkingTime(Calendar(workdays=["mon", "tue", "wed", "thu"], hours=["08:00-11:30", "12:00-16:00"]), "UTC")
    start = MONDAY.replace(hour=8)
    assert short.add(start, Duration.parse("1d")).at == MONDAY.replace(hour=16)
    assert short.add(start, Duration.parse("1w")).at == datetime(2026, 12, 3, 16, tzinfo=UTC)
    assert short.add(start, Duration.parse("1w"), elapsed=True).at == start + timedelta(days=7)


def test_in_spring_the_hour_that_the_clock_skips_is_not_worked() -> None:
    night = WorkingTime(Calendar(workdays=["sun"], hours=["01:00-04:00"]), "Europe/Berlin")
    assert night.between(berlin(2026, 3, 29, 0), berlin(2026, 3, 29, 12)).minutes == 120
    assert night.add(berlin(2026, 3, 29, 1), 90).at == berlin(2026, 3, 29, 3, 30).astimezone(UTC)


def test_in_autumn_the_hour_that_the_clock_repeats_is_worked_twice() -> None:
    night = WorkingTime(Calendar(workdays=["sun"], hours=["01:00-04:00"]), "Europe/Berlin")
    assert night.between(berlin(2026, 10, 25, 0), berlin(2026, 10, 25, 12)).minutes == 240


def test_a_day_that_a_country_left_out_has_no_hours() -> None:
    samoa = WorkingTime(Calendar(workdays=["thu", "fri", "sat"], hours=["00:00-24:00"]), "Pacific/Apia")
    start, stop = datetime(2011, 12, 29, 9, tzinfo=UTC), datetime(2012, 1, 1, 12, tzinfo=UTC)
    assert samoa.between(start, stop).time == timedelta(days=2)  # Thursday, Saturday


def test_a_holiday_is_a_day_where_the_company_is() -> None:
    hours = WorkingTime(Calendar(hours=["00:00-24:00"], holidays=[date(2026, 12, 1)]), "Asia/Shanghai")
    assert not hours.is_open(datetime(2026, 11, 30, 16, tzinfo=UTC))  # already 1 December in Shanghai
    assert hours.is_open(datetime(2026, 12, 1, 16, tzinfo=UTC))


def test_instants_of_any_zone_are_taken_and_answers_are_in_utc() -> None:
    found = OFFICE.add(berlin(2026, 11, 30, 11), 30).at
    assert found == MONDAY.replace(hour=10, minute=30)
    assert found.tzinfo is UTC


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        OFFICE.is_open(datetime(2026, 11, 30, 9))


def test_an_amount_below_nothing_is_refused() -> None:
    for amount in (-1, timedelta(microseconds=-1)):
        with pytest.raises(ValueError, match="not taken away"):
            OFFICE.add(MONDAY, amount)


@pytest.mark.parametrize("calendar", [Calendar(workdays=()), Calendar(hours=())], ids=["no workdays", "no hours"])
def test_a_calendar_without_open_hours_is_an_error_and_still_counts_the_clock(calendar: Calendar) -> None:
    hours = WorkingTime(calendar, "UTC")
    assert not hours.is_open(MONDAY)
    for ask in (hours.next_opening, lambda instant: hours.add(instant, 5)):
        with pytest.raises(NeverOpen, match="no open hours after 2026-11-30"):
            ask(MONDAY)
    assert hours.add(MONDAY, 5, elapsed=True).at == MONDAY + 5 * MINUTE


def test_a_calendar_whose_every_workday_is_free_is_an_error() -> None:
    sundays = [date(2026, 1, 4) + timedelta(days=7 * week) for week in range(53 * (HORIZON + 1))]
    hours = WorkingTime(Calendar(workdays=["sun"], holidays=sundays), "UTC")
    with pytest.raises(NeverOpen):
        hours.add(MONDAY, 5)
    with pytest.raises(NeverOpen):
        hours.next_workday(MONDAY.date())


def test_a_deadline_in_another_century_is_out_of_reach() -> None:
    for elapsed_ in (True, False):
        with pytest.raises(OutOfReach, match="more than 100 years"):
            OFFICE.add(MONDAY, Duration.parse("999999w"), elapsed=elapsed_)
    with pytest.raises(OutOfReach):
        OFFICE.add(datetime(9999, 12, 31, tzinfo=UTC), Duration.parse("1d"), elapsed=True)
    with pytest.raises(OutOfReach):
        OFFICE.between(MONDAY, datetime(2200, 1, 1, tzinfo=UTC))


def test_at_the_ends_of_time_it_is_closed() -> None:
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        hours = WorkingTime(Calendar(workdays=["mon", "tue", "wed", "thu", "fri", "sat", "sun"]), zone)
        for instant in (datetime.min, datetime.max):
            assert not hours.is_open(instant.replace(tzinfo=UTC))
        assert hours.between(datetime.min.replace(tzinfo=UTC), datetime(1, 1, 10, tzinfo=UTC)).minutes > 0
        with pytest.raises(NeverOpen):
            hours.next_opening(datetime.max.replace(tzinfo=UTC))


def test_the_next_workday_is_the_day_itself_when_it_is_worked() -> None:
    assert OFFICE.next_workday(date(2026, 11, 30)) == date(2026, 11, 30)
    assert OFFICE.next_workday(date(2026, 11, 28)) == date(2026, 11, 30)


def test_a_year_of_which_the_company_lists_no_day_is_said_to_be_unknown() -> None:
    hours = WorkingTime(Calendar(holidays=[date(2026, 12, 25)]), "UTC")
    before = hours.add(datetime(2026, 12, 24, 9, tzinfo=UTC), Duration.parse("2d"))
    assert (before.at.date(), before.unpublished, before.certain) == (date(2026, 12, 28), (), True)
    beyond = hours.add(datetime(2026, 12, 31, 9, tzinfo=UTC), Duration.parse("2d"))
    assert (beyond.unpublished, beyond.certain) == ((2027,), False)
    passed = hours.between(datetime(2025, 12, 31, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
    assert (passed.unpublished, passed.certain) == ((2025, 2027), False)
    assert hours.next_opening(datetime(2026, 12, 31, 20, tzinfo=UTC)).unpublished == (2027,)
    assert hours.add(datetime(2026, 12, 31, 9, tzinfo=UTC), Duration.parse("2d"), elapsed=True).certain


def test_days_of_a_companys_own_come_before_those_of_the_country() -> None:
    national_day, make_up_saturday, monday = date(2026, 10, 1), date(2026, 10, 10), date(2026, 11, 30)
    own = Calendar(holidays="CN", closed=[make_up_saturday, monday], make_up=[national_day])
    hours = WorkingTime(own, "Asia/Shanghai")
    noon = time(12, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert [hours.is_open(datetime.combine(day, noon)) for day in (national_day, make_up_saturday, monday)] == [
        True,
        False,
        False,
    ]
    assert hours.add(datetime(2026, 12, 30, tzinfo=UTC), Duration.parse("60w")).unpublished


def test_a_company_that_names_days_of_its_own_alone_has_nothing_to_publish() -> None:
    hours = WorkingTime(Calendar(closed=[date(2026, 12, 24)], make_up=[date(2026, 12, 26)]), "UTC")
    assert hours.add(MONDAY, Duration.parse("60w")).certain


def test_a_company_without_holidays_has_nothing_to_publish() -> None:
    for holidays in (None, ()):
        assert WorkingTime(Calendar(holidays=holidays), "UTC").add(MONDAY, Duration.parse("60w")).certain


def test_the_working_time_of_an_organization_is_in_its_zone() -> None:
    organization = Organization("Silk Road Tea", crmcore=1, timezone="Asia/Shanghai")
    hours = WorkingTime.of(organization)
    assert hours.next_opening(SATURDAY).at == datetime(2026, 11, 30, 1, tzinfo=UTC)
