"""Clusters to test against, on one machine: three nodes of MariaDB Galera, and a PostgreSQL server with a replica.

They are started in folders of their own, where the programs are installed, and are gone when the tests are done.
"""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest
from attrs import frozen
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

__all__ = ["Cluster", "Replicated", "galera", "replicated"]

_PROVIDER = Path("/usr/lib/galera/libgalera_smm.so")
_PATIENCE = 60.0
"""Seconds in which a server has to be there."""


@contextmanager
def _folder(user: str) -> Iterator[Path]:
    """Give a folder that belongs to whom servers run as: no server runs as root."""
    with tempfile.TemporaryDirectory(prefix="crmcore-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        if os.geteuid() == 0:
            shutil.chown(folder, user)
        yield folder


def _ports(count: int) -> list[int]:
    """Return ports that nobody has."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in sockets]


@contextmanager
def _running(command: Sequence[str | Path], log: Path, user: str | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server, and stop it at the end."""
    with log.open("wb") as output:
        process = subprocess.Popen(list(map(str, command)), stdout=output, stderr=output, user=user)
        try:
            yield process
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(20)
            process.kill()
            process.wait()


def _until(ready: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until a server is ready."""
    end = time.monotonic() + _PATIENCE
    while not ready():
        if process.poll() is not None or time.monotonic() > end:
            pytest.fail(f"{process.args!r} does not come up:\n{log.read_text(errors='replace')[-3000:]}")
        time.sleep(0.2)


def _answers(url: str, question: str, answer: str) -> Callable[[], bool]:
    """Return what tells whether a database answers a question as it should."""

    def ready() -> bool:
        engine = create_engine(url)
        try:
            with engine.connect() as connection:
                row = connection.execute(text(question)).first()
                return row is not None and str(row[-1]) == answer
        except DBAPIError:
            return False
        finally:
            engine.dispose()

    return ready


@frozen
class _Node:
    """One node of a cluster.

    Attributes:
        folder: where its data lies.
        client: the port for clients.
        group: the port for the other nodes.
        incremental: the port by which it is sent what it missed.
        transfer: the port by which it is sent everything.
    """

    folder: Path
    client: int
    group: int
    incremental: int
    transfer: int

    @property
    def log(self) -> Path:
        """What it says."""
        return self.folder.with_suffix(".log")

    def command(self, members: str, own: Sequence[str], *, first: bool) -> list[str]:
        """Return what starts it."""
        provider = {
            "gmcast.listen_addr": f"tcp://127.0.0.1:{self.group}",
            "ist.recv_addr": f"127.0.0.1:{self.incremental}",
            "gcache.size": "16M",
            "gcache.page_size": "16M",
        }
        options = {
            "datadir": self.folder,
            "socket": self.folder.with_suffix(".sock"),
            "pid-file": self.folder.with_suffix(".pid"),
            "port": self.client,
            "bind-address": "127.0.0.1",
            "binlog-format": "ROW",
            "innodb-autoinc-lock-mode": 2,
            "innodb-flush-log-at-trx-commit": 0,
            "innodb-log-file-size": "8M",
            "innodb-buffer-pool-size": "32M",
            "wsrep-on": "ON",
            "wsrep-provider": _PROVIDER,
            "wsrep-provider-options": ";".join(f"{name}={value}" for name, value in provider.items()),
            "wsrep-cluster-name": "crmcore",
            "wsrep-cluster-address": f"gcomm://{members}",
            "wsrep-node-name": self.folder.name,
            "wsrep-node-address": f"127.0.0.1:{self.group}",
            "wsrep-sst-method": "rsync",
            "wsrep-sst-receive-address": f"127.0.0.1:{self.transfer}",
        }
        given = [f"--{name}={value}" for name, value in options.items()]
        more = ["--skip-name-resolve", *(["--wsrep-new-cluster"] if first else [])]
        return [_program("mariadbd") or "", "--no-defaults", *own, *given, *more]


@frozen
class Cluster:
    """Three nodes of one cluster.

    Attributes:
        urls: those of an empty database on each node; what is read there is what was committed anywhere before.
        kill: ends a node by its number, without a warning to anybody.
    """

    urls: tuple[str, ...]
    kill: Callable[[int], None]


@pytest.fixture(scope="module")
def galera() -> Iterator[Cluster]:
    """Three nodes of one cluster."""
    programs = ("mariadbd", "mariadb-install-db", "rsync", "lsof")
    if not all(map(_program, programs)) or not _PROVIDER.exists():
        pytest.skip("no MariaDB Galera here: apt-get install mariadb-server galera-4 rsync lsof")
    with _folder("mysql") as folder, ExitStack() as stack:
        own = ["--user=mysql"] if os.geteuid() == 0 else []
        nodes = [_Node(folder / f"n{number}", *_ports(4)) for number in range(3)]
        _install(nodes, own)
        members = ",".join(f"127.0.0.1:{node.group}" for node in nodes)
        waiting = []
        for node in nodes:
            process = stack.enter_context(_running(node.command(members, own, first=node is nodes[0]), node.log))
            url = f"mariadb+pymysql://root@127.0.0.1:{node.client}/mysql"
            synced = _answers(url, "SHOW STATUS LIKE 'wsrep_local_state_comment'", "Synced")
            waiting.append((synced, process, node.log))
            if node is nodes[0]:
                _until(*waiting[0])
                engine = create_engine(url)
                with engine.begin() as connection:
                    connection.execute(text("CREATE DATABASE crm"))
                engine.dispose()
        for one in waiting:
            _until(*one)
        waits = "init_command=SET+SESSION+wsrep_sync_wait%3D1"
        urls = tuple(f"mariadb://root@127.0.0.1:{node.client}/crm?{waits}" for node in nodes)
        yield Cluster(urls, lambda number: waiting[number][1].kill())


def _install(nodes: Sequence[_Node], own: Sequence[str]) -> None:
    """Make the data of one node, and copy it to the others."""
    first = nodes[0].folder
    command = ["mariadb-install-db", "--no-defaults", *own, f"--datadir={first}", "--skip-test-db"]
    command += ["--auth-root-authentication-method=normal", "--innodb-log-file-size=8M"]
    subprocess.run(command, check=True, capture_output=True, timeout=_PATIENCE)
    for node in nodes[1:]:
        subprocess.run(["cp", "-rp", first, node.folder], check=True, timeout=_PATIENCE)


def _program(name: str) -> str | None:
    """Return where a program lies, also one that only administrators have on their path."""
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")


@frozen
class Replicated:
    """A PostgreSQL server with a replica.

    Attributes:
        primary: the URL of an empty database.
        replica: the URL of the same on the replica.
        admin: the URL of the primary for whoever may do anything.
    """

    primary: str
    replica: str
    admin: str


@pytest.fixture(scope="module")
def replicated() -> Iterator[Replicated]:
    """A PostgreSQL server, and a replica whose state is that of the server whenever a commit has returned."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_basebackup"))
    if not programs:
        pytest.skip("no PostgreSQL server here: apt-get install postgresql")
    tools = programs[-1].parent
    user = "postgres" if os.geteuid() == 0 else None
    with _folder("postgres") as folder, ExitStack() as stack:

        def run(*command: str | Path) -> None:
            given = list(map(str, command))
            subprocess.run(given, check=True, capture_output=True, timeout=_PATIENCE, user=user, cwd=folder)

        port, other = _ports(2)
        run(tools / "initdb", "-D", folder / "primary", "-U", "postgres", "-A", "trust", "-N", "-E", "UTF8")
        options = ["-c", "fsync=off", "-c", "shared_buffers=16MB", "-c", f"unix_socket_directories={folder}"]
        options += ["-c", "listen_addresses=127.0.0.1"]

        def serve(name: str, at: int, *more: str) -> None:
            command: list[str | Path] = [tools / "postgres", "-D", folder / name, "-p", str(at), *options, *more]
            process = stack.enter_context(_running(command, folder / f"{name}.log", user))
            url = f"postgresql+psycopg://postgres@127.0.0.1:{at}/postgres"
            _until(_answers(url, "SELECT 1", "1"), process, folder / f"{name}.log")

        serve("primary", port, "-c", "wal_level=replica")
        admin = f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
        engine = create_engine(admin, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text("CREATE ROLE app LOGIN"))
            connection.execute(text("CREATE DATABASE crm OWNER app"))
        at = f"host=127.0.0.1 port={port} user=postgres application_name=replica"
        run(tools / "pg_basebackup", "-D", folder / "replica", "-d", at, "-R", "-X", "stream", "-c", "fast")
        serve("replica", other)
        with engine.connect() as connection:
            connection.execute(text("ALTER SYSTEM SET synchronous_standby_names = 'replica'"))
            connection.execute(text("ALTER SYSTEM SET synchronous_commit = 'remote_apply'"))
            connection.execute(text("SELECT pg_reload_conf()"))
        engine.dispose()
        yield Replicated(f"postgresql://app@127.0.0.1:{port}/crm", f"postgresql://app@127.0.0.1:{other}/crm", admin)
