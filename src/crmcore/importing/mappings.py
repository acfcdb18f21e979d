"""Which column of a file goes where, and what is done to its values on the way."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from attrs import evolve, field, frozen

from crmcore.importing.formats import Format
from crmcore.importing.layouts import GUESS, Layout
from crmcore.importing.targets import Target
from crmcore.language import Phrase, listed, say

__all__ = ["ColumnMapping", "Difference", "Route"]

_NO_VALUES: Final[Mapping[str, str]] = {}


@frozen
class Route:
    """How one field of the target gets its value.

    Attributes:
        to: the field.
        columns: the columns that its value comes from; several are joined, as far as they hold something.
        between: what stands between joined columns.
        first: whether the first of the columns that holds something is taken, instead of joining them.
        split: what cuts the text of a column into parts; empty where it is taken whole.
        part: which part is taken, from 1; from the end when it is negative; 0 for every part, each a value of its own,
            where the field can have several.
        format: how the values are written; None as the field of the target says.
        values: what is read in place of some texts, such as the id of a label.
        constant: the value of every row; then there are no columns.
        default: the value of rows that hold none.
        because: why the mapping was guessed so: a phrase; empty where somebody said it.
    """

    to: str
    columns: tuple[str, ...] = field(default=(), converter=tuple[str, ...])
    between: str = field(default=" ", kw_only=True)
    first: bool = field(default=False, kw_only=True)
    split: str = field(default="", kw_only=True)
    part: int = field(default=1, kw_only=True)
    format: Format | None = field(default=None, kw_only=True)
    values: Mapping[str, str] = field(default=_NO_VALUES, kw_only=True)
    constant: str = field(default="", kw_only=True)
    default: str = field(default="", kw_only=True)
    because: str = field(default="", kw_only=True, eq=False)

    def line(self) -> Phrase:
        """Return it as people read it."""
        if not self.columns:
            return say("{field} is {value} in every row", field=self.to, value=repr(self.constant))
        columns = listed(self.columns)
        if not self.because:
            return say("{field} comes from {columns}", field=self.to, columns=columns)
        return say("{field} comes from {columns} ({because})", field=self.to, columns=columns, because=self.because)


@frozen
class Difference:
    """How a file differs from the one that a mapping was made for.

    Attributes:
        missing: columns that the mapping needs and the file has not.
        new: columns that the file has and the mapping does not know.
        absent: columns that were left aside and are not there any more.
    """

    missing: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()

    def lines(self) -> Iterator[Phrase]:
        """Yield what differs, as people read it."""
        if self.missing:
            yield say("the file has no column {columns}, which the mapping needs", columns=listed(self.missing))
        if self.new:
            yield say(
                "the mapping does not know these columns, which are left aside: {columns}", columns=listed(self.new)
            )
        if self.absent:
            yield say("these columns, which were left aside, are gone: {columns}", columns=listed(self.absent))


@frozen
class ColumnMapping:
    """Which column of a file goes where.

    Attributes:
        target: the name of what the file is imported into.
        routes: how fields get their values.
        aside: the columns that go nowhere.
        layout: how the file is laid out.
    """

    target: str
    routes: tuple[Route, ...] = field(default=(), converter=tuple[Route, ...])
    aside: tuple[str, ...] = field(default=(), converter=tuple[str, ...])
    layout: Layout = GUESS

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that goes somewhere."""
        return tuple(dict.fromkeys(column for route in self.routes for column in route.columns))

    def with_routes(self, routes: Iterable[Route]) -> "ColumnMapping":
        """Return it with other routes in place of those to the same fields; what they take is not aside any more.

        Args:
            routes: them; one without columns and constant leaves its field empty.
        """
        given = tuple(routes)
        fields = {route.to for route in given}
        added = [route for route in given if route.columns or route.constant]
        kept = [route for route in self.routes if route.to not in fields]
        used = {column for route in (*kept, *added) for column in route.columns}
        freed = [column for column in self.columns if column not in used]
        aside = [column for column in dict.fromkeys((*self.aside, *freed)) if column not in used]
        return evolve(self, routes=(*kept, *added), aside=tuple(aside))

    def difference(self, columns: Iterable[str]) -> Difference:
        """Return how a file differs from the one that this was made for.

        Args:
            columns: the columns of the file.
        """
        there = dict.fromkeys(columns)
        used = dict.fromkeys(self.columns)
        return Difference(
            tuple(column for column in used if column not in there),
            tuple(column for column in there if column not in used and column not in self.aside),
            tuple(column for column in self.aside if column not in there),
        )

    def unserved(self, target: Target) -> tuple[str, ...]:
        """Return the fields that every row needs, and that nothing goes to."""
        served = {route.to for route in self.routes}
        return tuple(one.name for one in target.fields if one.required and one.name not in served)

    def lines(self) -> Iterator[Phrase]:
        """Yield it as people read it, a phrase a line."""
        for route in self.routes:
            yield route.line()
        if self.aside:
            yield say("left aside: {columns}", columns=listed(self.aside))
