"""Plugins: what other distributions add to crmcore, through the same hooks as crmcore itself."""

from crmcore.plugins.failures import DuplicatePlugin, InvalidPlugin, PluginFailed
from crmcore.plugins.hookspecs import CONTRACT, hookimpl
from crmcore.plugins.registry import Failure, Plugin, Registry

__all__ = [
    "CONTRACT",
    "DuplicatePlugin",
    "Failure",
    "InvalidPlugin",
    "Plugin",
    "PluginFailed",
    "Registry",
    "hookimpl",
]
