import pickle
from datetime import date

import pytest
from attrs import evolve

from crmcore.errors import UnknownName
from crmcore.language import LANGUAGES, Language, speaking
from crmcore.organization import Organization
from crmcore.organization.templates import TEMPLATES, template, template_text
from crmcore.organization.writing.plain import to_data

IN_THE_ORDER_OF_SIZE = ["founder", "b2b", "b2c", "saas", "crm-department", "one-to-one-marketing"]
MOMENTS = ["2020-02-29", "2026-11-23", "2026-12-31", "2031-10-01"]


def test_there_are_templates_in_the_order_of_size() -> None:
    assert list(TEMPLATES) == IN_THE_ORDER_OF_SIZE


@pytest.mark.parametrize("name", TEMPLATES)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("day", MOMENTS)
def test_a_template_is_clean_under_every_check_on_any_day(name: str, language: Language, day: str) -> None:
    report = template(name, language).check(on=date.fromisoformat(day))
    assert report.findings == ()
    assert report.summary.proven


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_is_clean_for_years_on_end(name: str) -> None:
    assert template(name, "en").check(on=date(2026, 11, 23), until=date(2029, 12, 31)).findings == ()


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_ignores_nothing_and_nothing_in_it_ends(name: str) -> None:
    organization = template(name, "en")
    assert organization.checks.ignore == ()
    assert not any(one.from_ or one.to or one.absences for one in organization.people)
    assert not any(one.from_ or one.to for one in organization.staffing)
    assert not any(one.from_ or one.to for one in organization.duties)


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_chinese_template_differs_from_the_english_one_in_words_alone(name: str) -> None:
    english, chinese = template(name, "en"), template(name, "zh")
    assert chinese.locale == "zh-CN"
    for section in ("stages", "departments", "people", "roles", "touchpoints", "metrics", "forums"):
        assert list(chinese.by_id(section)) == list(english.by_id(section))
    assert shape(to_data(evolve(chinese, locale="en"))) == shape(to_data(english))


def shape(tree: object) -> object:
    """What a tree is without its words: how many of what, and every word that only a program reads."""
    if isinstance(tree, dict):
        return [(key if key.islower() else "…", shape(value)) for key, value in tree.items()]
    if isinstance(tree, list):
        return [shape(item) for item in tree]
    return tree if not isinstance(tree, str) or (tree.islower() and tree.isascii()) else "…"


def test_a_template_speaks_the_language_of_the_moment() -> None:
    assert template("founder").name == "Little Bridge"
    with speaking("zh"):
        assert template("founder").name == "小桥科技"
        assert template("founder", "en").name == "Little Bridge"


@pytest.mark.parametrize("name", TEMPLATES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_line_of_a_template_is_longer_than_a_screen(name: str, language: Language) -> None:
    assert max(map(len, template_text(name, language).splitlines())) <= 120


def test_a_wrong_name_says_which_is_the_nearest() -> None:
    with pytest.raises(UnknownName, match="there is no template 'b2bb'; did you mean 'b2b'") as caught:
        template_text("b2bb")
    assert pickle.loads(pickle.dumps(caught.value)).suggestion == "b2b"  # noqa: S301


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_survives_being_written_and_read(name: str) -> None:
    organization = template(name, "zh")
    assert Organization.from_data(organization.to_data()) == organization
