"""What the parsers of YAML, TOML and CSV say is wrong, in words that can be told in another language."""

from collections.abc import Mapping
from typing import Final

from crmcore.language import Phrase, say

__all__ = ["harmless"]

_YAML: Final = (
    say("block mapping entries are not allowed in this context"),
    say("block sequence entries are not allowed in this context"),
    say("could not find expected ':'"),
    say("did not find expected ',' or ']'"),
    say("did not find expected ',' or '}}'"),
    say("did not find expected '-' indicator"),
    say("did not find expected <document start>"),
    say("did not find expected alphabetic or numeric character"),
    say("did not find expected key"),
    say("did not find expected node content"),
    say("exceeded maximum nesting depth"),
    say("found character that cannot start any token"),
    say("found unexpected document indicator"),
    say("found unexpected end of stream"),
    say("found unknown escape character"),
    say("mapping keys are not allowed in this context"),
    say("mapping values are not allowed in this context"),
)
_TOML: Final = (
    say("Cannot overwrite a value"),
    say("Expected '=' after a key in a key/value pair"),
    say("Expected newline or end of document after a statement"),
    say("Invalid date or datetime"),
    say("Invalid initial character for a key part"),
    say("Invalid statement"),
    say("Invalid value"),
    say("Unclosed array"),
    say("Unclosed inline table"),
    say("Unterminated string"),
)
_CSV: Final = (say("""',' expected after '"'"""), say("unexpected end of data"))
_KNOWN: Final[Mapping[str, Phrase]] = {problem: problem for problem in (*_YAML, *_TOML, *_CSV)}
_LONGEST: Final = 200


def harmless(problem: str) -> str:
    """Return what a parser says, on one line, as it can safely be shown; what it says rarely stays in its words."""
    line = " ".join(problem.split())[:_LONGEST]
    return _KNOWN.get(line) or (line if line.isprintable() else repr(line))
