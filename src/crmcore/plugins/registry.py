"""What is installed: plugins found by their entry points, each loaded on its own, and what they add, by name."""

import os
import re
from collections.abc import Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING, Any, Final

import pluggy

from crmcore.errors import UnknownName
from crmcore.language import listed, say
from crmcore.plugins import hookspecs
from crmcore.plugins.collecting import HOOKS, collected
from crmcore.plugins.failures import DuplicatePlugin, InvalidPlugin, PluginFailed
from crmcore.plugins.loading import OWN, Failure, Plugin

if TYPE_CHECKING:
    from crmcore.checks import Check
    from crmcore.customers import Assigner, Guard
    from crmcore.importing import Importer
    from crmcore.plugins.added import Added
    from crmcore.plugins.records import Channel, Command, Notifier, Observer, Scorer, Storage
    from crmcore.storage import Event, Kind

__all__ = ["GROUP", "Registry"]

GROUP: Final = "crmcore"
"""The group of the entry points of plugins."""

CHOICE: Final = "CRMCORE_PLUGINS"

_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9-]+)(\+[A-Za-z0-9_.-]+)?:")  # a drive of Windows has one letter


class Registry:
    """What plugins add. Whoever opens crmcore owns one; there is none for everybody.

    A plugin is asked what it adds when somebody first wants to know: a program that wants no storages asks nobody for
    them. Each is asked in a try of its own; one that fails is kept with its reason, and told to whoever asks for what
    it would have added.
    """

    def __init__(self) -> None:
        """Make an empty registry; `installed` makes one of what is installed."""
        self._manager = pluggy.PluginManager(GROUP)
        self._manager.add_hookspecs(hookspecs)
        self._plugins: dict[str, Plugin] = {}
        self._failures: list[Failure] = []
        self._left_out: dict[str, str] = {}
        self._added: dict[str, Added[Any]] = {}

    @classmethod
    def installed(cls, environment: Mapping[str, str] | None = None) -> "Registry":
        """Load the plugins that are installed, by name, each in its own try.

        Args:
            environment: where CRMCORE_PLUGINS may name the plugins to load, with commas between them; an empty text for
                none, absent for all. What crmcore brings itself is always loaded. None for that of the process.

        Raises:
            DuplicatePlugin: two plugins have one name.
        """
        environment = os.environ if environment is None else environment
        registry = cls()
        chosen = environment.get(CHOICE)
        names = None if chosen is None else {name.strip() for name in chosen.split(",")}
        for point in sorted(entry_points(group=GROUP), key=lambda one: (_distribution(one) != OWN, one.name)):
            if names is None or point.name in names or _distribution(point) == OWN:
                registry._load(point)
            else:
                registry._left_out[_distribution(point)] = point.name
        return registry

    def _load(self, point: EntryPoint) -> None:
        distribution = _distribution(point)
        version = point.dist.version if point.dist is not None else ""
        try:
            self.register(point.load(), name=point.name, distribution=distribution, version=version)
        except DuplicatePlugin:
            raise
        except InvalidPlugin as error:
            self._failures.append(Failure(point.name, distribution or point.name, error.reason))
        except Exception as error:
            reason = say("{kind}: {text}", kind=type(error).__name__, text=str(error))
            self._failures.append(Failure(point.name, distribution or point.name, reason))

    def register(self, plugin: object, *, name: str, distribution: str = "", version: str = "") -> Plugin:
        """Add a plugin: a module, or any object with functions that are marked with `hookimpl`.

        Args:
            plugin: it.
            name: what to call it.
            distribution: the distribution that it comes from; empty for one that a program brings along.
            version: of the distribution.

        Raises:
            InvalidPlugin: it does not keep the rules of the hooks.
            DuplicatePlugin: another plugin has the same name.
        """
        record = Plugin(name, distribution or name, version)
        if name in self._plugins:
            raise DuplicatePlugin(say("the plugin {name}", name=name), (str(self._plugins[name]), str(record)))
        _refuse_what_is_newer(plugin, record)
        _refuse_unmarked(plugin, record)
        try:
            self._manager.register(plugin, name)
            self._manager.check_pending()
        except pluggy.PluginValidationError as error:
            self._manager.unregister(plugin)
            reason = say("{problem}; the hooks are {known}", problem=str(error), known=listed(HOOKS))
            raise InvalidPlugin(str(record), reason) from None
        self._plugins[name] = record
        self._added.clear()
        return record

    @property
    def plugins(self) -> tuple[Plugin, ...]:
        """The plugins that are loaded, by name."""
        return tuple(sorted(self._plugins.values(), key=lambda plugin: plugin.name))

    @property
    def failures(self) -> tuple[Failure, ...]:
        """The plugins that could not be loaded, and the hooks that failed, by name. Every plugin is asked for all."""
        of_hooks = (failure for name in HOOKS for failure in self._of(name).failures if failure.hook)
        return tuple(sorted((*self._failures, *of_hooks), key=lambda failure: failure.name))

    def failed(self, hook: str) -> tuple[Failure, ...]:
        """Return the plugins that could not be asked what they add by one hook: what they would have added is missing.

        Args:
            hook: its name, such as `crmcore_checks`.
        """
        return self._of(hook).failures

    def added(self, plugin: Plugin) -> Mapping[str, tuple[str, ...]]:
        """Return the names of all that a plugin adds, by hook; hooks by which it adds nothing are left out."""
        names = {
            hook: tuple(name for name in self._of(hook) if self._of(hook).plugins[name] == plugin) for hook in HOOKS
        }
        return {hook: some for hook, some in names.items() if some}

    @property
    def checks(self) -> "tuple[Check, ...]":
        """All checks, by code. One of another distribution that stops with an error is named by it."""
        return tuple(self._of("crmcore_checks").values())

    @property
    def storages(self) -> "Mapping[str, Storage]":
        """All storages, by the scheme of their URLs."""
        return self._of("crmcore_storages")

    @property
    def kinds(self) -> "Mapping[str, Kind]":
        """The kinds of records that plugins add, by name."""
        return self._of("crmcore_kinds")

    @property
    def assigners(self) -> "Mapping[str, Assigner]":
        """All rules by which one of a pool is chosen for a customer, by name."""
        return self._of("crmcore_assigners")

    @property
    def guards(self) -> "Mapping[str, Guard]":
        """All guards of transitions, by name."""
        return self._of("crmcore_guards")

    @property
    def importers(self) -> "Mapping[str, Importer]":
        """All importers, by the name of their format."""
        return self._of("crmcore_importers")

    @property
    def commands(self) -> "Mapping[str, Command]":
        """All commands of the command line, by name."""
        return self._of("crmcore_commands")

    @property
    def channels(self) -> "Mapping[str, Channel]":
        """All channels, by name."""
        return self._of("crmcore_channels")

    @property
    def notifiers(self) -> "Mapping[str, Notifier]":
        """All notifiers, by name."""
        return self._of("crmcore_notifiers")

    @property
    def observers(self) -> "Mapping[str, Observer]":
        """All observers, by name."""
        return self._of("crmcore_observers")

    @property
    def scorers(self) -> "Mapping[str, Scorer]":
        """All scorers, by name."""
        return self._of("crmcore_scorers")

    def storage_of(self, url: str) -> "Storage":
        """Return the storage for a URL, by its scheme.

        Args:
            url: such as `sqlite:///crm.db` or `memory:`; a driver behind the scheme (`postgresql+psycopg:`) is the
                storage's own affair.

        Raises:
            UnknownName: there is no storage for the scheme, or the URL has none.
            NotInstalled: a distribution that is not installed has it.
            LeftOut: CRMCORE_PLUGINS leaves out the plugin that has it.
            PluginFailed: the plugin that has it could not be loaded.
        """
        scheme = _SCHEME.match(url)
        if scheme is None:
            raise UnknownName(say("storage"), url, f"sqlite:///{url}")
        return self.storages[scheme[1].lower()]

    def observe(self, event: "Event") -> tuple[PluginFailed, ...]:
        """Tell every observer that wants it of an event that was committed, one after another, by name.

        Returns:
            What stopped one of them; the others were told all the same.
        """
        failures = []
        for name, observer in self.observers.items():
            if not observer.events or event.name in observer.events:
                try:
                    observer.observe(event)
                except PluginFailed as error:
                    failures.append(error)
                except Exception as error:
                    plugin = str(self._of("crmcore_observers").plugins[name])
                    what = say("{kind} {name}", kind=say("observer"), name=name)
                    failures.append(PluginFailed(plugin, what, f"{type(error).__name__}: {error}"))
        return tuple(failures)

    def _of(self, hook: str) -> "Added[Any]":
        if hook not in self._added:
            found = getattr(self._manager.hook, hook).get_hookimpls()
            implementations = [(self._plugins[one.plugin_name], one.function) for one in found]
            implementations.sort(key=lambda one: (not one[0].own, one[0].name))
            self._added[hook] = collected(hook, implementations, self._failures, self._left_out)
        return self._added[hook]


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


def _refuse_unmarked(plugin: object, record: Plugin) -> None:
    for name in HOOKS:
        function = getattr(plugin, name, None)
        if function is not None and not hasattr(function, "crmcore_impl"):
            raise InvalidPlugin(str(record), say("its function {name} is not marked with hookimpl", name=name))
