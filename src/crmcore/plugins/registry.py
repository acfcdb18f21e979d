"""What is installed: plugins found by their entry points, each loaded on its own, and what they add, by name."""

import os
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING, Final

import pluggy
from attrs import evolve, field, frozen

from crmcore.language import say
from crmcore.plugins import hookspecs
from crmcore.plugins.failures import DuplicatePlugin, InvalidPlugin, PluginFailed

if TYPE_CHECKING:
    from crmcore.checks import Check, Context, Problem

__all__ = ["GROUP", "OWN", "Failure", "Plugin", "Registry"]

GROUP: Final = "crmcore"
"""The group of the entry points of plugins."""

OWN: Final = "crmcore"
"""The distribution whose plugins are always there."""

CHOICE: Final = "CRMCORE_PLUGINS"


@frozen
class Plugin:
    """A plugin that is loaded.

    Attributes:
        name: the name of its entry point.
        distribution: the distribution that it comes from.
        version: of the distribution.
        checks: the codes of the checks that it adds.
    """

    name: str
    distribution: str
    version: str
    checks: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.name} ({self.distribution} {self.version})"


@frozen
class Failure:
    """A plugin that could not be loaded.

    Attributes:
        name: the name of its entry point.
        distribution: the distribution that it comes from.
        reason: why, in a sentence.
    """

    name: str
    distribution: str
    reason: str


class Registry:
    """What plugins add. Whoever opens crmcore owns one; there is none for everybody."""

    def __init__(self) -> None:
        """Make an empty registry; `installed` makes one of what is installed."""
        self._manager = pluggy.PluginManager(GROUP)
        self._manager.add_hookspecs(hookspecs)
        self._plugins: dict[str, Plugin] = {}
        self._checks: dict[str, tuple[Check, Plugin]] = {}
        self._failures: list[Failure] = []

    @classmethod
    def installed(cls, environment: Mapping[str, str] | None = None) -> "Registry":
        """Load the plugins that are installed, by name, each in its own try.

        Args:
            environment: where CRMCORE_PLUGINS may name the plugins to load, with commas between them; an empty text for
                none, absent for all. What crmcore brings itself is always loaded. None for that of the process.

        Raises:
            DuplicatePlugin: two plugins add something of one name.
        """
        environment = os.environ if environment is None else environment
        registry = cls()
        chosen = environment.get(CHOICE)
        names = None if chosen is None else {name.strip() for name in chosen.split(",")}
        for point in sorted(entry_points(group=GROUP), key=lambda one: (_distribution(one) != OWN, one.name)):
            if names is None or point.name in names or _distribution(point) == OWN:
                registry._load(point)
        return registry

    def _load(self, point: EntryPoint) -> None:
        distribution = _distribution(point)
        version = point.dist.version if point.dist is not None else ""
        try:
            self.register(point.load(), name=point.name, distribution=distribution, version=version)
        except DuplicatePlugin:
            raise
        except InvalidPlugin as error:
            self._failures.append(Failure(point.name, distribution, error.reason))
        except Exception as error:
            reason = say("{kind}: {text}", kind=type(error).__name__, text=str(error))
            self._failures.append(Failure(point.name, distribution, reason))

    def register(self, plugin: object, *, name: str, distribution: str = "", version: str = "") -> Plugin:
        """Add a plugin: a module, or any object with functions that are marked with `hookimpl`.

        Args:
            plugin: it.
            name: what to call it.
            distribution: the distribution that it comes from; empty for one that a program brings along.
            version: of the distribution.

        Raises:
            InvalidPlugin: it does not keep the rules of the hooks.
            DuplicatePlugin: another plugin adds something of the same name.
        """
        record = Plugin(name, distribution or name, version)
        if name in self._plugins:
            raise DuplicatePlugin(say("the plugin {name}", name=name), (str(self._plugins[name]), str(record)))
        _refuse_what_is_newer(plugin, record)
        self._manager.register(plugin, name)
        try:
            self._manager.check_pending()
            added = {check.code: check for check in self._checks_of(plugin, record)}
        except pluggy.PluginValidationError as error:
            self._manager.unregister(plugin)
            known = ", ".join(hookspecs.HOOKS)
            raise InvalidPlugin(
                str(record), say("{problem}; the hooks are {known}", problem=str(error), known=known)
            ) from None
        except Exception:
            self._manager.unregister(plugin)
            raise
        record = evolve(record, checks=tuple(sorted(added)))
        self._plugins[name] = record
        self._checks.update({code: (check, record) for code, check in added.items()})
        return record

    def _checks_of(self, plugin: object, record: Plugin) -> Iterator["Check"]:
        implementation = getattr(plugin, "crmcore_checks", None)
        for check in implementation() if implementation is not None else ():
            known = self._checks.get(check.code)
            if known is not None:
                raise DuplicatePlugin(say("check {code}", code=check.code), (str(known[1]), str(record)))
            family = check.code.rstrip("0123456789")
            if record.distribution != OWN and family in self._families:
                raise InvalidPlugin(
                    str(record), say("the letters {family} of {code} are crmcore's own", family=family, code=check.code)
                )
            yield check

    @property
    def _families(self) -> set[str]:
        """The letters of the codes that crmcore uses itself."""
        return {code.rstrip("0123456789") for code, (_, record) in self._checks.items() if record.distribution == OWN}

    @property
    def plugins(self) -> tuple[Plugin, ...]:
        """The plugins that are loaded, by name."""
        return tuple(sorted(self._plugins.values(), key=lambda plugin: plugin.name))

    @property
    def failures(self) -> tuple[Failure, ...]:
        """The plugins that could not be loaded, by name."""
        return tuple(sorted(self._failures, key=lambda failure: failure.name))

    @property
    def checks(self) -> "tuple[Check, ...]":
        """All checks, by code. One of another distribution that stops with an error is named by it."""
        checks = (_named(check, plugin) for check, plugin in self._checks.values())
        return tuple(sorted(checks, key=lambda check: check.code))


def _distribution(point: EntryPoint) -> str:
    return point.dist.name if point.dist is not None else ""


def _refuse_what_is_newer(plugin: object, record: Plugin) -> None:
    wanted = getattr(plugin, "CRMCORE_CONTRACT", hookspecs.CONTRACT)
    if wanted != hookspecs.CONTRACT:
        reason = say(
            "it is written for version {wanted} of the hooks, this crmcore has {own}: update the older of the two",
            wanted=wanted,
            own=hookspecs.CONTRACT,
        )
        raise InvalidPlugin(str(record), reason)


def _named(check: "Check", plugin: Plugin) -> "Check":
    return check if plugin.distribution == OWN else evolve(check, run=_Guarded(check, plugin))


@frozen
class _Guarded:
    """A check of a plugin: what stops it is told with its name."""

    check: "Check"
    plugin: Plugin = field()

    def __call__(self, context: "Context") -> "Iterable[Problem]":
        try:
            yield from self.check.run(context)
        except Exception as error:
            what = say("check {code}", code=self.check.code)
            raise PluginFailed(str(self.plugin), what, f"{type(error).__name__}: {error}") from error
