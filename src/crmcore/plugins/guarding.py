"""What a plugin brought is called in a guard of its own: what stops it is told with the plugin's name."""

from collections.abc import Callable, Iterator
from typing import Any

from attrs import frozen

from crmcore.errors import CrmError
from crmcore.plugins.failures import PluginFailed

__all__ = ["Guarded", "GuardedIterator"]


@frozen
class Guarded:
    """A function of a plugin. What crmcore knows how to tell passes; anything else is a `PluginFailed`.

    Attributes:
        function: what is called.
        plugin: the plugin, and the distribution that it comes from.
        what: what it is, such as `storage sqlite`.
    """

    function: Callable[..., Any]
    plugin: str
    what: str

    def __call__(self, *arguments: Any) -> Any:
        """Call it."""
        try:
            return self.function(*arguments)
        except CrmError:
            raise
        except Exception as error:
            raise self._failed(error) from error

    def _failed(self, error: Exception) -> PluginFailed:
        return PluginFailed(self.plugin, self.what, f"{type(error).__name__}: {error}")


@frozen
class GuardedIterator(Guarded):
    """A function of a plugin that yields. It runs on what is there, so that any error is one of its own."""

    def __call__(self, *arguments: Any) -> Iterator[Any]:
        """Go through what it yields."""
        try:
            yield from self.function(*arguments)
        except Exception as error:
            raise self._failed(error) from error
