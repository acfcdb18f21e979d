"""Plugins: what other distributions add to crmcore, through the same hooks as crmcore itself."""

from crmcore.plugins.failures import DuplicatePlugin, InvalidPlugin, LeftOut, NotInstalled, PluginFailed
from crmcore.plugins.hookspecs import CONTRACT, hookimpl
from crmcore.plugins.loading import Failure, Plugin
from crmcore.plugins.records import Channel, Command, Notifier, Observer, Scorer, Storage
from crmcore.plugins.registry import Registry

__all__ = [
    "CONTRACT",
    "Channel",
    "Command",
    "DuplicatePlugin",
    "Failure",
    "InvalidPlugin",
    "LeftOut",
    "NotInstalled",
    "Notifier",
    "Observer",
    "Plugin",
    "PluginFailed",
    "Registry",
    "Scorer",
    "Storage",
    "hookimpl",
]
