"""Profiles that hypothesis invents, from few values, so that many of them agree in something."""

from datetime import date

from hypothesis import strategies as st

from crmcore.customers.duplicates import Profile, ProfileKind

__all__ = ["lists_of_profiles", "profiles"]

NAMES = [
    "王伟",
    "Wang Wei",
    "WEI WANG",
    "王玮",
    "欧阳娜娜",
    "Noah Watson",
    "Watson",
    "noha watson",
    "José",
    "N. Watson",
    "",
    "·",
]
COMPANIES = [
    "腾讯科技有限公司",
    "腾讯科技",
    "Tengxun Keji",
    "Acme Ltd.",
    "ACME",
    "Acme (China) Co., Ltd.",
    "有限公司",
    "",
    "!",
]
PHONES = ["+8613800138000", "138 0013 8000", "13800138001", "010-62345678", "+861062345678", "110", ""]
EMAILS = ["w.wei@acme.cn", "W.Wei@ACME.cn ", "wwei@acme.cn", "w.wei@qq.com", "noah@gmail.com", "@", ""]
DOMAINS = ["acme.cn", "https://www.acme.cn/about", "qq.com", "other.org", ""]
DATES = [date(1990, 3, 4), date(1990, 4, 3), date(1990, 3, 5), date(1951, 12, 31)]
TEXTS = ["北京", "Beijing", "Bejing", "27 High St.", "28 High Street", "", "  "]

_KINDS = st.sampled_from(ProfileKind)


def _several(values: list[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values) | st.text(max_size=8), max_size=2).map(tuple)


def _fields(*names: str) -> st.SearchStrategy[dict[str, str]]:
    return st.dictionaries(st.sampled_from(names), st.sampled_from(TEXTS) | st.text(max_size=8), max_size=len(names))


@st.composite
def profiles(draw: st.DrawFn, id: str | None = None) -> Profile:  # noqa: A002
    """A profile of a person or of a company, often with values that others have too."""
    kind = draw(_KINDS)
    return Profile(
        draw(st.uuids()).hex if id is None else id,
        kind,
        names=draw(_several(NAMES if kind is ProfileKind.PERSON else COMPANIES)),
        phones=draw(_several(PHONES)),
        emails=draw(_several(EMAILS)),
        domains=draw(_several(DOMAINS)),
        address=draw(_fields("street", "city", "postcode")),
        born=draw(st.sampled_from(DATES) | st.none()),
        identifiers=draw(_fields("uscc", "taobao")),
        more=draw(_fields("position")),
    )


def lists_of_profiles(most: int) -> st.SearchStrategy[list[Profile]]:
    """Several profiles, each with its own id."""
    return (
        st.integers(0, most)
        .flatmap(lambda count: st.tuples(*(profiles(f"c{place}") for place in range(count))))
        .map(list)
    )
