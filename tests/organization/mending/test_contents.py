"""A file keeps its encoding, its mark, its permissions and its links when it is written again."""

import os
from pathlib import Path

import pytest

from crmcore.organization.mending import content_of, replace


@pytest.mark.parametrize("data", [b"", b"a\r\nb\n", b"\xef\xbb\xbfa", "王伟".encode(), "王伟,李娜\n".encode("gb18030")])
def test_what_is_read_is_written_again_byte_for_byte(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(data)
    content = content_of(path)
    assert content is not None
    replace(content)
    assert path.read_bytes() == data
    replace(content.saying(content.text + "李"))
    assert path.read_bytes() == data + "李".encode(content.encoding)


def test_bytes_that_are_no_text_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(b"\xff\xff\xff")
    assert content_of(path) is None


@pytest.mark.skipif(os.name != "posix", reason="permissions and links are those of POSIX")
def test_permissions_and_links_stay_and_nothing_is_left_beside(tmp_path: Path) -> None:
    target, link = tmp_path / "real.yaml", tmp_path / "crmcore.yaml"
    target.write_text("a", encoding="utf-8")
    target.chmod(0o640)
    link.symlink_to(target.name)
    content = content_of(link)
    assert content is not None
    replace(content.saying("b"))
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8") == "b"
    assert target.stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in tmp_path.iterdir()) == ["crmcore.yaml", "real.yaml"]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can give files away")
def test_the_owner_of_a_file_stays_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "crmcore.yaml"
    path.write_text("a", encoding="utf-8")
    os.chown(path, 1234, 2345)
    content = content_of(path)
    assert content is not None
    replace(content.saying("b"))
    assert (path.stat().st_uid, path.stat().st_gid) == (1234, 2345)


def test_what_nobody_may_write_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "crmcore.yaml"
    path.write_text("a", encoding="utf-8")
    content = content_of(path)
    assert content is not None
    monkeypatch.setattr("os.access", lambda *_: False)
    with pytest.raises(PermissionError) as caught:
        replace(content.saying("b"))
    assert caught.value.filename == str(path)
    assert path.read_text(encoding="utf-8") == "a"


def test_a_file_that_cannot_be_replaced_stays_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "crmcore.yaml"
    path.write_text("a", encoding="utf-8")
    content = content_of(path)
    assert content is not None

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shutil.copymode", full)
    with pytest.raises(OSError, match="No space"):
        replace(content.saying("b"))
    assert path.read_text(encoding="utf-8") == "a"
    assert list(tmp_path.iterdir()) == [path]
