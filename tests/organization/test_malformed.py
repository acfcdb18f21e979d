"""Files that no organization can be read from: each is refused with its place and its mend.

The texts stand in `malformed.txt`: a line `=== name`, then the file. Each begins with the version and a name, unless
its first sign is `!`. What a text cannot show stands here.
"""

import pickle
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcore import CrmError, InvalidOrganization, Organization
from crmcore.language import speaking, told
from crmcore.organization import Organization as Same

HEAD = "crmcore: 1\nname: Yunfan\n"
CHINESE = re.compile("[\u4e00-\u9fff]")
ENGLISH = re.compile(r"\b[a-z]{2,}(?: [a-z]{2,}){3}")
VALID = """crmcore: 1
name: Yunfan
dimensions:
  region: {tree: {China: {East: [Shanghai, Zhejiang]}, Overseas: [Germany]}}
  employees: {number: {min: 1, max: 1000, integer: true}}
stages: [{id: lead}, {id: active, terminal: true}]
people:
  - {id: li.na, name: 李娜, from: 2026-01-01, absences: [{from: 2026-02-01, to: 2026-02-03}]}
roles: [{id: seller, holders: {min: 1, max: 2}}]
staffing: [{role: seller, holders: [li.na], where: {region: East}}]
touchpoints: [{id: visit, stages: [lead], sla: {respond: 4h}}]
duties:
  - {touchpoints: [visit], role: seller, duty: accountable, where: {employees: {from: 1, to: 50}}, priority: 1}
"""


def _written() -> Iterator[tuple[str, str]]:
    for part in (Path(__file__).parent / "malformed.txt").read_text(encoding="utf-8").split("=== ")[1:]:
        name, _, text = part.partition("\n")
        yield name, text[1:] if text.startswith("!") else HEAD + text


def _built() -> Iterator[tuple[str, str]]:
    letters = "bcdefghijklm"
    bomb = "".join(f"{one}: &{one} [{','.join(['*' + chr(ord(one) - 1)] * 10)}]\n" for one in letters)
    deep = "".join(f"{{a{level}: " for level in range(60)) + "x" + "}" * 60
    yield from {
        "nothing": "",
        "spaces only": "  \n\n",
        "a tab as indentation": HEAD + "people:\n\t- {id: a}\n",
        "an alias bomb": HEAD + "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + bomb,
        "deep lists": HEAD + "people: " + "[" * 50_000 + "\n",
        "deep mappings": HEAD + "people: " + "{a: " * 50_000 + "\n",
        "deep blocks": HEAD + "people:\n" + "".join(" " * level + "-\n" for level in range(1, 1000)),
        "a tree that is too deep": HEAD + f"dimensions: {{region: {{tree: {deep}}}}}\n",
        "a control character": HEAD + "locale: e\x07n\n",
        "a terminal escape": HEAD + "locale: e\x1b[31mn\n",
        "a long key": HEAD + "k" * 5000 + ": 1\n",
        "ten million signs": HEAD + "locale: " + "x" * 10_000_000 + "\n",
        "a million digits": HEAD + "checks: {span_of_control: " + "9" * 1_000_000 + "}\n",
        "a thousand faults": HEAD + "people:\n" + "- {id: A B}\n" * 1000,
    }.items()


CASES = dict([*_written(), *_built()])
BYTES = {
    "bytes of an image": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)),
    "zeros": bytes(4096),
    "UTF-16": HEAD.encode("utf-16"),
    "UTF-32": HEAD.encode("utf-32"),
    "half a character": HEAD.encode() + "locale: 中".encode()[:-1],
    "Latin-1": HEAD.encode() + "locale: é\n".encode("latin-1"),
}


def refusal(text: str) -> InvalidOrganization:
    with pytest.raises(InvalidOrganization) as caught:
        Organization.parse(text, file="crmcore.yaml")
    return caught.value


@pytest.mark.parametrize("name", CASES)
def test_a_malformed_file_is_refused_in_plain_words_with_the_place(name: str) -> None:
    error = refusal(CASES[name])
    assert error.faults
    for fault in error.faults:
        assert fault.place.file == "crmcore.yaml"
        assert fault.place.line >= 1
        assert fault.place.column >= 1
        assert fault.found
        assert len(str(fault)) < 1_000
        assert str(fault).isprintable(), "what is quoted from the file must not reach a terminal as it is"


@pytest.mark.parametrize("name", CASES)
def test_what_is_wrong_with_a_file_is_told_in_chinese_too(name: str) -> None:
    error = refusal(CASES[name])
    with speaking("zh"):
        chinese = str(error)
        assert str(pickle.loads(pickle.dumps(error))) == chinese  # noqa: S301 (what was dumped here)
        for fault in error.faults:
            assert CHINESE.search(told(fault.found))
            assert not fault.suggestion or CHINESE.search(told(fault.suggestion))
    assert not ENGLISH.findall(chinese)
    assert str(error) != chinese


def test_a_number_in_place_of_a_name_is_quoted_as_it_was_written() -> None:
    faults = refusal("crmcore: 1\nname: 012\npeople: [{id: 0x1F}]\nstages: [{id: '1.50'}, {id: 1.50}]\n").faults
    assert [fault.suggestion for fault in faults] == [f'put it in quotes: "{text}"' for text in ("012", "0x1F", "1.50")]


def test_a_number_in_place_of_a_value_is_quoted_as_it_was_written() -> None:
    (fault,) = refusal(HEAD + "duties: [{touchpoints: all, role: a, duty: veto, where: {tier: 007}}]\n").faults
    assert fault.suggestion == ('put the name of a value in quotes: "007"; write numbers as {from: 7, to: …}')


@pytest.mark.parametrize("name", ["a list as key", "a number as key", "true as key"])
def test_a_key_that_is_no_text_is_one_fault_and_not_an_unknown_key_too(name: str) -> None:
    (fault,) = refusal(CASES[name]).faults
    assert fault.found.startswith("a key has to be text, not ")


def test_there_are_a_hundred_malformed_files() -> None:
    assert len(CASES) + len(BYTES) >= 100


@pytest.mark.parametrize("name", BYTES)
def test_a_file_that_is_no_text_is_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / "crmcore.yaml"
    path.write_bytes(BYTES[name])
    with pytest.raises(InvalidOrganization) as caught:
        Organization.read(path)
    assert all(str(fault).isprintable() for fault in caught.value.faults)


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_byte_order_mark_and_either_line_ending_are_read(ending: str, mark: bytes, tmp_path: Path) -> None:
    path = tmp_path / "crmcore.yaml"
    path.write_bytes(mark + VALID.replace("\n", ending).encode())
    assert Organization.read(path) == Organization.parse(VALID)


def test_all_faults_of_a_file_come_at_once_with_line_and_column_and_the_nearest_key() -> None:
    error = refusal(HEAD + "people:\n  - {id: li.na, nmae: x}\n  - {id: li.na, from: 2025-02-29}\n")
    places = [(fault.place.line, fault.place.column) for fault in error.faults]
    assert places == sorted(places)
    assert {line for line, _ in places} == {4, 5}
    text = str(error)
    assert "name" in text
    assert "2025-02-29" in text
    assert "li.na" in text


def test_a_missing_table_a_missing_file_and_an_empty_folder_are_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "crmcore.yaml").write_text(HEAD + "people: people.csv\n", encoding="utf-8")
    for path in (tmp_path, tmp_path / "empty", tmp_path / "nothing.yaml"):
        with pytest.raises(InvalidOrganization) as caught:
            Organization.read(path)
        assert caught.value.faults


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_with_another_delimiter_is_read_or_refused_never_misread(delimiter: str, tmp_path: Path) -> None:
    (tmp_path / "crmcore.yaml").write_text(HEAD + "people: people.csv\n", encoding="utf-8")
    rows = delimiter.join(("id", "name")) + "\n" + delimiter.join(("li.na", "李娜")) + "\n"
    (tmp_path / "people.csv").write_text(rows, encoding="utf-8")
    try:
        (person,) = Organization.read(tmp_path).people
    except InvalidOrganization as error:
        assert delimiter != ","
        assert "people.csv" in str(error)
    else:
        assert (person.id, person.name) == ("li.na", "李娜")


def test_a_fault_in_a_table_names_its_file_line_and_column(tmp_path: Path) -> None:
    (tmp_path / "crmcore.yaml").write_text(HEAD + "people: people.csv\n", encoding="utf-8")
    (tmp_path / "people.csv").write_text("id,name,from\nli.na,李娜,2026-02-30\n", encoding="utf-8")
    with pytest.raises(InvalidOrganization) as caught:
        Organization.read(tmp_path)
    (fault,) = caught.value.faults
    assert fault.place.file.endswith("people.csv")
    assert (fault.place.line, fault.place.column) == (2, 10)


def readable(text: str) -> None:
    """Whatever the text is, it is an organization or is refused; nothing else comes out."""
    try:
        assert isinstance(Organization.parse(text), Same)
    except CrmError as error:
        assert isinstance(error, InvalidOrganization)


@given(st.text(max_size=200))
def test_any_text_is_an_organization_or_is_refused(text: str) -> None:
    readable(text)
    readable(HEAD + text)


@given(st.data())
def test_a_valid_file_with_a_piece_changed_is_an_organization_or_is_refused(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(VALID)))
    stop = data.draw(st.integers(start, min(len(VALID), start + 30)))
    piece = data.draw(
        st.one_of(st.text(max_size=10), st.sampled_from(["[", "}", "&a", "*a", "- ", "\n", ": ", "null"]))
    )
    readable(VALID[:start] + piece + VALID[stop:])


@given(data=st.data())
def test_any_bytes_are_an_organization_or_are_refused(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzz.yaml"
    start = data.draw(st.integers(0, len(VALID)))
    path.write_bytes(VALID.encode()[:start] + data.draw(st.binary(max_size=40)))
    try:
        Organization.read(path)
    except CrmError as error:
        assert isinstance(error, InvalidOrganization)


TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)
SECTIONS = (
    "dimensions",
    "impossible",
    "stages",
    "people",
    "roles",
    "staffing",
    "touchpoints",
    "duties",
    "calendar",
    "checks",
)


@given(st.dictionaries(st.sampled_from(SECTIONS), TREES))
def test_any_tree_is_an_organization_or_is_refused(sections: dict[str, object]) -> None:
    try:
        Organization.from_data({"crmcore": 1, "name": "Yunfan", **sections})
    except CrmError as error:
        assert isinstance(error, InvalidOrganization)
