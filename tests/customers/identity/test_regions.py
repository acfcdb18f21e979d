import csv
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcore.customers.identity import (
    Region,
    RegionLevel,
    find_regions,
    region,
    region_label,
    region_path,
    region_tree,
    regions_below,
)
from crmcore.customers.identity.regions.records import short_name
from crmcore.customers.identity.regions.table import region_table
from crmcore.errors import UnknownName
from crmcore.organization import Organization, Tree

HEADINGS = {
    "市辖区",
    "县",
    "省直辖县级行政区划",
    "自治区直辖县级行政区划",
}  # of the published lists; they are no places


@pytest.fixture(scope="module")
def published(shared_data: Path) -> dict[str, dict[str, str]]:
    folder = shared_data / "china-regions-ids"
    found: dict[str, dict[str, str]] = {}
    for name in ("provinces", "cities", "areas"):
        with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            found[name] = {row["code"].ljust(6, "0"): row["name"] for row in csv.DictReader(file)}
    return found


def test_every_published_division_is_known_under_its_code_and_its_name(published: dict[str, dict[str, str]]) -> None:
    everything = {code: name for table in published.values() for code, name in table.items()}
    cities = set(published["cities"].values())
    places = {code: name for code, name in everything.items() if name not in HEADINGS}
    unknown = {code: name for code, name in places.items() if code not in region_table().known}
    assert all(name in cities for name in unknown.values())  # the statistics repeat a city that has no counties
    assert len(unknown) <= 1
    assert {code: region(code).name for code in places if code not in unknown} == {
        code: name for code, name in places.items() if code not in unknown
    }


def test_the_counts_of_the_published_lists_hold(published: dict[str, dict[str, str]], shared_data: Path) -> None:
    answers = json.loads((shared_data / "china-regions-ids" / "known_answers.json").read_text(encoding="utf-8"))
    assert {name: len(table) for name, table in published.items()} == {
        name: answers[name] for name in ("provinces", "cities", "areas")
    }
    assert [one.name for one in regions_below()[:31]] == list(published["provinces"].values())
    assert {one.short for one in regions_below()[31:]} == {"台湾", "香港", "澳门"}
    shared = Counter(published["areas"].values())
    assert sum(count > 1 for count in shared.values()) == answers["distinct_names_shared"]
    for name, count in answers["area_names_used_more_than_once"].items():
        assert shared[name] == count
        assert len(find_regions(name, historic=True)) >= count


def test_every_shared_name_is_answered_with_all_candidates(published: dict[str, dict[str, str]]) -> None:
    by_name = Counter(published["areas"].values())
    for name in (name for name, count in by_name.items() if count > 1):
        codes = {code for code, other in published["areas"].items() if other == name}
        assert codes <= {found.code for found in find_regions(name, historic=True)}


@pytest.mark.parametrize("code", ["33", "3301", "330106", "330106000", "330106000000"])
def test_a_code_may_have_the_length_of_its_level_or_of_the_statistics(code: str) -> None:
    assert "330106".startswith(region(code).code.rstrip("0"))


@pytest.mark.parametrize("code", ["", "3", "330", "999999", "33010x", "３３", "330106001"])
def test_an_unknown_code_is_refused(code: str) -> None:
    with pytest.raises(UnknownName):
        region(code)


def test_a_division_that_is_no_more_is_still_known() -> None:
    luwan = region("310103")
    assert (luwan.name, luwan.last, luwan.parent) == ("卢湾区", 2010, "310000")
    assert find_regions("卢湾区") == ()
    assert find_regions("卢湾区", historic=True) == (luwan,)


def test_a_code_had_other_names_in_other_years() -> None:
    assert region("232701", year=2007).name == "加格达奇区"
    assert region("232701").name == "漠河市"
    with pytest.raises(UnknownName):
        region("310103", year=2020)


def test_a_path_leads_from_the_province_down() -> None:
    assert [step.name for step in region_path("330106")] == ["浙江省", "杭州市", "西湖区"]
    assert [step.name for step in region_path("310115")] == ["上海市", "浦东新区"]
    assert [step.name for step in region_path("429004")] == ["湖北省", "仙桃市"]


@pytest.mark.parametrize(
    ("name", "within", "codes"),
    [
        ("上海", "", ["310000"]),
        ("内蒙古", "", ["150000"]),
        ("浦东", "", ["310115"]),
        ("延边", "", ["222400"]),
        ("吉林", "", ["220000", "220200"]),
        ("吉林市", "", ["220200"]),
        ("朝阳区", "", ["110105", "220104"]),
        ("朝阳区", "11", ["110105"]),
        ("鼓楼区", "3501", ["350102"]),
        ("兰州", "", ["620100"]),
        ("无此地", "", []),
    ],
)
def test_a_name_is_answered_with_every_division_that_has_it(name: str, within: str, codes: list[str]) -> None:
    assert [found.code for found in find_regions(name, within=within)] == codes


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("新疆维吾尔自治区", "新疆"),
        ("广西壮族自治区", "广西"),
        ("香港特别行政区", "香港"),
        ("伊犁哈萨克自治州", "伊犁"),
        ("积石山保安族东乡族撒拉族自治县", "积石山"),
        ("神农架林区", "神农架"),
        ("沙县", "沙县"),
        ("东城区", "东城"),
    ],
)
def test_a_short_name_is_what_people_say(name: str, short: str) -> None:
    assert short_name(name) == short


def test_a_label_is_the_name_unless_others_have_it() -> None:
    assert region_label("310115") == "浦东新区"
    assert region_label("110105") == "北京市朝阳区"
    assert region_label("220104") == "长春市朝阳区"


def walked(branches: Any, names: list[str]) -> list[str]:
    for name in branches or ():
        names.append(name)
        if isinstance(branches, dict):
            walked(branches[name], names)
    return names


def is_wanted(one: Region, depth: RegionLevel, zones: bool) -> bool:
    """Whether a tree of a depth has a division: an oracle that goes from the division up, not from the top down."""
    if one.level is RegionLevel.PROVINCE or depth is RegionLevel.COUNTY:
        return True
    if depth is RegionLevel.PROVINCE:
        return False
    siblings = [other for other in region_table().current.values() if other.parent == one.parent]
    has_cities = any(other.level is RegionLevel.CITY for other in siblings)
    return one.parent.endswith("0000") and has_cities


@pytest.mark.parametrize("zones", [False, True])
@pytest.mark.parametrize("depth", list(RegionLevel))
def test_a_tree_has_every_division_once_and_is_a_tree_of_an_organization(depth: RegionLevel, zones: bool) -> None:
    branches = region_tree(depth=depth, zones=zones)
    names = [node.name for node in Tree.of(branches).walk()]
    assert names == walked(branches, [])
    assert len(set(names)) == len(names)
    wanted = [
        one for one in region_table().current.values() if (zones or not one.zone) and is_wanted(one, depth, zones)
    ]
    assert sorted(names) == sorted(region_label(one.code) for one in wanted)


def test_the_tree_of_one_province_begins_with_its_cities() -> None:
    tree = region_tree(within="33", depth=RegionLevel.COUNTY)
    assert "西湖区" not in tree["杭州市"]
    assert "杭州市西湖区" in tree["杭州市"]
    assert next(iter(tree)) == "杭州市"


def test_a_county_that_belongs_to_no_city_stands_among_the_cities() -> None:
    assert "仙桃市" in region_tree()["湖北省"]
    assert region_tree()["上海市"] is None
    assert "浦东新区" in region_tree(within="31")


def test_a_tree_can_be_written_into_an_organization_file(tmp_path: Path) -> None:
    file = tmp_path / "crmcore.json"
    tree = region_tree(depth=RegionLevel.COUNTY)
    company = {"crmcore": 1, "name": "晨光", "dimensions": {"region": {"tree": tree}}}
    file.write_text(json.dumps(company, ensure_ascii=False), encoding="utf-8")
    dimension = Organization.read(file).dimensions[0]
    assert dimension.domain == Tree.of(tree)


@settings(deadline=None)
@given(st.text(max_size=15))
def test_whatever_is_asked_is_answered_or_refused_in_words(text: str) -> None:
    assert all(text in (found.name, found.short) for found in find_regions(text, historic=True))
    try:
        assert region(text).code.startswith(text[:2])
    except UnknownName as refused:
        assert str(refused)
