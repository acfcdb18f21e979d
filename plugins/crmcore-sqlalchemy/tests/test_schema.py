"""The schema of a database follows the kinds of the program, and loses nothing on the way."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from attrs import field, frozen
from crmcore_sqlalchemy import Schema, SQLStorage
from crmcore_sqlalchemy.storage import dialect_of, engine_of
from sqlalchemy import create_engine, inspect, text
from storing import adds_one, started

from crmcore.storage import (
    Above,
    DanglingReference,
    Entity,
    Field,
    Holds,
    Is,
    Kind,
    Kinds,
    Outbox,
    Query,
    StillReferred,
    StorageUnavailable,
    reference,
)
from crmcore.testing.storages import KINDS, Company, company, parcel

AT = datetime(2026, 11, 23, 8, 30, 0, 5, tzinfo=UTC)


@frozen(kw_only=True)
class Shop(Entity):
    name: str


@frozen(kw_only=True)
class Sale(Entity):
    shop: str = reference("shop")


@frozen(kw_only=True)
class Grown(Entity):
    """A shop as a later program has it."""

    name: str
    note: str | None = None
    slogan: str = "it's 100%: a \\ and :colons %s 'quoted'"
    staff: int = 3
    area: Decimal = Decimal("12.5")
    rating: float = 0.1
    open: bool = True
    since: date = date(2020, 2, 29)
    seen: datetime = AT
    extra: Mapping[str, Any] = field(factory=lambda: {"说明": ["it's", 1]})
    owner: str | None = reference("shop", default=None)


BEFORE = Kinds([Kind("shop", Shop), Kind("sale", Sale)])
AFTER = Kinds(
    [Kind("shop", Grown, custom=[Field("城市", Holds.TEXT)], indexed=["name", ("staff", "name")]), Kind("sale", Sale)]
)


@contextmanager
def schema(url: str, kinds: Kinds) -> Iterator[Schema]:
    engine = engine_of(url)
    yield Schema(engine, kinds, dialect_of(engine))
    engine.dispose()


def upgraded(url: str, kinds: Kinds) -> tuple[str, ...]:
    with schema(url, kinds) as one:
        return one.upgrade()


def shops(url: str) -> None:
    """Store two shops and a sale as the program before did."""
    with SQLStorage.open(url, BEFORE) as storage, storage.begin("acme") as work:
        work.add_all([Shop(id="s1", name="东门"), Shop(id="s2", name="West"), Sale(id="x1", shop="s1")])
        work.commit()


def test_new_fields_are_added_and_what_was_stored_before_has_their_defaults(url: str) -> None:
    shops(url)
    with pytest.raises(StorageUnavailable, match="crmcore db upgrade") as caught:
        SQLStorage.open(url, AFTER)
    assert "crmcore_shop.slogan" in str(caught.value)
    missing = upgraded(url, AFTER)
    assert any("crmcore_shop.owner" in one for one in missing)
    assert upgraded(url, AFTER) == ()
    with SQLStorage.open(url, AFTER) as storage, storage.begin("acme") as work:
        assert work.get(Grown, "s1") == Grown(id="s1", name="东门", version=1)
        assert work.find(Query(Grown, where=[Is("name", "West"), Above("staff", 2)])).records[0].id == "s2"
        work.put(Grown(id="s2", name="West", owner="s1", version=1, custom={"城市": "北京"}))
        work.commit()
    with SQLStorage.open(url, AFTER) as storage, storage.begin("acme", read_only=True) as work:
        assert work.get(Grown, "s2").custom == {"城市": "北京"}
        assert work.count_by(Grown, ["custom.城市"]) == {(None,): 1, ("北京",): 1}
        assert work.get(Sale, "x1").shop == "s1"


def test_references_hold_after_an_upgrade_as_before(url: str) -> None:
    shops(url)
    upgraded(url, AFTER)
    with SQLStorage.open(url, AFTER) as storage:
        with storage.begin("acme") as work, pytest.raises(StillReferred):
            work.remove(Grown(id="s1", name="东门", version=1))
        with storage.begin("acme") as work, pytest.raises(DanglingReference):
            work.add(Sale(id="x2", shop="s9"))
        with storage.begin("acme") as work, pytest.raises(DanglingReference):
            work.put(Grown(id="s2", name="West", owner="s9", version=1))


def test_an_older_program_goes_on_with_fields_that_it_does_not_know(url: str) -> None:
    shops(url)
    upgraded(url, AFTER)
    with SQLStorage.open(url, BEFORE) as storage, storage.begin("acme") as work:
        work.add(Shop(id="s3", name="South"))
        work.put(Shop(id="s1", name="East", version=1))
        work.commit()
    with SQLStorage.open(url, AFTER) as storage, storage.begin("acme", read_only=True) as work:
        assert work.get(Grown, "s3") == Grown(id="s3", name="South", version=1)
        assert work.get(Grown, "s1").name == "East"


def test_a_field_that_the_program_gave_up_stands_in_nobody_s_way(url: str) -> None:
    with SQLStorage.open(url, AFTER) as storage, storage.begin("acme") as work:
        work.add(Grown(id="s1", name="东门", staff=7))
        work.commit()
    with pytest.raises(StorageUnavailable, match=r"crmcore_shop\.slogan"):
        SQLStorage.open(url, BEFORE)
    upgraded(url, BEFORE)
    with SQLStorage.open(url, BEFORE) as storage, storage.begin("acme") as work:
        assert work.get(Shop, "s1").name == "东门"
        work.add(Shop(id="s2", name="West"))
        work.commit()
    engine = engine_of(url)
    with engine.begin() as connection:
        if engine.name == "postgresql":
            connection.execute(text("SET LOCAL crmcore.tenant = 'acme'"))
        found = connection.execute(text("SELECT id, staff FROM crmcore_shop ORDER BY id")).all()
        assert [tuple(row) for row in found] == [("s1", 7), ("s2", None)]
    engine.dispose()


def test_a_field_may_become_empty_later_and_not_the_other_way_round(url: str) -> None:
    @frozen(kw_only=True)
    class Loose(Entity):
        name: str | None = None

    loose = Kinds([Kind("shop", Loose), Kind("sale", Sale)])
    shops(url)
    with pytest.raises(StorageUnavailable, match=r"crmcore_shop\.name"):
        SQLStorage.open(url, loose)
    upgraded(url, loose)
    with SQLStorage.open(url, loose) as storage, storage.begin("acme") as work:
        work.add(Loose(id="s3"))
        work.commit()
    for refuse in (lambda: SQLStorage.open(url, BEFORE), lambda: upgraded(url, BEFORE)):
        with pytest.raises(StorageUnavailable, match=r"shop\.name may be empty"):
            refuse()


def test_a_field_that_would_hold_something_else_is_refused(url: str) -> None:
    @frozen(kw_only=True)
    class Numbered(Entity):
        name: int

    numbered = Kinds([Kind("shop", Numbered), Kind("sale", Sale)])
    shops(url)
    for refuse in (lambda: SQLStorage.open(url, numbered), lambda: upgraded(url, numbered)):
        with pytest.raises(StorageUnavailable, match=r"shop\.name holds text in the database, and whole in this"):
            refuse()


def test_a_new_field_without_a_default_is_refused(url: str) -> None:
    @frozen(kw_only=True)
    class Demanding(Entity):
        name: str
        city: str

    demanding = Kinds([Kind("shop", Demanding), Kind("sale", Sale)])
    shops(url)
    with pytest.raises(StorageUnavailable, match=r"shop\.city is new and has no default"):
        upgraded(url, demanding)
    with SQLStorage.open(url, BEFORE) as storage, storage.begin("acme", read_only=True) as work:
        assert work.count(Shop) == 2


def test_an_index_that_comes_or_goes_changes_how_long_a_text_may_be_and_nothing_else(url: str) -> None:
    indexed = Kinds([Kind("shop", Shop, indexed=["name"]), Kind("sale", Sale)])
    shops(url)
    upgraded(url, indexed)
    with SQLStorage.open(url, indexed) as storage, storage.begin("acme") as work:
        work.add(Shop(id="s3", name="华" * 250))
        work.commit()
    with schema(url, BEFORE) as one:
        if one.missing():
            one.upgrade()
    with SQLStorage.open(url, BEFORE) as storage, storage.begin("acme") as work:
        assert work.get(Shop, "s3").name == "华" * 250
        work.remove(work.get(Shop, "s3"))
        work.commit()


def test_a_new_kind_gets_its_table_and_its_view(url: str) -> None:
    shops(url)
    more = Kinds([*(BEFORE[name] for name in ("shop", "sale")), KINDS["company"]])
    assert upgraded(url, more) == ("crmcore_company",)
    with SQLStorage.open(url, more) as storage, storage.begin("acme") as work:
        work.add(company(custom={"行业": "电信"}))
        work.commit()
    engine = create_engine(engine_of(url).url)
    assert {"crm_company", "crm_shop", "crm_sale"} <= set(inspect(engine).get_view_names())
    engine.dispose()


def test_views_show_what_was_added(url: str) -> None:
    shops(url)
    upgraded(url, AFTER)
    engine = create_engine(engine_of(url).url)
    assert "custom_城市" in {column["name"] for column in inspect(engine).get_columns("crm_shop")}
    engine.dispose()


def test_a_schema_that_was_only_half_made_is_told_and_completed(url: str) -> None:
    SQLStorage.open(url, BEFORE).close()
    engine = engine_of(url)
    with engine.begin() as connection:
        connection.execute(text("DROP VIEW crm_sale"))
        connection.execute(text("DROP TABLE crmcore_sale"))
    engine.dispose()
    with pytest.raises(StorageUnavailable, match="crmcore_sale"):
        SQLStorage.open(url, BEFORE)
    assert upgraded(url, BEFORE) == ("crmcore_sale",)
    SQLStorage.open(url, BEFORE).close()


def test_an_older_program_on_a_newer_schema_reads_and_refuses_to_write(url: str) -> None:
    with SQLStorage.open(url, KINDS) as storage, storage.begin("acme") as work:
        work.add_all([company(), parcel()])
        work.commit()
    engine = engine_of(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE crmcore_migration SET version_num = '9999'"))
    engine.dispose()
    with SQLStorage.open(url, KINDS) as storage:
        with storage.begin("acme", read_only=True) as work:
            assert work.get(Company, "c1").name == "华为"
        for write in (lambda: storage.begin("acme"), lambda: Outbox(storage).claim(worker="w1")):
            with pytest.raises(StorageUnavailable, match=r"9999.*nothing is written; update this program"):
                write()
    with pytest.raises(StorageUnavailable, match="newer than this program"):
        upgraded(url, KINDS)


def test_programs_that_open_an_empty_database_at_once_do_not_collide(url: str) -> None:
    opening = [started(adds_one, url, number) for number in range(8)]
    assert sorted(told.recv() for _, told in opening) == list(range(8))
    for process, told in opening:
        process.join()
        told.close()
        assert process.exitcode == 0
    with SQLStorage.open(url, KINDS) as storage, storage.begin("acme", read_only=True) as work:
        assert work.count(Company) == 8
