"""How Splink compares each column: the same kinds of agreement as crmcore's own comparison has."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import splink.comparison_level_library as levels
import splink.comparison_library as comparisons
from attrs import frozen

from crmcore.customers.duplicates import Agreement
from crmcore_splink.tables import Column

if TYPE_CHECKING:
    from splink.internals.comparison_level_creator import ComparisonLevelCreator

__all__ = ["MACROS", "Compared", "compared"]

MACROS: Final = (
    """CREATE MACRO crm_best(one, other) AS list_max(flatten(list_transform(one, lambda x:
        list_transform(other, lambda y: jaro_winkler_similarity(x, y)))))""",
    """CREATE MACRO crm_within(one, other) AS list_min(list_transform(one, lambda x:
        list_max(list_transform(other, lambda y: jaro_winkler_similarity(x, y)))))""",
    """CREATE MACRO crm_parts(one, other) AS
        CASE WHEN len(one) <= len(other) THEN crm_within(one, other) ELSE crm_within(other, one) END""",
    """CREATE MACRO crm_numbers_differ(one, other) AS
        len(regexp_extract_all(one, '[0-9]+')) > 0 AND len(regexp_extract_all(other, '[0-9]+')) > 0
        AND NOT list_has_any(regexp_extract_all(one, '[0-9]+'), regexp_extract_all(other, '[0-9]+'))""",
    """CREATE MACRO crm_dates_close(one, other) AS damerau_levenshtein(one, other) <= 1
        OR (one[1:4] = other[1:4])::INT + (one[6:7] = other[6:7])::INT + (one[9:10] = other[9:10])::INT = 2
        OR (one[1:4] = other[1:4] AND one[6:7] = other[9:10] AND one[9:10] = other[6:7])""",
)
"""Functions of DuckDB: the best likeness of two lists of words, how alike the parts of two names are in any order,
whether two texts have different numbers, whether two dates are a slip apart."""

_TEXTS: Final = frozenset({"company", "address", "more"})


@frozen
class Compared:
    """A comparison, and what its levels mean.

    Attributes:
        field: of the profile.
        name: of the comparison, by which Splink names what it returns.
        comparison: what Splink takes.
        agreements: what each level means, the least first.
    """

    field: str
    name: str
    comparison: Any
    agreements: tuple[Agreement, ...]


def compared(shown: Sequence[Column]) -> list[Compared]:
    """Return a comparison for each field; the parts of a name are compared with the name."""
    by_field = {column.field: column.name for column in shown}
    return [_compared(column, by_field) for column in shown if column.field != "parts"]


def _compared(column: Column, by_field: dict[str, str]) -> Compared:
    conditions = _conditions(column, by_field)
    exact = levels.ExactMatchLevel(column.name).configure(tf_adjustment_column=column.name)
    ranked: list[ComparisonLevelCreator | dict[str, Any]] = [
        _says_nothing(column),
        *(
            exact if not condition else levels.CustomLevel(condition, str(agreement))
            for agreement, condition in conditions
        ),
        levels.ElseLevel(),
    ]
    agreements = (*(agreement for agreement, _ in conditions), Agreement.DIFFERENT)
    return Compared(
        column.field,
        column.name,
        comparisons.CustomComparison(ranked, output_column_name=column.name),
        tuple(reversed(agreements)),
    )


def _says_nothing(column: Column) -> "ComparisonLevelCreator":
    """Return the level of a pair of which one has no value, or one is in Chinese characters and the other is not."""
    one, other = f'"{column.name}_l"', f'"{column.name}_r"'
    if column.many or column.family not in _TEXTS:
        return levels.NullLevel(column.name)
    scripts = " <> ".join(f"regexp_matches({each}, '\\p{{Han}}')" for each in (one, other))
    condition = f"{one} IS NULL OR {other} IS NULL OR {scripts}"
    return levels.CustomLevel(condition, "says nothing").configure(is_null_level=True)


def _conditions(column: Column, by_field: dict[str, str]) -> list[tuple[Agreement, str]]:
    """Return the kinds of agreement that a column can have, with their conditions; an empty one is equality."""
    one, other = f'"{column.name}_l"', f'"{column.name}_r"'
    if column.field == "name":
        parts = ", ".join(f'"{by_field["parts"]}_{side}"' for side in "lr")
        return [
            (Agreement.EXACT, ""),
            (Agreement.CLOSE, f"crm_parts({parts}) = 1"),
            (Agreement.CLOSE, f"crm_parts({parts}) >= 0.92"),
            (Agreement.ALIKE, f"crm_parts({parts}) >= 0.75"),
            (Agreement.ALIKE, f"crm_best({parts}) = 1"),
        ]
    if column.many:
        same = [(Agreement.EXACT, f"list_has_any({one}, {other})")]
        return [*same, (Agreement.CLOSE, f"crm_best({one}, {other}) >= 0.92")] if column.field == "email" else same
    if column.field == "born":
        return [
            (Agreement.EXACT, ""),
            (Agreement.PARTS, f"crm_dates_close({one}, {other})"),
            (Agreement.YEAR, f"{one}[1:4] = {other}[1:4]"),
        ]
    if column.field.startswith("identifier."):
        return [(Agreement.EXACT, ""), (Agreement.CLOSE, f"damerau_levenshtein({one}, {other}) <= 1")]
    alike = f"NOT crm_numbers_differ({one}, {other}) AND jaro_winkler_similarity({one}, {other})"
    return [(Agreement.EXACT, ""), (Agreement.CLOSE, f"{alike} >= 0.9"), (Agreement.ALIKE, f"{alike} >= 0.75")]
