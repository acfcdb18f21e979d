"""What is odd about a file: nothing that stops an import, and everything that its owner should have seen before one."""

from attrs import frozen

from crmcore.language import listed, say

__all__ = ["Oddity"]


@frozen
class Oddity:
    """Something odd about a file or one of its columns.

    Attributes:
        code: a stable name for programs, such as `ragged-rows` or `leading-zeros`.
        column: the column; empty for the file.
        text: what is odd: a phrase.
        lines: the first lines where it is so; empty where it is so of the whole.
        count: how many lines there are.
    """

    code: str
    column: str
    text: str
    lines: tuple[int, ...] = ()
    count: int = 0

    def __str__(self) -> str:
        return self.phrase()

    def phrase(self) -> str:
        """Return it as people read it, with where it is."""
        text = self.text
        if self.lines:
            more = self.count - len(self.lines)
            lines = listed(map(str, self.lines))
            text = say("{text}: lines {lines}", text=self.text, lines=lines)
            if more > 0:
                text = say("{text}: lines {lines} and {count} more", text=self.text, lines=lines, count=more)
        return say("{column}: {text}", column=self.column, text=text) if self.column else text
