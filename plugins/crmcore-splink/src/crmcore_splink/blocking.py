"""Which pairs Splink compares: those that share a value that few have, or two values that few have together."""

from collections.abc import Sequence
from itertools import combinations
from typing import Any, Final

from attrs import field, frozen
from splink import block_on

from crmcore_splink.tables import Column

__all__ = ["Blocks"]

_DECISIVE: Final = frozenset({"email", "phone", "identifier"})
_COMBINED: Final = frozenset({"name", "company", "born", "address", "more", "identifier"})
_A_RECORD: Final = 10  # pairs for each profile that a rule may bring
_FEW: Final = 5_000  # pairs that a rule may bring in any case
_TO_LEARN: Final = 50  # pairs from which something can be learned
_SESSIONS: Final = 4


@frozen
class Blocks:
    """The rules by which pairs of a table are compared, chosen by how many pairs they bring.

    Attributes:
        connection: to DuckDB.
        name: of the table.
        columns: of the table.
        count: of its rows.
    """

    connection: Any
    name: str
    columns: Sequence[Column]
    count: int
    _known: dict[tuple[str, ...], int] = field(factory=dict, init=False)

    def predicting(self) -> list[Any]:
        """Return the rules: by what is decisive, by what few share, and by two of the rest that few share together."""
        single = [each for each in self._single if each.family in _DECISIVE or self._few((each,))]
        rest = [each for each in self._single if each not in single and not each.many and each.family in _COMBINED]
        return [_rule(each) for each in (*((each,) for each in single), *filter(self._few, combinations(rest, 2)))]

    def training(self) -> list[Any]:
        """Return the rules from whose pairs Splink learns: each learns of all columns but its own."""
        useful = [column for column in self._single if _TO_LEARN <= self._pairs((column,)) <= self._most]
        useful.sort(key=lambda column: (column.family not in _DECISIVE, self._pairs((column,)), column.name))
        return [block_on(f"{each.name}[1]" if each.many else each.name) for each in useful[:_SESSIONS]]

    def expected(self, recall: float) -> float:
        """Return how likely two profiles chosen at random are one customer.

        Args:
            recall: the share of the duplicates that agree in what is decisive, above 0 to 1.
        """
        total = self.count * (self.count - 1) / 2
        seen = max((self._pairs((each,)) for each in self._single if each.family in _DECISIVE), default=0)
        return min(max(seen / recall, 1) / total, 0.5)

    @property
    def _single(self) -> list[Column]:
        return [column for column in self.columns if column.field != "parts"]

    @property
    def _most(self) -> int:
        return max(_A_RECORD * self.count, _FEW)

    def _few(self, several: Sequence[Column]) -> bool:
        return 0 < self._pairs(several) <= self._most

    def _pairs(self, several: Sequence[Column]) -> int:
        """Return how many pairs have the same values in some columns."""
        key = tuple(each.name for each in several)
        if key not in self._known:
            self._known[key] = self._counted(several)
        return self._known[key]

    def _counted(self, several: Sequence[Column]) -> int:
        names = [f"v{place}" for place in range(len(several))]
        values = ", ".join(
            f"{f'unnest({each.name})' if each.many else each.name} AS {name}"
            for each, name in zip(several, names, strict=True)
        )
        given = " AND ".join(f"{name} IS NOT NULL" for name in names)
        found = self.connection.sql(
            f"""
            SELECT coalesce(sum(members * (members - 1) // 2), 0)::BIGINT FROM (
                SELECT count(*) AS members FROM (SELECT {values} FROM {self.name})
                WHERE {given} GROUP BY {", ".join(names)}
            )
            """  # noqa: S608 (the names are our own)
        )
        return int(found.fetchall()[0][0])


def _rule(several: Sequence[Column]) -> Any:
    exploded = [column.name for column in several if column.many]
    return block_on(*(column.name for column in several), arrays_to_explode=exploded or None)
