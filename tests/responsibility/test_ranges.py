import pytest

from crmcore.language import speaking, told
from crmcore.responsibility.ranges import range_in_words


@pytest.mark.parametrize(
    ("start", "stop", "english", "chinese"),
    [
        (1, 500, "from 1 to below 500", "1 至 500（不含）"),
        (500, None, "from 500", "500 起"),
        (None, 500, "below 500", "500 以下"),
        (None, None, "any", "任意"),
        (0, 1, "from 0 to below 1", "0 至 1（不含）"),
    ],
)
def test_a_range_is_said_as_people_would(start: int | None, stop: int | None, english: str, chinese: str) -> None:
    words = range_in_words(start, stop)
    assert words == english
    with speaking("zh"):
        assert told(words) == chinese
