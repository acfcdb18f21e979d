"""What came of each plugin that was found: it is loaded, or it failed."""

from typing import Final

from attrs import frozen

__all__ = ["OWN", "Failure", "Plugin"]

OWN: Final = "crmcore"
"""The distribution whose plugins are always there."""


@frozen
class Plugin:
    """A plugin that is loaded.

    Attributes:
        name: the name of its entry point.
        distribution: the distribution that it comes from.
        version: of the distribution.
    """

    name: str
    distribution: str
    version: str

    @property
    def own(self) -> bool:
        """Whether it is a part of crmcore."""
        return self.distribution == OWN

    def __str__(self) -> str:
        return f"{self.name} ({self.distribution} {self.version})"


@frozen
class Failure:
    """A plugin that could not be loaded, or one of its hooks that failed.

    Attributes:
        name: the name of its entry point.
        distribution: the distribution that it comes from.
        reason: why, in a sentence.
        hook: the hook that failed; empty where the whole plugin could not be loaded.
    """

    name: str
    distribution: str
    reason: str
    hook: str = ""

    def __str__(self) -> str:
        return f"{self.name} ({self.distribution})"
