import pytest

from crmcore.cli.words import MOST, box_in_words, points, where_in_words, witness_in_words
from crmcore.language import speaking


@pytest.mark.parametrize(
    ("box", "words"),
    [
        ({}, ""),
        ({"region": ["West"], "tier": ["key", "standard"]}, "region: West; tier: key, standard"),
        ({"employees": [[1, 500]]}, "employees: from 1 to below 500"),
        ({"employees": [[None, 500], [1000, None]]}, "employees: below 500, from 1000"),
        ({"employees": [[None, None]]}, "employees: any"),
        ({"day": [["2026-10-01", "2026-10-08"]]}, "day: from 2026-10-01 to 2026-10-08"),
        ({"day": [["2026-10-01", None], [None, "2026-09-01"]]}, "day: from 2026-10-01, to 2026-09-01"),
    ],
)
def test_a_box_is_said_as_people_would(box: dict[str, list[object]], words: str) -> None:
    assert box_in_words(box) == words


def test_a_customer_is_said_as_the_command_line_takes_it() -> None:
    assert witness_in_words({"region": "Sichuan", "employees": 1}) == "region=Sichuan, employees=1"


def test_numbers_agree_with_their_nouns() -> None:
    assert [str(points(count)) for count in (0, 1, 21_600)] == ["0 points", "1 point", "21,600 points"]


def test_a_box_is_said_in_chinese_with_its_signs() -> None:
    box: dict[str, list[object]] = {
        "region": ["华西"],
        "employees": [[1, 500], [1000, None]],
        "day": [["2026-10-01", "2026-10-08"]],
    }
    with speaking("zh"):
        told = where_in_words(box, 21_600)
        assert where_in_words({}, 1) == "所有情况（1 个点）"
    assert told == "region：华西；employees：1 至 500（不含）、1000 起；day：2026-10-01 至 2026-10-08（21,600 个点）"


def test_a_long_list_says_how_many_more_there_are() -> None:
    names = [f"c{number}" for number in range(MOST + 3)]
    assert box_in_words({"city": names}).endswith(f"c{MOST - 1} and 3 more")
