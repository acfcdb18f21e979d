"""What is kept of a large message: as much as fits, and of what does not, that it was there."""

from hypothesis import given
from hypothesis import strategies as st
from letters import incoming_messages, written

from crmcore.messaging import Attachment, IncomingMessage
from crmcore.messaging.shortening import shortened


@given(incoming_messages)
def test_a_message_of_usual_size_is_kept_as_it_is(message: IncomingMessage) -> None:
    assert shortened(message, 1_000) == message


@given(st.lists(st.integers(0, 40), max_size=5), st.integers(0, 100))
def test_as_many_files_are_kept_as_fit(sizes: list[int], largest: int) -> None:
    files = [Attachment(str(number), content=b"x" * size) for number, size in enumerate(sizes)]
    short = shortened(written(attachments=files), largest)
    assert sum(len(one.content or b"") for one in short.attachments) <= largest
    for size, one in zip(sizes, short.attachments, strict=True):
        assert one.size == size if one.content is None else one.content == b"x" * size
    if sum(sizes) <= largest:
        assert short.attachments == tuple(files)
