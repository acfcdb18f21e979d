from datetime import date
from typing import Any

import jsonschema
import pytest

from crmcore.checks.findings import Finding, Related, Report, Severity, Summary
from crmcore.checks.report_schema import report_schema
from crmcore.values import Place

VALIDATOR = jsonschema.Draft202012Validator(report_schema())


def tree() -> dict[str, Any]:
    finding = Finding(
        code="COV108",
        name="lapsing-cover",
        severity=Severity.WARNING,
        subject="renewal-call",
        place=Place("crmcore.yaml", 3, 7),
        text="it lapses",
        box={"region": ["West"], "employees": [[None, 500], [1000, None]], "day": [["2026-12-01", None]]},
        witness={"region": "Sichuan", "employees": 1, "day": "2026-12-01"},
        points=3,
        related=(Related("elsewhere", Place("crmcore.yaml", 9)),),
    )
    summary = Summary(errors=0, warnings=1, infos=0, touchpoints=1, duties=2, points=3, proven=True)
    day = date(2026, 11, 23)
    return Report(organization="云帆软件", on=day, until=day, findings=(finding,), summary=summary).to_dict()


def keys(value: Any, schema: dict[str, Any]) -> None:
    """Every key of every object has its own line in the schema."""
    if "$ref" in schema:
        schema = report_schema()["$defs"][schema["$ref"].rpartition("/")[2]]
    if isinstance(value, dict) and "properties" in schema:
        assert list(value) == list(schema["properties"])
        for name, inner in value.items():
            keys(inner, schema["properties"][name])
    if isinstance(value, list) and "items" in schema:
        for inner in value:
            keys(inner, schema["items"])


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(report_schema())


def test_a_report_is_valid_and_each_of_its_keys_is_described() -> None:
    VALIDATOR.validate(tree())
    keys(tree(), report_schema())


@pytest.mark.parametrize("key", tree())
def test_a_report_without_one_of_its_keys_is_not_valid(key: str) -> None:
    broken = tree()
    del broken[key]
    assert not VALIDATOR.is_valid(broken)


@pytest.mark.parametrize("key", tree()["findings"][0])
def test_a_finding_without_one_of_its_keys_is_not_valid(key: str) -> None:
    broken = tree()
    del broken["findings"][0][key]
    assert not VALIDATOR.is_valid(broken)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("severity", "fatal"),
        ("code", "cov101"),
        ("box", {"region": []}),
        ("box", {"region": "West"}),
        ("box", {"employees": [[1]]}),
        ("witness", {"region": None}),
        ("line", 0),
        ("points", 0),
        ("proven", None),
    ],
)
def test_a_finding_with_a_value_of_another_kind_is_not_valid(key: str, value: object) -> None:
    broken = tree()
    broken["findings"][0][key] = value
    assert not VALIDATOR.is_valid(broken)
