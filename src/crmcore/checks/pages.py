"""The page of each check: what it means, why a company cares, a failing file and the mended one.

One text is the documentation, what `crmcore explain` prints, and a test. A page in another language has no examples of
its own: where it says so, it shows those of the English page.
"""

import re
import shlex
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from attrs import frozen

from crmcore.errors import UnknownName, nearest
from crmcore.language import Language

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

__all__ = ["EXAMPLE", "FAILING", "HEADINGS", "MEND", "SECTIONS", "Example", "Page", "codes", "page", "parse"]

FAILING: Final = "A failing file"
MEND: Final = "The mend"
SECTIONS: Final = ("What it means", "Why it matters", FAILING, MEND)
"""The headings of an English page, in order."""

HEADINGS: Final[Mapping[Language, tuple[str, str, str, str]]] = {
    "en": SECTIONS,
    "zh": ("含义", "为什么重要", "出错的文件", "如何修改"),
}
"""The headings of a page in each language, in the same order."""

EXAMPLE: Final = "<!-- example -->"
"""The line for which a translated page shows the file that the English page has in the same section."""

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
        language: the language that it is in.
    """

    code: str
    name: str
    promise: str
    sections: Mapping[str, str]
    failing: Example
    mended: Example
    text: str
    language: Language = "en"


def codes() -> tuple[str, ...]:
    """Return the codes that have a page, in order."""
    return tuple(_files())


def page(code: str, language: Language = "en") -> Page:
    """Return the page of a check.

    Args:
        code: its code, such as `COV101`, in letters of either size; or its name, such as `uncovered-touchpoint`.
        language: the language to read it in; a page that is not there in it comes in English, and says so.

    Raises:
        UnknownName: there is no such page.
    """
    known = _files()
    found = code.upper()
    if found not in known:
        named = {_title(file.read_text(encoding="utf-8"))[1]: code for code, file in known.items()}
        if code.lower() not in named:
            raise UnknownName("check", code, nearest(code, (*known, *named)))
        found = named[code.lower()]
    english = parse(known[found].read_text(encoding="utf-8"))
    translated = None if language == "en" else _files(language).get(found)
    return english if translated is None else parse(translated.read_text(encoding="utf-8"), language, english)


def parse(text: str, language: Language = "en", english: Page | None = None) -> Page:
    """Read a page.

    Args:
        text: the page.
        language: the language that it is in.
        english: for a translated page, the one whose examples it shows.

    Raises:
        ValueError: when it has not the shape of one; the message says what is missing.
    """
    if english is not None:
        text = _with_examples(text, english)
    code, name = _title(text)
    opening, *parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    sections = {heading.strip(): body.strip() for heading, body in zip(parts[::2], parts[1::2], strict=True)}
    headings = HEADINGS[language]
    if tuple(sections) != headings:
        message = f"the page of {code} has the sections {', '.join(sections)}, and not {', '.join(headings)}"
        raise ValueError(message)
    promise = opening.partition("\n")[2].strip()
    if not promise:
        message = f"the page of {code} does not say what holds when a company is healthy"
        raise ValueError(message)
    failing, mended = (_example(code, heading, sections[heading]) for heading in headings[-2:])
    return Page(code, name, promise, sections, failing, mended, text, language)


def _with_examples(text: str, english: Page) -> str:
    """Put the examples of the English page where a translated page asks for them."""
    code, name = _title(text)
    if (code, name) != (english.code, english.name):
        message = f"the page of {english.code} {english.name} is translated as that of {code} {name}"
        raise ValueError(message)
    parts = text.split(f"\n{EXAMPLE}\n")
    if len(parts) != 3 or _BLOCK.search(text):
        message = f"the translated page of {code} shows its two examples by a line {EXAMPLE} each, and has none itself"
        raise ValueError(message)
    failing, mended = (f"\n```yaml\n{example.text}```\n" for example in (english.failing, english.mended))
    return f"{parts[0]}{failing}{parts[1]}{mended}{parts[2]}"


@cache
def _files(language: Language = "en") -> "Mapping[str, Traversable]":
    english = files("crmcore.checks").joinpath("explain")
    folder = english if language == "en" else english.joinpath(language)
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
