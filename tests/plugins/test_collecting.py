"""Hooks are asked when somebody wants what they add, each on its own, and names are crmcore's or one plugin's."""

import types
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click
import pytest

from crmcore import builtin
from crmcore.checks import CHECKS
from crmcore.customers import Assigner, Guard
from crmcore.customers.duplicates import Duplicates, Profile, find_duplicates
from crmcore.errors import UnknownName
from crmcore.importing import Importer, Layout, Table
from crmcore.plugins import (
    Channel,
    Command,
    DuplicatePlugin,
    LeftOut,
    Notifier,
    NotInstalled,
    Observer,
    PluginFailed,
    Registry,
    Scorer,
    Storage,
    hookimpl,
)
from crmcore.plugins.collecting import HOOKS
from crmcore.storage import Entity, Event, Kind, Kinds, MemoryStorage, StorageUnavailable
from crmcore.testing.storages import START


def opened(_url: str, kinds: Kinds) -> MemoryStorage:
    return MemoryStorage(kinds)


def adding(hook: str, *records: object, then: Exception | None = None) -> types.SimpleNamespace:
    """A plugin that adds records by one hook, and perhaps stops with an error then."""

    def implementation() -> Iterable[Any]:
        yield from records
        if then is not None:
            raise then

    implementation.__name__ = hook
    return types.SimpleNamespace(**{hook: hookimpl(implementation)})


def registry(**plugins: object) -> Registry:
    """What crmcore brings, and plugins by name, each of a distribution that is called like it."""
    mine = Registry()
    mine.register(builtin, name="builtin", distribution="crmcore")
    for name, plugin in plugins.items():
        mine.register(plugin, name=name, distribution=f"{name}-dist", version="2")
    return mine


def table(path: Path, layout: Layout) -> Table:
    return Table(str(path), layout, (), lambda: iter(()))


SAMPLES: dict[str, Callable[[str], object]] = {
    "crmcore_storages": lambda name: Storage(name, opened),
    "crmcore_kinds": lambda name: Kind(name, Entity),
    "crmcore_commands": lambda name: Command(name, "Do it.", lambda: click.Command(name)),
    "crmcore_channels": lambda name: Channel(name, lambda _: None, dict),
    "crmcore_notifiers": lambda name: Notifier(name, lambda _: None, dict),
    "crmcore_observers": lambda name: Observer(name, lambda _: None),
    "crmcore_guards": lambda name: Guard(name, lambda _: ()),
    "crmcore_importers": lambda name: Importer(name, [f".{name}"], table),
    "crmcore_assigners": lambda name: Assigner(name, lambda candidates: candidates.pool[0]),
    "crmcore_scorers": lambda name: Scorer(name, find_duplicates),
}


def test_every_hook_has_a_sample_here() -> None:
    assert {*SAMPLES, "crmcore_checks"} == set(HOOKS)


@pytest.mark.parametrize("hook", SAMPLES)
def test_what_plugins_add_is_there_by_name_and_sorted(hook: str) -> None:
    sample = SAMPLES[hook]
    mine = registry(z=adding(hook, sample("zeta"), sample("beta")), a=adding(hook, sample("gamma")))
    added = getattr(mine, hook.removeprefix("crmcore_"))
    assert [name for name in added if name in ("beta", "gamma", "zeta")] == ["beta", "gamma", "zeta"]
    assert list(added) == sorted(added)
    assert added["gamma"].name == "gamma"
    assert mine.added(next(one for one in mine.plugins if one.name == "z")) == {hook: ("beta", "zeta")}


@pytest.mark.parametrize("hook", SAMPLES)
def test_a_name_that_two_plugins_add_is_an_error_with_both_of_them(hook: str) -> None:
    mine = registry(one=adding(hook, SAMPLES[hook]("same")), two=adding(hook, SAMPLES[hook]("same")))
    with pytest.raises(DuplicatePlugin, match=r"same is added by one \(one-dist 2\) and by two \(two-dist 2\)"):
        getattr(mine, hook.removeprefix("crmcore_"))


@pytest.mark.parametrize("hook", SAMPLES)
def test_a_name_that_is_not_there_is_told_with_the_nearest(hook: str) -> None:
    added = getattr(registry(one=adding(hook, SAMPLES[hook]("pigeon-post"))), hook.removeprefix("crmcore_"))
    with pytest.raises(UnknownName, match="did you mean 'pigeon-post'"):
        added["pigeon-pots"]
    assert added.get("pigeon-pots") is None
    assert "pigeon-pots" not in added


@pytest.mark.parametrize(
    ("hook", "record"),
    [
        ("crmcore_storages", SAMPLES["crmcore_storages"]("memory")),
        ("crmcore_commands", SAMPLES["crmcore_commands"]("check")),
        ("crmcore_scorers", SAMPLES["crmcore_scorers"]("builtin")),
    ],
)
def test_what_is_crmcores_own_is_not_replaced(hook: str, record: Any) -> None:
    mine = registry(greedy=adding(hook, record))
    (failure,) = mine.failures
    assert f"{record.name} is crmcore's own, and is not replaced" in failure.reason
    assert getattr(mine, hook.removeprefix("crmcore_"))[record.name] is not record


def test_a_hook_is_asked_when_somebody_wants_what_it_adds() -> None:
    asked: list[str] = []

    @hookimpl
    def crmcore_storages() -> Iterable[Storage]:
        asked.append("storages")
        yield Storage("pigeon", opened)

    mine = registry(pigeon=types.SimpleNamespace(crmcore_storages=crmcore_storages))
    assert mine.checks == CHECKS
    assert asked == []
    assert "pigeon" in mine.storages
    assert "pigeon" in mine.storages
    assert asked == ["storages"]


def test_a_hook_that_stops_is_kept_with_its_reason_and_the_others_work() -> None:
    stopping = adding("crmcore_storages", Storage("half", opened), then=ImportError("no module named vendor"))
    mine = registry(broken=stopping, fine=adding("crmcore_storages", Storage("fine", opened)))
    assert list(mine.storages) == ["fine", "memory"]
    assert [(one.name, one.hook, str(one.reason)) for one in mine.failures] == [
        ("broken", "crmcore_storages", "ImportError: no module named vendor")
    ]
    assert mine.checks == CHECKS


@pytest.mark.parametrize("name", ["broken", "half"])
def test_whoever_asks_for_what_a_hook_did_not_add_is_told_why(name: str) -> None:
    mine = registry(broken=adding("crmcore_storages", then=ImportError("no module named vendor")))
    with pytest.raises(
        PluginFailed, match=rf"storage {name} of broken \(broken-dist\) stopped: ImportError: no module"
    ):
        mine.storage_of(f"{name}://somewhere")
    with pytest.raises(UnknownName, match="did you mean 'memory'"):
        mine.storage_of("memroy:")


def test_a_defect_of_our_own_is_not_kept_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("crmcore.checks.CHECKS")
    with pytest.raises(ImportError, match="CHECKS"):
        _ = registry().checks


def test_a_plugin_that_adds_what_the_hook_does_not_take_fails() -> None:
    mine = registry(odd=adding("crmcore_storages", "sqlite"))
    assert list(mine.storages) == ["memory"]
    assert [str(one.reason) for one in mine.failures] == ["crmcore_storages yields Storage, not str"]


def test_a_plugin_that_adds_one_name_twice_fails() -> None:
    mine = registry(odd=adding("crmcore_storages", Storage("same", opened), Storage("same", opened)))
    assert [str(one.reason) for one in mine.failures] == ["it adds storage same twice"]


def test_a_plugin_that_comes_later_is_asked_too() -> None:
    mine = registry()
    assert list(mine.storages) == ["memory"]
    mine.register(adding("crmcore_storages", Storage("late", opened)), name="late")
    assert list(mine.storages) == ["late", "memory"]


# Storages


def test_the_storage_in_memory_comes_through_the_hook() -> None:
    storage = registry().storage_of("memory:").open("memory:", Kinds())
    assert isinstance(storage, MemoryStorage)


@pytest.mark.parametrize("url", ["pigeon:", "pigeon://loft/1", "PIGEON://loft", "pigeon+fast://loft"])
def test_the_scheme_of_a_url_chooses_the_storage(url: str) -> None:
    mine = registry(pigeon=adding("crmcore_storages", Storage("pigeon", opened)))
    assert mine.storage_of(url).name == "pigeon"


@pytest.mark.parametrize("path", ["crm.db", "", "/var/lib/crm.db", "C:\\crm.db", "客户.db"])
def test_a_path_is_no_url_and_is_told_how_to_be_one(path: str) -> None:
    with pytest.raises(UnknownName) as caught:
        registry().storage_of(path)
    assert caught.value.suggestion == f"sqlite:///{path}"


class Point:
    """An entry point of a distribution that is known to add storages."""

    name = "sqlalchemy"
    dist = types.SimpleNamespace(name="crmcore-sqlalchemy", version="1")

    def load(self) -> object:
        return adding("crmcore_storages", Storage("sqlite", opened))


def test_a_storage_whose_plugin_is_left_out_says_which_to_choose(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crmcore.plugins.registry.entry_points", lambda **_: [Point()])
    assert Registry.installed({}).storage_of("sqlite:").name == "sqlite"
    with pytest.raises(LeftOut, match="storage sqlite comes with the plugin sqlalchemy, which CRMCORE_PLUGINS leaves"):
        Registry.installed({"CRMCORE_PLUGINS": "other"}).storage_of("sqlite:")


@pytest.mark.parametrize(
    ("url", "distribution"),
    [("sqlite:///crm.db", "crmcore-sqlalchemy"), ("mariadb://h/d", r"crmcore-sqlalchemy\[mariadb\]")],
)
def test_a_storage_that_a_known_distribution_would_add_says_how_to_install_it(url: str, distribution: str) -> None:
    with pytest.raises(NotInstalled, match=f"is not installed: pip install '{distribution}'"):
        registry().storage_of(url)


def test_a_known_storage_whose_plugin_failed_says_why() -> None:
    mine = registry()
    stopping = adding("crmcore_storages", then=ImportError("no module named sqlalchemy"))
    mine.register(stopping, name="any", distribution="crmcore-sqlalchemy", version="1")
    with pytest.raises(PluginFailed, match=r"storage postgresql of any.*no module named sqlalchemy"):
        mine.storage_of("postgresql://somewhere/crm")


def test_a_storage_that_cannot_be_opened_is_told_with_its_plugin() -> None:
    def broken(_url: str, _kinds: Kinds) -> MemoryStorage:
        raise ModuleNotFoundError("No module named 'vendor'")

    def refusing(_url: str, _kinds: Kinds) -> MemoryStorage:
        raise StorageUnavailable("the server is down")

    mine = registry(mine=adding("crmcore_storages", Storage("broken", broken), Storage("refusing", refusing)))
    with pytest.raises(PluginFailed, match=r"storage broken of mine \(mine-dist 2\) stopped: ModuleNotFoundError"):
        mine.storages["broken"].open("broken:", Kinds())
    with pytest.raises(StorageUnavailable, match="the server is down"):
        mine.storages["refusing"].open("refusing:", Kinds())


# Observers


def happened(event: str) -> Event:
    return Event(id="e1", name=event, actor="li.na", at=START)


def test_observers_are_told_one_after_another_of_the_events_that_they_want() -> None:
    seen: list[tuple[str, str]] = []

    def noting(name: str, *events: str) -> Observer:
        return Observer(name, lambda event: seen.append((name, event.name)), events)

    mine = registry(
        one=adding("crmcore_observers", noting("b"), noting("c", "customer-merged")),
        two=adding("crmcore_observers", noting("a", "customer-registered", "customer-merged")),
    )
    assert mine.observe(happened("customer-registered")) == ()
    assert seen == [("a", "customer-registered"), ("b", "customer-registered")]


def test_an_observer_that_stops_is_named_and_the_others_are_told() -> None:
    seen: list[str] = []

    def stops(_event: Event) -> None:
        raise ZeroDivisionError("no touchpoints")

    def refuses(_event: Event) -> None:
        raise StorageUnavailable("the server is down")

    mine = registry(
        mine=adding("crmcore_observers", Observer("a", stops), Observer("b", refuses)),
        other=adding("crmcore_observers", Observer("c", lambda event: seen.append(event.name))),
    )
    failures = mine.observe(happened("customer-registered"))
    assert [str(one) for one in failures] == [
        "observer a of mine (mine-dist 2) stopped: ZeroDivisionError: no touchpoints",
        "observer b of mine (mine-dist 2) stopped: StorageUnavailable: the server is down",
    ]
    assert seen == ["customer-registered"]


# Scorers


def test_the_scorer_of_crmcore_itself_finds_duplicates() -> None:
    profiles = [Profile(name, emails=("li@firm.co",)) for name in ("one", "other")]
    assert registry().scorers["builtin"].find(profiles).clusters == (("one", "other"),)


def test_a_scorer_that_stops_is_told_with_its_plugin() -> None:
    def stops(_profiles: object) -> Duplicates:
        raise ZeroDivisionError("no profiles")

    mine = registry(mine=adding("crmcore_scorers", Scorer("mine", stops)))
    with pytest.raises(PluginFailed, match=r"scorer mine of mine \(mine-dist 2\) stopped: ZeroDivisionError"):
        mine.scorers["mine"].find([])
