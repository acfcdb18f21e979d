import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcore.customers.identity import PersonName, person_key, split_name
from crmcore.customers.identity.surnames import COMPOUND_SURNAMES, SURNAMES

SINGLE = sorted(SURNAMES)
COMPOUND = sorted(COMPOUND_SURNAMES)


@pytest.mark.parametrize(
    ("name", "family", "given_name", "title"),
    [
        ("王伟", "王", "伟", ""),
        ("王 伟", "王", "伟", ""),
        ("欧阳修", "欧阳", "修", ""),
        ("司马相如", "司马", "相如", ""),
        ("王总", "王", "", "总"),
        ("欧阳总", "欧阳", "", "总"),
        ("李女士", "李", "", "女士"),
        ("张副总经理", "张", "", "副总经理"),
        ("王建国先生", "王", "建国", "先生"),
        ("李工", "李", "", "工"),
        ("李建工", "李", "建工", ""),
        ("老王", "王", "", "老"),
        ("小李", "李", "", "小"),
        ("阿拉坦仓", "", "阿拉坦仓", ""),
        ("约翰·史密斯", "史密斯", "约翰", ""),
        ("约翰 • 史密斯先生", "史密斯", "约翰", "先生"),
        ("先生", "先", "生", ""),
        ("老师", "老", "师", ""),
        ("王伟（销售部）", "王", "伟", ""),
        ("王伟/Wei Wang", "王", "伟", ""),
        ("Mr. John Smith", "Smith", "John", "Mr."),
        ("Smith, John", "Smith", "John", ""),
        ("Ludwig van Beethoven", "van Beethoven", "Ludwig", ""),
        ("van Beethoven", "Beethoven", "van", ""),
        ("Jack Ma", "Ma", "Jack", ""),
        ("Ｊｏｈｎ　Smith", "Smith", "John", ""),
        ("Cher", "Cher", "", ""),
        ("", "", "", ""),
    ],
)
def test_a_name_is_taken_apart(name: str, family: str, given_name: str, title: str) -> None:
    parts = split_name(name)
    assert (parts.family, parts.given, parts.title) == (family, given_name, title)


@pytest.mark.parametrize("name", ["Martin King Jr.", "Martin King, Jr.", "King, Martin, Jr."])
def test_a_suffix_is_no_part_of_a_western_name(name: str) -> None:
    parts = split_name(name)
    assert (parts.family, parts.given, parts.suffix) == ("King", "Martin", "Jr.")


def test_the_order_of_a_western_name_is_that_of_the_language_and_a_chinese_name_keeps_its_own() -> None:
    assert PersonName("Smith", "John").displayed("en") == "John Smith"
    assert PersonName("Smith", "John").displayed("zh") == "Smith John"
    for language in ("en", "zh"):
        assert split_name("王 伟先生").displayed(language) == "王伟"
        assert split_name("约翰·史密斯").displayed(language) == "约翰·史密斯"
    assert split_name("Smith, John").full == "John Smith"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("王伟", "王　伟 先生"),
        ("John Smith", "Smith, John"),
        ("Dr. Jürgen Müller", "MULLER Jurgen"),
        ("Mary-Jane O'Neil", "Maryjane ONeil"),
        ("约翰·史密斯", "约翰•史密斯"),
    ],
)
def test_two_spellings_of_a_name_have_one_key(one: str, other: str) -> None:
    assert person_key(one) == person_key(other) != ""


def test_characters_and_pinyin_have_different_keys() -> None:
    assert person_key("王伟") != person_key("Wang Wei")


@settings(deadline=None)
@given(
    st.sampled_from(SINGLE + COMPOUND),
    st.sampled_from(["国栋", "晓明", "子涵", "丽华"]),
    st.sampled_from(["先生", "女士", "总经理"]),
)
def test_a_surname_and_a_title_are_found_again(family: str, given_name: str, title: str) -> None:
    parts = split_name(family + given_name + title)
    if family + given_name[0] not in COMPOUND_SURNAMES:
        assert (parts.family, parts.given, parts.title) == (family, given_name, title)


@settings(deadline=None)
@given(st.text())
def test_whatever_is_typed_has_a_key_that_is_its_own_key(name: str) -> None:
    key = person_key(name)
    assert person_key(key) in (key, person_key(person_key(key)))
    assert key == key.strip()
