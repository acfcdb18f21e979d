"""The JSON Schema for editors accepts what the reader accepts, and underlines what it refuses."""

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from click.testing import CliRunner

from crmcore import Organization
from crmcore.checks import pages
from crmcore.cli.commands import crmcore
from crmcore.language import speaking
from crmcore.organization.schema import organization_schema

ROOT = Path(__file__).resolve().parents[2]
VALIDATOR = jsonschema.Draft202012Validator(organization_schema())
MAPPING = ROOT / "src" / "crmcore" / "cli" / "companies" / "map.yaml"  # of a file of customers, no organization
FILES = sorted({*ROOT.glob("examples/**/crmcore.yaml"), *ROOT.glob("src/crmcore/**/*.yaml")} - {MAPPING})


class _Plain(yaml.SafeLoader):
    """A loader that leaves dates as text, as JSON does."""


_Plain.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def load(text: str) -> Any:
    return yaml.load(text, _Plain)  # noqa: S506 (a safe loader with one resolver less)


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(organization_schema())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_example_is_valid(path: Path) -> None:
    assert list(VALIDATOR.iter_errors(load(path.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize("code", pages.codes())
def test_every_file_on_the_pages_of_the_checks_is_valid(code: str) -> None:
    page = pages.page(code)
    for example in (page.failing, page.mended):
        assert list(VALIDATOR.iter_errors(load(example.text))) == []


GOOD: dict[str, Any] = {
    "crmcore": 1,
    "name": "Yunfan",
    "dimensions": {"tier": ["key"], "size": {"number": {"min": 1}}},
    "people": [{"id": "li.na", "from": "2026-01-01"}],
    "roles": [{"id": "seller"}],
    "duties": [{"touchpoints": "all", "role": "seller", "duty": "accountable", "where": {"tier": "key"}}],
}


@pytest.mark.parametrize(
    ("section", "wrong"),
    [
        ("depratments", []),
        ("crmcore", 2),
        ("name", 7),
        ("people", [{"id": "li.na", "nmae": "x"}]),
        ("people", [{"name": "x"}]),
        ("people", [{"id": "Li Na"}]),
        ("people", [{"id": "li.na", "from": "tomorrow"}]),
        ("people", [{"id": "li.na", "capacity": "many"}]),
        ("roles", {"seller": {}}),
        ("duties", [{"touchpoints": "all", "role": "seller", "duty": "acountable"}]),
        ("duties", [{"touchpoints": "all", "role": "seller", "duty": "veto", "where": "East"}]),
        ("dimensions", {"stage": ["a"]}),
        ("dimensions", {"tier": []}),
        ("checks", {"ignore": [{"code": "COV101"}]}),
        ("checks", {"ignore": [{"code": "COV101", "because": "x", "untill": "2027-01-01"}]}),
    ],
)
def test_what_the_reader_refuses_is_invalid(section: str, wrong: object) -> None:
    assert list(VALIDATOR.iter_errors(GOOD)) == []
    broken = deepcopy(GOOD)
    broken[section] = wrong
    assert list(VALIDATOR.iter_errors(broken))


def test_a_suppression_with_its_reason_is_valid() -> None:
    entry = {"code": "COV101", "subject": "demo", "where": {"tier": "key"}, "because": "x", "until": "2027-03-31"}
    assert list(VALIDATOR.iter_errors({**GOOD, "checks": {"ignore": ["GOV505", entry]}})) == []


def keys(schema: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every key that the schema knows, with what it says of it."""
    if isinstance(schema, dict):
        for name, inner in schema.items():
            if name == "properties":
                yield from ((f"{path}.{key}", said) for key, said in inner.items())
            yield from keys(inner, f"{path}.{name}")
    elif isinstance(schema, list):
        for inner in schema:
            yield from keys(inner, path)


def test_an_editor_can_explain_every_key() -> None:
    told = dict(keys(organization_schema()))
    assert len(told) > 100
    assert [path for path, said in told.items() if not said.get("description", "").endswith(".")] == []
    assert [path for path, said in told.items() if re.search(r"\bNone (for|at|when)\b", said["description"])] == []


def test_the_schema_describes_the_keys_in_chinese_and_is_the_same_otherwise() -> None:
    english = organization_schema()
    with speaking("zh"):
        chinese = organization_schema()
    assert chinese["properties"]["people"]["description"] == "人员。"
    assert without_descriptions(chinese) == without_descriptions(english)
    assert organization_schema() == english


def without_descriptions(schema: object) -> object:
    if isinstance(schema, list):
        return [without_descriptions(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: without_descriptions(value)
        for key, value in schema.items()
        if not (key == "description" and isinstance(value, str))
    }


def test_the_line_that_the_documentation_puts_into_a_file_leads_an_editor_to_the_schema(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (ROOT / "docs" / "how-to" / "edit-in-your-editor.md").read_text(encoding="utf-8")
    (printed,) = re.findall(r"^\$ crmcore schema > (\S+)$", page, re.MULTILINE)
    (company,) = re.findall(r'^```yaml title="crmcore.yaml"\n(.*?)^```$', page, re.MULTILINE | re.DOTALL)
    monkeypatch.chdir(tmp_path)
    Path(printed).write_text(CliRunner().invoke(crmcore, ["schema"]).stdout, encoding="utf-8")
    named = re.match(r"# yaml-language-server: \$schema=(\S+)\n", company)
    assert named is not None
    validator = jsonschema.Draft202012Validator(json.loads(Path(named[1]).read_text(encoding="utf-8")))
    assert list(validator.iter_errors(load(company))) == []
    assert [error.message for error in validator.iter_errors(load(company.replace("leads_customers", "leads")))] != []
    assert Organization.parse(company).name == load(company)["name"]
    (patterns,) = re.findall(r'"yaml.schemas": \{\s*"([^"]+)"', page)
    assert Path(patterns) == Path(printed)
