"""How many customers on file sit in the parts of the space that findings are about.

The customers come as counts: one for each combination of what decides who answers, as a storage counts them in one
statement. Each box of a finding is then joined with all of them at once, by bitmasks over the combinations.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any, Final

from attrs import evolve, field, frozen

from crmcore.checks.findings import Finding, OnFile, Report, Severity
from crmcore.organization import STAGE, Organization
from crmcore.responsibility.axes import Axis
from crmcore.values import Interval

__all__ = ["attributes_of_customers", "with_customers"]

_UNKNOWN: Final = -1
"""The cell of a customer of whom an attribute is missing, or has a value that no customer can have."""


def attributes_of_customers(organization: Organization) -> tuple[str, ...]:
    """Return what is true of a customer for longer than one contact, and decides who answers: what is to be counted by.

    Attributes of a contact are not on file. A customer sits where any contact of theirs would.
    """
    names = [dimension.id for dimension in organization.dimensions if dimension.of == "customer"]
    return (*names, STAGE) if organization.stages else tuple(names)


def with_customers(report: Report, organization: Organization, counts: Mapping[tuple[Any, ...], int]) -> Report:
    """Return a report whose findings, and whose summary, tell how many customers on file they are about.

    A customer of whom an attribute is missing or unknown is counted where it makes no difference, and apart.

    Args:
        report: of a check of the organization.
        organization: the organization.
        counts: how many customers there are for each combination of values of `attributes_of_customers`; None for a
            value that is missing.
    """
    population = _Population.of(organization, counts)
    found = [(finding, population.within(finding)) for finding in report.findings]
    counted = [
        finding if members is None else evolve(finding, customers=population.count(members))
        for finding, members in found
    ]
    wrong = [members for finding, members in found if members is not None and finding.severity is Severity.ERROR]
    on_file = OnFile(
        total=sum(counts.values()),
        affected=population.count(reduce(or_, wrong, 0)),
        unplaced={
            name: missing
            for name, cells in population.cells.items()
            if (missing := population.count(cells.get(_UNKNOWN, 0)))
        },
    )
    return evolve(report, findings=tuple(counted), summary=evolve(report.summary, customers=on_file))


@frozen(slots=False)
class _Population:
    """Customers on file by the cells of the space that they sit in. A set of combinations is a mask, a bit for each.

    Attributes:
        axes: the axes of what is true of a customer, by their names.
        cells: for each of them and each of its cells the combinations that lie in it.
        planes: for each binary digit of a count the combinations whose count has it.
        everyone: all combinations.
    """

    axes: Mapping[str, Axis]
    cells: Mapping[str, Mapping[int, int]]
    planes: Sequence[int]
    everyone: int
    _masks: dict[tuple[str, str], int] = field(factory=dict, init=False)

    @classmethod
    def of(cls, organization: Organization, counts: Mapping[tuple[Any, ...], int]) -> "_Population":
        """Place customers in the space of an organization."""
        names = attributes_of_customers(organization)
        space = {axis.id: axis for axis in organization.responsibilities.space.axes}
        axes = {name: space[name] for name in names}
        placed: Counter[tuple[int, ...]] = Counter()
        known: dict[tuple[str, Any], int] = {}
        for values, count in counts.items():
            placed[tuple(_cell(axes[name], value, known) for name, value in zip(names, values, strict=True))] += count
        cells: dict[str, dict[int, _Members]] = {name: {} for name in names}
        planes = [
            _Members(len(placed)) for _ in range(max((count.bit_length() for count in placed.values()), default=0))
        ]
        for position, (where, count) in enumerate(placed.items()):
            for name, cell in zip(names, where, strict=True):
                if cell not in cells[name]:
                    cells[name][cell] = _Members(len(placed))
                cells[name][cell].add(position)
            for digit, plane in enumerate(planes):
                if count >> digit & 1:
                    plane.add(position)
        return cls(
            axes,
            {name: {cell: members.mask for cell, members in some.items()} for name, some in cells.items()},
            [plane.mask for plane in planes],
            (1 << len(placed)) - 1,
        )

    def within(self, finding: Finding) -> int | None:
        """Return the combinations that sit where a finding is about; None where it is not about the space."""
        if finding.box is None:
            return None
        members = self.everyone
        for name, values in finding.box.items():
            if name in self.axes:
                members &= self._in(name, values)
        return members

    def _in(self, name: str, values: Sequence[Any]) -> int:
        key = (name, repr(values))
        if key not in self._masks:
            mask = self.axes[name].mask(_selected(values))
            self._masks[key] = reduce(
                or_, (some for cell, some in self.cells[name].items() if cell != _UNKNOWN and mask >> cell & 1), 0
            )
        return self._masks[key]

    def count(self, members: int) -> int:
        """Return how many customers some combinations are."""
        return sum((members & plane).bit_count() << digit for digit, plane in enumerate(self.planes))


class _Members:
    """A set of combinations while it grows: a mask that is not copied for each of them."""

    def __init__(self, size: int) -> None:
        self._bits = bytearray((size + 7) // 8)

    def add(self, position: int) -> None:
        """Add a combination."""
        self._bits[position >> 3] |= 1 << (position & 7)

    @property
    def mask(self) -> int:
        """The set as a mask."""
        return int.from_bytes(self._bits, "little")


def _selected(values: Iterable[Any]) -> Iterator[Any]:
    """Yield what a box says of a dimension as a scope says it."""
    for value in values:
        yield Interval(*value) if isinstance(value, list | tuple) else value


def _cell(axis: Axis, value: Any, known: dict[tuple[str, Any], int]) -> int:
    key = (axis.id, value)
    if key not in known:
        cell = axis.cell(float(value) if isinstance(value, Decimal) else value)
        known[key] = _UNKNOWN if cell is None else cell
    return known[key]
