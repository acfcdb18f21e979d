"""The JSON Schema for editors accepts what the reader accepts, and underlines what it refuses."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from crmcore.checks import pages
from crmcore.organization.schema import organization_schema

ROOT = Path(__file__).resolve().parents[2]
VALIDATOR = jsonschema.Draft202012Validator(organization_schema())
FILES = sorted([*ROOT.glob("examples/**/crmcore.yaml"), *ROOT.glob("src/crmcore/cli/companies/*.yaml")])


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
    ],
)
def test_what_the_reader_refuses_is_invalid(section: str, wrong: object) -> None:
    assert list(VALIDATOR.iter_errors(GOOD)) == []
    broken = deepcopy(GOOD)
    broken[section] = wrong
    assert list(VALIDATOR.iter_errors(broken))
