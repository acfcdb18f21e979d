"""Promises and escalations as instants."""

from datetime import UTC, datetime, timedelta

from crmcore.calendars import Alarm, Due, Moment, Pause, WorkingTime, alarms, due
from crmcore.organization import Calendar, Escalation, EscalationStep, Promise
from crmcore.values import Duration

HOURS = WorkingTime(Calendar(), "UTC")
FRIDAY = datetime(2026, 11, 27, 16, tzinfo=UTC)
PROMISE = Promise(respond=Duration(2, "h"), resolve=Duration(2, "d"))


def test_a_promise_is_due_in_working_time() -> None:
    assert due(PROMISE, FRIDAY, HOURS) == Due(
        Moment(datetime(2026, 11, 30, 10, tzinfo=UTC)), Moment(datetime(2026, 12, 1, 16, tzinfo=UTC))
    )


def test_a_promise_that_counts_the_clock_runs_over_the_weekend() -> None:
    promise = Promise(respond=Duration(2, "h"), resolve=Duration(2, "d"), elapsed=True)
    assert due(promise, FRIDAY, HOURS) == Due(Moment(FRIDAY + timedelta(hours=2)), Moment(FRIDAY + timedelta(days=2)))


def test_what_is_not_promised_is_never_due() -> None:
    assert due(Promise(respond=Duration(1, "h")), FRIDAY, HOURS).resolve is None
    assert due(Promise(), FRIDAY, HOURS) == Due(None, None)


def test_pauses_move_both_limits_by_their_working_time_even_if_they_come_one_by_one() -> None:
    asked = Pause(FRIDAY + timedelta(minutes=30), datetime(2026, 11, 30, 9, 30, tzinfo=UTC))
    found = due(PROMISE, FRIDAY, HOURS, pauses=iter([asked]))
    assert found == Due(Moment(datetime(2026, 11, 30, 11, tzinfo=UTC)), Moment(datetime(2026, 12, 1, 17, tzinfo=UTC)))


def test_a_changed_promise_keeps_what_has_passed_and_what_stood_still() -> None:
    asked = Pause(FRIDAY, datetime(2026, 11, 30, 10, tzinfo=UTC))
    sooner = due(Promise(resolve=Duration(1, "h")), FRIDAY, HOURS, pauses=[asked]).resolve
    assert sooner == Moment(datetime(2026, 11, 30, 11, tzinfo=UTC))


def test_the_steps_of_an_escalation_are_taken_in_working_time_or_by_the_clock() -> None:
    steps = [EscalationStep(Duration(1, "h"), "team-lead"), EscalationStep(Duration(1, "d"), "director")]
    escalation = Escalation(["complaint"], steps)
    assert alarms(escalation, FRIDAY, HOURS) == (
        Alarm(Moment(FRIDAY + timedelta(hours=1)), "team-lead"),
        Alarm(Moment(datetime(2026, 11, 30, 16, tzinfo=UTC)), "director"),
    )
    assert alarms(escalation, FRIDAY, HOURS, elapsed=True)[1].at.at == FRIDAY + timedelta(days=1)
    pause = Pause(FRIDAY, FRIDAY + timedelta(minutes=30))
    assert alarms(escalation, FRIDAY, HOURS, pauses=iter([pause]))[1].at.at == datetime(
        2026, 11, 30, 16, 30, tzinfo=UTC
    )
