"""The table of divisions that comes with crmcore, read once and when it is asked first."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from attrs import frozen

from crmcore.customers.identity.regions.records import Region

__all__ = ["RegionTable", "region_table"]

_FILE: Final = Path(__file__).with_name("gbt2260.tsv")


@frozen
class RegionTable:
    """All divisions, in the order of their codes.

    Attributes:
        known: the divisions of each code, those that are no longer valid first.
        current: the valid ones by code.
        named: the valid ones by full name, and by short name.
        once: those that were, by full name.
        children: the valid ones right below each valid one, by its code; the provinces under the empty code.
    """

    known: Mapping[str, tuple[Region, ...]]
    current: Mapping[str, Region]
    named: Mapping[str, tuple[Region, ...]]
    once: Mapping[str, tuple[Region, ...]]
    children: Mapping[str, tuple[Region, ...]]


@cache
def region_table() -> RegionTable:
    """Return the table."""
    rows = [_row(line) for line in _FILE.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    valid = {code for code, _, _, last, _ in rows if last is None}
    ever = {code for code, *_ in rows}
    regions = [
        Region(code, name, _parent(code, valid if last is None else ever), first=first, last=last, zone=zone)
        for code, name, first, last, zone in rows
    ]
    current = [region for region in regions if region.last is None]
    by_name = [(name, region) for region in current for name in dict.fromkeys((region.name, region.short))]
    return RegionTable(
        _grouped((region.code, region) for region in sorted(regions, key=_age)),
        {region.code: region for region in current},
        _grouped(by_name),
        _grouped((region.name, region) for region in regions if region.last is not None),
        _grouped((region.parent, region) for region in current),
    )


def _age(region: Region) -> int:
    return region.last or 9999


def _row(line: str) -> tuple[str, str, int | None, int | None, bool]:
    code, name, first, last, zone = (*line.split("\t"), "", "", "")[:5]
    return code, name, int(first) if first else None, int(last) if last else None, zone == "zone"


def _parent(code: str, among: Iterable[str]) -> str:
    """Return the code of the division above: the nearest that is there."""
    above = (code[:4] + "00", code[:2] + "0000")
    return next((candidate for candidate in above if candidate != code and candidate in among), "")


def _grouped(pairs: Iterable[tuple[str, Region]]) -> Mapping[str, tuple[Region, ...]]:
    groups: dict[str, list[Region]] = defaultdict(list)
    for key, region in pairs:
        groups[key].append(region)
    return {key: tuple(group) for key, group in groups.items()}
