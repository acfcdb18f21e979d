"""What is exported and imported again says the same duties, as CSV and as .xlsx, in both languages."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmcore.language import Language, speaking
from crmcore.organization import ALL, Department, Duty, Organization, Role, Touchpoint, scope
from crmcore.organization.raci import raci_rows, read_raci, write_raci
from crmcore.testing import organizations
from crmcore.values import Interval

EAST = scope({"size": Interval(1, 500), "region": ("East", "North West")})

Fact = tuple[object, ...]


def facts(organization: Organization) -> set[Fact]:
    """Every duty by what it says of one touchpoint."""
    return {
        (touchpoint, duty.role, duty.duty, duty.where, duty.priority, duty.from_, duty.to)
        for duty in organization.duties
        for touchpoint in ((ALL,) if duty.touchpoints == ALL else duty.touchpoints)
    }


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(organization=organizations(), by_scope=st.booleans())
def test_export_then_import_says_the_same_duties(
    organization: Organization,
    by_scope: bool,
    ending: str,
    language: Language,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    path = tmp_path_factory.mktemp("raci") / f"raci.{ending}"
    with speaking(language):
        write_raci(organization, path, by_scope=by_scope)
    new = read_raci(path, into=Organization("again", dimensions=organization.dimensions))
    assert new.report.clean, list(new.report.lines())
    assert facts(new.organization) == facts(organization)
    again = read_raci(path, into=organization)
    assert again.organization.duties == organization.duties


COMPANY = Organization(
    "Co",
    departments=(Department("sales", label="销售部"),),
    roles=(Role("manager", label="客户经理", department="sales"), Role("boss")),
    touchpoints=(Touchpoint("signing", label="签约"), Touchpoint("visit")),
    duties=(
        Duty(("signing",), "manager", "accountable", where=EAST),
        Duty(("signing",), "manager", "responsible", where=EAST),
        Duty(ALL, "boss", "accountable", priority=-10, to=date(2026, 12, 31)),
        Duty((), "boss", "veto"),
    ),
)


def test_each_scope_has_a_row_of_its_own() -> None:
    rows, heading, left_out = raci_rows(COMPANY, by_scope=True)
    assert rows == [
        ["department", "", "", "", "", "", "销售部 (sales)", ""],
        ["touchpoint", "label", "conditions", "priority", "from", "to", "客户经理 (manager)", "boss"],
        ["signing", "签约", "region=East,North West; size=1..500", "", "", "", "A/R", ""],
        ["visit", "", "", "", "", "", "", ""],
        ["all", "", "", "-10", "", "2026-12-31", "", "A"],
    ]
    assert heading == 2
    assert left_out == ["1 duty names no touchpoint, and is left out"]


def test_a_touchpoint_has_one_row_with_the_conditions_in_its_cells() -> None:
    with speaking("zh"):
        rows, _, _ = raci_rows(COMPANY)
    assert rows == [
        ["部门", "", "销售部 (sales)", ""],
        ["触点", "名称", "客户经理 (manager)", "boss"],
        ["signing", "签约", "A/R [region=East,North West; size=1..500]", ""],
        ["visit", "", "", ""],
        ["all", "", "", "A [priority=-10; to=2026-12-31]"],
    ]


def test_labels_departments_and_gaps_come_back_too(tmp_path: Path) -> None:
    write_raci(COMPANY, tmp_path / "raci.xlsx", by_scope=True)
    again = read_raci(tmp_path / "raci.xlsx").organization
    assert (again.departments, again.roles, again.touchpoints) == (
        COMPANY.departments, COMPANY.roles, COMPANY.touchpoints,
    )  # fmt: skip
