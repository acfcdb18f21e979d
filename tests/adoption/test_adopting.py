"""Adopting an organization: what is kept, what is refused, and what is told before anything is done."""

from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from attrs import evolve

from crmcore import Organization
from crmcore.adoption import (
    ORGANIZATION_VERSION,
    Adoption,
    AlreadyBegun,
    DayTaken,
    NothingNew,
    OrganizationVersion,
    adopt,
    preview,
    version_on,
    versions,
)
from crmcore.organization import Dimension, Duty, Number, Person, Role, Scope, Staffing, Touchpoint, Tree
from crmcore.responsibility import Incomparable
from crmcore.storage import AlreadyThere, Busy, Event, Kinds, MemoryStorage, NotThere, Query, ReadOnly, Storage

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
TODAY = NOON.date()
TOMORROW = TODAY + timedelta(days=1)


def company(**values: Any) -> Organization:
    return Organization(
        "云帆软件",
        timezone="Asia/Shanghai",
        dimensions=[Dimension("region", Tree.of({"中国": ["上海", "四川"]}))],
        people=[Person("li.na", name="李娜"), Person("wang.wei", name="王伟")],
        roles=[Role("sales")],
        staffing=[
            Staffing("sales", holders=["li.na"]),
            Staffing("sales", holders=["wang.wei"], where=Scope((("region", ("四川",)),)), priority=1),
        ],
        touchpoints=[Touchpoint("renewal-call")],
        duties=[Duty(["renewal-call"], "sales", "accountable")],
    ).with_(**values)


def adopted(storage: Storage, organization: Organization, day: date, **options: Any) -> Adoption:
    with storage.begin("acme") as work:
        adoption = adopt(work, organization, day, actor="chen.gang", **{"clock": lambda: NOON, **options})
        work.commit()
    return adoption


WITHOUT_WEST = company(staffing=[Staffing("sales", holders=["li.na"])])


def test_a_version_is_kept_whole_with_who_adopted_it_and_when(storage: Storage) -> None:
    adopted(storage, company(), TODAY, note="新组织")
    with storage.begin("acme", read_only=True) as work:
        (version,) = versions(work)
    assert (version.number, version.name, version.first_day, version.version) == (1, "云帆软件", TODAY, 1)
    assert (version.adopted_by, version.adopted_at, version.note) == ("chen.gang", NOON, "新组织")
    assert Organization.from_data(version.organization) == company()


def test_an_event_tells_of_the_adoption(storage: Storage) -> None:
    adopted(storage, company(), TODAY, ids=lambda: "e-1")
    with storage.begin("acme", read_only=True) as work:
        (event,) = work.find(Query(Event))
        (version,) = versions(work)
    assert (event.id, event.name, event.actor, event.at) == ("e-1", "organization-adopted", "chen.gang", NOON)
    assert (event.subject_kind, event.subject) == ("organization-version", version.id)
    assert event.payload["first_day"] == TODAY.isoformat()


def test_what_moves_is_told_by_a_preview_that_writes_nothing(storage: Storage) -> None:
    adopted(storage, company(), TODAY)
    with storage.begin("acme", read_only=True) as work:
        planned = preview(work, WITHOUT_WEST, TOMORROW, actor="chen.gang", clock=lambda: NOON)
        assert len(versions(work)) == 1
        with pytest.raises(ReadOnly):
            adopt(work, WITHOUT_WEST, TOMORROW, actor="chen.gang", clock=lambda: NOON)
    assert planned.version.version == 0
    assert planned.comparison is not None
    (move,) = planned.comparison.moves
    assert move.kind == "moved"
    assert move.before is not None
    assert move.after is not None
    assert (move.before.people, move.after.people) == (("wang.wei",), ("li.na",))
    done = adopted(storage, WITHOUT_WEST, TOMORROW)
    assert done.version == evolve(planned.version, version=1)
    assert done.comparison is not None
    assert done.comparison.moves == planned.comparison.moves


def test_the_first_version_is_compared_with_nothing(storage: Storage) -> None:
    adoption = adopted(storage, company(), TODAY)
    assert (adoption.before, adoption.comparison) == (None, None)


def test_an_equal_organization_is_told_and_not_adopted_again(storage: Storage) -> None:
    adopted(storage, company(), TODAY)
    with pytest.raises(NothingNew) as caught:
        adopted(storage, company(), TOMORROW)
    assert (caught.value.number, caught.value.first_day) == (1, TODAY)
    adopted(storage, WITHOUT_WEST, TOMORROW)
    adopted(storage, company(), TOMORROW + timedelta(days=1))  # as it was before the last one is something new


@pytest.mark.parametrize("days", [0, -1, -400])
def test_a_day_that_is_not_behind_all_first_days_is_refused(storage: Storage, days: int) -> None:
    adopted(storage, company(), TODAY)
    with pytest.raises(DayTaken) as caught:
        adopted(storage, WITHOUT_WEST, TODAY + timedelta(days=days))
    assert (caught.value.number, caught.value.first_day) == (1, TODAY)
    with storage.begin("acme", read_only=True) as work:
        assert len(versions(work)) == 1


def test_a_version_that_has_not_begun_is_replaced_if_it_is_named(storage: Storage) -> None:
    later = TODAY + timedelta(days=30)
    adopted(storage, company(), TODAY)
    adopted(storage, WITHOUT_WEST, later)
    third = company(name="云帆")
    with pytest.raises(DayTaken):
        adopted(storage, third, TOMORROW)
    replacing = adopted(storage, third, TOMORROW, replaces=2)
    assert replacing.before is not None
    assert replacing.before.number == 1, "what it is compared with is what would go on"
    with storage.begin("acme", read_only=True) as work:
        assert [version.number for version in versions(work)] == [1, 2, 3], "what was replaced is kept"
        assert [version_on(work, day).number for day in (TODAY, TOMORROW, later)] == [1, 3, 3]


def test_a_version_can_be_put_off(storage: Storage) -> None:
    later = TODAY + timedelta(days=30)
    adopted(storage, company(), TODAY)
    adopted(storage, WITHOUT_WEST, TOMORROW)
    adopted(storage, WITHOUT_WEST, later, replaces=2)
    with storage.begin("acme", read_only=True) as work:
        assert [version_on(work, day).number for day in (TOMORROW, later)] == [1, 3]


def test_only_the_last_version_can_be_replaced_and_only_until_its_first_day(storage: Storage) -> None:
    adopted(storage, company(), TODAY - timedelta(days=9))
    with pytest.raises(AlreadyBegun) as begun:
        adopted(storage, WITHOUT_WEST, TODAY, replaces=1)
    assert begun.value.last is None
    adopted(storage, WITHOUT_WEST, TODAY)
    adopted(storage, company(), TOMORROW)
    for number in (1, 2, 4):
        with pytest.raises(AlreadyBegun) as caught:
            adopted(storage, company(name="云"), TOMORROW, replaces=number)
        assert caught.value.last == 3
    adopted(storage, company(name="云"), TOMORROW, replaces=3)


def test_a_version_is_replaced_on_its_first_day_where_the_company_is(storage: Storage) -> None:
    evening = datetime(2026, 3, 3, 17, tzinfo=UTC)  # already the 4th of March in Shanghai
    adopted(storage, company(), TODAY)
    with pytest.raises(AlreadyBegun):
        adopted(storage, WITHOUT_WEST, TODAY, replaces=1, clock=lambda: evening)
    adopted(storage, WITHOUT_WEST, TODAY, replaces=1)


def test_of_two_who_adopt_at_once_one_is_told(storage: Storage) -> None:
    adopted(storage, company(), TODAY)
    ready, told, done = Barrier(2), [], []

    def run(name: str) -> None:
        organization = company(name=name)
        try:
            ready.wait()
            done.append(adopted(storage, organization, TOMORROW).version)
        except (AlreadyThere, Busy, DayTaken) as error:
            told.append(error)

    threads = [Thread(target=run, args=(name,)) for name in ("东", "西")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(done), len(told)) == (1, 1)
    with storage.begin("acme", read_only=True) as work:
        assert [version.name for version in versions(work)] == ["云帆软件", done[0].name]
        assert len(work.find(Query(Event))) == 2


def test_two_who_saw_the_same_cannot_both_adopt() -> None:
    storage = MemoryStorage(Kinds([ORGANIZATION_VERSION]))
    adopted(storage, company(), TODAY)
    with storage.begin("acme") as one, storage.begin("acme") as other:
        adopt(one, company(name="东"), TOMORROW, actor="a", clock=lambda: NOON)
        adopt(other, company(name="西"), TOMORROW, actor="b", clock=lambda: NOON)
        one.commit()
        with pytest.raises(AlreadyThere):
            other.commit()


def test_what_is_not_committed_is_not_adopted(storage: Storage) -> None:
    with storage.begin("acme") as work:
        adopt(work, company(), TODAY, actor="chen.gang")
    with storage.begin("acme", read_only=True) as work:
        assert versions(work) == ()
        with pytest.raises(NotThere):
            work.get(OrganizationVersion, "1")


def test_another_tenant_has_versions_of_its_own(storage: Storage) -> None:
    adopted(storage, company(), TODAY)
    with storage.begin("other") as work:
        assert adopt(work, company(), TODAY, actor="x", clock=lambda: NOON).version.number == 1
        work.commit()


def test_what_cannot_be_compared_can_be_adopted(storage: Storage) -> None:
    adopted(storage, company(), TODAY)
    numbers = company(dimensions=[Dimension("region", Number(min=0, max=9))], staffing=WITHOUT_WEST.staffing)
    adoption = adopted(storage, numbers, TOMORROW)
    with pytest.raises(Incomparable):
        _ = adoption.comparison
