import pickle
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from string import Formatter
from threading import Barrier

import pytest
from catalogue import entries, fields
from hypothesis import given
from hypothesis import strategies as st

from crmcore.language import Phrase, catalogues, current, joined, listed, say, say_many, speaking, told, translated

TEMPLATES = sorted(text for text in entries() if isinstance(text, str) and fields(text))
NAMES = st.text(st.sampled_from("ab1{} 客户"), max_size=8)


def pickled(phrase: str) -> str:
    again: str = pickle.loads(pickle.dumps(phrase))  # noqa: S301 (what was dumped here)
    return again


def leaves() -> st.SearchStrategy[str]:
    return st.one_of(NAMES, st.lists(NAMES, max_size=4).map(listed), st.lists(NAMES, max_size=3).map(joined))


def branches(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    def phrase(template: str) -> st.SearchStrategy[str]:
        given_ = st.fixed_dictionaries(dict.fromkeys(sorted(fields(template)), inner))
        return given_.map(lambda arguments: say(template, **arguments))

    plain = [text for text in TEMPLATES if all(not spec for _, _, spec, _ in Formatter().parse(text))]
    return st.sampled_from(plain).flatmap(phrase)


PHRASES = st.recursive(leaves(), branches, max_leaves=4)


def test_a_phrase_is_its_english_text() -> None:
    phrase = say("{wanted} is wanted, found {found}", wanted=say("a list"), found="x")
    assert phrase == "a list is wanted, found x"
    assert told(phrase) == "a list is wanted, found x"
    assert type(told(phrase)) is str


def test_a_phrase_is_told_with_the_phrases_inside_it() -> None:
    phrase = say("{wanted} is wanted, found {found}", wanted=say("a list"), found=say("the text {found}", found="x"))
    with speaking("zh"):
        assert told(phrase) == "应为：列表；实为：文本 x"


def test_a_text_that_nobody_translated_stays_english() -> None:
    with speaking("zh"):
        assert told(say("no translator has {seen} this", seen="ever")) == "no translator has ever this"
        assert translated("nor this") == "nor this"
        assert translated("") == ""


def test_what_is_no_phrase_stays_as_it_is() -> None:
    with speaking("zh"):
        assert told("a list") == "a list"


@pytest.mark.parametrize(("count", "english"), [(0, "0 cells"), (1, "1 cell"), (2, "2 cells")])
def test_a_phrase_counts_in_the_grammar_of_each_language(count: int, english: str) -> None:
    phrase = say_many("{count} cell", "{count} cells", count)
    assert phrase == english
    with speaking("zh"):
        assert told(phrase) == f"{count} 个单元格"


@pytest.mark.parametrize(
    ("names", "commas", "with_and", "chinese"),
    [
        ([], "", "", ""),
        (["a"], "a", "a", "a"),
        (["a", "b"], "a, b", "a and b", "a 和 b"),
        (["a", "b", "c"], "a, b, c", "a, b and c", "a、b 和 c"),
    ],
)
def test_names_stand_in_a_row(names: list[str], commas: str, with_and: str, chinese: str) -> None:
    assert listed(names) == listed(iter(names)) == commas
    assert joined(names) == joined(iter(names)) == with_and
    with speaking("zh"):
        assert told(joined(names)) == chinese
        assert told(listed(names)) == "、".join(names)


def test_a_row_may_be_as_long_as_it_likes() -> None:
    names = [str(number) for number in range(100_000)]
    with speaking("zh"):
        assert told(pickled(listed(names))) == "、".join(names)


@given(PHRASES)
def test_a_phrase_that_was_pickled_or_copied_is_told_the_same(phrase: str) -> None:
    for again in (pickled(phrase), deepcopy(phrase)):
        assert again == phrase
        assert type(again) is type(phrase)
        with speaking("zh"):
            assert told(again) == told(phrase)


@given(PHRASES)
def test_nothing_is_lost_in_the_translation(phrase: str) -> None:
    """Whatever plain text stands in a phrase stands in what is told of it."""
    with speaking("zh"):
        spoken = told(phrase)
    for text in plain_texts(phrase):
        assert text in spoken


def plain_texts(phrase: str) -> list[str]:
    if not isinstance(phrase, Phrase):
        return [phrase]
    names = phrase.arguments.get("names")
    inside = names if isinstance(names, tuple) else phrase.arguments.values()
    return [text for argument in inside if isinstance(argument, str) for text in plain_texts(argument)]


def test_threads_speak_their_own_language() -> None:
    both = Barrier(2, timeout=30)
    phrase = say("a list")

    def speak(language: str) -> tuple[str, str]:
        with speaking("zh" if language == "zh" else "en"):
            both.wait()
            return current(), told(phrase)

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(speak, ["en", "zh"])) == [("en", "a list"), ("zh", "列表")]


def test_english_reads_no_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogues, "CATALOGUES", None)
    catalogues.catalogue.cache_clear()
    assert translated("a list") == told(say("a list")) == "a list"
    catalogues.catalogue.cache_clear()


def test_a_row_of_one_phrase_is_that_phrase() -> None:
    with speaking("zh"):
        assert told(listed([say("accountable")])) == told(joined([say("accountable")])) == "负责"
