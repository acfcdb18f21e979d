"""Unary tests, the conditions of a decision table: `>= 18`, `[1..5), 7`, `not("A", "B")`, `-`."""

import re
from collections.abc import Iterator
from typing import Final

from attrs import frozen

from crmcore.language import say
from crmcore.organization.dmn.literals import Kind, Literal, NoLiteral, called, literal_of, number

__all__ = ["ANYTHING", "Condition", "Range", "condition", "single_literal"]

_TOKEN: Final = re.compile(
    r"""\s*(?:
      (?P<text>"(?:[^"\\]|\\.)*")
    | (?P<number>(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?(?![\w]))
    | (?P<name>date[ ]and[ ]time\b|[^\W\d]\w*(?:[ ]+[^\W\d]\w*)*)
    | (?P<sign>\.\.|<=|>=|!=|[<>=()\[\],@-])
    | (?P<other>\S)
    )""",
    re.VERBOSE,
)
_ESCAPE: Final = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_ESCAPED: Final = {"n": "\n", "t": "\t", "r": "\r"}
_COMPARISONS: Final = ("<", "<=", ">", ">=")
_LONGEST: Final = 100_000


@frozen
class Range:
    """All values of one kind between two ends.

    Attributes:
        low: the lower end; None for no bound.
        low_inside: whether the lower end belongs to it.
        high: the upper end; None for no bound.
        high_inside: whether the upper end belongs to it.
    """

    low: Literal | None
    low_inside: bool
    high: Literal | None
    high_inside: bool

    @property
    def ends(self) -> tuple[Literal, ...]:
        """The ends that there are."""
        return tuple(end for end in (self.low, self.high) if end is not None)


@frozen
class Condition:
    """What one cell of a table asks of one input: that one of several tests holds, or that none does.

    Attributes:
        tests: values and ranges; none for a cell that admits everything.
        negated: whether none may hold.
    """

    tests: tuple[Literal | Range, ...] = ()
    negated: bool = False

    def literals(self) -> Iterator[Literal]:
        """Yield every value that is named."""
        for test in self.tests:
            yield from test.ends if isinstance(test, Range) else (test,)


ANYTHING: Final = Condition()


def condition(text: str) -> Condition:
    """Read the unary tests of one cell.

    Args:
        text: FEEL; nothing is the same as `-`.

    Raises:
        NoLiteral: it is no FEEL, or holds what cannot be analysed.
    """
    if text.strip() in ("", "-"):
        return ANYTHING
    return _Parser(text).condition()


def single_literal(text: str) -> Literal | None:
    """Return the value that a text is; None when it is another expression, or cannot be read."""
    try:
        parser = _Parser(text)
        literal = parser.literal()
        parser.end()
    except NoLiteral:
        return None
    return literal


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    position = 0
    text = text.rstrip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            return
        yield str(match.lastgroup), match[str(match.lastgroup)]
        position = match.end()


class _Parser:
    def __init__(self, text: str) -> None:
        if len(text) > _LONGEST:
            raise NoLiteral(say("the condition is longer than {most:,} characters", most=_LONGEST))
        self.tokens = [*_tokens(text), ("end", "")]
        self.position = 0

    @property
    def word(self) -> str:
        kind, text = self.tokens[self.position]
        return text if kind in ("sign", "name", "other") else ""

    @property
    def kind(self) -> str:
        return self.tokens[self.position][0]

    def take(self) -> str:
        _, text = self.tokens[self.position]
        self.position = min(self.position + 1, len(self.tokens) - 1)
        return text

    def expect(self, *signs: str) -> str:
        if self.word not in signs:
            raise self.unexpected(signs)
        return self.take()

    def end(self) -> None:
        if self.kind != "end":
            raise self.unexpected((",",))

    def unexpected(self, wanted: tuple[str, ...] = ()) -> NoLiteral:
        kind, found = self.tokens[self.position]
        following = self.tokens[min(self.position + 1, len(self.tokens) - 1)][1]
        if kind == "name" and following == "(":
            return NoLiteral(say("the function {function} cannot be analysed", function=found[:60]))
        if kind == "name":
            text = say("the name {name} cannot be analysed: what it stands for is not in the table", name=found[:60])
            return NoLiteral(text)
        if kind == "end":
            return NoLiteral(say("the condition breaks off"))
        if wanted and kind in ("number", "text", "sign"):
            return NoLiteral(say("{wanted} is wanted, found {found}", wanted=" / ".join(wanted), found=found[:60]))
        return NoLiteral(say("{found} cannot be analysed: an expression stands where a value is wanted", found=found))

    def condition(self) -> Condition:
        following = self.tokens[min(self.position + 1, len(self.tokens) - 1)][1]
        if self.word == "not" and following == "(":
            self.position += 2
            tests = self.tests()
            self.expect(")")
            self.end()
            return Condition(tests, negated=True)
        tests = self.tests()
        self.end()
        return Condition(tests)

    def tests(self) -> tuple[Literal | Range, ...]:
        tests = [self.test()]
        while self.word == ",":
            self.take()
            tests.append(self.test())
        return tuple(tests)

    def test(self) -> Literal | Range:
        if self.word in _COMPARISONS:
            return self.comparison(self.take())
        if self.word == "=":
            self.take()
        elif self.word == "!=":
            raise NoLiteral(say("{found} cannot be analysed: write {instead}", found="!=", instead="not(…)"))
        elif self.word in ("[", "(", "]"):
            return self.interval()
        return self.literal()

    def comparison(self, sign: str) -> Range:
        end = self.ordered()
        inside = sign.endswith("=")
        return Range(None, False, end, inside) if sign[0] == "<" else Range(end, inside, None, False)

    def interval(self) -> Range:
        low_inside = self.take() == "["
        low = self.ordered()
        self.expect("..")
        high = self.ordered()
        high_inside = self.expect("]", ")", "[") == "]"
        if low.kind is not high.kind:
            kinds = {"low": low.kind.value, "high": high.kind.value}
            raise NoLiteral(say("the interval goes from a {low} to a {high}", **kinds))
        return Range(low, low_inside, high, high_inside)

    def ordered(self) -> Literal:
        literal = self.literal()
        if literal.position is None:
            raise NoLiteral(say("{value} has no order here: name the values instead", value=str(literal)[:60]))
        return literal

    def literal(self) -> Literal:
        negative = self.word == "-"
        if negative:
            self.take()
        if self.kind == "number":
            return number("-" * negative + self.take())
        if negative:
            raise self.unexpected()
        if self.kind == "text":
            return literal_of(_unescaped(self.take()))
        if self.word in ("true", "false"):
            return Literal(Kind.BOOLEAN, self.take() == "true")
        if self.word == "null":
            raise NoLiteral(say("{found} cannot be analysed: a value is wanted", found="null"))
        return self.made()

    def made(self) -> Literal:
        """Read `date("…")`, its like, and `@"…"`."""
        kind, function = self.tokens[self.position]
        after = self.tokens[self.position + 1 : self.position + 4]
        if function == "@" and after[:1] and after[0][0] == "text":
            self.take()
            return called("@", _unescaped(self.take()))
        if kind == "name" and len(after) == 3 and (after[0][1], after[1][0], after[2][1]) == ("(", "text", ")"):
            self.position += 4
            return called(function, _unescaped(after[1][1]))
        raise self.unexpected()


def _unescaped(quoted: str) -> str:
    return _ESCAPE.sub(
        lambda match: chr(int(match[1], 16)) if match[1] else _ESCAPED.get(match[2], match[2]), quoted[1:-1]
    )
