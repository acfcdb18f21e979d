"""The worker of the example is a process: it tells each person once, and stops when it is asked to."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crmcore import CRM
from crmcore.plugins import Registry
from crmcore.storage import Parcel, ParcelState, Query

LAST_WEEK = datetime(2026, 11, 16, 1, 0, tzinfo=UTC)


class Worker:
    """A worker that was started."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    def says(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def stop(self) -> str:
        """Ask it to stop; return what it says from now on."""
        self.process.send_signal(signal.SIGTERM)
        rest, _ = self.process.communicate(timeout=60)
        assert self.process.returncode == 0
        return rest


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'crm.db'}"


@contextmanager
def working(examples: Path, url: str) -> Iterator[Worker]:
    script, organization = examples / "worker" / "worker.py", examples / "quickstart" / "crmcore.yaml"
    environment = {**os.environ, "CRMCORE_PLUGINS": "sqlalchemy", "PYTHONUTF8": "1"}
    command = [sys.executable, str(script), url, str(organization)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, encoding="utf-8") as process:
        try:
            worker = Worker(process)
            assert worker.says().endswith(" works\n")
            yield worker
        finally:
            process.kill()


@contextmanager
def opened(examples: Path, url: str) -> Iterator[CRM]:
    plugins = Registry.installed({"CRMCORE_PLUGINS": "sqlalchemy"})
    organization = examples / "quickstart" / "crmcore.yaml"
    with CRM.open(url, organization=organization, clock=lambda: LAST_WEEK, plugins=plugins) as crm:
        yield crm


@pytest.fixture
def customer(examples: Path, url: str) -> str:
    """A customer that was offered a week ago and that nobody took, with a task that nobody was reminded of."""
    with opened(examples, url) as crm:
        customer = crm.customers.register("华为技术有限公司", attributes={"region": "Sichuan", "tier": "key"})
        crm.lifecycle.advance(customer, "active")
        crm.tasks.add("报价", owner="li.na", customer=customer, due=LAST_WEEK, remind_at=LAST_WEEK)
        return customer.id


def test_who_has_to_act_is_told_once_however_many_work(examples: Path, url: str, customer: str) -> None:
    with working(examples, url) as first:
        told = {first.says(), first.says()}
        with working(examples, url) as second:
            assert second.stop() == "stopped\n"
        assert first.stop() == "stopped\n"
    assert told == {
        f"chen.gang: success should have taken {customer} by 2026-11-16 09:00 UTC\n",
        "li.na: 报价\n",
    }
    with opened(examples, url) as crm, crm.begin(read_only=True) as work:
        parcels = tuple(work.job.unit.each(Query(Parcel)))
        assert [parcel.state for parcel in parcels] == [ParcelState.DELIVERED] * 2


def test_it_stops_when_there_is_nothing_to_do(examples: Path, url: str) -> None:
    with opened(examples, url):
        pass
    with working(examples, url) as worker:
        assert worker.stop() == "stopped\n"
