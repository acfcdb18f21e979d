"""What recurs, against every day looked at in turn, and by the examples of RFC 5545."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from importlib import import_module
from itertools import groupby, islice

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from crmcore.calendars import InvalidRecurrence, Moment, NeverOpen, Recurrence, WorkingTime
from crmcore.organization import Calendar

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
OFFICE = WorkingTime(Calendar(), "UTC")
BERLIN = WorkingTime(Calendar(), "Europe/Berlin")
RFC = WorkingTime(Calendar(), "America/New_York")
SEEN = 800  # days that the oracle looks at


def berlin(*numbers: int) -> datetime:
    return datetime(*numbers, tzinfo=BERLIN.zone)  # type: ignore[arg-type, misc]


def period(day: date, frequency: str, wkst: int) -> int:
    """The number of the day, week, month or year that a day lies in."""
    if frequency == "WEEKLY":
        return (day.toordinal() - 1 - wkst) // 7  # 1 January of the year 1 was a Monday
    return {"DAILY": day.toordinal(), "MONTHLY": day.year * 12 + day.month, "YEARLY": day.year}[frequency]


def counted(number: int, length: int, wanted: list[int]) -> bool:
    return number in wanted or number - length - 1 in wanted


def nth(day: date, frequency: str, known: dict[str, list[str]]) -> tuple[int, int]:
    """Which of its weekdays a day is, in its month or year, from the front and from the back."""
    number, length = day.day, monthrange(day.year, day.month)[1]
    if frequency == "YEARLY" and "BYMONTH" not in known:
        number, length = int(f"{day:%j}"), int(f"{date(day.year, 12, 31):%j}")
    return (number - 1) // 7 + 1, -((length - number) // 7 + 1)


def admits(day: date, start: date, frequency: str, known: dict[str, list[str]]) -> bool:
    numbers = {name: [int(item) for item in items] for name, items in known.items() if name != "BYDAY"}
    if known.keys().isdisjoint({"BYDAY", "BYMONTHDAY", "BYYEARDAY"}):
        if frequency == "WEEKLY":
            known = {**known, "BYDAY": [WEEKDAYS[start.weekday()]]}
        elif frequency in ("MONTHLY", "YEARLY"):
            numbers["BYMONTHDAY"] = [start.day]
            if frequency == "YEARLY":
                numbers.setdefault("BYMONTH", [start.month])
    months, days, of_year = (numbers.get(name) for name in ("BYMONTH", "BYMONTHDAY", "BYYEARDAY"))
    shown = WEEKDAYS[day.weekday()]
    return (
        (months is None or day.month in months)
        and (days is None or counted(day.day, monthrange(day.year, day.month)[1], days))
        and (of_year is None or counted(int(f"{day:%j}"), int(f"{date(day.year, 12, 31):%j}"), of_year))
        and (
            "BYDAY" not in known
            or any(
                item[-2:] == shown and (len(item) == 2 or int(item[:-2]) in nth(day, frequency, known))
                for item in known["BYDAY"]
            )
        )
    )


def days_of(rule: str, start: date) -> list[date]:
    """The days of a rule by looking at every day."""
    known = {name: value.split(",") for name, _, value in (part.partition("=") for part in rule.split(";"))}
    frequency, interval = known.pop("FREQ")[0], int(known.pop("INTERVAL", ["1"])[0])
    wkst, chosen = WEEKDAYS.index(known.pop("WKST", ["MO"])[0]), [int(item) for item in known.pop("BYSETPOS", [])]
    first = period(start, frequency, wkst)
    looked_at = (start + timedelta(days=number) for number in range(-366, SEEN + 366))
    found: list[date] = []
    for number, group in groupby(looked_at, lambda day: period(day, frequency, wkst)):
        admitted = [day for day in group if (number - first) % interval == 0 and admits(day, start, frequency, known)]
        found += [day for index, day in enumerate(admitted, 1) if not chosen or counted(index, len(admitted), chosen)]
    return [day for day in found if start <= day <= start + timedelta(days=SEEN)]


def several(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(values, min_size=1, max_size=3, unique=True).map(",".join)


def signed(most: int) -> st.SearchStrategy[str]:
    return st.integers(-most, most).filter(bool).map(str)


@st.composite
def rules(draw: st.DrawFn) -> str:
    frequency = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    weekdays = st.sampled_from(WEEKDAYS)
    found = {"FREQ": frequency}
    if draw(st.booleans()):
        found["INTERVAL"] = str(draw(st.integers(1, 4)))
    if draw(st.booleans()):
        numbered = st.tuples(signed(5), weekdays).map("".join)
        found["BYDAY"] = draw(several(weekdays if frequency in ("DAILY", "WEEKLY") else weekdays | numbered))
    if draw(st.integers(0, 2)) == 0:
        found["BYMONTH"] = draw(several(st.integers(1, 12).map(str)))
    if frequency != "WEEKLY" and draw(st.integers(0, 2)) == 0:
        found["BYMONTHDAY"] = draw(several(signed(31)))
    if frequency == "YEARLY" and draw(st.integers(0, 3)) == 0:
        found["BYYEARDAY"] = draw(several(signed(366)))
    if len(found.keys() - {"FREQ", "INTERVAL"}) > 0 and draw(st.booleans()):
        found["BYSETPOS"] = draw(several(signed(3)))
    if frequency == "WEEKLY" and draw(st.booleans()):
        found["WKST"] = draw(weekdays)
    return ";".join(f"{name}={value}" for name, value in found.items())


STARTS = st.dates(date(2023, 12, 1), date(2026, 3, 31))


def ending(rule: str, start: date) -> Recurrence:
    return Recurrence(f"{rule};UNTIL={start + timedelta(days=SEEN):%Y%m%d}")


@settings(max_examples=80, deadline=None)
@given(rules(), STARTS)
def test_a_rule_recurs_on_the_days_that_fit_it(rule: str, start: date) -> None:
    begins = datetime.combine(start, time(9, 30), UTC)
    found = [moment.at for moment in ending(rule, start).occurrences(begins, OFFICE)]
    assert [at.date() for at in found] == days_of(rule, start)
    assert {at.time() for at in found} <= {time(9, 30)}


@settings(max_examples=60, deadline=None)
@given(rules(), STARTS, st.integers(1, 20), st.integers(0, SEEN))
def test_it_ends_with_its_count_or_its_day(rule: str, start: date, count: int, length: int) -> None:
    begins, last = datetime.combine(start, time(9, 30), UTC), start + timedelta(days=length)
    fit = days_of(rule, start)
    until = Recurrence(f"{rule};UNTIL={last:%Y%m%d}")
    assert [moment.at.date() for moment in until.occurrences(begins, OFFICE)] == [day for day in fit if day <= last]
    if len(fit) >= count:
        first = Recurrence(f"{rule};COUNT={count}")
        assert [moment.at.date() for moment in first.occurrences(begins, OFFICE)] == fit[:count]


@settings(max_examples=60, deadline=None)
@given(rules(), STARTS, st.integers(-100, SEEN), st.booleans())
def test_the_next_time_is_the_first_behind_the_instant(rule: str, start: date, later: int, on_workdays: bool) -> None:
    begins = datetime.combine(start, time(9, 30), UTC)
    after = begins + timedelta(days=later)
    recurrence = ending(rule, start)
    every = [moment.at for moment in recurrence.occurrences(begins, OFFICE, on_workdays=on_workdays)]
    found = recurrence.next(after, start=begins, hours=OFFICE, on_workdays=on_workdays)
    assert (None if found is None else found.at) == min((at for at in every if at > after), default=None)


@settings(max_examples=60, deadline=None)
@given(rules(), STARTS, st.sets(st.sampled_from(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]), min_size=1))
def test_on_workdays_each_time_moves_to_the_next_workday_and_none_comes_twice(
    rule: str, start: date, workdays: set[str]
) -> None:
    hours = WorkingTime(Calendar(workdays=sorted(workdays)), "UTC")  # type: ignore[arg-type]
    begins = datetime.combine(start, time(9, 30), UTC)
    expected = sorted({hours.next_workday(day) for day in days_of(rule, start)})
    found = ending(rule, start).occurrences(begins, hours, on_workdays=True)
    assert [moment.at.date() for moment in found] == expected


@settings(max_examples=30, deadline=None)
@given(STARTS, st.times(), st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]))
def test_the_time_on_the_wall_stays_through_daylight_saving(start: date, clock: time, name: str) -> None:
    hours = WorkingTime(Calendar(), name)
    begins = datetime.combine(start, clock.replace(microsecond=0)).replace(tzinfo=hours.zone)
    assume(exists(begins))
    for number, moment in enumerate(islice(Recurrence("FREQ=DAILY").occurrences(begins, hours), 400)):
        planned = begins + timedelta(days=number)  # on the wall, as Python adds days
        assert moment.at == planned.astimezone(UTC)
        assert not exists(planned) or moment.at.astimezone(hours.zone).replace(fold=0) == planned


def exists(wall: datetime) -> bool:
    return wall.astimezone(UTC).astimezone(wall.tzinfo).time() == wall.time()


@st.composite
def weeks(draw: st.DrawFn) -> str:
    """Rules of weeks of the year, and of several times a day, of which one is chosen: what the oracle does not know."""
    days = draw(several(st.sampled_from(WEEKDAYS)))
    if draw(st.booleans()):
        interval, wkst = draw(st.integers(1, 3)), draw(st.sampled_from(WEEKDAYS))
        return f"FREQ=YEARLY;INTERVAL={interval};BYWEEKNO={draw(several(signed(53)))};BYDAY={days};WKST={wkst}"
    frequency = draw(st.sampled_from(["DAILY", "MONTHLY", "YEARLY"]))
    clock = f"BYHOUR={draw(several(st.integers(0, 23).map(str)))};BYMINUTE={draw(several(st.integers(0, 59).map(str)))}"
    return f"FREQ={frequency};BYDAY={days};{clock};BYSETPOS={draw(several(signed(4)))}"


@settings(max_examples=100, deadline=None)
@given(rules() | weeks(), STARTS)
def test_it_agrees_with_dateutil_where_that_follows_the_rfc(rule: str, start: date) -> None:
    days = rule.partition("BYDAY=")[2].partition(";")[0].split(",")
    assume(len({len(day) > 2 for day in days}) == 1)  # it reads MO,1FR as days that are both
    assume(not ("WEEKLY" in rule and "BYSETPOS" in rule))  # it chooses from what is left of the first week
    begins = datetime.combine(start, time(9, 30))
    found = [
        moment.at.replace(tzinfo=None) for moment in ending(rule, start).occurrences(begins.replace(tzinfo=UTC), OFFICE)
    ]
    others = import_module("dateutil.rrule").rrulestr(rule, dtstart=begins)
    assert found == list(islice(others, len(found)))  # no more: where none is left, it searches until the year 9999


@pytest.mark.parametrize(
    ("rule", "start", "expected"),
    [  # RFC 5545, 3.8.5.3: the first of the days that it lists
        ("FREQ=DAILY;INTERVAL=10;COUNT=5", "19970902", ["0902", "0912", "0922", "1002", "1012"]),
        ("FREQ=WEEKLY;UNTIL=19970930T130000Z;WKST=SU", "19970902", ["0902", "0909", "0916", "0923", "0930"]),
        ("FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH", "19970902", ["0902", "0904", "0916", "0918", "0930"]),
        ("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", "19970805", ["0805", "0810", "0819", "0824"]),
        ("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", "19970805", ["0805", "0817", "0819", "0831"]),
        ("FREQ=MONTHLY;COUNT=10;BYDAY=1FR", "19970905", ["0905", "1003", "1107", "1205", "0102"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-3", "19970928", ["0928", "1029", "1128", "1229", "0129"]),
        ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "19970902", ["0213", "0313", "1113", "0813", "1013"]),
        ("FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", "19970904", ["0904", "1007", "1106"]),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2", "19970929", ["0929", "1030", "1127", "1230", "0129"]),
        ("FREQ=YEARLY;BYDAY=20MO", "19970519", ["0519", "0518", "0517", "0515", "0514"]),
        ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "19970512", ["0512", "0511", "0517", "0515", "0514"]),
        ("FREQ=YEARLY;BYWEEKNO=20", "19970512", ["0512", "0511", "0517", "0515", "0514"]),
        ("FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200", "19970101", ["0101", "0410", "0719", "0101", "0409"]),
    ],
)
def test_the_examples_of_the_rfc_hold(rule: str, start: str, expected: list[str]) -> None:
    begins = datetime.strptime(f"{start}0900", "%Y%m%d%H%M").replace(tzinfo=RFC.zone)
    found = [moment.at.astimezone(RFC.zone) for moment in islice(Recurrence.parse(rule).occurrences(begins, RFC), 5)]
    assert [f"{wall:%m%d}" for wall in found][: len(expected)] == expected
    assert {wall.time() for wall in found} == {time(9)}


def test_the_first_monday_of_the_month_comes_at_the_same_time_in_winter_and_summer() -> None:
    monthly = Recurrence.parse("FREQ=MONTHLY;BYDAY=1MO")
    start = berlin(2026, 1, 5, 9)
    assert monthly.next(berlin(2026, 3, 2, 9), start=start, hours=BERLIN) == Moment(datetime(2026, 4, 6, 7, tzinfo=UTC))
    assert monthly.next(berlin(2026, 10, 5, 9), start=start, hours=BERLIN) == Moment(
        datetime(2026, 11, 2, 8, tzinfo=UTC)
    )


def test_a_time_that_the_clock_skips_comes_later_by_as_much_and_is_not_lost() -> None:
    found = Recurrence.parse("FREQ=YEARLY").next(berlin(2025, 12, 1, 9), start=berlin(2025, 3, 29, 2, 30), hours=BERLIN)
    assert found == Moment(berlin(2026, 3, 29, 3, 30).astimezone(UTC))


def test_times_that_the_change_of_the_clock_mixes_up_come_in_order_and_once() -> None:
    often = Recurrence.parse("FREQ=DAILY;BYHOUR=2,3;BYMINUTE=0,30;COUNT=4")
    found = [moment.at for moment in often.occurrences(berlin(2026, 3, 29, 0), BERLIN)]
    assert found == [datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)]


def test_a_time_that_the_clock_repeats_is_the_first() -> None:
    found = Recurrence.parse("FREQ=DAILY").next(berlin(2026, 10, 25, 0), start=berlin(2026, 10, 1, 2, 30), hours=BERLIN)
    assert found == Moment(datetime(2026, 10, 25, 0, 30, tzinfo=UTC))


def test_a_rule_that_has_ended_has_no_next_time() -> None:
    start = berlin(2026, 1, 1, 9)
    for end in ("COUNT=3", "UNTIL=20260103", "UNTIL=20260103T090000", "UNTIL=20260103T080000Z"):
        rule = Recurrence.parse(f"FREQ=DAILY;{end}")
        assert rule.next(berlin(2026, 1, 2, 9), start=start, hours=BERLIN) == Moment(
            berlin(2026, 1, 3, 9).astimezone(UTC)
        )
        assert rule.next(berlin(2026, 1, 3, 9), start=start, hours=BERLIN) is None


def test_a_rule_that_no_day_fits_from_its_start_ends_without_a_time() -> None:
    yearly = Recurrence.parse("FREQ=YEARLY;BYMONTH=2")
    assert yearly.next(berlin(2026, 1, 30), start=berlin(2026, 1, 30, 9), hours=BERLIN) is None


def test_before_its_start_the_next_time_is_the_first() -> None:
    start = berlin(2026, 6, 1, 9)
    found = Recurrence.parse("FREQ=DAILY").next(berlin(2026, 1, 1), start=start, hours=BERLIN)
    assert found == Moment(start.astimezone(UTC))


def test_a_time_on_a_free_day_moves_to_the_next_workday_and_says_when_that_is_unsure() -> None:
    hours = WorkingTime(Calendar(holidays=[date(2026, 12, 31)]), "UTC")
    monthly = Recurrence.parse("FREQ=MONTHLY;BYMONTHDAY=-1")
    start = datetime(2026, 10, 31, 9, tzinfo=UTC)
    found = monthly.next(datetime(2026, 12, 1, tzinfo=UTC), start=start, hours=hours, on_workdays=True)
    assert found == Moment(datetime(2027, 1, 1, 9, tzinfo=UTC), unpublished=(2027,))
    sure = monthly.next(start - timedelta(days=1), start=start, hours=hours, on_workdays=True)
    assert sure == Moment(datetime(2026, 11, 2, 9, tzinfo=UTC))


def test_without_workdays_there_is_nothing_to_move_to() -> None:
    with pytest.raises(NeverOpen):
        Recurrence.parse("FREQ=DAILY").next(
            berlin(2026, 1, 1),
            start=berlin(2026, 1, 1),
            hours=WorkingTime(Calendar(workdays=()), "UTC"),
            on_workdays=True,
        )


def test_a_rule_is_read_in_any_case_and_with_its_name_and_is_the_same_when_read_again() -> None:
    found = Recurrence.parse(" rrule:freq=weekly;byday=mo,fr ")
    assert found == Recurrence("FREQ=WEEKLY;BYDAY=MO,FR")
    assert Recurrence(found.rule) == found


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("", "'' is no part of it"),
        ("every Monday", "'EVERY MONDAY' is no part of it"),
        ("INTERVAL=2", "FREQ is one of DAILY, WEEKLY, MONTHLY, YEARLY"),
        ("FREQ=HOURLY", "FREQ is one of DAILY, WEEKLY, MONTHLY, YEARLY"),
        ("FREQ=DAILY;INTERVALL=2", "'INTERVALL' is no part of it; did you mean 'INTERVAL'?"),
        ("FREQ=DAILY;FREQ=DAILY", "FREQ has one value"),
        ("FREQ=DAILY;COUNT=", "COUNT has one value"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL is a whole number from 1 to 1,000"),
        ("FREQ=DAILY;COUNT=-1", "COUNT is a whole number from 1 to 10,000"),
        ("FREQ=DAILY;COUNT=3;UNTIL=20261231", "keep one"),
        ("FREQ=DAILY;UNTIL=tomorrow", "UNTIL is a day such as 20261231"),
        ("FREQ=DAILY;UNTIL=20260230", "UNTIL is a day such as 20261231"),
        ("FREQ=DAILY;BYMONTH=13", "BYMONTH lists whole numbers from 1 to 12"),
        ("FREQ=DAILY;BYMONTH=-1", "BYMONTH lists whole numbers from 1 to 12"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "from 1 to 31, or from -1 to -31"),
        ("FREQ=MONTHLY;BYMONTHDAY=-+3", "from 1 to 31, or from -1 to -31"),
        ("FREQ=WEEKLY;BYMONTHDAY=3", "BYMONTHDAY goes with FREQ=DAILY, MONTHLY, YEARLY"),
        ("FREQ=MONTHLY;BYWEEKNO=3", "BYWEEKNO goes with FREQ=YEARLY"),
        ("FREQ=WEEKLY;BYDAY=1MO", "1MO counts the weekdays of a month or a year"),
        ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=1MO", "1MO counts the weekdays of a month or a year"),
        ("FREQ=MONTHLY;BYDAY=54MO", "not '54MO'"),
        ("FREQ=MONTHLY;BYDAY=周一", "not '周一'"),
        ("FREQ=WEEKLY;WKST=XX", "WKST is one of MO, TU"),
        ("FREQ=MONTHLY;BYSETPOS=1", "BYSETPOS chooses among"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "no day fits it"),
        ("FREQ=DAILY;BYHOUR=9,10;BYMINUTE=" + ",".join(map(str, range(49))), "it recurs 98 times a day"),
        ("FREQ=DAILY\nDTSTART:20260101", "FREQ is one of"),
        ("FREQ=DAILY;BYHOUR=" + "1," * 1000, "more than 1,000 characters"),
    ],
)
def test_what_is_no_rule_is_refused_with_the_reason(rule: str, reason: str) -> None:
    with pytest.raises(InvalidRecurrence) as caught:
        Recurrence.parse(rule)
    assert reason in str(caught.value)


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="FREQ=DAILYWKMONTHBYP;,+-0123456789USE:T\n ", max_size=40) | rules())
def test_whatever_is_given_is_read_or_refused(text: str) -> None:
    for rule in (f"FREQ=DAILY;{text};UNTIL=20280101", f"FREQ=MONTHLY;{text};UNTIL=20280101", f"{text};UNTIL=20280101"):
        try:
            found = Recurrence(rule)
        except InvalidRecurrence:
            continue
        moment = found.next(berlin(2026, 1, 1), start=berlin(2026, 1, 1), hours=BERLIN)
        assert moment is None or moment.at > berlin(2026, 1, 1)
