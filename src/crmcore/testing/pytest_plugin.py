"""The plugin of pytest: an app's tests ask for `organization`, and are given the one that the app runs on.

Every test run of an environment with crmcore loads this module, so that it opens the rest only for a test that asks.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from crmcore.checks import Report
    from crmcore.organization import Organization

__all__ = ["organization", "organization_report", "pytest_addoption"]

OPTION: Final = "--crmcore-organization"
SETTING: Final = "crmcore_organization"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the file be named on the command line, and in the configuration."""
    parser.getgroup("crmcore").addoption(OPTION, metavar="PATH", help="the organization that the fixture gives")
    parser.addini(SETTING, "the organization that the fixture gives, seen from the configuration file", default="")


@pytest.fixture(scope="session")
def organization(pytestconfig: pytest.Config) -> "Organization":
    """The organization of the app: that of `--crmcore-organization`, of the setting, or crmcore.yaml in the root."""
    from crmcore.errors import InvalidOrganization  # noqa: PLC0415 (only for a test that asks)
    from crmcore.organization import Organization  # noqa: PLC0415 (only for a test that asks)

    try:
        return Organization.read(_path(pytestconfig))
    except InvalidOrganization as error:
        faults = str(error)
    pytest.fail(faults, pytrace=False)


@pytest.fixture(scope="session")
def organization_report(organization: "Organization") -> "Report":
    """What all checks find in the organization, those of plugins included, today."""
    from crmcore.plugins import Registry  # noqa: PLC0415 (only for a test that asks)

    return organization.check(checks=Registry.installed().checks)


def _path(config: pytest.Config) -> Path:
    """Return the file or folder that the run is about."""
    option, setting = config.getoption(OPTION), config.getini(SETTING)
    if option:
        return _short(config.invocation_params.dir / option)
    if setting:
        return _short((config.inipath.parent if config.inipath else config.rootpath) / setting)
    from crmcore.organization.reading.sources import MAIN_FILES  # noqa: PLC0415 (only for a test that asks)

    if not any((config.rootpath / name).exists() for name in MAIN_FILES):
        from crmcore.language import say, told  # noqa: PLC0415 (only for a mistake)

        message = say(
            "there is no {file} in {folder}: name the organization with {option} PATH, or with {setting} in the "
            "configuration of pytest",
            file=MAIN_FILES[0],
            folder=str(config.rootpath),
            option=OPTION,
            setting=SETTING,
        )
        pytest.fail(told(message), pytrace=False)
    return _short(config.rootpath)


def _short(path: Path) -> Path:
    """Return a path as people see it from where they are."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
