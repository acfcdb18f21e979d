"""Doors from the organization to the rooms above it: who answers, the checks, the graph.

People ask an organization, not a module: `organization.who(...)`, `organization.check(...)`. The rooms above import
this one, so each door opens its room only when somebody goes through.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from os import PathLike

    import networkx

    from crmcore.checks import Check, Report
    from crmcore.organization.model import Organization, Record
    from crmcore.organization.space import Dimension
    from crmcore.responsibility import Question, Resolution, Responsibilities

__all__ = ["Doors"]


class Doors:
    """What an organization can be asked, and how it comes from files and goes there."""

    @classmethod
    def read(cls, path: "str | PathLike[str]") -> "Organization":
        """Read an organization from a file, or from a folder with `crmcore.yaml` and tables beside it.

        Args:
            path: a .yaml, .json or .toml file, or a folder.

        Raises:
            InvalidOrganization: with every fault of all files, each with its line and column.
        """
        from crmcore.organization.reading import read  # noqa: PLC0415 (a door opens when it is used)

        return read(Path(path))

    @classmethod
    def parse(cls, text: str, format: str = "yaml", file: str = "<text>") -> "Organization":  # noqa: A002
        """Read an organization from a text.

        Args:
            text: the text.
            format: yaml, json or toml.
            file: what to call the text in messages.

        Raises:
            InvalidOrganization: with every fault of the text, each with its line and column.
            ValueError: when there is no such format.
        """
        from crmcore.organization.reading import parse  # noqa: PLC0415 (a door opens when it is used)

        return parse(text, format, file)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Organization":
        """Read an organization from mappings, lists and values, as a JSON or YAML library gives them.

        Args:
            data: the tree of an organization file; dates may be text or `datetime.date`.

        Raises:
            InvalidOrganization: with every fault of the data, each with the path that leads to it.
        """
        from crmcore.organization.reading import from_data  # noqa: PLC0415 (a door opens when it is used)

        return from_data(data)

    def to_data(self) -> dict[str, Any]:
        """Return the organization as the tree of its file: mappings, lists and JSON's values, without the defaults."""
        from crmcore.organization.writing import to_data  # noqa: PLC0415 (a door opens when it is used)

        return to_data(cast("Organization", self))

    def write(self, path: "str | PathLike[str]") -> None:
        """Write the organization so that `read` gives an equal one.

        Args:
            path: a file that ends in .yaml, .json or .toml; anything else is a folder, which gets `crmcore.yaml` and a
                table for each long section. What the folder held under those names is replaced.

        Raises:
            OSError: when the file cannot be written.
        """
        from crmcore.organization.writing import write  # noqa: PLC0415 (a door opens when it is used)

        write(cast("Organization", self), Path(path))

    def with_(self, *records: "Record | Dimension", **values: Any) -> "Organization":
        """Return another organization: this one with more records, or with other values. This one stays as it is.

        Args:
            records: each is added at the end of its section; a record with the id of another takes its place.
            values: fields of the organization by name, such as `name` or `duties`.

        Raises:
            UnknownName: an organization has no field of that name.
            InvalidOrganization: the result breaks a rule of the file.
        """
        from crmcore.organization.editing import with_records  # noqa: PLC0415 (a door opens when it is used)

        return with_records(cast("Organization", self), records, values)

    def without(self, *records: "Record | Dimension") -> "Organization":
        """Return another organization: this one without some of its records. This one stays as it is.

        Args:
            records: what to leave out. Those that have an id are known by it, others by what they hold.

        Raises:
            UnknownName: the organization does not hold one of them.
        """
        from crmcore.organization.editing import without_records  # noqa: PLC0415 (a door opens when it is used)

        return without_records(cast("Organization", self), records)

    @cached_property
    def responsibilities(self) -> "Responsibilities":
        """The organization compiled for questions and proofs; made once, on first use."""
        from crmcore.responsibility import Responsibilities  # noqa: PLC0415 (a door opens when it is used)

        return Responsibilities(cast("Organization", self))

    def who(self, question: "Question") -> "Resolution":
        """Say who answers for one customer in contact, and why.

        Args:
            question: the touchpoint, the customer and the day.

        Raises:
            UnknownName: there is no such touchpoint.
            OutsideSpace: an attribute is missing, or has a value that does not exist.
            UncoveredTouchpoint: no duty covers this customer.
            VacantRole: the role that answers has no active holder.
        """
        return self.responsibilities.who(question)

    def check(
        self,
        *,
        on: date | None = None,
        until: date | None = None,
        select: Iterable[str] = (),
        ignore: Iterable[str] = (),
        without: Iterable[str] = (),
        progress: Callable[[str, float], Any] | None = None,
        checks: "Iterable[Check] | None" = None,
        load: Mapping[str, int] | None = None,
    ) -> "Report":
        """Prove the organization, over every possible customer, and report what does not hold.

        Args:
            on: the first day of the proof; None for today in the organization's timezone.
            until: the last day of the proof; None for the first day alone.
            select: codes, or beginnings of codes, of the checks to run; empty for all.
            ignore: codes, or beginnings of codes, of the checks to leave out.
            without: people to reckon with as if they had left.
            progress: called with what is being done and how much is done, from 0 to 1.
            checks: the checks to choose from, such as those of a `Registry` of plugins; None for crmcore's own.
            load: how many customers each person looks after, by their ids; None where nobody has counted them.

        Raises:
            UnknownName: a code or a person does not exist.
            EmptyWindow: the last day comes before the first.
        """
        from crmcore.checks import CHECKS, check  # noqa: PLC0415 (a door opens when it is used)

        organization = cast("Organization", self)
        return check(
            organization,
            on=on,
            until=until,
            select=select,
            ignore=ignore,
            without=without,
            progress=progress,
            checks=CHECKS if checks is None else tuple(checks),
            load=load,
        )

    def graph(self) -> "networkx.MultiDiGraph[Any]":
        """Return the organization as a networkx graph; `docs/reference/graph.md` lists its node and edge kinds."""
        from crmcore.responsibility import graph  # noqa: PLC0415 (a door opens when it is used)

        return graph(cast("Organization", self))
