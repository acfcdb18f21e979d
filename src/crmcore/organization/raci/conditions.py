"""The conditions under which a duty holds, as a cell says them: `region=East; tier=key,standard; priority=-10`."""

import json
import re
from datetime import date
from typing import Final

from attrs import frozen

from crmcore.language import Phrase, say
from crmcore.organization.faults import quoted
from crmcore.organization.model import Duty
from crmcore.organization.reading.cells import cell_text, selection
from crmcore.organization.space import EVERYWHERE, Scope
from crmcore.values import Interval

__all__ = ["ALWAYS", "Conditions", "NotUnderstood", "conditions_of", "in_quotes", "read_conditions", "unquoted"]

_STRING: Final = r'"(?:[^"\\]|\\.)*+"'
_PIECE: Final = re.compile(
    rf"[^\S\n]*+({_STRING}|[^\"=＝;；,，、\n][^\"=＝;；,，、\n]*+)?+[^\S\n]*+([=＝;；,，、\n]|\Z)", re.DOTALL
)  # possessive: a cell of spaces must not take for ever
_PLAIN: Final = re.compile(r"[\w./&+-]+(?: [\w./&+-]+)*")
_RESERVED: Final = ("priority", "from", "to")
_EQUALS, _ENDS = ("=", "＝"), (";", "；", "\n", "")


class NotUnderstood(Exception):
    """A cell does not say conditions; the argument is a phrase that says why."""

    @property
    def why(self) -> Phrase:
        """What is wrong."""
        phrase: Phrase = self.args[0]
        return phrase


@frozen
class Conditions:
    """When a duty holds.

    Attributes:
        where: the customers for whom.
        priority: of the duties that match, those of the highest priority win.
        from_: the first day; None for always.
        to: the last day; None for open.
    """

    where: Scope = EVERYWHERE
    priority: int = 0
    from_: date | None = None
    to: date | None = None

    @classmethod
    def of(cls, duty: Duty) -> "Conditions":
        """Return those of a duty."""
        return cls(duty.where, duty.priority, duty.from_, duty.to)

    def text(self) -> str:
        """Return all of them in one text, which is empty when there are none."""
        days = {"from": self.from_, "to": self.to}
        pieces = [self.scope_text()] if self.where.choices else []
        pieces += [f"priority={self.priority}"] if self.priority else []
        return "; ".join(pieces + [f"{name}={day.isoformat()}" for name, day in days.items() if day is not None])

    def scope_text(self) -> str:
        """Return the scope alone: `region=East; tier=key,standard`."""
        ordered = sorted(self.where.choices, key=lambda choice: choice[0])
        return "; ".join(f"{in_quotes(name, _RESERVED)}={','.join(map(_value, values))}" for name, values in ordered)


ALWAYS: Final = Conditions()


def in_quotes(name: str, reserved: tuple[str, ...] = ()) -> str:
    """Return a name as it stands in a cell: in quotes when it could be taken for something else."""
    if _PLAIN.fullmatch(name) and name not in reserved and ".." not in name:
        return name
    return json.dumps(name, ensure_ascii=not name.isprintable())


def unquoted(text: str) -> str | None:
    """Return the name that stands in a cell; None when its quotes are broken."""
    if not text.startswith('"'):
        return text
    try:
        name = json.loads(text)
    except ValueError:
        return None
    return name if isinstance(name, str) else None


def _value(value: str | Interval) -> str:
    return cell_text(value) if isinstance(value, Interval) else in_quotes(value)


def read_conditions(text: str) -> Conditions:
    """Return the conditions that a cell says.

    Raises:
        NotUnderstood: it says something else.
    """
    choices: dict[str, tuple[str | Interval, ...]] = {}
    special: dict[str, str] = {}
    for name, values in _assignments(text):
        if name in _RESERVED:
            special[name] = values[0] if len(values) == 1 else ""
            continue
        dimension = _name(name)
        if dimension in choices:
            raise NotUnderstood(say("{name} is said twice", name=quoted(dimension)))
        choices[dimension] = tuple(_read_value(value) for value in values)
    where = Scope(tuple(choices.items())) if choices else EVERYWHERE
    return conditions_of(where, special.get("priority", ""), special.get("from", ""), special.get("to", ""))


def conditions_of(where: Scope, priority: str, from_: str, to: str) -> Conditions:
    """Return the conditions that a scope and the texts of three cells say.

    Raises:
        NotUnderstood: a text is no whole number, or no date.
    """
    try:
        rank = int(priority or "0")
    except ValueError:
        raise NotUnderstood(say("a whole number is wanted, found {found}", found=quoted(priority))) from None
    return Conditions(where, rank, _day(from_), _day(to))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.replace("/", "-").removesuffix(" 00:00:00")) if text else None
    except ValueError:
        raise NotUnderstood(say("a date such as 2026-11-23 is wanted, found {found}", found=quoted(text))) from None


def _assignments(text: str) -> list[tuple[str, list[str]]]:
    """Return the names of a text, each with its values, quotes and all."""
    found: list[tuple[str, list[str]]] = []
    name: str | None = None
    offset, after = 0, ""
    while offset < len(text) or after:
        match = _PIECE.match(text, offset)
        if match is None:
            raise NotUnderstood(say("conditions such as region=East; tier=key,standard are wanted"))
        word, offset, before, after = (match[1] or "").strip(), match.end(), after, match[2]
        if after in _EQUALS and after and name is None and word:
            name = word
            found.append((name, []))
            continue
        if name is None and not word and after in _ENDS:
            continue
        if name is None or (after in _EQUALS and after):
            raise NotUnderstood(say("conditions such as region=East; tier=key,standard are wanted"))
        if word:
            found[-1][1].append(word)
        elif before not in _EQUALS or after not in _ENDS:
            raise NotUnderstood(say("conditions such as region=East; tier=key,standard are wanted"))
        if after in _ENDS:
            name = None
    return found


def _name(text: str) -> str:
    name = unquoted(text)
    if name is None:
        raise NotUnderstood(say("the quotes of {text} are broken", text=quoted(text)))
    return name


def _read_value(text: str) -> str | Interval:
    if text.startswith('"') or ".." not in text:
        return _name(text)
    value: str | Interval = selection(text, number=True)[0]
    return value
