"""What all tests share: English, data that others wrote, databases, and how many random cases an oracle is asked."""

import os
from pathlib import Path

import pytest
from crms import crm, every_crm, every_storage
from databases import opened, storage, url
from mail_fixtures import mail, running

__all__ = ["crm", "every_crm", "every_storage", "mail", "opened", "running", "storage", "url"]

_DEFAULT_CASES = 2_000

os.environ["CRMCORE_LANGUAGE"] = "en"  # whatever the developer's own language is
os.environ["CRMCORE_PLUGINS"] = ""  # whichever plugins are installed beside crmcore


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--cases",
        type=int,
        default=_DEFAULT_CASES,
        help="how many random organizations each test against brute force tries (the long run: 100000)",
    )
    parser.addoption(
        "--kills", type=int, default=200, help="how often the tests of storages kill a process that writes to each"
    )


@pytest.fixture
def kills(request: pytest.FixtureRequest) -> int:
    """How often to kill a process that writes."""
    return int(request.config.getoption("--kills"))


@pytest.fixture
def cases(request: pytest.FixtureRequest) -> int:
    """How many random organizations to try."""
    return int(request.config.getoption("--cases"))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of data sets that others wrote, each with a SOURCE.txt."""
    beside = Path(__file__).resolve().parents[1] / "shared" / "data"
    folder = Path(os.environ.get("CRMCORE_SHARED_DATA", beside))
    if not folder.is_dir():
        pytest.skip(f"the data sets are absent: {folder} is no folder; name theirs in CRMCORE_SHARED_DATA")
    return folder
