"""Which organization was in force when, and who answered then."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmcore import Organization, Question
from crmcore.adoption import (
    ORGANIZATION_VERSION,
    AlreadyBegun,
    DayTaken,
    NothingNew,
    NoVersion,
    OrganizationVersion,
    adopt,
    organization_of,
    organization_on,
    text_of,
    version_on,
    versions,
    who_on,
)
from crmcore.organization import Duty, Person, Role, Staffing, Touchpoint
from crmcore.storage import InvalidRecord, Kinds, MemoryStorage, Storage
from crmcore.testing import organizations

MARCH = datetime(2026, 3, 3, 12, tzinfo=UTC)
CALL = Question("renewal-call")


def company(holder: str, timezone: str = "Asia/Shanghai") -> Organization:
    return Organization(
        "云帆软件",
        timezone=timezone,
        people=[Person("li.na", name="李娜"), Person("wang.wei", name="王伟")],
        roles=[Role("sales")],
        staffing=[Staffing("sales", holders=[holder])],
        touchpoints=[Touchpoint("renewal-call")],
        duties=[Duty(["renewal-call"], "sales", "accountable")],
    )


def adopted(storage: Storage, organization: Organization, day: date, **options: Any) -> None:
    with storage.begin("acme") as work:
        adopt(work, organization, day, actor="chen.gang", **options)
        work.commit()


def test_who_was_responsible_is_answered_by_the_version_of_that_day(storage: Storage) -> None:
    adopted(storage, company("li.na"), date(2026, 1, 1))
    adopted(storage, company("wang.wei"), date(2026, 3, 4))
    with storage.begin("acme", read_only=True) as work:
        answers = {
            day: who_on(work, evolve(CALL, day=day)).pool[0].name
            for day in (date(2026, 1, 1), date(2026, 3, 3), date(2026, 3, 4), date(2030, 1, 1))
        }
    assert list(answers.values()) == ["李娜", "李娜", "王伟", "王伟"]


def test_before_the_first_version_nobody_answers_and_it_is_said(storage: Storage) -> None:
    with storage.begin("acme", read_only=True) as work, pytest.raises(NoVersion) as none:
        who_on(work, CALL)
    assert none.value.first_day is None
    adopted(storage, company("li.na"), date(2026, 1, 1))
    with storage.begin("acme", read_only=True) as work:
        with pytest.raises(NoVersion) as early:
            version_on(work, date(2025, 12, 31))
        with pytest.raises(NoVersion):
            organization_on(work, date(2025, 12, 31))
    assert early.value.first_day == date(2026, 1, 1)


@pytest.mark.parametrize(("hour", "holder"), [(15, "李娜"), (16, "王伟")])
def test_today_is_today_where_the_company_is(storage: Storage, hour: int, holder: str) -> None:
    adopted(storage, company("li.na"), date(2026, 1, 1))
    adopted(storage, company("wang.wei"), date(2026, 3, 4))
    with storage.begin("acme", read_only=True) as work:
        found = who_on(work, CALL, clock=lambda: datetime(2026, 3, 3, hour, tzinfo=UTC))
    assert found.pool[0].name == holder


def test_a_version_is_compiled_once(storage: Storage) -> None:
    adopted(storage, company("li.na"), date(2026, 1, 1))
    with storage.begin("acme", read_only=True) as work:
        one = organization_on(work, date(2026, 1, 1))
        assert organization_on(work, date(2027, 1, 1)) is one
        assert organization_of(version_on(work, date(2026, 1, 1))) is one
        assert who_on(work, evolve(CALL, day=date(2026, 2, 1))).rule is one.duties[0]


def test_the_places_of_an_answer_are_lines_of_the_version_s_text(storage: Storage) -> None:
    adopted(storage, company("li.na"), date(2026, 1, 1))
    with storage.begin("acme", read_only=True) as work:
        place = who_on(work, evolve(CALL, day=date(2026, 1, 1))).rule.place
        line = text_of(version_on(work, date(2026, 1, 1))).splitlines()[place.line - 1]
    assert place.file == "version-1.yaml"
    assert "renewal-call" in line


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(organization=organizations())
def test_a_version_gives_back_the_very_organization(organization: Organization) -> None:
    storage = MemoryStorage(Kinds([ORGANIZATION_VERSION]))
    try:
        adopted(storage, organization, date(2026, 1, 1))
    except InvalidRecord as error:
        assert "NUL" in error.reason
        return
    with storage.begin("acme", read_only=True) as work:
        (version,) = versions(work)
    assert Organization.from_data(version.organization) == organization
    assert organization_of(version) == organization


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(organization=organizations())
def test_every_storage_gives_back_the_very_organization(storage: Storage, organization: Organization) -> None:
    with storage.begin("acme") as work:
        try:
            adopt(work, organization, date(2026, 1, 1), actor="chen.gang")
        except InvalidRecord:
            return
        assert organization_of(work.get(OrganizationVersion, "1")) == organization


_ADOPTIONS = st.lists(
    st.tuples(st.integers(-5, 9), st.sampled_from(["li.na", "wang.wei"]), st.none() | st.integers(1, 4)), max_size=8
)


@settings(max_examples=200, deadline=None)
@given(given_adoptions=_ADOPTIONS)
def test_whatever_is_adopted_the_past_stays_as_it_was(
    given_adoptions: list[tuple[int, str, int | None]],
) -> None:
    """The oracle keeps, for every day, whoever answers; an adoption changes only days from its first one on."""
    storage = MemoryStorage(Kinds([ORGANIZATION_VERSION]))
    today = MARCH.date()
    days = [today + timedelta(days=offset) for offset in range(-6, 12)]
    answers: dict[date, str] = {}
    planned: dict[int, tuple[date, str]] = {}
    number = 0
    for offset, holder, replaces in given_adoptions:
        first_day = today + timedelta(days=offset)
        try:
            adopted(storage, company(holder, "UTC"), first_day, clock=lambda: MARCH, replaces=replaces)
        except (NothingNew, DayTaken, AlreadyBegun):
            pass
        else:
            number += 1
            if replaces is not None:
                assert planned.pop(replaces)[0] >= today
            planned[number] = (first_day, holder)
            before = dict(answers)
            answers = {
                day: next((who for first, who in sorted(planned.values(), reverse=True) if first <= day), "")
                for day in days
            }
            assert all(before[day] == answers[day] for day in before if day < min(first_day, today))
        with storage.begin("acme", read_only=True) as work:
            for day in days:
                if answers.get(day):
                    assert who_on(work, evolve(CALL, day=day)).pool[0].id == answers[day]
                else:
                    with pytest.raises(NoVersion):
                        who_on(work, evolve(CALL, day=day))
