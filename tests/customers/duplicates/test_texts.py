"""Texts as they are compared."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcore.customers.duplicates.texts import digits, folded, has_han, soundex


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  O’Neill   &  Söhne ", "oneill sohne"),
        ("ＡＣＭＥ　Ｌｔｄ．", "acme ltd"),
        ("腾讯（深圳）", "腾讯 深圳"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("ガ", "カ"),
        ("", ""),
    ],
)
def test_what_is_written_differently_and_means_the_same_is_one(text: str, expected: str) -> None:
    assert folded(text) == expected


@given(st.text() | st.text("aéÉ ǆʼ'·.カ゛゙王１ﬁİßΣ\u0301\u0f71\ud7a3"))
def test_a_folded_text_is_what_is_left_character_by_character(text: str) -> None:
    plain = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    silent = "'’‘`´ʼ.·・"
    bare = "".join(one for one in plain if not unicodedata.combining(one) and one not in silent)
    composed = unicodedata.normalize("NFC", bare)
    assert folded(text).split() == "".join(one if one.isalnum() else " " for one in composed).split()


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@pytest.mark.parametrize(  # the examples of the US National Archives
    ("word", "code"),
    [
        ("washington", "w252"),
        ("lee", "l000"),
        ("gutierrez", "g362"),
        ("pfister", "p236"),
        ("jackson", "j250"),
        ("tymczak", "t522"),
        ("ashcraft", "a261"),
        ("王", "王"),
    ],
)
def test_words_that_sound_alike_have_one_code(word: str, code: str) -> None:
    assert soundex(word) == code


@given(st.text())
def test_digits_are_ascii_and_all_that_there_are(text: str) -> None:
    found = digits(text)
    assert found.isascii()
    assert len(found) == sum(character.isdecimal() for character in text)


def test_chinese_characters_are_seen() -> None:
    assert has_han("a王")
    assert not has_han("Wang カ 1")
