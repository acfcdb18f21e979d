"""The contract of a notifier: whoever writes one inherits this suite, gives it the notifier and a witness."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager

import pytest
from attrs import evolve, frozen

from crmcore.messaging import Notice, Notifier, Refused, Undelivered
from crmcore.values import new_id

__all__ = ["NotifierContract", "NotifierWitness", "Told"]


@frozen(kw_only=True)
class Told:
    """A notice as it arrived.

    Attributes:
        id: what the receiver's side calls it: the same for what was told twice.
        subject: its subject; empty where the notifier puts it into the text.
        text: its text.
    """

    id: str
    subject: str = ""
    text: str


class NotifierWitness(ABC):
    """Somebody at the other end, who looks past the notifier. All that it tells is of one test."""

    @abstractmethod
    def told(self) -> Sequence[Told]:
        """Return what arrived at the person, in order; what arrived twice is told twice."""

    @abstractmethod
    def outage(self) -> AbstractContextManager[None]:
        """Let nobody reach the other end inside a `with` block."""


class NotifierContract:
    """What holds for every notifier.

    Derive a class whose name begins with `Test`, and give it the fixtures `notifier`, `witness` and `person`.
    """

    @pytest.fixture
    def notifier(self) -> Notifier:
        """The notifier, open."""
        raise NotImplementedError("give the contract your notifier: a fixture `notifier` that returns it")

    @pytest.fixture
    def witness(self) -> NotifierWitness:
        """Somebody at the other end."""
        raise NotImplementedError("give the contract a witness: a fixture `witness` that returns it")

    @pytest.fixture
    def person(self) -> str:
        """The id of a person who can be reached."""
        raise NotImplementedError("give the contract a person: a fixture `person` that returns an id")

    @pytest.fixture
    def stranger(self) -> str:
        """The id of a person of whom nobody has said how they are reached."""
        return "nobody-knows-this-person"

    def test_a_notice_arrives_with_its_subject_and_text(
        self, notifier: Notifier, witness: NotifierWitness, person: str
    ) -> None:
        """Chinese, emoji, and several lines."""
        notifier.notify(_notice(person))
        (told,) = witness.told()
        whole = f"{told.subject}\n{told.text}"
        assert "新客户：华为 👋" in whole
        assert "王伟在等您的电话。\n\n李娜" in whole

    def test_a_subject_of_breaks_is_one_line(self, notifier: Notifier, witness: NotifierWitness, person: str) -> None:
        """What a customer wrote into a form can neither end a header nor begin another."""
        notice = evolve(_notice(person), subject="新客户\r\nBcc: someone@else.example\r\n\r\nbody", name="李\r\n娜")
        notifier.notify(notice)
        (told,) = witness.told()
        assert notice.subject in f"{told.subject}\n{told.text}"

    def test_a_notice_that_is_told_again_can_be_told_from_a_new_one(
        self, notifier: Notifier, witness: NotifierWitness, person: str
    ) -> None:
        """A worker that died after telling tells again: the receiver's side is given the same id."""
        notice = _notice(person)
        for one in (notice, notice, evolve(notice, id=new_id())):
            notifier.notify(one)
        ids = [told.id for told in witness.told()]
        assert len(ids) in (2, 3), "a notifier may drop what is told twice, and nothing else"
        assert len(set(ids)) == 2

    def test_a_person_whom_nobody_can_reach_is_refused(
        self, notifier: Notifier, witness: NotifierWitness, stranger: str
    ) -> None:
        """Whoever sent it is told, and can ask somebody else."""
        with pytest.raises(Refused):
            notifier.notify(_notice(stranger))
        assert list(witness.told()) == []

    def test_what_cannot_be_reached_may_be_later(
        self, notifier: Notifier, witness: NotifierWitness, person: str
    ) -> None:
        """The notifier stays usable: a worker that goes on trying succeeds in the end."""
        notice = _notice(person)
        with witness.outage(), pytest.raises(Undelivered):
            notifier.notify(notice)
        notifier.notify(notice)
        assert len(witness.told()) == 1

    def test_closing_twice_does_no_harm(self, notifier: Notifier, person: str) -> None:
        """A program that stops closes whatever it has."""
        notifier.notify(_notice(person))
        notifier.close()
        notifier.close()


def _notice(person: str) -> Notice:
    text = "王伟在等您的电话。\n\n李娜"
    return Notice(id=new_id(), person=person, name="李娜", subject="新客户：华为 👋", text=text)
