"""Two pieces of work step for step: one is done and not committed yet when the other begins, on every storage.

Whatever the two are, and whichever is first, it is as if one had waited for the other.
"""

from collections.abc import Callable, Iterator
from threading import Event as Signal
from threading import Thread
from uuid import uuid4

import pytest
from attrs import evolve
from crm_invariants import nothing_left_behind
from crmcore_sqlalchemy import SQLStorage
from crms import COMPANY, FIELDS, START
from customer_by_customer import stored
from databases import database

from crmcore.crm import CRM, Work
from crmcore.customers import InvalidCustomer, OutdatedPlan, RetentionRule
from crmcore.customers.erasing import emptied
from crmcore.errors import CrmError
from crmcore.messaging import Address, OutgoingMessage, enqueue_message
from crmcore.storage import AlreadyThere, Busy, MemoryStorage, NotThere, Stale, Storage

PATIENCE = 10.0
"""After how many seconds a test fails in which two wait for one another for ever."""

A_MOMENT = 0.1
"""How many seconds the second has to come as far as it can before the first commits."""

STRATEGIC = {"region": "Shanghai", "tier": "strategic"}

Act = Callable[[Work], object]


@pytest.fixture(scope="module", params=["memory", "postgresql", "mariadb"])
def storage(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Storage]:
    """Every storage with room for two who write at once."""
    kinds = CRM.kinds(COMPANY, fields=FIELDS)
    if request.param == "memory":
        yield MemoryStorage(kinds)
        return
    for url in database(request.param, tmp_path_factory.mktemp("crm")):
        with SQLStorage.open(url, kinds, patience=PATIENCE) as opened:
            yield opened


@pytest.fixture
def crm(storage: Storage) -> CRM:
    """The CRM of the company with three customers, `a`, `b` and `c`, of whom `b` has somebody one speaks with."""
    crm = CRM(storage, organization=COMPANY, tenant=uuid4().hex, fields=FIELDS, clock=lambda: START)
    with crm.begin() as work:
        for id_ in ("a", "b", "c"):
            work.customers.register("华为", id=id_, stage="opportunity", attributes=STRATEGIC)
        work.contacts.add("b", "王伟", id="person")
    return crm


def one_beside_the_other(crm: CRM, first: Act, second: Act) -> tuple[object, object]:
    """Let a second begin when a first is done and not committed; return what they give, or why they were refused.

    Who is told to try again does so.
    """
    begun, results = Signal(), dict[int, object]()

    def insisting(number: int, act: Act, after: Callable[[], object]) -> None:
        while True:
            try:
                with crm.begin() as work:
                    results[number] = act(work)
                    after()
            except (Stale, Busy, AlreadyThere):
                continue
            except CrmError as error:
                results[number] = error
            return

    results[0] = results[1] = None
    other = Thread(target=insisting, args=(1, second, lambda: None), daemon=True)

    def meanwhile() -> None:
        if not begun.is_set():
            begun.set()
            other.start()
            other.join(A_MOMENT)

    insisting(0, first, meanwhile)
    assert begun.is_set(), results[0]
    other.join(2 * PATIENCE)
    assert not other.is_alive(), "the two wait for one another"
    return results[0], results[1]


def veto(work: Work) -> object:
    return Work(evolve(work.job, actor="zhao.lei")).vetoes.raise_("b", "contract-signing", "王伟")


def who(work: Work) -> object:
    work.assignments.release("b", "account-manager")
    return work.assignments.who("b", "first-call").assignment


def message(work: Work) -> None:
    sent = OutgoingMessage(id=uuid4().hex, to=[Address("email", "wang@example.com")], text="王伟您好")
    at = work.job.instants.at(START)
    enqueue_message(work.job.unit, sent, channel="email", actor="li.na", at=at, about=("contact", "person"))


ADDED: dict[str, Act] = {
    "note": lambda work: work.notes.add("b", "王伟说"),
    "note on a contact": lambda work: work.notes.add("b", "王伟说", contact="person"),
    "document": lambda work: work.documents.attach("b", "王伟.pdf", "s3://1"),
    "interaction": lambda work: work.interactions.record("b", "phone", "out", body="王伟说"),
    "task": lambda work: work.tasks.add("给王伟打电话", owner="li.na", customer="b"),
    "contact": lambda work: work.contacts.add("b", "李雷"),
    "contact point": lambda work: work.contact_points.add("b", "phone", "+86 138 1234 5678"),
    "fact": lambda work: work.facts.learn("b", "budget", "王伟有"),
    "tag": lambda work: work.tags.add("b", "王伟"),
    "preference": lambda work: work.preferences.set("b", "name", "王伟"),
    "consent": lambda work: work.consents.give("b", "marketing", evidence="王伟签字"),
    "purchase": lambda work: work.purchases.record("b", "crm", amount=1, currency="CNY"),
    "relation": lambda work: work.relations.relate("c", "partner", "b"),
    "veto": veto,
    "assignment": lambda work: work.assignments.assign("b", "success-manager", "zhao.lei"),
    "subsidiary": lambda work: work.customers.register("华为云", parent="b"),
    "parent": lambda work: work.customers.move("c", "b"),
    "stage": lambda work: work.lifecycle.advance("b", "onboarding"),
    "attribute": lambda work: work.customers.change("b", attributes={"region": "Sichuan"}),
    "who": who,
    "message": message,
}
"""Whatever comes to refer to a customer."""

ENDED: dict[str, Act] = {
    "merged": lambda work: work.merging.merge("a", "b"),
    "erased": lambda work: work.privacy.erase(work.customers.get("b")),
}
"""What nothing may refer to the customer after, or nothing that is personal."""


@pytest.mark.parametrize("ended", ENDED)
@pytest.mark.parametrize("added", ADDED)
@pytest.mark.parametrize("begins", ["what adds", "what ends"])
def test_nothing_is_left_with_a_customer_that_is_merged_or_erased_in_that_moment(
    crm: CRM, added: str, ended: str, begins: str
) -> None:
    acts = ADDED[added], ENDED[ended]
    one_beside_the_other(crm, *(acts if begins == "what adds" else acts[::-1]))
    assert crm.customers.get("b").merged_into or crm.customers.get("b").erased_at
    nothing_left_behind(crm)


@pytest.mark.parametrize("added", ["note on a contact", "message"])
def test_nothing_personal_is_left_of_somebody_who_is_erased_in_the_moment_of_its_adding(crm: CRM, added: str) -> None:
    one_beside_the_other(crm, ADDED[added], lambda work: work.privacy.erase(work.contacts.get("person")))
    kept = stored(crm)
    (erased,) = (event.at for event in kept.records["event"] if event.name == "contact-erased")
    (queued,) = (event.at for event in kept.records["event"] if event.name in ("note-added", "message-queued"))
    with crm.begin(read_only=True) as work:
        left = [
            one
            for kind in ("note", "message")
            for one in kept.records[kind]
            if one != emptied(work.job, work.job.kinds[kind], one)
        ]
    assert not left or queued > erased, "it was there when the person was erased, and still is"


@pytest.mark.parametrize("begins", ["note", "undoing"])
def test_nothing_is_left_with_the_contact_of_another_customer_when_a_merge_is_undone(crm: CRM, begins: str) -> None:
    merge = crm.merging.merge("a", "b")
    person = crm.contacts.get("person")
    acts: list[Act] = [
        lambda work: work.notes.add("a", "王伟说", contact=person),
        lambda work: work.merging.undo(merge),
    ]
    one_beside_the_other(crm, *(acts if begins == "note" else acts[::-1]))
    assert crm.contacts.get("person").customer == "b"
    assert all(note.customer == "b" for note in stored(crm).records["note"])


@pytest.mark.parametrize("begins", ["sign of life", "retention"])
def test_whoever_gives_a_sign_of_life_in_that_moment_is_not_forgotten_with_it(storage: Storage, begins: str) -> None:
    tenant, rule = uuid4().hex, RetentionRule("silent", 12)
    long_ago = CRM(storage, organization=COMPANY, tenant=tenant, fields=FIELDS, clock=lambda: START.replace(year=2020))
    long_ago.customers.register("华为", id="b", attributes=STRATEGIC)
    crm = CRM(storage, organization=COMPANY, tenant=tenant, fields=FIELDS, clock=lambda: START)
    acts: list[Act] = [ADDED["interaction"], lambda work: tuple(work.privacy.apply([rule]))]
    one_beside_the_other(crm, *(acts if begins == "sign of life" else acts[::-1]))
    spoken = [one.body for one in crm.interactions.of("b")]
    assert spoken == ([] if crm.customers.get("b").erased_at else ["王伟说"])
    nothing_left_behind(crm)


GIVEN_AWAY = COMPANY.with_(
    duties=[evolve(one, role="marketer") if one.role == "account-manager" else one for one in COMPANY.duties]
)
"""The company in which marketing answers for all that sales did."""

TAKEN: dict[str, Act] = {
    "stage": ADDED["stage"],
    "merged": ENDED["merged"],
    "erased": ENDED["erased"],
}
"""Whatever else changes who has a customer."""


@pytest.mark.parametrize("taken", TAKEN)
@pytest.mark.parametrize("begins", ["rebalancing", "the other"])
def test_a_customer_that_is_rebalanced_and_goes_on_in_that_moment_is_handed_over_once(
    crm: CRM, taken: str, begins: str
) -> None:
    plan = crm.rebalancing.plan(GIVEN_AWAY)
    acts: list[Act] = [lambda work: work.rebalancing.apply(plan), TAKEN[taken]]
    told = one_beside_the_other(crm, *(acts if begins == "rebalancing" else acts[::-1]))
    nothing_left_behind(crm)
    assert all(isinstance(one, OutdatedPlan | InvalidCustomer | NotThere) for one in told if isinstance(one, CrmError))


def test_a_plan_that_two_apply_in_one_moment_is_applied_once(crm: CRM) -> None:
    plan = crm.rebalancing.plan(GIVEN_AWAY)
    told = one_beside_the_other(crm, *[lambda work: work.rebalancing.apply(plan)] * 2)
    assert sorted(type(one).__name__ for one in told) == ["OutdatedPlan", "int"]
    nothing_left_behind(crm)


def test_those_who_add_to_one_customer_do_not_wait_for_one_another(crm: CRM) -> None:
    with crm.begin() as one, crm.begin() as other:
        one.notes.add("b", "一")
        other.interactions.record("b", "phone", "out", body="二")
        one.tasks.add("三", owner="li.na", customer="b")
        other.job.unit.commit()
        one.notes.add("b", "四")
    assert [len(stored(crm).records[kind]) for kind in ("note", "interaction")] == [2, 1]


def test_no_group_belongs_to_itself_when_two_move_in_one_moment(crm: CRM) -> None:
    crm.customers.register("华为", id="d")
    crm.customers.move("d", "a")
    crm.customers.move("b", "c")
    one_beside_the_other(crm, lambda work: work.customers.move("a", "b"), lambda work: work.customers.move("c", "d"))
    assert {len(crm.customers.above(one)) for one in "abcd"} == {0, 1, 2, 3}
