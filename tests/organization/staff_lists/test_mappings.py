"""A mapping that is saved is the one that is read; another file is refused in a sentence."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmcore.organization.spreadsheets import UnreadableSheet
from crmcore.organization.staff_lists import FIELDS, read_mapping, write_mapping


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(FIELDS), st.text(st.characters(exclude_categories=["Cs"]))))
def test_what_is_saved_is_read(tmp_path: Path, mapping: dict[str, str]) -> None:
    path = tmp_path / "hr.json"
    write_mapping(path, mapping)
    assert read_mapping(path) == mapping


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"{", "the file is no JSON"),
        (b"\xff\xfe\x00", "the file is no JSON"),
        (b"[" * 100_000, "the file is no JSON"),
        (b"[]", "maps no fields to headings"),
        (b'{"name": 1}', "maps no fields to headings"),
        (b'{"nmae": "x"}', "there is no field 'nmae' .did you mean 'name'"),
        (b'{"qqqqqq": "x"}', "the fields are number, name"),
    ],
)
def test_what_is_no_mapping_is_refused(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "hr.json"
    path.write_bytes(content)
    with pytest.raises(UnreadableSheet, match=sentence):
        read_mapping(path)
