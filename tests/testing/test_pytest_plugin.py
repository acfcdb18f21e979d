"""An app's tests are given its organization, and whoever does not ask for it notices nothing."""

from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

GOOD = """\
crmcore: 1
name: 云帆软件
roles: [{id: seller}]
touchpoints: [{id: renewal-call}]
duties: [{touchpoints: all, role: seller, duty: accountable}]
"""
ASKING = """
def test_somebody_answers(organization):
    assert organization.name == "云帆软件"
    assert organization.check(select=["COV101"]).ok
"""
Run = Callable[..., pytest.RunResult]


@pytest.fixture
def run(pytester: pytest.Pytester) -> Run:
    """Run pytest in a folder of its own, in a process of its own; every warning is an error there."""
    installed = any(each.value == "crmcore.testing.pytest_plugin" for each in entry_points(group="pytest11"))
    plugin = () if installed else ("-p", "crmcore.testing.pytest_plugin")

    def run(*arguments: str, program: str = ASKING, **files: str) -> pytest.RunResult:
        pytester.makepyfile(program)
        for name, text in files.items():
            path = Path(name.replace("__", "/")).with_suffix(".yaml")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return pytester.runpytest_subprocess("-W", "error", "-p", "no:cacheprovider", *plugin, *arguments)

    return run


def test_the_organization_in_the_root_is_given(run: Run) -> None:
    run(crmcore=GOOD).assert_outcomes(passed=1)


def test_the_command_line_names_it_as_seen_from_where_one_is(run: Run) -> None:
    run("--crmcore-organization", "company/yunfan.yaml", company__yunfan=GOOD).assert_outcomes(passed=1)


def test_the_configuration_names_it_as_seen_from_where_that_is(run: Run, pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\ncrmcore_organization = company/yunfan.yaml\n")
    inner = pytester.mkdir("inner")
    pytester.makepyfile(test_nothing="")
    (inner / "test_inner.py").write_text(ASKING, encoding="utf-8")
    run("inner", program="", company__yunfan=GOOD).assert_outcomes(passed=1)


def test_without_a_file_nothing_is_said_to_who_does_not_ask(run: Run) -> None:
    result = run(program="def test_something(): pass")
    result.assert_outcomes(passed=1)
    assert "crmcore" not in result.stdout.str().replace(str(Path.cwd()), "").partition("plugins:")[0]
    assert result.stderr.str() == ""


def test_without_a_file_who_asks_is_told_what_to_do_and_sees_no_code_of_ours(run: Run) -> None:
    result = run()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["there is no crmcore.yaml in *--crmcore-organization PATH*crmcore_organization in*"])
    assert "pytest_plugin.py" not in result.stdout.str()


def test_a_faulty_file_is_told_with_its_places_and_no_code_of_ours(run: Run) -> None:
    result = run(crmcore=GOOD.replace("role: seller", "roel: seller"))
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["crmcore.yaml:5:29: the key 'roel' of this duty is unknown*"])
    assert "pytest_plugin.py" not in result.stdout.str()
    assert "Traceback" not in result.stdout.str()


def test_what_does_not_hold_is_told_with_its_places(run: Run) -> None:
    program = """
from crmcore.testing import assert_holds

def test_it_holds(organization):
    assert_holds(organization, select=["COV101"])
"""
    result = run(program=program, crmcore=GOOD.replace("accountable", "informed"))
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*AssertionError: 云帆软件: 1 finding",
            "*crmcore.yaml:4:*: error COV101 nobody is accountable for renewal-call*",
        ]
    )
    assert "asserting.py" not in result.stdout.str()


def test_the_report_of_all_checks_is_given(run: Run) -> None:
    program = """
def test_the_report(organization_report):
    assert "COV101" not in organization_report.by_check()
"""
    run(program=program, crmcore=GOOD).assert_outcomes(passed=1)


def test_the_plugin_opens_nothing_but_records_until_a_test_asks(run: Run) -> None:
    program = """
import sys

def test_what_is_loaded():
    rooms = {name.split(".")[1] for name in sys.modules if name.startswith("crmcore.")}
    assert not rooms & {"checks", "responsibility", "cli"}
    assert "networkx" not in sys.modules and "yaml" not in sys.modules
"""
    run(program=program).assert_outcomes(passed=1)
