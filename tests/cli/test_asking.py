import re
from collections.abc import Callable
from typing import Any

import click
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from crmcore.cli.asking import Ids, ask_duration, ask_list, ask_number, ask_one_of
from crmcore.language import say, speaking

QUESTION = say("needs")
NAMES = {"sales": "Sales", "care": "Customer care"}


def answered(ask: Callable[[], Any], *lines: str) -> Any:
    """What a question returns to somebody who writes these lines."""
    answers: list[Any] = []
    command = click.Command("asking", callback=lambda: answers.append(ask()))
    result = CliRunner().invoke(command, input="".join(f"{line}\n" for line in lines), catch_exceptions=False)
    assert result.exit_code == 0
    return answers[0]


@pytest.mark.parametrize("line", ["a, b", "a，b", "a、b；a", " a ;; b ,"])
def test_a_list_has_english_or_chinese_commas_and_each_thing_once(line: str) -> None:
    assert answered(lambda: ask_list(QUESTION), line) == ["a", "b"]


def test_enter_takes_the_default_of_a_list_in_the_language_of_the_moment() -> None:
    assert answered(lambda: ask_list(QUESTION, [say("Demo")]), "") == ["Demo"]
    with speaking("zh"):
        assert answered(lambda: ask_list(QUESTION, [say("Demo"), say("Training")]), "") == ["演示", "培训"]


def test_a_number_is_whole_where_it_is_whole() -> None:
    assert repr(answered(lambda: ask_number(QUESTION, 90), "")) == "90"
    assert answered(lambda: ask_number(QUESTION, 90), "-1", "80.5") == 80.5


def test_a_duration_is_asked_for_until_it_is_one() -> None:
    assert str(answered(lambda: ask_duration(QUESTION, "1d"), "soon", "4h")) == "4h"


def test_a_choice_is_made_by_name_and_a_dash_makes_none_where_that_may_be() -> None:
    assert answered(lambda: ask_one_of(QUESTION, NAMES, "sales"), "nobody", "customer CARE") == "care"
    assert answered(lambda: ask_one_of(QUESTION, NAMES, "sales"), "") == "sales"
    assert answered(lambda: ask_one_of(QUESTION, NAMES, "sales"), "-", "") == "sales"
    assert answered(lambda: ask_one_of(QUESTION, NAMES, "sales", optional=True), "-") == ""
    assert answered(lambda: ask_one_of(QUESTION, NAMES, "", optional=True), "") == ""


@given(st.lists(st.text(min_size=1, max_size=60)))
def test_every_name_has_an_id_of_its_own_that_a_file_can_hold(names: list[str]) -> None:
    ids = Ids("person", {"wang.wei": "王伟"})
    given_ids = {name.casefold(): ids.of(name) for name in names}
    assert len(set(given_ids.values())) == len(given_ids)
    assert all(re.fullmatch("[a-z0-9][a-z0-9._-]*", id_) for id_ in given_ids.values())
    assert [ids.of(name) for name in names] == [given_ids[name.casefold()] for name in names]


def test_a_name_that_is_offered_keeps_its_id_and_nobody_else_takes_it() -> None:
    ids = Ids("person", {"wang": "王伟"})
    assert [ids.of("Wang"), ids.of("王伟"), ids.of("李娜")] == ["wang-2", "wang", "person-3"]
