"""What conditions mean, case by case."""

from typing import Any

import pytest

from crmcore.storage import Above, Among, Below, Between, Contains, Filter, Is, StartsWith, matches

CASES: list[tuple[Filter, Any, bool]] = [
    (Is("x", 5), 5, True),
    (Is("x", 5), 6, False),
    (Is("x", None), None, True),
    (Is("x", None), 0, False),
    (Is("x", ""), None, False),
    (Among("x", [1, 2]), 2, True),
    (Among("x", []), 2, False),
    (Among("x", [None]), None, False),
    (Below("x", 5), 5, False),
    (Below("x", 5), 4, True),
    (Above("x", 5), 5, False),
    (Above("x", 5), 6, True),
    (Below("x", "a"), "B", True),
    (Between("x", 1, 3), 1, True),
    (Between("x", 1, 3), 3, True),
    (Between("x", 3, 1), 2, False),
    (StartsWith("x", "华"), "华为", True),
    (StartsWith("x", ""), "", True),
    (StartsWith("x", "A"), "a", False),
    (Contains("x", "为"), "华为", True),
    (Contains("x", "%"), "100", False),
    *((kind("x", value), None, False) for kind in (Below, Above, StartsWith, Contains) for value in ("",)),
]


@pytest.mark.parametrize(("condition", "value", "met"), CASES)
def test_a_condition_is_met_or_not(condition: Filter, value: Any, *, met: bool) -> None:
    assert matches(condition, value) is met


def test_what_is_no_condition_is_an_error_of_the_program() -> None:
    with pytest.raises(TypeError):
        matches(Filter("x"), 5)
