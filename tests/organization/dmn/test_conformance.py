"""The cases of the DMN Technology Compatibility Kit that are about hit policies: every one is decided as expected."""

from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from crmcore.organization.dmn import read_tables

NAMESPACE = {"t": "http://www.omg.org/spec/DMN/20160719/testcase"}
TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"


def value_of(node: ET.Element) -> Any:
    """The value of an input, or what is expected: one value, a list, or components by name."""
    items = node.find("t:list", NAMESPACE)
    if items is not None:
        return [value_of(item) for item in items]
    components = node.findall("t:component", NAMESPACE)
    if components:
        return {component.get("name"): value_of(component) for component in components}
    value = node.find("t:value", NAMESPACE)
    assert value is not None
    text = value.text or ""
    kind = value.get(TYPE, "").rpartition(":")[2]
    assert kind in ("decimal", "boolean", "string")
    if kind == "decimal":
        return Decimal(text)
    return text == "true" if kind == "boolean" else text


def test_every_case_is_decided_as_expected(shared_data: Path) -> None:
    files = sorted((shared_data / "rules-dmn-tck").glob("*/*-test-*.xml"))
    decided = 0
    for file in files:
        (table,) = read_tables(file.with_name(file.name.partition("-test-")[0] + ".dmn"))
        for case in ET.parse(file).iterfind("t:testCase", NAMESPACE):  # noqa: S314 (of the kit)
            inputs = {node.get("name", ""): value_of(node) for node in case.iterfind("t:inputNode", NAMESPACE)}
            expected = case.find("t:resultNode/t:expected", NAMESPACE)
            assert expected is not None
            assert table.decide(inputs) == value_of(expected), (file.name, case.get("id"))
            decided += 1
    assert decided == 30
