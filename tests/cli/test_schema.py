import json
from collections.abc import Callable

import jsonschema
from click.testing import Result

from crmcore.checks.report_schema import report_schema
from crmcore.organization.schema import organization_schema


def test_the_schema_of_the_organization_file_is_printed(run: Callable[..., Result]) -> None:
    tree = json.loads(run("schema").stdout)
    assert tree == organization_schema()
    jsonschema.Draft202012Validator.check_schema(tree)


def test_the_schema_of_the_report_is_printed(run: Callable[..., Result]) -> None:
    tree = json.loads(run("schema", "--report").stdout)
    assert tree == report_schema()
    jsonschema.Draft202012Validator.check_schema(tree)
