"""Which column goes where: guessed, saved, used again, and held to the next file."""

from pathlib import Path

import pytest

from crmcore.importing import (
    CUSTOMERS,
    ColumnMapping,
    Difference,
    Format,
    InvalidMapping,
    Layout,
    Route,
    TargetField,
    ValueType,
    examine,
    guess_mapping,
    read_mapping,
    write_mapping,
)
from crmcore.language import told


def guessed(tmp_path: Path, *lines: str) -> dict[str, tuple[str, ...]]:
    path = tmp_path / "table.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    mapping = guess_mapping(examine(path), CUSTOMERS)
    found: dict[str, tuple[str, ...]] = {}
    for route in mapping.routes:
        assert route.because
        found[route.to] = found.get(route.to, ()) + route.columns
    return found


@pytest.mark.parametrize(
    ("headings", "fields"),
    [
        ("公司名称,联系人,手机,邮箱,地址,来源", "name,contact.name,contact.phone,email,address,source"),
        ("客户名称（必填）,统一社会信用代码,来源", "name,registration,source"),
        ("企业名称*,电话1,电话2,官网", "name,phone,phone,web"),
        ("Company,Contact Name,Job Title,E-Mail,Website", "name,contact.name,contact.title,email,web"),
        ("companyName,contactName,contact_title,phone", "name,contact.name,contact.title,phone"),
        ("ACCOUNT,Parent Account,Lead Source", "name,parent,source"),
        ("Account ID,Account Name", "id,name"),
    ],
)
def test_headings_in_english_and_chinese_are_known(tmp_path: Path, headings: str, fields: str) -> None:
    columns = headings.split(",")
    wanted: dict[str, tuple[str, ...]] = {}
    for column, field in zip(columns, fields.split(","), strict=True):
        wanted[field] = (*wanted.get(field, ()), column)
    assert guessed(tmp_path, headings, ",".join("x" * len(columns))) == wanted


def test_what_a_column_holds_tells_where_it_goes(tmp_path: Path) -> None:
    found = guessed(tmp_path, "公司,甲,乙,丙", "华为,a@example.com,13800138000,91350100M000100Y43")
    assert found == {"name": ("公司",), "email": ("甲",), "phone": ("乙",), "registration": ("丙",)}


def test_northwind_s_customers_are_mapped(shared_data: Path) -> None:
    mapping = guess_mapping(examine(shared_data / "crm-northwind" / "customers.csv"), CUSTOMERS)
    assert {route.to: route.columns for route in mapping.routes} == {
        "id": ("customerID",),
        "name": ("companyName",),
        "contact.name": ("contactName",),
        "contact.title": ("contactTitle",),
        "address": ("address", "city", "region", "postalCode"),
        "phone": ("phone",),
        "country": ("country",),
    }
    assert mapping.aside == ("fax",)


@pytest.mark.parametrize(
    ("header", "row", "columns", "between"),
    [
        ("Company,Zip Code,City,Street", "Acme,62701,Springfield,1 Main St", ("Street", "City", "Zip Code"), ", "),
        ("公司,地址,城市,省份,邮编", "华为,坂田街道1号,深圳,广东,518129", ("省份", "城市", "地址", "邮编"), " "),
        ("公司,地址,城市,省份,邮编", "华为,深圳市坂田街道1号,深圳,广东,518129", ("省份", "地址", "邮编"), " "),
        ("公司,地址,城市", "华为,广东深圳坂田街道1号,深圳", ("地址",), " "),
        ("Company,Address,Billing Address,City", "Acme,1 Main St,2 Main St,Springfield", ("Address",), " "),
    ],
)
def test_an_address_is_put_together_of_the_columns_of_its_parts(
    tmp_path: Path, header: str, row: str, columns: tuple[str, ...], between: str
) -> None:
    path = tmp_path / "file.csv"
    path.write_text(f"{header}\n{row}\n", encoding="utf-8")
    route = next(one for one in guess_mapping(examine(path), CUSTOMERS).routes if one.to == "address")
    assert (route.columns, route.between) == (columns, between)


@pytest.mark.parametrize(("heading", "columns"), [("省份", ("省份", "城市", "地址")), ("Region", ("城市", "地址"))])
def test_a_province_that_decides_who_answers_stands_in_the_address_too(
    tmp_path: Path, heading: str, columns: tuple[str, ...]
) -> None:
    path = tmp_path / "file.csv"
    path.write_text(f"公司,{heading},城市,地址\n华为,广东,深圳,坂田街道1号\n", encoding="utf-8")
    region = TargetField("attributes.region", headings=("省份", "region"))
    routes = guess_mapping(examine(path), CUSTOMERS.with_fields([region])).routes
    assert {route.to: route.columns for route in routes} == {
        "name": ("公司",),
        "attributes.region": (heading,),
        "address": columns,
    }


def test_a_town_alone_is_no_address(tmp_path: Path) -> None:
    assert guessed(tmp_path, "Company,City", "Acme,Springfield") == {"name": ("Company",)}


MAPPING = ColumnMapping(
    "customers",
    (
        Route("name", ("公司",)),
        Route("address", ("街道", "城市"), between=", "),
        Route("contact.name", ("姓名",), split=" ", part=-1),
        Route("web", ("官网", "主页"), first=True),
        Route("source", constant="trade-show"),
        Route("stage", ("阶段",), values={"是": "won", "no": "lost"}, default="lost"),
        Route("phone", ("电话1",)),
        Route("phone", ("电话2",), format=Format(ValueType.PHONE)),
        Route("registration", ("日期",), format=Format(ValueType.DAY, dates="month-first")),
    ),
    ("备注",),
    Layout("csv", "gb18030", ",", '"', "", spaces=False, header=2),
)


@pytest.mark.parametrize("name", ["mapping.yaml", "mapping.json"])
def test_a_mapping_that_is_written_is_read(tmp_path: Path, name: str) -> None:
    write_mapping(MAPPING, tmp_path / name)
    assert read_mapping(tmp_path / name, CUSTOMERS) == MAPPING
    assert "公司" in (tmp_path / name).read_text("utf-8")


def test_a_guessed_mapping_is_short(tmp_path: Path) -> None:
    write_mapping(ColumnMapping("customers", (Route("name", ("公司",)),)), tmp_path / "mapping.yaml")
    assert (tmp_path / "mapping.yaml").read_text("utf-8") == "target: customers\nfields:\n  name: 公司\n"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("fields: {nmae: a}", "did you mean 'name'?"),
        ("felds: {name: a}", "did you mean 'fields'?"),
        ("fields: [a]", "a mapping is wanted"),
        ("fields: {name: {colum: a}}", "did you mean 'column'?"),
        ("fields: {name: {default: a}}", "name a column"),
        ("fields: {name: [a, b]}", "name takes one value"),
        ("fields: {name: {column: a, type: dayy}}", "type cannot be 'dayy'"),
        ("fields: {name: {column: a, dates: us}}", "day-first, month-first"),
        ("target: contacts", "'contacts'"),
        ("layout: {header: first}", "a whole number is wanted"),
        ("fields: {name: ", "2:1"),
        ("\x01", "control character"),
    ],
)
def test_a_faulty_mapping_is_refused_with_the_place(tmp_path: Path, text: str, wanted: str) -> None:
    path = tmp_path / "mapping.yaml"
    path.write_text(text + "\n", encoding="utf-8")
    with pytest.raises(InvalidMapping) as caught:
        read_mapping(path, CUSTOMERS)
    assert wanted in str(caught.value)
    assert f"{path}:" in str(caught.value)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "mapping.yaml").write_text("fields: {nmae: a, phnoe: b}\nextra: 1\n", encoding="utf-8")
    with pytest.raises(InvalidMapping) as caught:
        read_mapping(tmp_path / "mapping.yaml", CUSTOMERS)
    assert len(caught.value.faults) == 3
    with pytest.raises(InvalidMapping, match="does not exist"):
        read_mapping(tmp_path / "absent.yaml", CUSTOMERS)


def test_a_later_file_is_told_apart(tmp_path: Path) -> None:
    difference = MAPPING.difference(["公司", "街道", "城市", "姓名", "官网", "主页", "阶段", "电话1", "日期", "新"])
    assert difference == Difference(missing=("电话2",), new=("新",), absent=("备注",))
    assert len([told(line) for line in difference.lines()]) == 3
    assert MAPPING.difference([*MAPPING.columns, "备注"]) == Difference()


def test_a_route_of_your_own_takes_the_place_of_the_guessed_one() -> None:
    changed = MAPPING.with_routes([Route("name", ("备注",))])
    assert [route.columns for route in changed.routes if route.to == "name"] == [("备注",)]
    assert changed.aside == ("公司",)


def test_a_card_means_the_organization_and_the_person_there(shared_data: Path) -> None:
    folder = shared_data / "contact-points" / "vcard"
    gmail = guess_mapping(examine(folder / "gmail-single.vcf"), CUSTOMERS)
    found = {route.to: route.columns for route in gmail.routes}
    assert found["name"] == ("organization", "name", "email 1", "phone 1")
    assert found["contact.name"] == ("name",)
    assert [route.columns for route in gmail.routes if route.to == "contact.phone"] == [("phone 1",), ("phone 2",)]
    people = guess_mapping(examine(folder / "gmail-list.vcf"), CUSTOMERS)
    assert {route.to: route.columns for route in people.routes}["name"] == ("name", "email 1")
