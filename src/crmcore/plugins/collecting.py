"""Going through what plugins add: each is asked on its own, and what it adds is held to the rules of the hook."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from attrs import evolve, frozen

from crmcore.language import Phrase, say
from crmcore.plugins.added import Added
from crmcore.plugins.failures import DuplicatePlugin, InvalidPlugin
from crmcore.plugins.guarding import Guarded, GuardedIterator
from crmcore.plugins.known import DISTRIBUTIONS
from crmcore.plugins.loading import Failure, Plugin

__all__ = ["HOOKS", "Hook", "collected"]


def _whole(name: str) -> str:
    return name


def _letters(code: str) -> str:
    return code.rstrip("0123456789")


@frozen
class Hook:
    """A hook, and how what it yields is dealt with.

    Attributes:
        yields: the class of its records.
        called: what one of them is called.
        many: what several are called.
        guarded: the attribute that is a function of the plugin, whose errors are told with its name; empty for none.
        guard: what calls that function.
        key: the attribute by which a record is known.
        taken: what of a name nobody else can have once crmcore has it.
    """

    yields: str
    called: Phrase
    many: Phrase
    guarded: str = ""
    guard: type[Guarded] = Guarded
    key: str = "name"
    taken: Callable[[str], str] = _whole


HOOKS: Final[Mapping[str, Hook]] = {
    "crmcore_checks": Hook(
        "Check", say("check"), say("checks"), "run", guard=GuardedIterator, key="code", taken=_letters
    ),
    "crmcore_storages": Hook("Storage", say("storage"), say("storages"), "open"),
    "crmcore_kinds": Hook("Kind", say("kind"), say("kinds")),
    "crmcore_commands": Hook("Command", say("command"), say("commands"), "load"),
    "crmcore_channels": Hook("Channel", say("channel"), say("channels"), "open"),
    "crmcore_notifiers": Hook("Notifier", say("notifier"), say("notifiers"), "open"),
    "crmcore_observers": Hook("Observer", say("observer"), say("observers"), "observe"),
    "crmcore_assigners": Hook("Assigner", say("assigner"), say("assigners"), "choose"),
    "crmcore_guards": Hook("Guard", say("guard"), say("guards"), "examine", guard=GuardedIterator),
    "crmcore_importers": Hook("Importer", say("importer"), say("importers"), "open"),
    "crmcore_scorers": Hook("Scorer", say("scorer"), say("scorers"), "find"),
}
"""The hooks by name: those of `crmcore.plugins.hookspecs`."""

_NOBODY: Final[Mapping[str, str]] = MappingProxyType({})

Implementation = tuple[Plugin, Callable[[], Iterable[Any]]]


def collected(
    name: str,
    implementations: Iterable[Implementation],
    failed: Iterable[Failure] = (),
    left_out: Mapping[str, str] = _NOBODY,
) -> Added[Any]:
    """Ask plugins what they add.

    Args:
        name: of the hook.
        implementations: the plugins that implement it, with their functions; those of crmcore first.
        failed: the plugins that could not be loaded.
        left_out: the names of plugins that are installed and not wanted, by their distributions.

    Raises:
        DuplicatePlugin: two plugins add something of one name.
    """
    hook = HOOKS[name]
    records: dict[str, Any] = {}
    plugins: dict[str, Plugin] = {}
    failures = list(failed)
    for plugin, implementation in implementations:
        own = {hook.taken(known) for known, one in plugins.items() if one.own}
        try:
            added = dict(_records(name, plugin, implementation(), own))
        except InvalidPlugin as error:
            failures.append(Failure(plugin.name, plugin.distribution, error.reason, name))
            continue
        except Exception as error:
            if plugin.own:  # a defect of ours: a proof without our checks would be none
                raise
            reason = say("{kind}: {text}", kind=type(error).__name__, text=str(error))
            failures.append(Failure(plugin.name, plugin.distribution, reason, name))
            continue
        for key, record in added.items():
            if key in records:
                raise DuplicatePlugin(_what(hook, key), (str(plugins[key]), str(plugin)))
            records[key], plugins[key] = record, plugin
    ordered = {key: records[key] for key in sorted(records)}
    return Added(hook.called, ordered, plugins, tuple(failures), DISTRIBUTIONS.get(name, _NOBODY), left_out)


def _records(name: str, plugin: Plugin, records: Iterable[Any], own: set[str]) -> Iterator[tuple[str, Any]]:
    """Yield what one plugin adds, by name.

    Raises:
        InvalidPlugin: it adds what the hook does not take, or what is crmcore's own.
    """
    hook, seen = HOOKS[name], set[str]()
    for record in records:
        if not any(one.__name__ == hook.yields for one in type(record).__mro__):
            found = type(record).__name__
            raise InvalidPlugin(
                str(plugin), say("{hook} yields {wanted}, not {found}", hook=name, wanted=hook.yields, found=found)
            )
        key = getattr(record, hook.key)
        if key in seen:
            raise InvalidPlugin(str(plugin), say("it adds {what} twice", what=_what(hook, key)))
        if not plugin.own and hook.taken(key) in own:
            raise InvalidPlugin(str(plugin), _taken(hook, key))
        seen.add(key)
        yield key, record if plugin.own else _guarded(hook, key, record, plugin)


def _what(hook: Hook, key: str) -> Phrase:
    return say("{kind} {name}", kind=hook.called, name=key)


def _taken(hook: Hook, key: str) -> Phrase:
    part = hook.taken(key)
    if part == key:
        return say("{what} is crmcore's own, and is not replaced: call yours otherwise", what=_what(hook, key))
    return say("the letters {family} of {code} are crmcore's own", family=part, code=key)


def _guarded(hook: Hook, key: str, record: Any, plugin: Plugin) -> Any:
    if not hook.guarded:
        return record
    function = getattr(record, hook.guarded)
    return evolve(record, **{hook.guarded: hook.guard(function, str(plugin), _what(hook, key))})
