"""Where things stand in a RACI matrix: roles over letters, duties over roles, or as crmcore wrote it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final

from attrs import field, frozen

from crmcore.organization.model import DutyKind
from crmcore.organization.raci.headings import FIXED_HEADINGS, Column, column_of
from crmcore.organization.raci.letters import Vocabulary, vocabulary_of
from crmcore.organization.raci.views import View
from crmcore.organization.spreadsheets import Grid

__all__ = ["Layout", "layout_of", "looks_like_raci"]

_FARTHEST_HEADING: Final = 60
_SAMPLE: Final = 2_000
_SCOPED: Final[Mapping[int, Column]] = {2: "conditions", 3: "priority", 4: "from", 5: "to"}


@frozen
class Layout:
    """Where things stand in a matrix. Rows and columns count from 0.

    Attributes:
        heading: the row that names the columns.
        touchpoint: the column of the touchpoints.
        roles: the columns of the roles, in a matrix with letters in its cells.
        duties: the columns of the duties, in a matrix with roles in its cells.
        others: what the other columns are that have a name.
        fixed: whether crmcore wrote the matrix: ids stand in it.
        vocabulary: what words mean in it.
    """

    heading: int
    touchpoint: int
    roles: tuple[int, ...] = ()
    duties: Mapping[int, DutyKind] = field(factory=dict)
    others: Mapping[int, Column] = field(factory=dict)
    fixed: bool = False
    vocabulary: Vocabulary = field(factory=Vocabulary, eq=False)

    def column(self, wanted: Column) -> int | None:
        """Return the column of something; None when there is none."""
        return next((column for column, what in self.others.items() if what == wanted), None)


def looks_like_raci(grid: Grid) -> bool:
    """Whether a grid holds a RACI matrix."""
    return layout_of(View.of(grid)) is not None


def layout_of(view: View) -> Layout | None:
    """Return where things stand; None when the grid is no RACI matrix."""
    sample = range(min(view.height, _SAMPLE))
    words = vocabulary_of({text for row in sample for _, text in view.row(row)})
    headings = list(islice(_filled(view), _FARTHEST_HEADING))
    return (
        _fixed(view, headings, words) or _duties_on_top(view, headings, words) or _roles_on_top(view, headings, words)
    )


def _filled(view: View) -> Iterator[int]:
    return (row for row in range(view.height) if any(view.grid.rows[row]))


def _fixed(view: View, headings: Sequence[int], words: Vocabulary) -> Layout | None:
    """Recognize a matrix that crmcore wrote by its first headings."""
    for row in headings[:2]:
        cells = tuple(view.grid.rows[row])
        for fixed in FIXED_HEADINGS.values():
            if cells[:2] == fixed[:2]:
                scoped = cells[: len(fixed)] == fixed
                roles = tuple(range(len(fixed) if scoped else 2, len(cells)))
                return Layout(row, 0, roles, others=_SCOPED if scoped else {}, fixed=True, vocabulary=words)
    return None


def _duties_on_top(view: View, headings: Sequence[int], words: Vocabulary) -> Layout | None:
    """Recognize a matrix whose columns are duties, with roles in their cells."""
    for row in headings:
        kinds = {column: words.column(text) for column, text in view.row(row)}
        duties = {
            column: kind
            for column, kind in kinds.items()
            if kind is not None and _names_below(view, row, column, words)
        }
        if len(set(duties.values())) < 2:
            continue
        others = _others(view, row, (column for column in kinds if column not in duties))
        touchpoint = _touchpoint(view, row, min(duties), others)
        if touchpoint is not None:
            return Layout(row, touchpoint, duties=duties, others=others, vocabulary=words)
    return None


def _roles_on_top(view: View, headings: Sequence[int], words: Vocabulary) -> Layout | None:
    """Recognize a matrix whose columns are roles, with letters in their cells."""
    lettered = _lettered(view, words)
    best: tuple[int, int] | None = None
    for row in headings:
        above = [column for column, text in view.row(row) if column in lettered and words.duties(text) is None]
        if best is not None and _is_data(view, row, lettered, words):
            break
        above = [column for column in above if column_of(view.at(row, column)) is None]
        names = len({view.at(row, column) for column in above})
        if names and (best is None or names >= best[0]):
            best = names, row
    return None if best is None else _with_roles(view, best[1], lettered, words)


def _with_roles(view: View, row: int, lettered: set[int], words: Vocabulary) -> Layout | None:
    others = _others(view, row, range(view.grid.width))
    first = min((column for column in lettered if column not in others and view.at(row, column)), default=None)
    if first is None:
        return None
    touchpoint = _touchpoint(view, row, first, others)
    if touchpoint is None:
        return None
    last = max(column for column in lettered if column not in others and view.at(row, column))
    roles = [
        column
        for column, _ in view.row(row)
        if column > touchpoint
        and column >= first
        and column not in others
        and (column <= last or column in lettered or not _anything_below(view, row, column))
    ]
    return Layout(row, touchpoint, tuple(roles), others=others, vocabulary=words)


def _lettered(view: View, words: Vocabulary) -> set[int]:
    """Return the columns in which at least as many cells hold letters as other texts, heads apart."""
    letters: dict[int, int] = {}
    texts: dict[int, int] = {}
    for _, column, text in islice(view.grid.filled(), _SAMPLE * 50):
        known = words.duties(text.split("[")[0])
        if known:
            letters[column] = letters.get(column, 0) + 1
        elif known is None:
            texts[column] = texts.get(column, 0) + 1
    return {column for column, count in letters.items() if count >= texts.get(column, 0) - 3}


def _is_data(view: View, row: int, lettered: set[int], words: Vocabulary) -> bool:
    """Whether a row says duties: most of what stands in its lettered columns does, and a name stands before them."""
    cells = [(column, text) for column, text in view.row(row) if column in lettered]
    said = sum(1 for _, text in cells if words.duties(text.split("[")[0]))
    if not said or said * 2 < len(cells):
        return False
    return any(column < cells[0][0] and words.duties(text) is None for column, text in view.row(row))


def _others(view: View, row: int, columns: Iterable[int]) -> dict[int, Column]:
    """Return the columns whose heads are none of roles or duties, each kind once."""
    found: dict[int, Column] = {}
    for column in columns:
        what = _what(view, row, column)
        if what is not None and what != "touchpoint":
            found[column] = "aside" if what in found.values() else what
    return found


def _what(view: View, row: int, column: int) -> Column | None:
    """Return what a column is by its head, or by what stands over an empty head."""
    return column_of(view.at(row, column) or view.at(row - 1, column))


def _touchpoint(view: View, row: int, first: int, others: dict[int, Column]) -> int | None:
    """Return the column of the touchpoints, left of the first role or duty; name what else is left of it."""
    left = [column for column in range(first) if column not in others and _anything_below(view, row, column)]
    named = [column for column in left if _what(view, row, column) == "touchpoint"]
    chosen = named or left[-1:]
    if not chosen:
        return None
    touchpoint = chosen[-1]
    before = [column for column in left if column < touchpoint]
    if before and "stage" not in others.values():
        others[before[-1]] = "stage"
    for column in left:
        if column != touchpoint:
            others.setdefault(column, "aside")
    return touchpoint


def _below(view: View, row: int, column: int) -> Iterator[str]:
    for index in range(row + 1, min(view.height, row + _SAMPLE)):
        if column < len(view.grid.rows[index]) and view.grid.rows[index][column]:
            yield view.grid.rows[index][column]


def _anything_below(view: View, row: int, column: int) -> bool:
    return any(_below(view, row, column))


def _names_below(view: View, row: int, column: int, words: Vocabulary) -> bool:
    """Whether most of what stands below a head are names rather than letters."""
    texts = [text for text in _below(view, row, column) if words.duties(text) != ()]
    return sum(words.duties(text) is None for text in texts) * 2 > len(texts)
