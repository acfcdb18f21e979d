"""What is known of a customer that decides who answers: the organization's dimensions, as fields of its record."""

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from crmcore.customers.failures import UnknownField
from crmcore.customers.fields import CustomField
from crmcore.errors import OutsideSpace, nearest
from crmcore.language import say
from crmcore.organization import Dimension, Number, Organization, Tree
from crmcore.responsibility.refusing import unknown_value
from crmcore.storage import CUSTOM, Above, Among, Below, Field, Filter, Holds, Is, Kind, under
from crmcore.values import Interval

__all__ = [
    "conditions",
    "dimension_fields",
    "dimensions_on_file",
    "field_name",
    "own_fields",
    "point_of",
    "searched_name",
    "validated",
]

_NO_NAME: Final = re.compile("[-.]")


def field_name(dimension: str) -> str:
    """Return the name of the field that holds a dimension of a customer: `company-size` is in `company_size`."""
    name = _NO_NAME.sub("_", dimension)
    return f"n{name}" if name[0].isdigit() else name


def dimensions_on_file(organization: Organization) -> Iterator[Dimension]:
    """Yield the dimensions that are true of a customer, and not only of one contact with it."""
    return (dimension for dimension in organization.dimensions if dimension.of == "customer")


def dimension_fields(organization: Organization) -> Iterator[Field]:
    """Yield the fields in which the dimensions of customers are stored, typed so that they can be searched by."""
    for dimension in dimensions_on_file(organization):
        yield Field(field_name(dimension.id), _holds(dimension), optional=True)


def _holds(dimension: Dimension) -> Holds:
    if not isinstance(dimension.domain, Number):
        return Holds.TEXT
    return Holds.WHOLE if dimension.domain.integer else Holds.NUMBER


def validated(
    attributes: Mapping[str, Any], organization: Organization, fields: Mapping[str, CustomField], kind: Kind
) -> dict[str, Any]:
    """Return attributes as they are stored, after making sure that each exists and has a value that it can have.

    Args:
        attributes: values by the ids of dimensions, or the names of the company's own fields; None for not known.
        organization: whose dimensions they are.
        fields: the company's own fields, by name.
        kind: of the records that they belong to.

    Raises:
        UnknownField: there is no such dimension or field.
        OutsideSpace: a dimension has no such value.
        ValueNotAllowed: a field's dictionary has no such entry.
    """
    dimensions = {dimension.id: dimension for dimension in dimensions_on_file(organization)}
    stored: dict[str, Any] = {}
    for name, value in attributes.items():
        if name in dimensions:
            stored[field_name(name)] = _of_dimension(organization, dimensions[name], value)
        else:
            stored |= own_fields({name: value}, fields, kind)
    return stored


def own_fields(values: Mapping[str, Any], fields: Mapping[str, CustomField], kind: Kind) -> dict[str, Any]:
    """Return values of the company's own fields as they are stored.

    Raises:
        UnknownField: there is no such field.
        ValueNotAllowed: a field's dictionary has no such entry.
    """
    known = {one.name for one in kind.custom}
    for name in values:
        if name not in known:
            raise UnknownField(kind.name, name, nearest(name, known))
    return {name: fields[name].admitted(value) if name in fields else value for name, value in values.items()}


def _of_dimension(organization: Organization, dimension: Dimension, value: Any) -> Any:
    if value is None:
        return None
    space = organization.responsibilities.space
    if isinstance(dimension.domain, Number):
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise OutsideSpace(dimension.id, value, say("{dimension} is a number", dimension=dimension.id))
        value = int(value) if dimension.domain.integer and value == int(value) else value
    elif not isinstance(value, str):
        raise OutsideSpace(dimension.id, value, say("{dimension} is a name", dimension=dimension.id))
    if dimension.id in space.locators:
        position, cell_of = space.locators[dimension.id]
        if cell_of(value) is None:
            raise unknown_value(organization.responsibilities, position, value)
    return float(value) if _holds(dimension) is Holds.NUMBER else value


def point_of(custom: Mapping[str, Any], organization: Organization) -> dict[str, Any]:
    """Return the customer's attributes by dimension, as a question asks them; those that are not known are absent."""
    point = {dimension.id: custom.get(field_name(dimension.id)) for dimension in dimensions_on_file(organization)}
    return {name: value for name, value in point.items() if value is not None}


def searched_name(name: str, organization: Organization, kind: Kind) -> str:
    """Return the name by which a query asks for a dimension, a field of the company's own, or a field of the record.

    Raises:
        UnknownField: it is none of them.
    """
    dimensions = {dimension.id for dimension in dimensions_on_file(organization)}
    own = {one.name for one in kind.custom}
    if name in dimensions:
        return f"{CUSTOM}{field_name(name)}"
    if name not in own and name not in kind.fields:
        raise UnknownField(kind.name, name, nearest(name, (*dimensions, *own, *kind.fields)))
    return name if name in kind.fields else f"{CUSTOM}{name}"


def conditions(where: Mapping[str, Any], organization: Organization, kind: Kind) -> tuple[Filter, ...]:
    """Return the conditions that customers meet whose attributes are these.

    Args:
        where: by dimension or field a value, a list of values, an `Interval` for a number, or the inner name of a tree,
            which stands for everything below it; None for not known. Other names are fields of the record itself.
        organization: whose dimensions they are.
        kind: of the records that are searched.

    Raises:
        UnknownField: there is no such dimension or field.
        InvalidQuery: a tree has no such name.
    """
    dimensions = {dimension.id: dimension for dimension in dimensions_on_file(organization)}
    return tuple(
        condition
        for name, wanted in where.items()
        for condition in _condition(searched_name(name, organization, kind), wanted, dimensions.get(name))
    )


def _condition(field: str, wanted: Any, dimension: Dimension | None) -> Iterator[Filter]:
    if isinstance(wanted, Interval):
        yield from _inside(field, wanted, whole=dimension is not None and _holds(dimension) is Holds.WHOLE)
        return
    values = tuple(wanted) if isinstance(wanted, list | tuple | set | frozenset) else (wanted,)
    if dimension is not None and isinstance(dimension.domain, Tree) and None not in values:
        tree = dimension.domain
        values = tuple(dict.fromkeys(leaf for node in values for leaf in under(field, node, tree).values))
    yield Is(field, values[0]) if len(values) == 1 else Among(field, values)


def _inside(field: str, interval: Interval, *, whole: bool) -> Iterator[Filter]:
    """Yield the conditions of `[start, stop)`: not below its start is above the number before it."""
    if interval.start is not None:
        yield Above(field, math.ceil(interval.start) - 1 if whole else math.nextafter(interval.start, -math.inf))
    if interval.stop is not None:
        yield Below(field, math.ceil(interval.stop) if whole else float(interval.stop))
