"""Cells of tables: the text of a cell as the value that a file would hold, and the other way round.

`;` separates the items of a list. A range of numbers is `1..500`, `..500` or `1..`; an absence `2026-10-01..2026-10-08
wang.wei`; a step of an escalation `4h support-lead`.
"""

import re
from datetime import date
from typing import Any, Final

from crmcore.language import say
from crmcore.organization.faults import Faults, quoted, wanted_but_found
from crmcore.organization.model import Absence, EscalationStep
from crmcore.organization.reading.nodes import Node
from crmcore.organization.shapes import Either, Entry, Many, Real, Shape, Whole, Word, YesNo
from crmcore.values import Interval, Place

__all__ = ["cell_node", "cell_text", "items", "selection"]

_WHOLE: Final = re.compile(r"[-+]?[0-9]{1,40}")
_REAL: Final = re.compile(r"[-+]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][-+]?[0-9]{1,4})?")
_RANGE: Final = re.compile(rf"({_REAL.pattern})?\s*\.\.\s*({_REAL.pattern})?")
_ABSENCE: Final = re.compile(r"([^\s.]+)(?:\s*\.\.\s*([^\s.]+))?(?:\s+(\S.*))?", re.DOTALL)
_STEP: Final = re.compile(r"(\S+)\s+(\S.*)", re.DOTALL)
_TRUTHS: Final[dict[str, bool]] = {
    "true": True, "yes": True, "是": True, "false": False, "no": False, "否": False,
}  # fmt: skip


def cell_node(shape: Shape, cell: str, place: Place, faults: Faults) -> Node | None:
    """Return a cell as a file would hold it; None, with a fault, when it cannot be told.

    Args:
        shape: what is wanted.
        cell: the text, without space around it.
        place: where the cell is.
        faults: where what is wrong is added.
    """
    if isinstance(shape, Either):
        many = next((option for option in shape.shapes if isinstance(option, Many)), None)
        if many is not None and not any(isinstance(option, Word) and option.word == cell for option in shape.shapes):
            return cell_node(many, cell, place, faults)
        return _plain(Whole() if any(isinstance(option, Whole) for option in shape.shapes) else shape, cell, place)
    if isinstance(shape, Many):
        nodes = [cell_node(shape.item, item, place, faults) for item in items(cell)]
        return Node([node for node in nodes if node is not None], place.line, place.column)
    if isinstance(shape, Entry):
        return _compact(shape, cell, place, faults)
    return _plain(shape, cell, place)


def _plain(shape: Shape, cell: str, place: Place) -> Node:
    value: Any = cell
    if isinstance(shape, YesNo):
        value = _TRUTHS.get(cell.casefold(), cell)
    elif isinstance(shape, Whole) and _WHOLE.fullmatch(cell):
        value = int(cell)
    elif isinstance(shape, Whole | Real) and _REAL.fullmatch(cell):
        value = _number(cell)
    return Node(value, place.line, place.column)


def _number(cell: str) -> int | float:
    return int(cell) if _WHOLE.fullmatch(cell) else float(cell)


def _compact(shape: Entry, cell: str, place: Place, faults: Faults) -> Node | None:
    """Read a record that is written in one word after another."""
    if shape.record is Absence and (match := _ABSENCE.fullmatch(cell)):
        texts = {"from": match[1], "to": match[2] or match[1], "cover": match[3]}
    elif shape.record is EscalationStep and (match := _STEP.fullmatch(cell)):
        texts = {"after": match[1], "to": match[2]}
    else:
        example = "2026-10-01..2026-10-08 wang.wei" if shape.record is Absence else "4h support-lead"
        wanted = say("one {title} such as {example}", title=shape.title, example=example)
        faults.add(place, wanted_but_found(wanted, quoted(cell)), say("separate several with ;"))
        return None
    entries = {key: Node(text, place.line, place.column) for key, text in texts.items() if text is not None}
    return Node(dict(entries), place.line, place.column, keys=dict.fromkeys(entries, (place.line, place.column)))


def items(cell: str) -> tuple[str, ...]:
    """Return the items of a cell that holds a list."""
    return tuple(item for item in map(str.strip, cell.split(";")) if item)


def selection(cell: str, *, number: bool | None) -> tuple[str | Interval, ...]:
    """Return what a cell admits in one dimension.

    Args:
        cell: the text.
        number: whether the dimension is a number; None when nobody knows.
    """
    names = items(cell)
    return names if number is False else tuple(_range(name, certain=number is True) for name in names)


def _range(name: str, *, certain: bool) -> str | Interval:
    match = _RANGE.fullmatch(name)
    if match is None or not (certain or match[1] or match[2]):
        return name
    return Interval(*(None if end is None else _number(end) for end in match.groups()))


def cell_text(value: Any) -> str:
    """Return a value as a cell says it; reading the cell back tells whether it could be said at all."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ";".join(cell_text(item) for item in value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Interval):
        return f"{cell_text(value.start)}..{cell_text(value.stop)}"
    if isinstance(value, Absence):
        return f"{value.from_}..{value.to}" + (f" {value.cover}" if value.cover is not None else "")
    if isinstance(value, EscalationStep):
        return f"{value.after} {value.to}"
    return str(value)
