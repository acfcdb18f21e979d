"""What counts as a save of an organization, and what does not."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from crmcore import InvalidOrganization, Organization
from crmcore.cli.saving import Saves, files_of

TABLED = "crmcore: 1\nname: tabled\ntouchpoints: tables/touchpoints.csv\n"


class Quiet(Exception):
    """Nothing was saved."""


@pytest.fixture(autouse=True)
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> list[Callable[[], object]]:
    """What happens while nothing is looked at, one thing a pause; after that nothing is waited for."""
    events: list[Callable[[], object]] = []

    def pause(_: float) -> None:
        if not events:
            raise Quiet
        events.pop(0)()

    monkeypatch.setattr("crmcore.cli.saving.time.sleep", pause)
    return events


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "tables").mkdir()
    (tmp_path / "crmcore.yaml").write_text(TABLED, encoding="utf-8")
    table = tmp_path / "tables" / "touchpoints.csv"
    table.write_text("id\ncall\n", encoding="utf-8")
    os.utime(table, (0, 0))
    return tmp_path


def write(path: Path, text: str) -> None:
    """Write a file later than it was written before, however coarse the clock of the file system is."""
    path.write_text(text, encoding="utf-8")
    later = path.stat().st_mtime_ns + 10**9
    os.utime(path, ns=(later, later))


def test_what_is_there_at_first_is_a_save_and_no_second_one(folder: Path) -> None:
    saves = iter(Saves(folder))
    next(saves)
    with pytest.raises(Quiet):
        next(saves)


def test_a_file_that_is_written_goes_or_comes_is_a_save(folder: Path) -> None:
    main = folder / "crmcore.yaml"
    for path in (folder, main):
        saves = iter(Saves(path))
        next(saves)
        write(main, f"{TABLED}# more\n")
        next(saves)
        main.rename(folder / "away")
        next(saves)
        (folder / "away").rename(main)
        next(saves)
        write(folder / "people.csv", "id\nli.na\n")
        next(saves)
        (folder / "people.csv").unlink()
        next(saves)


def test_another_file_beside_is_none(folder: Path) -> None:
    saves = iter(Saves(folder))
    next(saves)
    write(folder / "notes.txt", "ask li.na")
    with pytest.raises(Quiet):
        next(saves)


def test_a_folder_that_is_gone_is_looked_for(folder: Path) -> None:
    saves = iter(Saves(folder / "crmcore.yaml"))
    next(saves)
    folder.rename(folder.with_name("elsewhere"))
    next(saves)
    folder.with_name("elsewhere").rename(folder)
    next(saves)


def test_a_table_elsewhere_counts_from_when_it_is_known(folder: Path, meanwhile: list[Callable[[], object]]) -> None:
    table = folder / "tables" / "touchpoints.csv"
    looking = Saves(folder)
    saves = iter(looking)
    next(saves)
    looking.elsewhere = files_of(Organization.read(folder))
    assert table in looking.elsewhere
    meanwhile.append(lambda: write(table, "id\ncall\nvisit\n"))
    next(saves)
    write(table, "id\ncall\n")
    next(saves)
    with pytest.raises(Quiet):
        next(saves)


def test_coming_to_know_a_table_is_no_save(folder: Path) -> None:
    looking = Saves(folder)
    saves = iter(looking)
    next(saves)
    looking.elsewhere = files_of(Organization.read(folder))
    with pytest.raises(Quiet):
        next(saves)


def test_a_table_that_is_saved_while_it_is_read_is_read_again(folder: Path) -> None:
    looking = Saves(folder)
    saves = iter(looking)
    next(saves)
    looking.elsewhere = files_of(Organization.read(folder))
    (folder / "tables" / "touchpoints.csv").write_text("id\ncall\nvisit\n", encoding="utf-8")
    next(saves)
    with pytest.raises(Quiet):
        next(saves)


def test_the_files_with_faults_are_known(folder: Path) -> None:
    table = folder / "tables" / "touchpoints.csv"
    table.write_text("ident\ncall\n", encoding="utf-8")
    with pytest.raises(InvalidOrganization) as caught:
        Organization.read(folder)
    assert files_of(caught.value) == {table}
