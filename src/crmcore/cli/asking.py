"""Questions to somebody at a terminal, or in a pipe: one line each, answered with Enter where a default fits."""

import re
from collections.abc import Iterable, Mapping
from itertools import chain, count
from typing import Final

import click

from crmcore.language import Phrase, listed, say, told
from crmcore.organization import ALL
from crmcore.values import Duration

__all__ = ["NONE", "Ids", "ask", "ask_duration", "ask_list", "ask_number", "ask_one_of", "heading"]

NONE: Final = "-"
"""What people answer to a choice that is not for them."""

_COMMA: Final = re.compile("[,;，；、]")
_LONGEST: Final = 40


def heading(text: Phrase, explanation: Phrase) -> None:
    """Begin a step: what it is about, and what to think of."""
    click.echo()
    click.secho(told(text), bold=True)
    click.echo(told(explanation))


def ask(question: Phrase, default: str | None = None) -> str:
    """Return a line.

    Args:
        question: the question, in words.
        default: what Enter means; None where an answer has to be given.
    """
    answer: str = click.prompt(told(question), default=default, show_default=bool(default))
    return answer.strip()


def ask_list(question: Phrase, default: Iterable[str] = ()) -> list[str]:
    """Return what stands between commas, English or Chinese ones, each thing once."""
    answer = ask(question, told(listed(map(told, default))))
    return list(dict.fromkeys(part.strip() for part in _COMMA.split(answer) if part.strip()))


def ask_number(question: Phrase, default: float) -> float:
    """Return a number from 0 up, a whole one where it is whole."""
    number = float(click.prompt(told(question), default=default, type=click.FloatRange(min=0)))
    return int(number) if number.is_integer() else number


def ask_duration(question: Phrase, default: str) -> Duration:
    """Return a duration such as `4h`; ask again until it is one."""
    while True:
        try:
            return Duration.parse(ask(question, default))
        except ValueError:
            click.echo(told(say("Write a whole number and m, h, d or w, such as 4h or 1d.")))


def ask_one_of(question: Phrase, names: Mapping[str, str], default: str, *, optional: bool = False) -> str:
    """Return the id of one of several things that are shown by their names; ask again until it is one.

    Args:
        question: the question, in words.
        names: the name of each thing, by its id.
        default: the id that Enter means; empty for none of them.
        optional: whether it may be none of them, which is said with `NONE`, or with Enter where that is the default.
    """
    by_name = {name.casefold(): id_ for id_, name in names.items()}
    while True:
        answer = ask(question, names.get(default, ""))
        if optional and answer in ("", NONE):
            return ""
        if answer.casefold() in by_name:
            return by_name[answer.casefold()]
        click.echo(told(say("It is one of these: {names}.", names=listed(names.values()))))


class Ids:
    """Ids for what people call by a name: the same name has the same id, and no two names share one.

    Args:
        kind: what an id begins with whose name holds no Latin letter, such as `person`.
        known: the names that are offered as defaults, by the ids that they have.
    """

    def __init__(self, kind: str, known: Mapping[str, str] | None = None) -> None:
        self.kind = kind
        self.names: dict[str, str] = {}
        self._ids: dict[str, str] = {}
        self._known = {name.casefold(): id_ for id_, name in (known or {}).items()}

    def of(self, name: str) -> str:
        """Return the id of a name."""
        key = name.casefold()
        if key not in self._ids:
            id_ = self._known.get(key) or self._made(name)
            self._ids[key] = id_
            self.names[id_] = name
        return self._ids[key]

    def _made(self, name: str) -> str:
        made = re.sub("[^a-z0-9]+", "-", name.casefold())[:_LONGEST].strip("-")
        if not made or not name.isascii():
            made = f"{self.kind}-{len(self.names) + 1}"
        taken = {ALL, *self.names, *self._known.values()}
        numbered = (f"{made}-{number}" for number in count(2))
        return next(id_ for id_ in chain((made,), numbered) if id_ not in taken)
