import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcore.customers.identity import pinyin_key, romanization, romanized, sort_key
from crmcore.customers.identity.surnames import COMPOUND_SURNAMES, SURNAMES
from crmcore.errors import MissingExtra
from crmcore.language import speaking


@pytest.mark.parametrize(
    ("family", "sound"),
    [
        ("曾", "Zeng"),
        ("单", "Shan"),
        ("解", "Xie"),
        ("仇", "Qiu"),
        ("区", "Ou"),
        ("查", "Zha"),
        ("朴", "Piao"),
        ("任", "Ren"),
        ("翟", "Zhai"),
        ("缪", "Miao"),
        ("吕", "Lü"),
        ("欧阳", "Ouyang"),
        ("万俟", "Moqi"),
        ("尉迟", "Yuchi"),
        ("长孙", "Zhangsun"),
    ],
)
def test_a_surname_is_read_as_one(family: str, sound: str) -> None:
    assert romanized(f"{family}国栋") == f"Guodong {sound}"
    assert romanized(f"{family}国栋先生", family_first=True) == f"{sound} Guodong"


def test_a_western_name_is_not_changed() -> None:
    assert romanized("John Smith") == "John Smith"


@pytest.mark.parametrize(
    ("name", "others"),
    [
        ("王伟", ["Wang Wei", "Wei WANG", "wang, wei", "王伟先生", "Mr. Wang Wei", "王Wei", "王 Wei"]),
        ("欧阳娜娜", ["Ouyang Nana", "Na-na Ouyang", "Ouyang Na Na", "Na Na Ouyang"]),
        ("吕布", ["Lü Bu", "LYU BU", "Lv Bu"]),
        ("李小龙", ["Li Xiao Long", "Xiaolong Li", "Li, Xiao Long"]),
        ("曾国藩", ["Zeng Guofan"]),
        ("司马光", ["Sima Guang"]),
        ("单于丽", ["Chanyu Li", "Li Chanyu"]),
        ("王小绿", ["Wang Xiaolü", "Wang Xiaolyu", "Xiao-lü Wang"]),
    ],
)
def test_a_name_and_its_transcriptions_have_one_key(name: str, others: list[str]) -> None:
    assert {pinyin_key(other) for other in others} == {pinyin_key(name)}


def test_names_are_sorted_by_sound_family_first() -> None:
    names = ["曾国藩", "单田芳", "阿拉坦仓", "John Smith", "欧阳修", "陈平", "陈安"]
    assert sorted(names, key=sort_key) == ["阿拉坦仓", "陈安", "陈平", "欧阳修", "单田芳", "John Smith", "曾国藩"]


@settings(deadline=None)
@given(
    st.sampled_from(sorted(SURNAMES | COMPOUND_SURNAMES)),
    st.text("国栋晓明子涵丽女绿华伟芳娜秀英敏静强磊军洋勇艳杰娟涛超兰霞", min_size=1, max_size=2),
    st.booleans(),
)
def test_a_name_is_found_again_under_its_own_transcription(family: str, given_name: str, family_first: bool) -> None:
    name = family + given_name
    assert pinyin_key(romanized(name, family_first=family_first)) == pinyin_key(name)


@settings(deadline=None)
@given(st.text())
def test_whatever_is_typed_has_a_key_in_order(name: str) -> None:
    words = pinyin_key(name).split(" ")
    assert words == sorted(words)


@pytest.fixture
def without_pypinyin(monkeypatch: pytest.MonkeyPatch) -> Any:
    caches = (romanization._pinyin, romanization._surnames, romanization._surname, romanization._given)
    monkeypatch.setitem(sys.modules, "pypinyin", None)
    for one in caches:
        one.cache_clear()
    yield
    for one in caches:
        one.cache_clear()


@pytest.mark.usefixtures("without_pypinyin")
def test_without_the_library_a_chinese_name_says_what_to_install_and_a_western_one_needs_nothing() -> None:
    assert pinyin_key("John Smith Miller") == "john miller smith"
    with pytest.raises(MissingExtra, match=r"pip install 'crmcore\[chinese\]'"):
        pinyin_key("王伟")
    with speaking("zh"), pytest.raises(MissingExtra, match="请运行"):
        sort_key("王伟")
