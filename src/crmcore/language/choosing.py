"""Which language is spoken: English, unless a program, a command's option or the locale says otherwise."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, Literal, get_args

__all__ = ["LANGUAGES", "Language", "current", "of_locale", "speaking"]

Language = Literal["en", "zh"]

LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
"""The languages that there are, English first."""

_SAME: Final[Mapping[Language, tuple[str, ...]]] = {"en": ("c", "posix"), "zh": ()}

_current: ContextVar[Language] = ContextVar("crmcore.language", default="en")


def current() -> Language:
    """Return the language that is spoken here and now: of this thread, or of this task."""
    return _current.get()


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Speak a language inside a `with` block.

    Args:
        language: `en` or `zh`.

    Raises:
        ValueError: there is no such language.
    """
    if language not in LANGUAGES:
        message = f"the languages are {', '.join(LANGUAGES)}, not {language!r}"
        raise ValueError(message)
    token = _current.set(language)
    try:
        yield
    finally:
        _current.reset(token)


def of_locale(environment: Mapping[str, str]) -> Language:
    """Return the language that a user's environment asks for: the first of the variables that says something decides.

    Args:
        environment: the variables, such as `os.environ`: CRMCORE_LANGUAGE, LANGUAGE, LC_ALL, LC_MESSAGES and LANG.
            Each may hold several wishes with a colon between them, the dearest first.
    """
    variables = ("CRMCORE_LANGUAGE", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
    wishes = next(filter(None, map(environment.get, variables)), "")
    words = [re.split(r"[-_.@]", wish.lower())[0] for wish in wishes.split(":")]
    return next((language for word in words for language in LANGUAGES if word in (language, *_SAME[language])), "en")
