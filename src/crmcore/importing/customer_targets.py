"""What files of customers can be imported into at one company: its dimensions, stages and own fields among the rest."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from attrs import evolve

from crmcore.customers import CustomField, dimensions_on_file, field_name
from crmcore.importing.formats import Format, ValueType
from crmcore.importing.targets import CUSTOMERS, Target, TargetField
from crmcore.organization import Choice, Dimension, Number, Organization, Tree
from crmcore.storage import Holds

__all__ = ["ATTRIBUTES", "CONTACT_ATTRIBUTES", "customer_target"]

ATTRIBUTES: Final = "attributes."
"""What stands before a dimension, or a field of the company's own, in the name of a field of the target."""

CONTACT_ATTRIBUTES: Final = "contact.attributes."
"""What stands before a field of the company's own of contacts."""

_TYPES: Final[Mapping[Holds, ValueType]] = {
    Holds.TEXT: ValueType.TEXT,
    Holds.WHOLE: ValueType.WHOLE,
    Holds.EXACT: ValueType.DECIMAL,
    Holds.NUMBER: ValueType.DECIMAL,
    Holds.YES_NO: ValueType.YES_NO,
    Holds.DAY: ValueType.DAY,
    Holds.INSTANT: ValueType.INSTANT,
}


def customer_target(organization: Organization, fields: Iterable[CustomField] = ()) -> Target:
    """Return what files of customers can be imported into at a company.

    Args:
        organization: whose dimensions and stages customers have.
        fields: the company's own fields.
    """
    stages = {stage.id: stage.label or stage.id for stage in organization.stages}
    given = [evolve(CUSTOMERS.field("stage"), choices=stages)]
    given += [_of_dimension(dimension) for dimension in dimensions_on_file(organization)]
    given += _own(fields, organization)
    target = CUSTOMERS.with_fields(given)
    without = set() if stages else {"stage"}
    if f"{ATTRIBUTES}country" in target.names:  # it says where a customer is, too
        without.add("country")
    return evolve(target, fields=tuple(one for one in target.fields if one.name not in without))


def _of_dimension(dimension: Dimension) -> TargetField:
    words = (dimension.id, field_name(dimension.id), dimension.id.replace("-", " "), *_COMMON.get(dimension.id, ()))
    domain = dimension.domain
    if isinstance(domain, Number):
        kind = ValueType.WHOLE if domain.integer else ValueType.DECIMAL
        return TargetField(f"{ATTRIBUTES}{dimension.id}", Format(kind), words)
    values = domain.values if isinstance(domain, Choice) else domain.leaves if isinstance(domain, Tree) else ()
    return TargetField(f"{ATTRIBUTES}{dimension.id}", Format(), words, choices={value: value for value in values})


_COMMON: Final[Mapping[str, tuple[str, ...]]] = {
    name: tuple(words.split(", "))
    for names, words in {
        "region, province, area": "region, province, state, area, 地区, 区域, 省份, 省, 所在地区, 所属区域",
        "segment": "customer segment, 客户细分, 细分市场",
        "tier, level, grade": "tier, level, grade, customer level, 客户级别, 级别, 等级, 客户等级",
        "industry, sector": "industry, sector, 行业, 所属行业",
        "line, product-line": "product line, business line, 产品线, 业务线",
        "company-size, employees, headcount, size": "employees, headcount, company size, 人数, 员工人数, 规模",
    }.items()
    for name in names.split(", ")
}
"""What files call the dimensions that many companies have."""


def _own(fields: Iterable[CustomField], organization: Organization) -> Iterator[TargetField]:
    """Yield the company's own fields, of customers and of contacts."""
    before = {"customer": ATTRIBUTES, "contact": CONTACT_ATTRIBUTES}
    for one in fields:
        if one.of in before and one.holds in _TYPES:
            format_ = Format(_TYPES[one.holds], timezone=organization.timezone)
            words = tuple(filter(None, (one.label, one.name, one.name.replace("_", " "))))
            options: dict[str, Any] = {"choices": one.entries} if one.entries else {}
            yield TargetField(f"{before[one.of]}{one.name}", format_, words, **options)
