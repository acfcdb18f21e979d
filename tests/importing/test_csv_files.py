"""CSV and TSV files, whoever wrote them: cells come out as they were, or the file is refused in a sentence."""

import csv
import io
import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from crmcore.errors import CrmError
from crmcore.importing import Layout, open_table
from crmcore.organization.spreadsheets import SheetWanted, UnreadableSheet

CHINESE = "公司名称客户电话上海北京有限责任技术股份联系人张王李赵陈备注地址"
WESTERN = "äöüßéèàçñÄÖÜ€œ"


def saved(tmp_path: Path, content: bytes | str, name: str = "table.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def rows(path: Path, layout: Layout | None = None) -> list[list[Any]]:
    table = open_table(path, layout or Layout())
    return [list(table.columns), *(list(line.cells) for line in table)]


def test_the_files_of_csv_spectrum_parse_to_their_json(shared_data: Path) -> None:
    folder = shared_data / "import-csv-xlsx" / "csv-spectrum"
    files = sorted((folder / "csvs").glob("*.csv"))
    assert len(files) == 12
    for path in files:
        table = open_table(path)
        found = [dict(zip(table.columns, line.cells, strict=True)) for line in table]
        wanted = json.loads((folder / "json" / f"{path.stem}.json").read_text("utf-8"))
        wanted = wanted if isinstance(wanted, list) else [wanted]
        if path.stem == "location_coordinates":  # its csv and its json have another phone number each
            assert [record.pop("Contact Phone Number") for record in found] == ["2095257564"]
            assert [record.pop("Contact Phone Number") for record in wanted] == ["1234567890"]
        assert found == wanted, path.name


def test_the_files_of_frictionless_load_or_are_refused_in_one_sentence(shared_data: Path) -> None:
    folder = shared_data / "import-csv-xlsx" / "frictionless"
    refused = {}
    loaded = {}
    for path in sorted(folder.iterdir()):
        try:
            table = open_table(path)
            loaded[path.name] = (table.columns, len(list(table)))
        except CrmError as error:
            assert "\n" not in str(error)
            refused[path.name] = type(error)
    assert refused == {"table.xls": UnreadableSheet, "table.xlsx": SheetWanted}
    assert loaded["countries.csv"] == (("id", "neighbor_id", "name", "population"), 5)
    assert loaded["skip-rows.csv"] == (("id", "name"), 2)
    assert loaded["escaping.csv"] == (("ID", "Test"), 3)
    assert loaded["duplicate-headers.csv"] == (("id", "name", "id (2)", "age", "id (3)"), 2)
    assert loaded["invalid.csv"] == (("id", "name", "column C", "name (2)"), 3)
    assert loaded["table-with-accents.csv"][1] == 638
    assert loaded["skip-rows.xlsx"] == (("A", "B"), 2)
    assert rows(folder / "escaping.csv")[1:] == [["1", "Test line 1"], ["2", 'Test " line 2'], ["3", 'Test " line 3']]
    assert rows(folder / "latin1.csv")[2] == ["2", "©"]


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=["Cs"]), max_size=8)
HEADINGS = ["公司", "b c", "d"]


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=6),
    encoding=st.sampled_from(["utf-8-sig", "utf-16", "utf-16-le", "gb18030"]),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    quote=st.sampled_from(['"', "'"]),
    ending=st.sampled_from(["\n", "\r\n"]),
)
@example(body=[("", "", "\\'")], encoding="utf-8-sig", delimiter=",", quote="'", ending="\n")
def test_what_is_written_is_read(  # noqa: PLR0917
    tmp_path: Path, body: list[tuple[str, str, str]], encoding: str, delimiter: str, quote: str, ending: str
) -> None:
    """Any table comes back, whatever the encoding, the delimiter, the quotes, and line breaks in cells."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=delimiter, quotechar=quote, lineterminator=ending, quoting=csv.QUOTE_ALL)
    writer.writerows([HEADINGS, *body])
    path = saved(tmp_path, stream.getvalue().encode(encoding))
    layout = Layout("csv", encoding, delimiter, quote, "", spaces=False, header=1)
    guarded = ("=", "+", "-", "@", "\t", "\r", "'")
    wanted = [
        [cell[1:] if cell[:1] == "'" and cell[1:].startswith(guarded) else cell for cell in row]
        for row in body
        if any(row) and not (row[0].startswith("#") and not any(row[1:]))
    ]
    assert rows(path, layout) == [HEADINGS, *wanted]


WORDS = st.text(st.sampled_from(CHINESE), min_size=1, max_size=6)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.lists(st.tuples(WORDS, st.integers(1, 10**6), WORDS), min_size=2, max_size=8),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030"]),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
)
def test_a_chinese_table_is_guessed(
    tmp_path: Path, body: list[tuple[str, int, str]], encoding: str, delimiter: str
) -> None:
    """Encoding, delimiter and header of a table in simplified Chinese are found without being said."""
    text = "\r\n".join(delimiter.join(map(str, row)) for row in [("公司名称", "人数", "备注"), *body])
    table = open_table(saved(tmp_path, text.encode(encoding)))
    assert table.columns == ("公司名称", "人数", "备注")
    assert [line.cells for line in table] == [list(map(str, row)) for row in body]


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        ("名稱,電話\n臺灣積體電路製造,03\n鴻海精密工業,02\n", "cp950", "cp950"),
        ("名称,电话\n华为技术有限公司,0755\n", "gb18030", "gb18030"),
        ("name;city\nMüller & Söhne;Köln\nGaël Nuñez;Besançon\n", "cp1252", "cp1252"),
        ("name;city\nMüller;Köln\n", "latin-1", "cp1252"),
        ("name;city\nMüller;Köln\n", "utf-8", "utf-8-sig"),
        ("name,city\nMiller,London\n", "ascii", "utf-8-sig"),
        ("name,city\nMiller,London\n", "utf-16-be", "utf-16-be"),
    ],
)
def test_each_encoding_is_told_from_the_others(tmp_path: Path, text: str, encoding: str, found: str) -> None:
    table = open_table(saved(tmp_path, text.encode(encoding)))
    assert table.layout.encoding == found
    clue = next(clue for clue in table.clues if clue.about == "encoding")
    assert clue.because
    first = text.replace(";", ",").splitlines()[1].split(",")
    assert next(iter(table)).cells == first


def test_utf_8_with_a_damaged_line_is_refused_with_the_line(tmp_path: Path) -> None:
    content = "名称\n华为技术有限公司\n".encode() + b"M\xfcller\n" + "小米\n".encode()
    with pytest.raises(UnreadableSheet, match="line 3"):
        open_table(saved(tmp_path, content))


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\x00\x01\x02\x03\x00\xff", b'a,b\n"1,2\n3,4\n'])
def test_what_is_no_table_is_refused_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(UnreadableSheet) as caught:
        list(open_table(saved(tmp_path, content)))
    assert "\n" not in str(caught.value)
    assert caught.value.mend


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a;b\n1,5;2,5\n3,5;4,5\n", ";"),
        ("1,5;2,5\n3,5;4,5\n", ";"),
        ("name,tags\nx,a;b\ny,c;d\n", ","),
        ("a|b\n1|2\n", "|"),
        ("a\tb\n1,5\t2\n", "\t"),
    ],
)
def test_a_delimiter_is_told_from_decimal_commas_and_lists(tmp_path: Path, text: str, delimiter: str) -> None:
    assert open_table(saved(tmp_path, text)).layout.delimiter == delimiter


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("name,age\nAnn,3\nBob,4\n", 1),
        ("Ann,3\nBob,4\n", 0),
        ("Customers of 2026\n\nname,age\nAnn,3\n", 3),
        ("li.na@example.com,3\nwang@example.com,4\n", 0),
        ("id,2024,2025\nx,yes,no\ny,no,no\n", 1),
    ],
)
def test_the_header_is_found_or_there_is_none(tmp_path: Path, text: str, header: int) -> None:
    table = open_table(saved(tmp_path, text))
    assert table.layout.header == header
    assert len(list(table)) == len(text.strip().splitlines()) - header


def test_what_somebody_says_counts_more_than_what_is_guessed(tmp_path: Path) -> None:
    path = saved(tmp_path, "name,age\nAnn,3\n")
    assert rows(path, Layout(header=0)) == [["column A", "column B"], ["name", "age"], ["Ann", "3"]]
    assert rows(path, Layout(delimiter=";")) == [["name,age"], ["Ann,3"]]
    with pytest.raises(UnreadableSheet, match="klingon"):
        open_table(path, Layout(encoding="klingon"))


def test_lines_have_the_numbers_of_the_file(tmp_path: Path) -> None:
    table = open_table(saved(tmp_path, 'a,b\n1,"x\ny"\n\n2,z\n'))
    assert [line.number for line in table] == [2, 5]


def test_a_file_is_never_in_memory_as_a_whole(tmp_path: Path) -> None:
    def peak(lines: int) -> int:
        path = tmp_path / f"{lines}.csv"
        with path.open("w", encoding="utf-8") as stream:
            stream.write("name,phone,note\n")
            stream.writelines(f"客户{number},021-{number:08d},{'备注' * 10}\n" for number in range(lines))
        tracemalloc.start()
        try:
            assert sum(1 for _ in open_table(path)) == lines
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak(60_000) < peak(20_000) * 1.1
