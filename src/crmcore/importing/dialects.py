"""What separates and quotes the cells of a text file, decided by its first lines, with the reason."""

import csv
import io
import re
from collections import Counter
from itertools import islice
from typing import Final

from attrs import frozen

from crmcore.importing.layouts import Clue, Layout
from crmcore.language import Phrase, say

__all__ = ["DELIMITERS", "Dialect", "delimiter_in_words", "dialect_of"]

DELIMITERS: Final = ("\t", ";", "|", ",")
_SAMPLE_ROWS: Final = 200
_IN_SINGLE: Final = re.compile(r"(?:^|(?<=[,;\t|\n]))'[^'\n=+\-@][^'\n]*'(?=[,;\t|\r\n]|$)")
_FILLED: Final = re.compile(r"[^,;\t|\r\n]+")
_BETWEEN_DIGITS: Final = re.compile(r"(?<=\d),(?=\d)")


@frozen
class Dialect:
    """What separates and quotes the cells.

    Attributes:
        delimiter: one character.
        quote: one character.
        escape: what stands before a quote inside quotes; empty where they are doubled.
        spaces: whether spaces behind a delimiter are no part of the cell.
    """

    delimiter: str
    quote: str = '"'
    escape: str = ""
    spaces: bool = False

    def rows(self, text: str) -> list[list[str]]:
        """Return the first rows of a text; the last one may be cut."""
        reader = csv.reader(
            io.StringIO(text, newline=""),
            delimiter=self.delimiter,
            quotechar=self.quote,
            escapechar=self.escape or None,
            skipinitialspace=self.spaces,
        )
        try:
            return list(islice(reader, _SAMPLE_ROWS))
        except csv.Error:
            return []


def dialect_of(sample: str, wished: Layout) -> tuple[Dialect, tuple[Clue, ...]]:
    """Return how cells are separated and quoted, and why.

    Args:
        sample: the first lines of the file.
        wished: what somebody says of it.
    """
    quote = wished.quote or _quote(sample)
    delimiter, because = (wished.delimiter, say("as you say")) if wished.delimiter else _delimiter(sample, quote)
    behind = re.escape(delimiter) + r" +" + re.escape(quote)
    spaces = wished.spaces if wished.spaces is not None else re.search(behind, sample) is not None
    inside = re.search(_escaped(re.escape(quote), re.escape(delimiter)), sample)
    escape = wished.escape or ("\\" if inside is not None else "")
    clues = [Clue("delimiter", delimiter_in_words(delimiter), because)]
    if wished.quote:
        clues.append(Clue("quote", quote, say("as you say")))
    elif quote != '"':
        clues.append(Clue("quote", quote, say("cells begin and end with it")))
    return Dialect(delimiter, quote, escape, spaces), tuple(clues)


def _escaped(quote: str, delimiter: str) -> str:
    """Return what finds a quote behind a backslash that neither ends a cell nor is doubled: only then is it escaped."""
    return rf"\\{quote}(?!{quote}|\s*(?:{delimiter}|\r|\n|$))"


def delimiter_in_words(delimiter: str) -> str:
    """Return what people call a delimiter."""
    words = {"\t": say("tab"), ",": say("comma"), ";": say("semicolon"), "|": say("vertical bar")}
    return words.get(delimiter, delimiter)


def _quote(sample: str) -> str:
    """Return a single quote where most cells stand in those and none in double ones."""
    if '"' in sample:
        return '"'
    single, cells = len(_IN_SINGLE.findall(sample)), len(_FILLED.findall(sample))
    return "'" if single >= 2 and single * 2 >= cells else '"'


def _delimiter(sample: str, quote: str) -> tuple[str, Phrase]:
    """Return what cuts the largest share of rows into as many cells; commas between digits count least."""
    found: dict[str, tuple[float, int, int]] = {}
    for delimiter in DELIMITERS:
        rows = [row for row in Dialect(delimiter, quote).rows(sample) if any(row)]
        widths = Counter(len(row) for row in rows if len(row) > 1)
        if widths:
            width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
            found[delimiter] = (count / len(rows), width, count)
    if not found:
        return ",", say("nothing separates cells: there is one column")
    best = max(found, key=lambda one: (found[one][0], found[one][1]))
    if best == "," and ";" in found and found[";"][0] >= found[","][0] and "," not in _BETWEEN_DIGITS.sub("", sample):
        best = ";"
    width, count = found[best][1:]
    return best, say("it cuts {count} of the first rows into {width} cells each", count=count, width=width)
