import re

import pytest
from catalogue import entries

from crmcore.language import speaking
from crmcore.organization.templates import TEMPLATES, template_text
from crmcore.organization.templates.texts import Said, retold, texts_of

SOURCE = """\
# First a comment.
locale: en
name: Little Bridge  # not a line of its own
timezone: Asia/Shanghai
dimensions:
  region: {tree: {Overseas: [Singapore]}, label: Region}
calendar: {hours: ["09:00-12:00"], holidays: CN}
checks: {ignore: []}
  # An indented one.
metrics: [{id: sales, unit: CNY, label: "Region"}]
"""


def test_comments_names_and_labels_are_read_by_people() -> None:
    assert {said.text for said in texts_of(SOURCE)} == {
        "First a comment.",
        "An indented one.",
        "Little Bridge",
        "Overseas",
        "Singapore",
        "Region",
    }


def test_each_text_stands_where_it_is_said_to_stand() -> None:
    for said in texts_of(SOURCE):
        assert SOURCE[said.start : said.end].strip('"') == said.text


def test_only_what_has_a_translation_changes_and_the_format_stays() -> None:
    with speaking("zh"):
        chinese = retold(SOURCE)
    assert chinese == SOURCE.replace("locale: en", "locale: zh-CN").replace("Little Bridge", "小桥科技").replace(
        '"Region"', "地区"
    ).replace("Region", "地区").replace("Overseas", "海外").replace("Singapore", "新加坡")


def test_english_stays_as_it_is() -> None:
    assert retold(SOURCE) == SOURCE


@pytest.mark.parametrize(
    ("text", "written"),
    [("海外", "海外"), ("海外, 新加坡", '"海外, 新加坡"'), ("7 天", '"7 天"'), ('说"不"', '"说\\"不\\""')],
)
def test_a_scalar_is_quoted_where_yaml_needs_it(text: str, written: str) -> None:
    assert Said("Overseas", 0, 8).written(text) == written
    assert Said("Overseas", 0, 8, comment=True).written(text) == text


@pytest.mark.parametrize("name", TEMPLATES)
def test_whatever_people_read_in_a_template_has_a_chinese_translation(name: str) -> None:
    translated = entries()
    assert [said.text for said in texts_of(template_text(name, "en")) if said.text not in translated] == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_chinese_template_holds_no_english_sentence(name: str) -> None:
    for said in texts_of(template_text(name, "zh")):
        assert re.search("[\u4e00-\u9fff]", said.text), said.text


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_teaches_in_comments_that_stand_on_lines_of_their_own(name: str) -> None:
    text = template_text(name, "en")
    comments = [said for said in texts_of(text) if said.comment]
    assert len(comments) >= 10
    assert text.count("#") == len(comments)
