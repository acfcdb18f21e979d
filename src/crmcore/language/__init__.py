"""What people read, in their language: English is written in the code, the other languages lie in catalogues."""

from crmcore.language.catalogues import CATALOGUES, bring_catalogue
from crmcore.language.choosing import LANGUAGES, Language, current, of_locale, speaking
from crmcore.language.phrases import Phrase, joined, listed, say, say_many, template, told, translated

__all__ = [
    "CATALOGUES",
    "LANGUAGES",
    "Language",
    "Phrase",
    "bring_catalogue",
    "current",
    "joined",
    "listed",
    "of_locale",
    "say",
    "say_many",
    "speaking",
    "template",
    "told",
    "translated",
]
