"""Several processes work with one CRM at once: whatever each of them does, what has to hold of all of it holds."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from crm_at_work import NOBODY, Place, adds_and_ends, advances, asks_who, does_anything
from crm_invariants import nothing_left_behind, verify
from storing import barrier, started

PROCESSES = 8
EAST = {"region": "Shanghai", "tier": "key"}


def raced(work: Callable[..., None], given: Sequence[Sequence[Any]]) -> list[Any]:
    """Let processes begin at once, one for each of what is given, and return what each of them tells."""
    start = barrier(len(given))
    running = [started(work, start, *each) for each in given]
    told = []
    for process, pipe in running:
        assert pipe.poll(120), "a process does not end"
        told.append(pipe.recv())
        process.join()
        pipe.close()
    return told


def test_all_who_ask_at_once_who_answers_are_told_the_same_and_everyone_gets_a_share(url: str) -> None:
    place = Place(url)
    with place.opened(NOBODY) as crm:
        customers = [crm.customers.register(f"客户{n}", attributes=EAST, stage="opportunity").id for n in range(20)]
    told = raced(asks_who, [(place, customers)] * PROCESSES)
    assert all(answers == told[0] for answers in told)
    with place.opened() as crm:
        kept = verify(crm)
        assert {customer: held.person for (customer, _), held in kept.lasting.items()} == told[0]
        assert len(kept.assignments) == len(customers), "somebody was assigned twice"
        shares = Counter(told[0].values())
        assert shares.keys() == {"li.na", "liu.yang"}
        if url.startswith("sqlite"):  # one writes after the other there, and each sees whose turn it is
            assert set(shares.values()) == {10}


def test_of_all_who_let_a_customer_go_on_at_once_one_does(url: str) -> None:
    place = Place(url)
    with place.opened() as crm:
        customers = [crm.customers.register(f"客户{n}", attributes=EAST, stage="opportunity").id for n in range(12)]
    told = raced(advances, [(place, customers)] * PROCESSES)
    assert Counter(customer for went in told for customer in went) == Counter(customers)
    with place.opened() as crm:
        verify(crm)
        assert crm.customers.count_by("stage") == {("onboarding",): len(customers)}


def test_whatever_is_done_at_once_nothing_that_holds_is_broken(url: str) -> None:
    place = Place(url)
    with place.opened() as crm:
        customers = [crm.customers.register(f"客户{n}", attributes=EAST, stage="lead").id for n in range(4)]
    done = raced(does_anything, [(place, customers, seed) for seed in range(4)])
    assert all(done)
    with place.opened() as crm:
        verify(crm)


def test_whatever_is_added_while_customers_are_merged_and_erased_nothing_is_left_with_one_that_is_gone(
    url: str,
) -> None:
    place = Place(url)
    with place.opened() as crm:
        customers = [crm.customers.register(f"客户{n}", attributes=EAST, stage="opportunity").id for n in range(4)]
    done = raced(adds_and_ends, [(place, customers, seed) for seed in range(4)])
    assert all(done)
    with place.opened() as crm:
        nothing_left_behind(crm)
