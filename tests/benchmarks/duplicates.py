"""Recognising a customer while it is entered, among a million in a table of SQLite."""

import json
import random
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from statistics import median, quantiles
from time import process_time

from attrs import evolve
from measuring import Row, seconds

from crmcore.customers.duplicates import Profile, keys, recognize

__all__ = ["rows", "some_profile", "typed_again"]

_TENANT = "tenant"
_CHECKS = 400
_BATCH = 10_000
_FAMILY = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高梁郑谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严"  # noqa: E501
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀英霞平刚桂文辉玲建国志华红梅鑫波斌莉婷宇浩凯健俊帆雪琴云飞兰凤洁琳晶欣怡晨阳佳慧莹颖宁博思雨子涵梓轩一诺浩然沐宸若曦诗琪语桐"  # noqa: E501
_WESTERN = [
    "James Mary Robert Patricia John Jennifer Michael Linda David Elizabeth William Barbara Richard Susan Noah Olivia",
    "Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez Wilson Anderson Taylor",
]
_TOWNS = [
    "北京",
    "上海",
    "广州",
    "深圳",
    "成都",
    "杭州",
    "重庆",
    "武汉",
    "苏州",
    "西安",
    "南京",
    "长沙",
    "天津",
    "郑州",
    "东莞",
    "青岛",
    "昆明",
    "宁波",
    "合肥",
    "佛山",
]
_TRADES = [
    "软件",
    "科技",
    "贸易",
    "物流",
    "食品",
    "建材",
    "化工",
    "机械",
    "电子",
    "服饰",
    "医药",
    "传媒",
    "咨询",
    "旅游",
    "教育",
    "农业",
]
_FREE = ["qq.com", "163.com", "gmail.com", "126.com"]


def rows(customers: int) -> Iterator[Row]:
    """Measure checks at entry, half of customers that are there already and half of new ones.

    Args:
        customers: how many there are.
    """
    with tempfile.TemporaryDirectory() as folder:
        connection = sqlite3.connect(Path(folder) / "customers.db")
        _fill(connection, customers)
        again = [typed_again(profile, number) for number, profile in enumerate(_sample(connection, customers))]
        new = [some_profile(customers + number) for number in range(_CHECKS // 2)]
        recognize(again[0], _lookup(connection), _fetch(connection))  # what is loaded once
        found: list[bool] = []
        busy = process_time()
        times = [seconds(lambda one=one: found.append(_found(connection, one))) for one in (*again, *new)]  # type: ignore[misc]
        busy = 1_000 * (process_time() - busy) / len(times)
        connection.close()
    milliseconds = sorted(1_000 * time for time in times)
    typical, worst = median(milliseconds), quantiles(milliseconds, n=100)[98]
    known = f"{sum(found[: len(again)])} of {len(again)} typed again are recognized"
    yield Row(
        f"duplicates of a customer at entry, {customers:,} customers in SQLite",
        "≤ 20 ms",
        f"{typical:.1f} ms",
        typical <= 20,
        f"99 of 100 below {worst:.1f} ms, {busy:.1f} ms of the processor each; {known}",
    )


def _found(connection: sqlite3.Connection, profile: Profile) -> bool:
    found = recognize(profile, _lookup(connection), _fetch(connection))
    return any(each.id == profile.id.removeprefix("again ") for each in found)


def _lookup(connection: sqlite3.Connection):  # type: ignore[no-untyped-def]
    def lookup(asked: Sequence[str], limit: int) -> Mapping[str, Sequence[str]]:
        query = "SELECT customer FROM keys WHERE tenant = ? AND key = ? LIMIT ?"
        return {key: [id for (id,) in connection.execute(query, (_TENANT, key, limit))] for key in asked}  # noqa: A001

    return lookup


def _fetch(connection: sqlite3.Connection):  # type: ignore[no-untyped-def]
    def fetch(ids: Sequence[str]) -> Iterable[Profile]:
        marks = ", ".join("?" * len(ids))
        query = f"SELECT profile FROM customers WHERE tenant = ? AND id IN ({marks})"
        return [_read(text) for (text,) in connection.execute(query, (_TENANT, *ids))]

    return fetch


def _fill(connection: sqlite3.Connection, customers: int) -> None:
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("CREATE TABLE customers (tenant, id, profile, PRIMARY KEY (tenant, id)) WITHOUT ROWID")
    connection.execute("CREATE TABLE keys (tenant, key, customer)")
    numbers = iter(range(customers))
    while batch := [some_profile(number) for number in islice(numbers, _BATCH)]:
        connection.executemany(
            "INSERT INTO customers VALUES (?, ?, ?)", [(_TENANT, each.id, _written(each)) for each in batch]
        )
        connection.executemany(
            "INSERT INTO keys VALUES (?, ?, ?)", [(_TENANT, key, each.id) for each in batch for key in keys(each)]
        )
    connection.execute("CREATE INDEX keys_by_key ON keys (tenant, key, customer)")
    connection.commit()


def _sample(connection: sqlite3.Connection, customers: int) -> Iterator[Profile]:
    chosen = random.Random(2).sample(range(customers), _CHECKS // 2)
    for number in chosen:
        yield from _fetch(connection)([f"c{number}"])


def some_profile(number: int) -> Profile:
    """A customer: a company in five, of the people one in ten with a Western name; never the same one twice."""
    chance = random.Random(number)
    town = chance.choice(_TOWNS)
    phone = f"+861{chance.choice('3578')}{chance.randrange(10**9):09d}"
    if number % 5 == 0:
        name = "".join(chance.sample(_GIVEN, 2 + number % 2)) + chance.choice(_TRADES)
        domain = f"company{number}.cn"
        return Profile(
            f"c{number}",
            "organization",
            names=(f"{town}{name}有限公司",),
            phones=(phone,),
            emails=(f"info@{domain}",),
            domains=(domain,),
            address={"city": town, "street": f"{chance.choice(_GIVEN)}{chance.choice(_GIVEN)}路{number % 900}号"},
        )
    if number % 10 == 1:
        name = " ".join(chance.choice(half.split()) for half in _WESTERN)
    else:
        name = chance.choice(_FAMILY) + "".join(chance.choice(_GIVEN) for _ in range(1 + (number % 3 > 0)))
    return Profile(
        f"c{number}",
        names=(name,),
        phones=(phone,),
        emails=(f"{chance.randrange(10**9)}@{chance.choice(_FREE)}",) if number % 2 else (),
        address={"city": town},
        born=date(1950, 1, 1) + timedelta(chance.randrange(20_000)) if number % 3 else None,
    )


def typed_again(profile: Profile, number: int) -> Profile:
    """The same customer as somebody else types it: a slip in the phone, no address, another way to write it."""
    phone = profile.phones[0]
    if number % 3 == 0:
        return evolve(profile, id=f"again {profile.id}", phones=(), address={})
    if number % 3 == 1:
        return evolve(profile, id=f"again {profile.id}", phones=(phone[3:],), emails=(), born=None)
    return evolve(profile, id=f"again {profile.id}", phones=(f"{phone[:-1]}{(int(phone[-1]) + 1) % 10}",))


def _written(profile: Profile) -> str:
    born = profile.born.isoformat() if profile.born else None
    values = (profile.id, profile.kind, profile.names, profile.phones, profile.emails, profile.domains)
    return json.dumps([*values, profile.address, born])


def _read(text: str) -> Profile:
    id, kind, *several, address, born = json.loads(text)  # noqa: A001 (a customer's)
    names, phones, emails, domains = map(tuple, several)
    return Profile(id, kind, names, phones, emails, domains, address=address, born=born and date.fromisoformat(born))
