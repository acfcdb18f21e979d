"""An entry goes from a text, and what is around it stays as its author wrote it."""

import json
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from crmcore.organization.mending import without_entries

BLOCK = """\
# the company
duties:
  # the first
  - a  # of a
  -
    # inside
    b: 1

  # of c
  - c: [1,
       2]  # end of c
  - |
    d

# the end
last: 1
"""


def without(text: str, *positions: int, format_: str = "yaml", path: tuple[str, ...] = ("duties",)) -> str:
    left = without_entries(text, format_, path, positions)
    assert left is not None
    return left


def test_an_item_of_a_block_goes_with_its_lines_and_the_comments_around_it_stay() -> None:
    assert without(BLOCK, 0) == BLOCK.replace("  - a  # of a\n", "")
    assert without(BLOCK, 1) == BLOCK.replace("  -\n    # inside\n    b: 1\n", "")
    assert without(BLOCK, 2) == BLOCK.replace("  - c: [1,\n       2]  # end of c\n", "")
    assert without(BLOCK, 3) == BLOCK.replace("  - |\n    d\n", "")


def test_a_block_that_loses_all_its_items_becomes_an_empty_list() -> None:
    left = without(BLOCK, 0, 1, 2, 3)
    assert yaml.safe_load(left) == {"duties": [], "last": 1}
    assert left.count("#") == 4


@pytest.mark.parametrize(
    ("text", "positions", "left"),
    [
        ("duties: [a, b, c]  # x\n", [0], "duties: [b, c]  # x\n"),
        ("duties: [a, b, c]  # x\n", [1], "duties: [a, c]  # x\n"),
        ("duties: [a, b, c]  # x\n", [2], "duties: [a, b]  # x\n"),
        ("duties: [a, b, c]\n", [1, 2], "duties: [a]\n"),
        ("duties: [a, b, c]\n", [0, 1, 2], "duties: []\n"),
        ("duties: [ a, {b: [1, 2]}, c, ]\n", [1], "duties: [ a, c, ]\n"),
        ("duties: [\n  a,  # of a\n  b,\n  c  # of c\n]\n", [0], "duties: [\n  b,\n  c  # of c\n]\n"),
        ("duties: [\n  a,  # of a\n  b,\n  c  # of c\n]\n", [2], "duties: [\n  a,  # of a\n  b\n]\n"),
        ("duties: [\n  # alone\n  a,\n  b, c,\n]\n", [0, 1], "duties: [\n  # alone\n  c,\n]\n"),
        ("{x: 1, duties: [a, b]}", [0], "{x: 1, duties: [b]}"),
        ("duties: [\"a, b\", '# c', d]\n", [1], 'duties: ["a, b", d]\n'),
        ("duties:\r\n- a\r\n- b\r\n", [0], "duties:\r\n- b\r\n"),
        ("duties:\n- a\n- b", [1], "duties:\n- a\n"),
        ("'duties': [中, 文]\n", [0], "'duties': [文]\n"),
    ],
)
def test_an_item_goes_with_its_comma_and_no_other(text: str, positions: list[int], left: str) -> None:
    assert without(text, *positions) == left


def test_an_item_of_json_goes_with_its_comma_and_its_lines() -> None:
    text = json.dumps({"x": [0], "checks": {"ignore": ["a😀", {"b": "}, ["}, "c"]}}, indent="\t") + "\n"
    for gone in range(3):
        left = without(text, gone, format_="json", path=("checks", "ignore"))
        kept = [item for position, item in enumerate(["a😀", {"b": "}, ["}, "c"]) if position != gone]
        assert left == json.dumps({"x": [0], "checks": {"ignore": kept}}, indent="\t") + "\n"


def test_a_row_of_a_table_goes_with_all_its_lines() -> None:
    text = 'role,where\r\na,x\r\n"b","two\r\nlines"\r\n\r\nc,y\r\n'
    assert without(text, 3, format_="csv", path=()) == "role,where\r\na,x\r\n\r\nc,y\r\n"
    assert without(text, 2, 6, format_="csv", path=()) == 'role,where\r\n"b","two\r\nlines"\r\n\r\n'


@pytest.mark.parametrize(
    ("text", "format_", "path", "position"),
    [
        ("duties = [1]", "toml", ("duties",), 0),
        ("duties: 1", "yaml", ("duties",), 0),
        ("duties: [1]", "yaml", ("roles",), 0),
        ("duties: [1]", "yaml", ("duties", "x"), 0),
        ("duties: [1]", "yaml", ("duties",), 1),
        ("{}", "json", ("duties",), 0),
        ("a,b\n1,2\n", "csv", (), 9),
    ],
)
def test_what_is_not_there_or_not_mended_here_is_left(
    text: str, format_: str, path: tuple[str, ...], position: int
) -> None:
    assert without_entries(text, format_, path, [position]) is None


scalars = st.integers() | st.text(st.characters(min_codepoint=32, max_codepoint=0x2FFF, exclude_characters="\x7f\x85"))
values: st.SearchStrategy[Any] = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1), inner, max_size=3)
)


@given(st.lists(values, min_size=1, max_size=6), st.data(), st.sampled_from([True, False, None]), st.booleans())
def test_whatever_the_list_holds_the_text_reads_as_the_list_without_them(
    items: list[Any], data: st.DataObject, flow: bool | None, wide: bool
) -> None:
    gone = data.draw(st.sets(st.integers(0, len(items) - 1), min_size=1))
    tree = {"a": [1], "x": {"duties": items, "z": 1}}
    left = {"a": [1], "x": {"duties": [item for at, item in enumerate(items) if at not in gone], "z": 1}}
    text = yaml.safe_dump(tree, default_flow_style=flow, allow_unicode=True, width=200 if wide else 20)
    assert yaml.safe_load(without(text, *gone, path=("x", "duties"))) == left
    written = json.dumps(tree, indent=None if wide else 2)
    assert json.loads(without(written, *gone, format_="json", path=("x", "duties"))) == left
