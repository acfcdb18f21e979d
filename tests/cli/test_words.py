import pytest

from crmcore.cli.words import box_in_words, counted, witness_in_words


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
    assert counted(1, "duty/duties") == "1 duty"
    assert counted(0, "duty/duties") == "0 duties"
    assert counted(21_600, "point") == "21,600 points"
