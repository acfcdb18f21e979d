"""English and Chinese say the same things: what one has, the other has, with the same things in its places."""

import re
from importlib import import_module
from importlib.util import find_spec

import catalogue
import pytest
from catalogue import AREAS, OWN, Area

from crmcore.language import catalogues

SAME: dict[str, str] = {
    '{kind} "{id}"': "what it is and its name are arguments; only the quotes differ",
    "{kind} {name}": "what it is and its name are arguments",
    "{kind} {id!r}": "what it is and its id are arguments",
}
"""Translations that equal their English text or have no Chinese in them, and why."""

CHINESE = re.compile("[\u3400-\u9fff、。，：；（）「」]")


@pytest.fixture(params=AREAS, ids=lambda area: area.package)
def area(request: pytest.FixtureRequest) -> Area:
    """crmcore, and each plugin that is installed."""
    found: Area = request.param
    if find_spec(found.package) is None:
        pytest.skip("install the plugins with `uv run --all-packages`")
    return found


def test_nothing_that_is_said_lacks_a_translation(area: Area) -> None:
    assert catalogue.missing(area) == {}, "python tests/catalogue.py --missing prints their entries"


def test_a_template_is_written_out_where_it_is_said(area: Area) -> None:
    assert catalogue.unwritten(area) == []


def test_nothing_is_translated_that_nobody_says(area: Area) -> None:
    assert catalogue.unused(area) == {}


def test_a_translation_has_the_places_of_its_text(area: Area) -> None:
    for text, (translation, place) in catalogue.entries(area).items():
        if isinstance(text, str):
            assert catalogue.fields(translation) == catalogue.fields(text), place
        else:
            assert catalogue.fields(translation) <= catalogue.fields(text[0]) | catalogue.fields(text[1]), place


def test_the_compiled_catalogue_is_what_the_translators_wrote(area: Area) -> None:
    written = {text: translation for text, (translation, _) in catalogue.entries(area).items() if translation}
    read = catalogue.read(area.compiled.read_bytes()) if area.compiled.exists() else {}
    assert read == written, "run python tests/catalogue.py"


def test_a_translation_is_chinese(area: Area) -> None:
    english = {
        text: place
        for text, (translation, place) in catalogue.entries(area).items()
        if translation == text or not CHINESE.search(translation)
    }
    assert english.keys() - SAME.keys() == set(), english


def test_an_exception_is_one_that_is_said() -> None:
    assert SAME.keys() <= catalogue.entries(OWN).keys()


def test_a_plugin_translates_only_what_crmcore_does_not_say(area: Area) -> None:
    """The catalogue of crmcore is asked first, so that the other translation would never be read."""
    both = catalogue.entries(area).keys() & catalogue.entries(OWN).keys()
    assert area == OWN or both == set()


def test_a_plugin_that_has_translations_brings_them(area: Area) -> None:
    import_module(area.package)
    assert area == OWN or not catalogue.entries(area) or area.package in catalogues._packages


def test_click_does_not_name_its_types_in_the_language_of_the_moment() -> None:
    """They are named when a command is imported, and stay as they are for as long as the process lives."""
    assert not {"file", "directory", "path"} & catalogue.entries().keys()


def test_texts_are_found_wherever_code_says_them() -> None:
    assert {
        "{wanted} is wanted, found {found}",  # say
        "{count} cell",  # say_many, by its singular
        ", ",  # translated
        "Examples",  # a heading of a help
        "Print the version.",  # an option
        "Find where customers fall through.",  # a command
        "where do your customers fall through?",  # an example
        "DAY",  # the value of an option
    } <= catalogue.said().keys()
