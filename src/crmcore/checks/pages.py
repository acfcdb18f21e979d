"""The page of each check: what it means, why a company cares, a failing file and the mended one.

One text is the documentation, what `crmcore explain` prints, and a test.
"""

import re
import shlex
from datetime import date
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from attrs import frozen

from crmcore.errors import UnknownName, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from importlib.resources.abc import Traversable

__all__ = ["FAILING", "MEND", "SECTIONS", "Example", "Page", "codes", "page", "parse"]

FAILING: Final = "A failing file"
MEND: Final = "The mend"
SECTIONS: Final = ("What it means", "Why it matters", FAILING, MEND)
"""The headings of a page, in order."""

USUAL_DAY: Final = date(2026, 11, 23)
"""The day for which an example is checked that names none."""

_TITLE: Final = re.compile(r"# ([A-Z]+[0-9]+) ([a-z0-9-]+)")
_BLOCK: Final = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_OPTIONS: Final = re.compile(r"#\s*crmcore check (.*)")


@frozen
class Example:
    """An organization file in a page.

    Attributes:
        text: the file, as YAML.
        on: the first day for which it is checked.
        until: the last day; None for the first alone.
        without: people who are thought away.
    """

    text: str
    on: date = USUAL_DAY
    until: date | None = None
    without: tuple[str, ...] = ()


@frozen
class Page:
    """What there is to read about a check.

    Attributes:
        code: of the check.
        name: of the check.
        promise: what holds when a company is healthy, in a sentence.
        sections: the text under each heading, by the heading.
        failing: a file on which the check fails.
        mended: the same file, mended.
        text: the whole page, as Markdown.
    """

    code: str
    name: str
    promise: str
    sections: "Mapping[str, str]"
    failing: Example
    mended: Example
    text: str


def codes() -> tuple[str, ...]:
    """Return the codes that have a page, in order."""
    return tuple(_files())


def page(code: str) -> Page:
    """Return the page of a check.

    Args:
        code: its code, such as `COV101`, in letters of either size; or its name, such as `uncovered-touchpoint`.

    Raises:
        UnknownName: there is no such page.
    """
    known = _files()
    if code.upper() in known:
        return parse(known[code.upper()].read_text(encoding="utf-8"))
    named = {_title(text)[1]: text for text in (file.read_text(encoding="utf-8") for file in known.values())}
    if code.lower() in named:
        return parse(named[code.lower()])
    raise UnknownName("check", code, nearest(code, (*known, *named)))


def parse(text: str) -> Page:
    """Read a page.

    Raises:
        ValueError: when it has not the shape of one; the message says what is missing.
    """
    code, name = _title(text)
    opening, *parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    sections = {heading.strip(): body.strip() for heading, body in zip(parts[::2], parts[1::2], strict=True)}
    if tuple(sections) != SECTIONS:
        message = f"the page of {code} has the sections {', '.join(sections)}, and not {', '.join(SECTIONS)}"
        raise ValueError(message)
    promise = opening.partition("\n")[2].strip()
    if not promise:
        message = f"the page of {code} does not say what holds when a company is healthy"
        raise ValueError(message)
    failing, mended = (_example(code, heading, sections[heading]) for heading in (FAILING, MEND))
    return Page(code, name, promise, sections, failing, mended, text)


@cache
def _files() -> "Mapping[str, Traversable]":
    folder = files("crmcore.checks").joinpath("explain")
    pages = sorted((file.name, file) for file in folder.iterdir() if file.name.endswith(".md"))
    return {name.removesuffix(".md"): file for name, file in pages}


def _title(text: str) -> tuple[str, str]:
    title = _TITLE.fullmatch(text.partition("\n")[0].rstrip())
    if title is None:
        message = f"a page begins with `# CODE check-name`, not with {text.partition(chr(10))[0]!r}"
        raise ValueError(message)
    return title[1], title[2]


def _example(code: str, heading: str, body: str) -> Example:
    blocks = _BLOCK.findall(body)
    if len(blocks) != 1:
        message = f"the page of {code} has {len(blocks)} yaml blocks under {heading!r}, and not one"
        raise ValueError(message)
    options = _OPTIONS.match(blocks[0])
    return _with_options(code, blocks[0], options[1]) if options else Example(blocks[0])


def _with_options(code: str, text: str, options: str) -> Example:
    """Read how an example is checked from its first line, such as `# crmcore check --on 2026-01-01 crmcore.yaml`."""
    days: dict[str, date] = {}
    without: list[str] = []
    words = iter(shlex.split(options))
    for word in words:
        if word in ("--on", "--until"):
            days[word] = date.fromisoformat(next(words))
        elif word == "--without":
            without.append(next(words))
        elif word.startswith("-"):
            message = f"the page of {code} checks its example with {word}; only --on, --until and --without are known"
            raise ValueError(message)
    return Example(text, days.get("--on", USUAL_DAY), days.get("--until"), tuple(without))
