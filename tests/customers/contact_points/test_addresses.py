import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcore.customers.contact_points import InvalidContactPoint, postal_address
from crmcore.customers.identity import region_path
from crmcore.customers.identity.regions.table import region_table

CURRENT = sorted(code for code, one in region_table().current.items() if not one.zone)


@pytest.mark.parametrize(
    ("text", "code", "parts", "postcode"),
    [
        ("浙江省杭州市西湖区文三路90号 310012", "330106", ("浙江省", "杭州市", "西湖区", "文三路90号"), "310012"),
        ("杭州西湖区文三路90号", "330106", ("浙江省", "杭州市", "西湖区", "文三路90号"), ""),
        ("上海浦东张江路1号", "310115", ("上海市", "", "浦东新区", "张江路1号"), ""),
        ("中国 北京市 北京市 朝阳区 建国路1号", "110105", ("北京市", "", "朝阳区", "建国路1号"), ""),
        ("邮编：100020，北京市朝阳区三里屯", "110105", ("北京市", "", "朝阳区", "三里屯"), "100020"),
        ("上海市市辖区黄浦区南京东路1号", "310101", ("上海市", "", "黄浦区", "南京东路1号"), ""),
        ("上海南京东路100号", "310000", ("上海市", "", "", "南京东路100号"), ""),
        ("湖北省仙桃市沔州大道1号", "429004", ("湖北省", "", "仙桃市", "沔州大道1号"), ""),
        ("吉林长春", "220100", ("吉林省", "长春市", "", ""), ""),
        ("新疆乌鲁木齐", "650100", ("新疆维吾尔自治区", "乌鲁木齐市", "", ""), ""),
        ("上海市卢湾区淮海中路1号", "310103", ("上海市", "", "卢湾区", "淮海中路1号"), ""),
        ("苏州工业园区星湖街1号", "320576", ("江苏省", "苏州市", "苏州工业园区", "星湖街1号"), ""),
        ("南京路100号", "", ("", "", "", "南京路100号"), ""),
    ],
)
def test_a_chinese_address_is_taken_apart(text: str, code: str, parts: tuple[str, ...], postcode: str) -> None:
    address = postal_address(text)
    assert (address.region_code, address.postcode, address.country) == (code, postcode, "CN")
    assert (address.province, address.city, address.county, address.street) == parts


def test_several_lines_are_one_address() -> None:
    assert postal_address("浙江省 杭州市\n西湖区 文三路90号\n310012") == postal_address(
        "浙江省杭州市西湖区文三路90号 310012"
    )


def test_an_address_that_may_lie_in_several_regions_names_them_all() -> None:
    address = postal_address("西湖区文三路90号")
    assert address.region_code == ""
    assert address.candidates == ("330106", "360103")
    assert address.value == "西湖区文三路90号"


def test_a_city_in_a_province_where_it_does_not_lie_is_refused() -> None:
    with pytest.raises(InvalidContactPoint, match="南京市 does not lie in 浙江省") as refused:
        postal_address("浙江省南京市玄武区珠江路1号")
    assert refused.value.suggestion == "江苏省南京市玄武区珠江路1号"


def test_a_street_that_is_called_after_a_city_of_another_province_is_a_street() -> None:
    assert postal_address("浙江省南京市路1号").province == "浙江省"


def test_an_address_elsewhere_keeps_its_lines() -> None:
    address = postal_address("10 Downing St,\n London  SW1A 2AA ", region="GB")
    assert (address.value, address.country, address.region_code) == ("10 Downing St, London SW1A 2AA", "GB", "")
    assert postal_address("No. 90 Wensan Road, Hangzhou").region_code == ""


@pytest.mark.parametrize("text", ["", "，。！", " \n "])
def test_an_address_without_a_letter_is_refused(text: str) -> None:
    with pytest.raises(InvalidContactPoint, match="empty"):
        postal_address(text)


def test_width_and_spaces_make_no_difference_when_addresses_are_compared() -> None:
    one, other = (
        postal_address("杭州市西湖区文三路９０号（东门）"),
        postal_address("浙江 杭州 西湖区 文三路 90 号(东门) 310012"),
    )
    assert one.key == other.key


@settings(deadline=None)
@given(st.sampled_from(CURRENT), st.sampled_from(["人民路1号", "解放大道 2 号", "A座", ""]))
def test_every_division_is_found_in_its_own_address(code: str, street: str) -> None:
    path = region_path(code)
    address = postal_address("".join(one.name for one in path) + street)
    assert address.region_code == code
    assert address.street == street


FRAGMENTS = [
    "中国",
    "浙江",
    "浙江省",
    "杭州",
    "杭州市",
    "西湖区",
    "西湖",
    "吉林",
    "吉林市",
    "南京",
    "朝阳区",
    "北京市",
    "市辖区",
    "路",
    "1号",
    "100020",
    " ",
    "，",
    "新区",
    "县",
    "邮编",
    "A",
]


@settings(deadline=None)
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=8).map("".join) | st.text(max_size=30))
def test_an_address_is_made_normal_once_and_for_all(text: str) -> None:
    try:
        address = postal_address(text)
    except InvalidContactPoint:
        return
    assert postal_address(address.value) == address
