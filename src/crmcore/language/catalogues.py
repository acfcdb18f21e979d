"""Where translations lie: in the catalogue of crmcore, and in those that plugins bring."""

from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Final

from crmcore.language.choosing import Language

__all__ = ["CATALOGUES", "bring_catalogue", "catalogue"]

CATALOGUES: Final = Path(__file__).parent
"""The folder that holds the compiled catalogues, laid out as gettext wants it."""

_packages: Final[dict[str, None]] = {}


def bring_catalogue(package: str) -> None:
    """Let the texts of a package be told in other languages; called in its `__init__`, with `__name__`.

    The package says them by `say`, as crmcore does. Its translations lie in it, in `zh/LC_MESSAGES/PACKAGE.mo`, and are
    read when somebody speaks that language. What crmcore says too is told as crmcore tells it. A package without the
    file speaks English.

    Args:
        package: the name by which it is imported.
    """
    if package not in _packages:
        _packages[package] = None
        catalogue.cache_clear()


@cache
def catalogue(language: Language) -> NullTranslations:
    """Return what translates into a language."""
    if language == "en":
        return NullTranslations()
    with CATALOGUES.joinpath(language, "LC_MESSAGES", "crmcore.mo").open("rb") as compiled:
        whole = GNUTranslations(compiled)
    for package in _packages:
        whole.add_fallback(_brought(package, language))
    return whole


def _brought(package: str, language: Language) -> NullTranslations:
    from importlib.resources import files  # noqa: PLC0415 (only where somebody brought one)

    try:
        with files(package).joinpath(language, "LC_MESSAGES", f"{package}.mo").open("rb") as compiled:
            return GNUTranslations(compiled)
    except FileNotFoundError:
        return NullTranslations()
