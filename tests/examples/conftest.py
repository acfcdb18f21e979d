"""Where the examples are, and how one is started that serves."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import httpx
import pytest

Serving = Callable[..., AbstractContextManager[httpx.Client]]


@pytest.fixture(scope="session")
def examples() -> Path:
    return Path(__file__).resolve().parents[2] / "examples"


@pytest.fixture
def serving(examples: Path, tmp_path: Path) -> Serving:
    """Start a server of an example in a process of its own, and return a client once it answers."""

    @contextmanager
    def started(folder: str, *command: str) -> Iterator[httpx.Client]:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        environment = {
            **os.environ,
            "CRMCORE_PLUGINS": "sqlalchemy",
            "CRMCORE_STORAGE": f"sqlite:///{tmp_path / 'crm.db'}",
            "CRMCORE_ORGANIZATION": str(examples / "quickstart" / "crmcore.yaml"),
        }
        words = [sys.executable, *(word.format(port=port) for word in command)]
        with (tmp_path / "log").open("w+", encoding="utf-8") as log:
            process = subprocess.Popen(words, cwd=examples / folder, env=environment, stdout=log, stderr=log)
            try:
                while not answers(port):
                    assert ended(process) is None, (tmp_path / "log").read_text(encoding="utf-8")
                with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
                    yield client
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait(60)

    return started


def answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=10):
            return True
    except OSError:
        return False


def ended(process: "subprocess.Popen[bytes]", within: float = 0.1) -> int | None:
    """Return the exit status of a process that ends within some seconds; None where it goes on."""
    try:
        return process.wait(within)
    except subprocess.TimeoutExpired:
        return None
