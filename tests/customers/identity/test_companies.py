import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcore.customers.identity import LegalForm, company_key, split_company_name

CORES = st.text("晨光软件腾辉科技恒远贸易", min_size=3, max_size=8)


@pytest.mark.parametrize(
    ("name", "place", "core", "forms"),
    [
        ("上海晨光软件股份有限公司", "上海", "晨光软件", [LegalForm.JOINT_STOCK]),
        ("晨光软件（上海）有限公司", "上海", "晨光软件", [LegalForm.LIMITED]),
        ("晨光软件(上海市)有限责任公司", "上海", "晨光软件", [LegalForm.LIMITED]),
        ("上海市 晨光软件", "上海", "晨光软件", []),
        ("晨光软件（集团）有限公司", "", "晨光软件", [LegalForm.GROUP, LegalForm.LIMITED]),
        ("晨光软件集团", "", "晨光软件", [LegalForm.GROUP]),
        ("上海银行", "", "上海银行", []),
        ("中国移动通信集团有限公司", "", "中国移动通信", [LegalForm.GROUP, LegalForm.LIMITED]),
        ("红杉投资（有限合伙）", "", "红杉投资", [LegalForm.PARTNERSHIP]),
        ("有限公司", "", "有限公司", []),
        ("深圳市腾讯计算机系统有限公司", "深圳", "腾讯计算机系统", [LegalForm.LIMITED]),
        ("广东省深圳市腾讯计算机系统有限公司", "深圳", "腾讯计算机系统", [LegalForm.LIMITED]),
        ("泸州老窖股份有限公司", "", "泸州老窖", [LegalForm.JOINT_STOCK]),
        ("微软（中国）有限公司", "china", "微软", [LegalForm.LIMITED]),
        ("Microsoft (China) Co., Ltd.", "china", "microsoft", [LegalForm.LIMITED]),
        ("MICROSOFT China", "china", "microsoft", []),
        ("Foo GmbH & Co. KG", "", "foo", [LegalForm.PARTNERSHIP]),
        ("Acme, L.L.C.", "", "acme", [LegalForm.LIMITED]),
        ("I.B.M. Corp.", "", "ibm", [LegalForm.JOINT_STOCK]),
        ("The Coca-Cola Company", "", "coca cola", [LegalForm.COMPANY]),
        ("Société Générale S.A.", "", "societe generale", [LegalForm.JOINT_STOCK]),
        ("㈱日立製作所", "", "日立製作所", [LegalForm.JOINT_STOCK]),
        ("株式会社日立製作所", "", "日立製作所", [LegalForm.JOINT_STOCK]),
        ("晨光软件有限公司（筹）", "", "晨光软件", [LegalForm.LIMITED]),
        ("Chenguang Software (Hong Kong) Ltd", "hongkong", "chenguang software", [LegalForm.LIMITED]),
        ("Shanghai Chenguang Software Co.,Ltd", "shanghai", "chenguang software", [LegalForm.LIMITED]),
        ("Shanghai Disneyland", "", "shanghai disneyland", []),
        ("Siemens Aktiengesellschaft", "", "siemens", [LegalForm.JOINT_STOCK]),
        ("ООО «Ромашка»", "", "ромашка", [LegalForm.LIMITED]),
        ("Limited", "", "limited", []),
        ("", "", "", []),
    ],
)
def test_a_company_name_is_taken_apart(name: str, place: str, core: str, forms: list[LegalForm]) -> None:
    parts = split_company_name(name)
    assert (parts.place, parts.core, list(parts.forms), parts.branch) == (place, core, forms, "")


def test_a_branch_is_another_customer_than_its_company() -> None:
    branch = split_company_name("上海晨光软件有限公司北京分公司")
    assert (branch.place, branch.core, branch.branch) == ("上海", "晨光软件", "北京分公司")
    assert split_company_name("华为技术有限公司北京研究所").branch == "北京研究所"
    assert company_key("上海晨光软件有限公司北京分公司") != company_key("上海晨光软件有限公司")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("上海晨光软件有限公司", "晨光软件（上海）"),
        ("Apple Inc.", "APPLE, INC"),
        ("ＡＢＣ Trading Co., Ltd", "abc trading company limited"),
        ("Müller & Söhne GmbH", "Muller and Sohne GmbH"),
        ("Procter & Gamble", "Procter and Gamble"),
    ],
)
def test_two_spellings_of_a_company_have_one_key(one: str, other: str) -> None:
    assert company_key(one) == company_key(other) != ""


def test_companies_in_two_places_are_two_unless_the_place_is_left_out() -> None:
    assert company_key("上海晨光软件") != company_key("北京晨光软件")
    assert (
        company_key("上海晨光软件", place=False) == company_key("北京晨光软件", place=False) == company_key("晨光软件")
    )


@settings(deadline=None)
@given(
    CORES,
    st.sampled_from(
        ["有限公司", "股份有限公司", "有限责任公司", "集团有限公司", "（集团）股份有限公司", " Co., Ltd.", "公司"]
    ),
)
def test_the_legal_form_makes_no_difference(core: str, form: str) -> None:
    assert company_key(core + form) == company_key(core)


@settings(deadline=None)
@given(
    CORES,
    st.sampled_from(["上海", "浙江", "内蒙古"]),
    st.sampled_from(["{p}{c}有限公司", "{c}（{p}）有限公司", "{c}({p})", "{p}{c}"]),
)
def test_it_makes_no_difference_where_the_place_is_written(core: str, place: str, written: str) -> None:
    assert company_key(written.format(p=place, c=core)) == company_key(place + core)


@settings(deadline=None)
@given(st.text())
def test_whatever_is_typed_has_a_key(name: str) -> None:
    key = company_key(name)
    assert key == company_key(name.upper()) or not name.isascii()
    assert key == key.strip()
