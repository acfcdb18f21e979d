"""Which language the command line speaks: what the option says, else the environment, else the system."""

import gettext
import locale
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Final

from crmcore.language import CATALOGUES, LANGUAGES, Language, of_locale, speaking

__all__ = ["OPTION", "asked", "spoken"]

OPTION: Final = "--language"
"""The option, before the command or after it."""

_JOINED: Final = f"{OPTION}="
_DOMAIN: Final = "crmcore"


def asked(arguments: Sequence[str], environment: Mapping[str, str] = os.environ) -> Language:
    """Return the language that a call asks for.

    It is known before the arguments are parsed, because what is wrong with them is told in it too. The last option
    decides; one that cannot be read does not, and click will refuse it.

    Args:
        arguments: those of the command line, without the program.
        environment: the variables of the process.
    """
    options = arguments[: arguments.index("--")] if "--" in arguments else arguments
    wishes = [
        word.removeprefix(_JOINED)
        for before, word in pairwise(("", *options))
        if before == OPTION or word.startswith(_JOINED)
    ]
    wished = (language for wish in reversed(wishes) for language in LANGUAGES if wish == language)
    return next(wished, None) or of_locale(_with_system(environment))


@contextmanager
def spoken(language: Language) -> Iterator[None]:
    """Speak a language inside a `with` block, and let click speak it too."""
    with speaking(language):
        if language == "en":
            yield
            return
        with _gettext(language):
            yield


def _with_system(environment: Mapping[str, str]) -> Mapping[str, str]:
    """Add what Windows knows of its user's language: it says so in no variable."""
    if os.name != "nt":
        return environment
    name = (locale.getlocale()[0] or "").lower()
    return {"LANG": "zh" if name.startswith("chinese") else name, **environment}


@contextmanager
def _gettext(language: Language) -> Iterator[None]:
    """Lend our catalogue to gettext, which click asks for its own words, and which asks the process's environment."""
    domain, wish = gettext.textdomain(), os.environ.get("LANGUAGE")
    gettext.bindtextdomain(_DOMAIN, str(CATALOGUES))
    gettext.textdomain(_DOMAIN)
    os.environ["LANGUAGE"] = language
    try:
        yield
    finally:
        gettext.textdomain(domain)
        if wish is None:
            del os.environ["LANGUAGE"]
        else:
            os.environ["LANGUAGE"] = wish
