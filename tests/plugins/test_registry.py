"""Plugins are found, loaded each on its own, and held to the rules of the hooks."""

import subprocess
import sys
import types
from collections.abc import Iterable, Iterator
from importlib.metadata import EntryPoint, entry_points
from typing import Any

import pytest

from crmcore import Organization
from crmcore.checks import CHECKS, Check, Context, Problem, Severity
from crmcore.plugins import CONTRACT, DuplicatePlugin, InvalidPlugin, PluginFailed, Registry, hookimpl


def nothing(_context: Context) -> Iterator[Problem]:
    yield from ()


def broken(_context: Context) -> Iterator[Problem]:
    raise ZeroDivisionError("no touchpoints")
    yield  # what makes it a generator


def plugin(*checks: Check, **names: Any) -> types.ModuleType:
    """A module that adds checks."""
    module = types.ModuleType("a_plugin")

    @hookimpl
    def crmcore_checks() -> Iterable[Check]:
        return checks

    vars(module).update({"crmcore_checks": crmcore_checks, **names})
    return module


def check(code: str = "EXA001", run: Any = nothing) -> Check:
    return Check(code, "an-example", Severity.INFO, run)


class Distribution:
    """A distribution as an entry point sees it."""

    def __init__(self, name: str, version: str = "1.0") -> None:
        self.name, self.version = name, version


class Point:
    """An entry point that loads a module, or fails to."""

    def __init__(self, name: str, distribution: str, loaded: object) -> None:
        self.name, self.dist, self._loaded = name, Distribution(distribution), loaded

    def load(self) -> object:
        if isinstance(self._loaded, Exception):
            raise self._loaded
        return self._loaded


def install(monkeypatch: pytest.MonkeyPatch, *points: Point) -> None:
    own = [point for point in entry_points(group="crmcore") if point.dist is not None and point.dist.name == "crmcore"]
    monkeypatch.setattr("crmcore.plugins.registry.entry_points", lambda **_: [*points, *own])


def test_the_checks_of_crmcore_come_through_the_same_hook() -> None:
    installed = Registry.installed({"CRMCORE_PLUGINS": ""})
    assert [(one.name, one.distribution) for one in installed.plugins] == [("builtin", "crmcore")]
    assert installed.checks == CHECKS


def test_a_plugin_adds_its_checks_by_code(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, Point("example", "crmcore-example", plugin(check("EXA002"), check("EXA001"))))
    installed = Registry.installed({})
    assert [one.code for one in installed.checks if one.code.startswith("EXA")] == ["EXA001", "EXA002"]
    assert installed.added(installed.plugins[1]) == {"crmcore_checks": ("EXA001", "EXA002")}
    assert str(installed.plugins[1]) == "example (crmcore-example 1.0)"


@pytest.mark.parametrize(
    ("chosen", "names"),
    [
        ({}, ["builtin", "one", "two"]),
        ({"CRMCORE_PLUGINS": "two"}, ["builtin", "two"]),
        ({"CRMCORE_PLUGINS": ""}, ["builtin"]),
    ],
)
def test_the_environment_chooses_and_what_is_crmcores_own_is_always_there(
    monkeypatch: pytest.MonkeyPatch, chosen: dict[str, str], names: list[str]
) -> None:
    install(monkeypatch, Point("two", "b", plugin(check("TWO001"))), Point("one", "a", plugin(check("ONE001"))))
    assert [one.name for one in Registry.installed(chosen).plugins] == names


def test_a_plugin_that_cannot_be_imported_is_kept_with_its_reason_and_stops_nobody_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    failing = Point("bad", "bad-plugin", ImportError("no module named vendor"))
    install(monkeypatch, failing, Point("good", "good-plugin", plugin(check())))
    installed = Registry.installed({})
    assert [one.name for one in installed.plugins] == ["builtin", "good"]
    assert [(one.name, one.distribution, str(one.reason)) for one in installed.failures] == [
        ("bad", "bad-plugin", "ImportError: no module named vendor")
    ]


def test_two_plugins_that_add_one_code_are_both_named() -> None:
    both = Registry()
    both.register(plugin(check()), name="one", distribution="first-dist", version="1")
    both.register(plugin(check()), name="two", distribution="second", version="2")
    with pytest.raises(DuplicatePlugin, match=r"check EXA001 is added by one \(first-dist 1\) and by two \(second 2\)"):
        _ = both.checks
    assert dict(both.observers) == {}


def test_a_name_can_be_taken_once() -> None:
    both = Registry()
    both.register(plugin(check()), name="one")
    with pytest.raises(DuplicatePlugin, match="the plugin one is added by"):
        both.register(plugin(check("TWO001")), name="one")


def test_a_misspelt_hook_is_refused_with_the_hooks_that_there_are() -> None:
    @hookimpl
    def crmcore_cheks() -> Iterable[Check]:
        return ()

    registry_ = Registry()
    with pytest.raises(InvalidPlugin, match=r"crmcore_cheks.*the hooks are crmcore_checks, crmcore_storages"):
        registry_.register(types.SimpleNamespace(crmcore_cheks=crmcore_cheks), name="typo")
    registry_.register(plugin(check()), name="fine")


def test_the_letters_of_crmcores_own_checks_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, Point("greedy", "greedy", plugin(check("COV999"))))
    (failure,) = Registry.installed({}).failures
    assert "the letters COV of COV999 are crmcore's own" in failure.reason


def test_a_function_of_a_hooks_name_without_the_mark_is_refused() -> None:
    unmarked = types.SimpleNamespace(crmcore_checks=lambda: ())
    with pytest.raises(InvalidPlugin, match="its function crmcore_checks is not marked with hookimpl"):
        Registry().register(unmarked, name="unmarked")


def test_a_plugin_of_another_contract_is_refused_in_a_sentence() -> None:
    later = plugin(check(), CRMCORE_CONTRACT=CONTRACT + 1)
    with pytest.raises(
        InvalidPlugin, match=f"written for version {CONTRACT + 1} of the hooks, this crmcore has {CONTRACT}"
    ):
        Registry().register(later, name="later")


def test_a_check_that_stops_is_named_with_its_plugin() -> None:
    mine = Registry()
    mine.register(plugin(check(run=broken)), name="mine", distribution="my-plugin", version="3")
    with pytest.raises(PluginFailed, match=r"check EXA001 of mine \(my-plugin 3\) stopped: ZeroDivisionError"):
        Organization("company").check(checks=mine.checks)


def test_what_is_installed_really_is_found_by_its_entry_point() -> None:
    points = {point.name: point for point in entry_points(group="crmcore")}
    assert isinstance(points["builtin"], EntryPoint)
    assert Registry.installed({"CRMCORE_PLUGINS": "builtin"}).failures == ()


def test_what_lies_beside_us_is_loaded_without_any_library_that_we_do_not_load_ourselves() -> None:
    """Whoever asks for help does not wait for databases, mail and statistics."""
    code = (
        "import sys; from crmcore.plugins import Registry; import crmcore.cli.commands;"
        "roots = lambda: {name.partition('.')[0] for name in sys.modules} - set(sys.stdlib_module_names);"
        "before = roots(); registry = Registry.installed({}); registry.commands;"
        "own = {plugin.distribution.replace('-', '_') for plugin in registry.plugins};"
        "print(sorted(name for name in roots() - before - own if not name.startswith(('_', 'crmcore'))))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert result.stdout == "[]\n"


def test_all_that_lies_beside_us_is_loaded_and_nothing_is_at_odds() -> None:
    pytest.importorskip("crmcore_example", reason="install the plugins with `uv run --all-packages`")
    installed = Registry.installed({})
    assert installed.failures == ()
    assert {"builtin", "example", "sqlalchemy"} <= {plugin.name for plugin in installed.plugins}
    assert all(installed.added(plugin) for plugin in installed.plugins)
