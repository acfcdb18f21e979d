"""`crmcore db`, as whoever looks after a database uses it."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner, Result
from crmcore_sqlalchemy import SQLStorage
from crmcore_sqlalchemy.storage import engine_of
from crms import COMPANY, START, SteppingClock, numbered
from databases import administrator, database
from sqlalchemy import create_engine, inspect, make_url, text

from crmcore.cli.commands import crmcore
from crmcore.crm import CRM
from crmcore.plugins import Registry
from crmcore.storage import Kinds, Parcel

Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `crmcore db` with the plugin installed."""
    monkeypatch.setenv("CRMCORE_PLUGINS", "sqlalchemy")

    def run(*arguments: object) -> Result:
        result = CliRunner().invoke(crmcore, ["db", *map(str, arguments)])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


def filled(url: str, tenant: str = "main") -> None:
    with CRM.open(
        url,
        organization=COMPANY,
        tenant=tenant,
        clock=SteppingClock(),
        ids=numbered(tenant),
        plugins=Registry.installed({"CRMCORE_PLUGINS": "sqlalchemy"}),
    ) as crm:
        customer = crm.customers.register("华为", attributes={"region": "Sichuan", "company-size": 900})
        crm.customers.register("海思", attributes={"tier": "key"}, parent=customer.id)
        crm.contacts.add(customer, "任女士")


def said(url: str, *statements: str) -> None:
    engine = engine_of(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def test_everything_goes_from_one_database_into_another(run: Run, url: str, tmp_path: Path) -> None:
    family = {"sqlite": "postgresql", "postgresql": "mariadb", "mariadb": "sqlite"}[url.partition(":")[0]]
    filled(url)
    filled(url, "另一家")
    (tmp_path / "target").mkdir()
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    with contextmanager(database)(family, tmp_path / "target") as target:
        exported = run("export", first, "--storage", url)
        assert re.fullmatch("(main: [0-9]+ records written.)\n(另一家: [0-9]+ records written.)\n", exported.output)
        imported = run("import", first, "--storage", target)
        assert imported.output == exported.output.replace("written", "added")
        assert run("export", second, "--storage", target).exit_code == 0
    assert records(first) == records(second)
    assert first.stat().st_mode & 0o077 == 0, "what is on file is read by its owner alone"


def records(path: Path) -> list[str]:
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return sorted(map(json.dumps, lines[1:]))


def test_one_tenant_is_exported_alone(run: Run, url: str, tmp_path: Path) -> None:
    filled(url)
    filled(url, "另一家")
    run("export", tmp_path / "one.jsonl", "--storage", url, "--tenant", "另一家")
    assert '"main"' not in (tmp_path / "one.jsonl").read_text(encoding="utf-8")


def test_a_database_of_an_older_program_is_upgraded_and_keeps_what_it_has(run: Run, url: str) -> None:
    filled(url)
    said(url, *(f"DROP {what}" for what in ("VIEW crm_organization_version", "TABLE crmcore_organization_version")))
    before = run("check", "--storage", url)
    assert (before.exit_code, "crmcore_organization_version" in before.output) == (1, True)
    assert "crmcore db upgrade" in before.output
    refused = run("export", "never.jsonl", "--storage", url)
    assert refused.exit_code == 2
    assert "crmcore db upgrade" in refused.output
    assert run("upgrade", "--storage", url).output == "Added: crmcore_organization_version.\n"
    assert run("upgrade", "--storage", url).output == "Nothing was missing.\n"
    after = run("check", "--storage", url)
    assert (after.exit_code, after.output) == (0, "The schema is up to date (0001).\n")


def test_the_dimensions_of_an_organization_become_fields(run: Run, url: str, tmp_path: Path) -> None:
    filled(url)
    larger = tmp_path / "larger.yaml"
    COMPANY.write(larger)
    larger.write_text(
        larger.read_text(encoding="utf-8").replace("dimensions:\n", "dimensions:\n  branch: [north, south]\n"),
        encoding="utf-8",
    )
    assert run("upgrade", larger, "--storage", url).output == "Added: crmcore_customer.custom_branch.\n"


def test_an_older_program_on_a_newer_schema_reads_and_refuses_to_write_in_a_sentence(
    run: Run, url: str, tmp_path: Path
) -> None:
    filled(url)
    said(url, "UPDATE crmcore_migration SET version_num = '9999'")
    checked = run("check", "--storage", url)
    assert checked.exit_code == 1
    assert "The schema (9999) is of a later crmcore-sqlalchemy than this one (0001)" in checked.output
    export = tmp_path / "read.jsonl"
    assert run("export", export, "--storage", url).exit_code == 0
    for arguments in (("import", export), ("upgrade",)):
        refused = run(*arguments, "--storage", url)
        assert refused.exit_code == 2
        assert "9999" in refused.output
        assert "Traceback" not in refused.output
        assert len(refused.output.splitlines()) == 1


def test_what_nothing_installed_knows_is_not_left_behind_silently(run: Run, url: str, tmp_path: Path) -> None:
    filled(url)
    said(url, "INSERT INTO crmcore_kinds (name, fields) VALUES ('visit', '{}')")
    assert "Kinds that nothing installed knows: visit." in run("check", "--storage", url).output
    refused = run("export", tmp_path / "some.jsonl", "--storage", url)
    assert (refused.exit_code, "visit" in refused.output) == (2, True)
    assert list(tmp_path.glob("*jsonl*")) == []


def test_an_empty_database_is_said_to_be_one(run: Run, tmp_path: Path) -> None:
    (tmp_path / "new.db").touch()
    checked = run("check", "--storage", f"sqlite:///{tmp_path / 'new.db'}")
    assert (checked.exit_code, "The database is empty" in checked.output) == (0, True)


def test_no_file_is_made_where_one_is_only_looked_at(run: Run, tmp_path: Path) -> None:
    missing = f"sqlite:///{tmp_path / 'typo.db'}"
    for arguments in (("check",), ("export", tmp_path / "o.jsonl"), ("backup", tmp_path / "o.db")):
        refused = run(*arguments, "--storage", missing)
        assert (refused.exit_code, "there is no file" in refused.output) == (2, True)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_is_never_written_over(run: Run, url: str, tmp_path: Path) -> None:
    filled(url)
    kept = tmp_path / "kept"
    kept.write_text("mine", encoding="utf-8")
    for name in ("export", "backup"):
        refused = run(name, kept, "--storage", url)
        assert (refused.exit_code, "is there already" in refused.output) == (2, True)
    assert kept.read_text(encoding="utf-8") == "mine"


def test_a_backup_can_be_worked_on_like_the_database(run: Run, url: str, tmp_path: Path) -> None:
    filled(url)
    copy, again = tmp_path / "copy.db", tmp_path / "again.jsonl"
    assert run("backup", copy, "--storage", url).exit_code == 0
    first = copy
    if url.startswith("sqlite"):
        assert run("check", "--storage", f"sqlite:///{copy}").exit_code == 0
        assert run("export", tmp_path / "first.jsonl", "--storage", url).exit_code == 0
        first = tmp_path / "first.jsonl"
        assert run("export", again, "--storage", f"sqlite:///{copy}").exit_code == 0
    else:
        other = f"sqlite:///{tmp_path / 'other.db'}"
        assert run("import", copy, "--storage", other).exit_code == 0
        assert run("export", again, "--storage", other).exit_code == 0
    assert records(first) == records(again)


def test_a_file_that_is_damaged_is_told(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "crm.db"
    filled(f"sqlite:///{path}")
    said(f"sqlite:///{path}", "PRAGMA wal_checkpoint(TRUNCATE)")
    data = bytearray(path.read_bytes())
    data[4096 * 3 : 4096 * 5] = b"\x00" * 8192
    path.write_bytes(data)
    checked = run("check", "--storage", f"sqlite:///{path}")
    assert checked.exit_code in (1, 2)
    assert "damaged" in checked.output or "malformed" in checked.output


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"PK\x03\x04", b"{}\n"])
def test_what_is_no_export_is_refused_in_a_sentence(run: Run, content: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_bytes(content)
    refused = run("import", tmp_path / "x.jsonl", "--storage", f"sqlite:///{tmp_path / 'crm.db'}")
    assert (refused.exit_code, refused.output.startswith("Error: line 1 of the export: ")) == (2, True)
    assert not (tmp_path / "crm.db").exists()


def test_it_speaks_chinese(run: Run, url: str) -> None:
    filled(url)
    assert "结构是最新的" in run("check", "--storage", url, "--language", "zh").output


def test_the_database_is_named_in_the_environment(run: Run, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(url)
    monkeypatch.setenv("CRMCORE_STORAGE", url)
    assert run("check").exit_code == 0


def test_an_import_that_is_killed_leaves_whole_tenants_and_is_run_to_its_end(run: Run, tmp_path: Path) -> None:
    source, target = (f"sqlite:///{tmp_path / name}" for name in ("source.db", "target.db"))
    export, again = tmp_path / "all.jsonl", tmp_path / "again.jsonl"
    kinds = Kinds(Registry.installed({"CRMCORE_PLUGINS": "sqlalchemy"}).kinds.values())
    with SQLStorage.open(source, kinds) as storage:
        for tenant in "abcd":
            with storage.begin(tenant) as work:
                work.add_all(
                    Parcel(id=f"{tenant}-{number}", topic="message", due=START, payload={"memo": "名" * 100})
                    for number in range(3_000)
                )
                work.commit()
    run("export", export, "--storage", source)
    command = [sys.executable, "-m", "crmcore.cli", "db", "import", str(export), "--storage", target]
    environment = {**os.environ, "CRMCORE_PLUGINS": "sqlalchemy"}
    for delay in (0.9, 1.3, 1.7):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
        with suppress(subprocess.TimeoutExpired):
            process.wait(delay)
        process.kill()
        process.wait()
        if (tmp_path / "target.db").exists():
            assert set(_counts(target).values()) <= {3_000}
    assert run("import", export, "--storage", target).exit_code == 0
    assert _counts(target) == dict.fromkeys("abcd", 3_000)
    run("export", again, "--storage", target)
    assert records(export) == records(again)


def _counts(url: str) -> dict[str, int]:
    """How many parcels each tenant has, by a look past the storage; none while there is no table yet."""
    engine = engine_of(url)
    try:
        with engine.connect() as connection:
            if not inspect(connection).has_table("crmcore_parcel"):
                return {}
            found = connection.execute(text("SELECT tenant, count(*) FROM crmcore_parcel GROUP BY tenant"))
            return {row[0]: row[1] for row in found}
    finally:
        engine.dispose()


def test_whoever_may_not_see_all_tenants_is_asked_for_their_names(run: Run, tmp_path: Path) -> None:
    with contextmanager(database)("postgresql", tmp_path) as url:
        filled(url)
        guest = f"crmcore_guest_{uuid4().hex[:8]}"
        administrators = create_engine(administrator(url), isolation_level="AUTOCOMMIT")
        with administrators.connect() as connection:
            connection.execute(text(f"CREATE ROLE {guest} LOGIN"))
            connection.execute(text(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {guest}"))
            try:
                theirs = make_url(url).set(username=guest).render_as_string(hide_password=False)
                refused = run("export", tmp_path / "all.jsonl", "--storage", theirs)
                assert (refused.exit_code, "name them with --tenant" in refused.output) == (2, True)
                exported = run("export", tmp_path / "one.jsonl", "--storage", theirs, "--tenant", "main")
                assert exported.exit_code == 0
            finally:
                connection.execute(text(f"DROP OWNED BY {guest}"))
                connection.execute(text(f"DROP ROLE {guest}"))
        administrators.dispose()


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    monkeypatch.chdir(tmp_path_factory.mktemp("here"))
    yield
