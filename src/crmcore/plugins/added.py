"""What plugins add of one sort, by name, and what to do about a name that is not there."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from attrs import field, frozen

from crmcore.errors import CrmError, UnknownName, nearest
from crmcore.language import say
from crmcore.plugins.failures import LeftOut, NotInstalled, PluginFailed
from crmcore.plugins.loading import Failure, Plugin

__all__ = ["Added"]

Record = TypeVar("Record")
Default = TypeVar("Default")


@frozen(eq=False)
class Added(Mapping[str, Record]):
    """What plugins add of one sort, sorted by name.

    Attributes:
        called: what one of it is called, such as `storage`.
        records: what there is, by name.
        plugins: who added it, by name.
        failures: the plugins that could not be asked what they add.
        known: what to install for names that are not there.
        left_out: the names of plugins that are installed and not wanted, by their distributions.
    """

    called: str
    records: Mapping[str, Record] = field(factory=dict)
    plugins: Mapping[str, Plugin] = field(factory=dict)
    failures: tuple[Failure, ...] = ()
    known: Mapping[str, str] = field(factory=dict)
    left_out: Mapping[str, str] = field(factory=dict)

    def __getitem__(self, name: str) -> Record:
        """Return what has a name.

        Raises:
            PluginFailed: the plugin that would add it could not be loaded.
            NotInstalled: a distribution that is not installed would add it.
            LeftOut: a plugin would add it that CRMCORE_PLUGINS leaves out.
            UnknownName: there is none of that name.
        """
        if name not in self.records:
            raise self._missing(name)
        return self.records[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.records)

    def __len__(self) -> int:
        return len(self.records)

    def __contains__(self, name: object) -> bool:
        return name in self.records

    def get(self, name: str, default: Any = None) -> Any:
        """Return what has a name, or the default."""
        return self.records.get(name, default)

    def _missing(self, name: str) -> CrmError:
        wanted = self.known.get(name, "")
        distribution, near = wanted.partition("[")[0], nearest(name, (*self.records, *self.known))
        for failure in self.failures:
            its_own = name == failure.name or distribution == failure.distribution
            if its_own or (failure.hook and near is None):
                what = say("{kind} {name}", kind=self.called, name=name)
                return PluginFailed(str(failure), what, failure.reason)
        if distribution in self.left_out:
            return LeftOut(self.called, name, self.left_out[distribution])
        return NotInstalled(self.called, name, wanted) if wanted else UnknownName(self.called, name, near)
