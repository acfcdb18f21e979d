"""vCards 2.1, 3.0 and 4.0, as phones and mail programs write them."""

import json
import quopri
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmcore.importing import Layout, export, open_table
from crmcore.importing.vcards import cards_of
from crmcore.organization.spreadsheets import UnreadableSheet


def saved(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "cards.vcf"
    path.write_bytes("\r\n".join(["BEGIN:VCARD", *lines, "END:VCARD", ""]).encode())
    return path


def record(path: Path) -> dict[str, object]:
    table = open_table(path)
    (line,) = list(table)
    return {name: cell for name, cell in zip(table.columns, line.cells, strict=True) if cell}


def test_the_cards_of_others_have_their_known_answers(shared_data: Path) -> None:
    folder = shared_data / "contact-points"
    answers = json.loads((folder / "vcard_known_answers.json").read_text("utf-8"))
    assert len(answers) == 10
    for name, answer in answers.items():
        cards = list(cards_of(folder / "vcard" / name, "utf-8-sig"))
        assert len(cards) == answer["cards"], name
        assert {card.version for card in cards} == set(answer["version"]), name
        for kind in ("TEL", "EMAIL", "ADR"):
            assert sum(len(card.all(kind)) for card in cards) == answer[kind], (name, kind)
        names = [card.all("FN")[0].text for card in cards if card.all("FN")]
        assert len(names) == len(answer["FN"]), name
        for text, known in zip(names, answer["FN"], strict=True):
            encoded = known.startswith("=")
            plain = quopri.decodestring(known.removesuffix("=")).decode().strip() if encoded else known
            assert text.startswith(plain), name


def test_what_rfc_6350_shows_is_understood(shared_data: Path) -> None:
    found = record(shared_data / "contact-points" / "vcard" / "rfc6350-example.vcf")
    assert found["name"] == "Simon Perreault"
    assert found["phone 1"] == "+1-418-656-9254 ext. 102"
    assert found["phone 2 kind"] == "work cell voice video text"
    assert found["address 1 city"] == "Quebec"
    assert found["address 1 postcode"] == "G1V 2M2"
    assert found["language"] == "fr; en"
    assert found["birthday"] == "--0203"


def test_outlook_s_quoted_printable_is_decoded(shared_data: Path) -> None:
    found = record(shared_data / "contact-points" / "vcard" / "outlook-2003.vcf")
    assert found["note"] == "This is the note field!!\r\nSecond line\r\n\r\nThird line is empty"
    assert found["organization"] == "Company, The"
    assert found["department"] == "TheDepartment"


def test_chinese_of_old_phones_is_decoded(tmp_path: Path) -> None:
    name = quopri.encodestring("王伟".encode("gbk")).decode().strip()
    path = saved(
        tmp_path, "VERSION:2.1", f"FN;CHARSET=GBK;ENCODING=QUOTED-PRINTABLE:{name}", "TEL;CELL;PREF:13800138000"
    )
    assert record(path) == {"name": "王伟", "phone 1": "13800138000", "phone 1 kind": "cell"}


def test_the_preferred_number_comes_first(tmp_path: Path) -> None:
    path = saved(tmp_path, "VERSION:4.0", "FN:a", "TEL;PREF=2:1111111", "TEL:2222222", "TEL;PREF=1:3333333")
    assert [value for name, value in record(path).items() if name.startswith("phone")] == [
        "3333333",
        "1111111",
        "2222222",
    ]


@pytest.mark.parametrize(
    "text",
    ["BEGIN:VCARD\nFN:a\n", "FN:a\n", "BEGIN:VCARD\nBEGIN:VCARD\nEND:VCARD\n", "BEGIN:VCARD\nnonsense\nEND:VCARD\n",
     "BEGIN:VCARD\nEND:VCARD\n"],
)  # fmt: skip
def test_what_is_no_card_is_refused_in_a_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "cards.vcf"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableSheet) as caught:
        open_table(path, Layout(format="vcard"))
    assert "\n" not in str(caught.value)


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"]), min_size=1, max_size=40)
COLUMNS = (
    "name",
    "family name",
    "given name",
    "organization",
    "phone 1",
    "phone 1 kind",
    "email 1",
    "address 1 city",
    "note",
)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.fixed_dictionaries({name: TEXT for name in COLUMNS if name != "phone 1 kind"}), st.booleans())
def test_a_card_that_is_written_is_read(tmp_path: Path, values: dict[str, str], lines: bool) -> None:
    values |= {"phone 1 kind": "work cell"}
    if lines:
        values["note"] += "\n第二行, a; b\\n"
    export([values], tmp_path / "out.vcf", COLUMNS)
    assert record(tmp_path / "out.vcf") == values
    assert all(len(line) <= 75 for line in (tmp_path / "out.vcf").read_bytes().split(b"\r\n"))
