"""Decisions that need one another in a circle are refused."""

import pytest
from decision_tables import NAMESPACE

from crmcore.errors import InvalidOrganization
from crmcore.organization.dmn import parse_tables

TABLE = (
    "<decisionTable><input><inputExpression><text>a</text></inputExpression></input><output/>"
    "<rule><inputEntry><text>1</text></inputEntry><outputEntry><text>1</text></outputEntry></rule></decisionTable>"
)


def diagram(**needs: str) -> bytes:
    decisions = (
        f'<decision id="{name}" name="{name.upper()}">'
        + "".join(
            f'<informationRequirement><requiredDecision href="#{other}"/></informationRequirement>' for other in others
        )
        + f"{TABLE}</decision>"
        for name, others in needs.items()
    )
    return f'<definitions xmlns="{NAMESPACE}">{"".join(decisions)}</definitions>'.encode()


def test_decisions_that_need_one_another_in_lines_are_read() -> None:
    assert len(parse_tables(diagram(a="bc", b="d", c="d", d=""))) == 4


@pytest.mark.parametrize(
    ("needs", "found"),
    [
        ({"a": "a"}, "the decision A needs its own answer"),
        ({"a": "b", "b": "c", "c": "b"}, "the decisions B and C need one another's answers in a circle"),
        ({"a": "bc", "b": "", "c": "a"}, "the decisions A and C need one another's answers in a circle"),
    ],
)
def test_a_circle_is_told_with_the_names_in_it(needs: dict[str, str], found: str) -> None:
    with pytest.raises(InvalidOrganization) as error:
        parse_tables(diagram(**needs))
    assert [fault.found for fault in error.value.faults] == [found]


def test_a_long_line_of_decisions_is_followed_to_its_end() -> None:
    names = {f"d{number}": "" for number in range(3000)}
    text = diagram(**names).decode()
    for number in range(2999):
        needs = f'<informationRequirement><requiredDecision href="#d{number + 1}"/></informationRequirement>'
        text = text.replace(f'name="D{number}">', f'name="D{number}">{needs}')
    assert len(parse_tables(text.encode())) == 3000
