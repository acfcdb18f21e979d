"""What can go wrong with plugins: a class for each thing that a user can do about it."""

from typing import ClassVar

from crmcore.errors import CrmError, UnknownName
from crmcore.language import say, told

__all__ = ["DuplicatePlugin", "InvalidPlugin", "LeftOut", "NotInstalled", "PluginFailed"]


class InvalidPlugin(CrmError):
    """A plugin does not keep the rules of the hooks. Its author has to mend it; until then, leave it out.

    Attributes:
        plugin: its name, and the distribution that it comes from.
        reason: which rule, in a sentence.
    """

    code: ClassVar[str] = "invalid-plugin"

    def __init__(self, plugin: str, reason: str) -> None:
        self.plugin = plugin
        self.reason = reason
        super().__init__(plugin, reason)

    def __str__(self) -> str:
        return told(say("the plugin {plugin} cannot be used: {reason}", plugin=self.plugin, reason=self.reason))


class DuplicatePlugin(CrmError):
    """Two plugins add something of one name. Uninstall one of them, or choose with CRMCORE_PLUGINS.

    Attributes:
        what: what both add, such as `check EXA001`.
        plugins: the two plugins, each with its distribution.
    """

    code: ClassVar[str] = "duplicate-plugin"

    def __init__(self, what: str, plugins: tuple[str, str]) -> None:
        self.what = what
        self.plugins = plugins
        super().__init__(what, plugins)

    def __str__(self) -> str:
        one, other = self.plugins
        return told(
            say(
                "{what} is added by {one} and by {other}: uninstall one of them, or choose with CRMCORE_PLUGINS",
                what=self.what,
                one=one,
                other=other,
            )
        )


class PluginFailed(CrmError):
    """Something that a plugin added stopped with an error of its own. Tell its author, or leave the plugin out.

    Attributes:
        plugin: its name, and the distribution that it comes from.
        what: what stopped, such as `check EXA001`.
        reason: the error.
    """

    code: ClassVar[str] = "plugin-failed"

    def __init__(self, plugin: str, what: str, reason: str) -> None:
        self.plugin = plugin
        self.what = what
        self.reason = reason
        super().__init__(plugin, what, reason)

    def __str__(self) -> str:
        return told(say("{what} of {plugin} stopped: {reason}", what=self.what, plugin=self.plugin, reason=self.reason))


class NotInstalled(UnknownName):
    """Something is asked for that a distribution would add which is not installed. Install it.

    Attributes:
        kind: what it is, such as `storage`.
        name: what was asked for.
        distribution: what to install, with the extras that it needs.
    """

    code: ClassVar[str] = "not-installed"

    def __init__(self, kind: str, name: str, distribution: str) -> None:
        super().__init__(kind, name)
        self.distribution = distribution
        self.args = (kind, name, distribution)

    def __str__(self) -> str:
        return told(
            say(
                "the {kind} {name} is not installed: pip install '{distribution}'",
                kind=self.kind,
                name=self.name,
                distribution=self.distribution,
            )
        )


class LeftOut(UnknownName):
    """Something is asked for that a plugin adds which is installed, and which CRMCORE_PLUGINS leaves out. Choose it.

    Attributes:
        kind: what it is, such as `storage`.
        name: what was asked for.
        plugin: the name of the plugin.
    """

    code: ClassVar[str] = "left-out"

    def __init__(self, kind: str, name: str, plugin: str) -> None:
        super().__init__(kind, name)
        self.plugin = plugin
        self.args = (kind, name, plugin)

    def __str__(self) -> str:
        return told(
            say(
                "the {kind} {name} comes with the plugin {plugin}, which CRMCORE_PLUGINS leaves out",
                kind=self.kind,
                name=self.name,
                plugin=self.plugin,
            )
        )
