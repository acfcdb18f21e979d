"""What a column holds: counted value by value, and guessed once all of them were seen, with the evidence."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from attrs import evolve, frozen

from crmcore.importing.candidates import CANDIDATES, is_long, is_zero_led
from crmcore.importing.formats import Format, ValueType, Wrong
from crmcore.importing.marks import is_null
from crmcore.importing.numbers import currency_in
from crmcore.importing.oddities import Oddity
from crmcore.importing.tables import Cell
from crmcore.importing.values import reader
from crmcore.language import Phrase, listed, say
from crmcore.organization.faults import quoted

__all__ = ["Column", "Tally"]

_MOST_KNOWN: Final = 20_000
_SHOWN: Final = 5
_TOLERATED: Final = 0.05
_ENOUGH: Final = 200
_UNSEEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\ufeff\u2060\ud800-\udfff\ufffe\uffff]")
_SCIENTIFIC: Final = re.compile(r"\d(?:\.\d+)?[eE]\+\d{2}")
_SAYINGS: Final = {
    "leading-zeros": say("digits with zeros before them are kept as text"),
    "long-numbers": say("numbers of more than 15 digits: a spreadsheet keeps no more, compare them with their source"),
    "scientific": say(
        "a spreadsheet shortened long numbers, and their last digits are lost: export the column as text"
    ),
    "invisible": say("values hold characters that nobody sees"),
    "replacement": say("values hold U+FFFD where a character was lost before"),
    "space-around": say("space around values is left out"),
}


@frozen
class Column:
    """What a column holds.

    Attributes:
        name: its name.
        format: what its values are guessed to be; where nobody can tell days from months or decimals from thousands,
            with that left open.
        because: what speaks for it: a phrase.
        undecided: the formats between which nobody can decide; empty where the format is decided.
        filled: how many cells hold a value.
        empty: how many hold none.
        distinct: how many values differ; counted up to 20,000.
        nulls: how often each word stands for no value, such as `NULL`.
        samples: the first values that differ.
        misfits: values that the format does not fit, with their lines, the first few.
    """

    name: str
    format: Format
    because: Phrase
    undecided: tuple[Format, ...] = ()
    filled: int = 0
    empty: int = 0
    distinct: int = 0
    nulls: tuple[tuple[str, int], ...] = ()
    samples: tuple[str, ...] = ()
    misfits: tuple[tuple[int, str], ...] = ()

    def lines(self) -> Iterator[Phrase]:
        """Yield what there is to know of it, as people read it."""
        yield say("{name}: {format} ({because})", name=self.name, format=self.format.phrase(), because=self.because)
        if self.undecided:
            choices = listed(one.phrase() for one in self.undecided)
            yield say("  nobody can tell which it is, so say it: {choices}", choices=choices)
        if self.samples:
            yield say("  such as {samples}", samples=listed(map(quoted, self.samples)))
        for word, count in self.nulls:
            yield say("  {word} stands for no value, {count} times", word=quoted(word), count=count)
        for line, value in self.misfits:
            yield say("  line {line} does not fit: {value}", line=line, value=quoted(value))


@frozen
class _Misfits:
    """How many values a candidate does not fit, and the first of them."""

    count: int = 0
    first: tuple[tuple[int, str], ...] = ()


class Tally:
    """Counts the values of one column."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.filled = self.empty = 0
        self._nulls: Counter[str] = Counter()
        self._known: dict[Cell, tuple[int, ...]] = {}
        self._alive = dict(enumerate(CANDIDATES))
        self._misfits = [_Misfits() for _ in CANDIDATES]
        self._odd: dict[str, tuple[int, list[int]]] = {}

    def add(self, line: int, cell: Cell) -> None:
        """Count the value of one line."""
        if isinstance(cell, str):
            if cell != (text := cell.strip()):
                self._tell("space-around", line)
                cell = text
            if not cell or is_null(cell):
                self.empty += 1
                if cell:
                    self._nulls[cell] += 1
                return
            self._look_at(cell, line)
        if is_long(cell):
            self._tell("long-numbers", line)
        self.filled += 1
        failed = self._known.get(cell)
        if failed is None:
            failed = tuple(index for index, one in self._alive.items() if not one.fits(cell))
            if len(self._known) < _MOST_KNOWN:
                self._known[cell] = failed
        for index in failed:
            if index in self._alive:
                self._fail(index, line, cell)

    def _fail(self, index: int, line: int, cell: Cell) -> None:
        misfits = self._misfits[index]
        first = misfits.first if len(misfits.first) >= _SHOWN else (*misfits.first, (line, str(cell)))
        self._misfits[index] = _Misfits(misfits.count + 1, first)
        if self.filled >= _ENOUGH and misfits.count >= self.filled * 4 * _TOLERATED:
            del self._alive[index]

    def _look_at(self, text: str, line: int) -> None:
        if is_zero_led(text):
            self._tell("leading-zeros", line)
        if text.isprintable():
            if "+" in text and _SCIENTIFIC.fullmatch(text):
                self._tell("scientific", line)
            if "\ufffd" in text:
                self._tell("replacement", line)
        elif _UNSEEN.search(text):
            self._tell("invisible", line)

    def _tell(self, code: str, line: int) -> None:
        count, lines = self._odd.setdefault(code, (0, []))
        if len(lines) < _SHOWN:
            lines.append(line)
        self._odd[code] = (count + 1, lines)

    def oddities(self) -> Iterator[Oddity]:
        """Yield what is odd about the column."""
        if not self.filled:
            yield Oddity("empty-column", self.name, say("the column is empty"))
        for code, (count, lines) in self._odd.items():
            yield Oddity(code, self.name, _SAYINGS[code], tuple(lines), count)

    def column(self) -> Column:
        """Return what the column holds."""
        fitting = [index for index, _ in self._alive.items() if self._misfits[index].count <= self.filled * _TOLERATED]
        if self._odd.keys() & {"leading-zeros", "long-numbers"}:
            numbers = (ValueType.WHOLE, ValueType.DECIMAL, ValueType.MONEY)
            fitting = [index for index in fitting if CANDIDATES[index].format.type not in numbers]
        best = min(fitting, key=lambda index: (self._misfits[index].count, index), default=None)
        found = self._text() if best is None or not self.filled else self._guessed(best, fitting)
        values = list(self._known)
        return evolve(
            found,
            filled=self.filled,
            empty=self.empty,
            distinct=len(values),
            nulls=tuple(self._nulls.most_common(_SHOWN)),
            samples=tuple(map(str, values[:_SHOWN])),
        )

    def _text(self) -> Column:
        because = say("nothing else fits its values") if self.filled else say("it holds no value")
        return Column(self.name, Format(), because)

    def _guessed(self, best: int, fitting: list[int]) -> Column:
        """Return the column with the best candidate, or with what is left open between two that fit alike."""
        chosen, misfits = CANDIDATES[best], self._misfits[best]
        values = self.filled
        because = say("{count} of {all} values fit", count=values - misfits.count, all=values)
        if not misfits.count:
            because = say("all values fit ({count})", count=values)
        twin = self._twin(best, fitting)
        format_ = self._with_currency(chosen.format)
        if twin is None:
            return Column(self.name, format_, because, misfits=misfits.first)
        other = self._misfits[twin]
        if twin in fitting and other.count == misfits.count:
            open_ = evolve(format_, dates=None, decimal="")
            unlike = self._read_differently(chosen.format, CANDIDATES[twin].format)
            if unlike is None:
                return Column(self.name, open_, because, misfits=misfits.first)
            because = say("{value} can be read in two ways, and so can all others", value=quoted(str(unlike)))
            both = tuple(sorted((chosen.format, CANDIDATES[twin].format), key=lambda one: str(one.dates) + one.decimal))
            return Column(self.name, open_, because, both, misfits=misfits.first)
        known = set(misfits.first)
        against = next((one for one in other.first if one not in known), other.first[0])
        line = {"line": against[0], "value": quoted(against[1])}
        because = say("{because}; {value} in line {line} decides", because=because, **line)
        return Column(self.name, format_, because, misfits=misfits.first)

    def _twin(self, best: int, fitting: list[int]) -> int | None:
        """Return the candidate that differs from the best one in what comes first, or in the mark before decimals."""
        chosen = CANDIDATES[best].format
        twins = [index for index, other in enumerate(CANDIDATES) if _are_twins(chosen, other.format)]
        alike = [
            index for index in twins if index in fitting and self._misfits[index].count == self._misfits[best].count
        ]
        return next(iter(alike or twins), None)

    def _read_differently(self, one: Format, other: Format) -> Cell | None:
        """Return a value that two formats read differently; None when there is none among those that are known."""
        first, second = reader(one), reader(other)
        for cell in self._known:
            left, right = first(cell), second(cell)
            if left != right and not isinstance(left, Wrong) and not isinstance(right, Wrong):
                return cell
        return None

    def _with_currency(self, format: Format) -> Format:  # noqa: A002 (a column has a format)
        if format.type is not ValueType.MONEY:
            return format
        signs = Counter(currency_in(cell)[0] for cell in self._known if isinstance(cell, str))
        del signs[""]
        return evolve(format, currency=next(iter(signs))) if len(signs) == 1 else format


def _are_twins(one: Format, other: Format) -> bool:
    """Whether two formats differ in how days or decimals are meant, and not in what the values are."""
    if (one.dates, one.decimal) == (other.dates, other.decimal):
        return False
    return one.type is other.type or (one.type is ValueType.WHOLE and other.type is ValueType.DECIMAL)
