"""Profiles as a table: a row each, a column for each field that any of them has."""

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa
from attrs import frozen

from crmcore.customers.duplicates import Prepared

__all__ = ["Column", "columns", "table"]


@frozen
class Column:
    """A column of the table.

    Attributes:
        name: of the column; letters, digits and low lines.
        field: of the profile, such as `address.city`.
        many: whether a cell holds several values.
    """

    name: str
    field: str
    many: bool = False

    @property
    def family(self) -> str:
        """What the field is one of: `address` of `address.city`."""
        return self.field.partition(".")[0]


def columns(profiles: Sequence[Prepared]) -> list[Column]:
    """Return the columns of the fields that any of the profiles has."""
    found: dict[str, None] = {}
    for profile in profiles:
        found.update(dict.fromkeys(field for field, _ in _cells(profile)))
    ordered = sorted(found)
    return [Column(f"c{place}", field, many=field in _MANY) for place, field in enumerate(ordered)]


def table(profiles: Sequence[Prepared], shown: Sequence[Column]) -> pa.Table:
    """Return the table; `unique_id` is the place of a profile, `parts` are the words of a person's name."""
    rows = [dict(_cells(profile)) for profile in profiles]
    arrays: dict[str, Any] = {"unique_id": pa.array(range(len(profiles)), pa.int64())}
    for column in shown:
        kind = pa.list_(pa.string()) if column.many else pa.string()
        arrays[column.name] = pa.array([row.get(column.field) for row in rows], kind)
    return pa.table(arrays)


_MANY = frozenset({"parts", "email", "phone", "domain"})


def _cells(profile: Prepared) -> Iterator[tuple[str, str | list[str]]]:
    """Yield the fields that a profile has. Of several names the first is compared."""
    for person in profile.people[:1]:
        words = person.sounds or person.parts
        yield "name", " ".join(sorted(words))
        yield "parts", list(words)
    for company in profile.companies[:1]:
        yield "company", company.key or company.text
    domains = profile.domains if profile.companies else ()  # of a person the address has it already
    for field, values in (("phone", profile.tails), ("email", profile.emails), ("domain", domains)):
        if values:
            yield field, list(values)
    if profile.born:
        yield "born", profile.born.isoformat()
    for family, fields in (
        ("identifier", profile.identifiers),
        ("address", profile.address),
        ("more", profile.more),
    ):
        yield from ((f"{family}.{name}", text) for name, text in fields.items())
