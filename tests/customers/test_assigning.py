"""The rules by which one of a pool is chosen."""

from hypothesis import given
from hypothesis import strategies as st

from crmcore.customers import ASSIGNERS, Candidates
from crmcore.organization import Person

RULES = {rule.name: rule.choose for rule in ASSIGNERS}
NAMES = ["li.na", "liu.yang", "wang.wei", "zhao.lei"]


@st.composite
def candidates(draw: st.DrawFn) -> Candidates:
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True))
    pool = tuple(Person(name, capacity=draw(st.none() | st.integers(0, 5))) for name in names)
    loads = draw(st.dictionaries(st.sampled_from(NAMES), st.integers(0, 6)))
    last = draw(st.none() | st.sampled_from(NAMES))
    return Candidates(
        "c1", "manager", pool, loads=loads, last=last, before=tuple(draw(st.lists(st.sampled_from(NAMES))))
    )


def pool(*names: str, **capacities: int) -> tuple[Person, ...]:
    return tuple(Person(name, capacity=capacities.get(name.replace(".", "_"))) for name in names)


@given(candidates())
def test_every_rule_chooses_one_of_the_pool(given_: Candidates) -> None:
    for choose in RULES.values():
        assert choose(given_) in given_.pool


@given(candidates(), st.sampled_from(["round-robin", "least-loaded"]))
def test_nobody_is_chosen_over_capacity_while_somebody_has_room(given_: Candidates, rule: str) -> None:
    chosen = RULES[rule](given_)
    room = [one for one in given_.pool if one.capacity is None or given_.loads.get(one.id, 0) < one.capacity]
    assert not room or chosen in room


def test_the_turn_goes_on_behind_the_last_and_passes_over_who_is_not_there() -> None:
    turn = []
    last = None
    for _ in range(5):
        last = RULES["round-robin"](Candidates("c", "r", pool("li.na", "liu.yang", "wang.wei"), last=last)).id
        turn.append(last)
    assert turn == ["li.na", "liu.yang", "wang.wei", "li.na", "liu.yang"]
    assert RULES["round-robin"](Candidates("c", "r", pool("li.na", "wang.wei"), last="liu.yang")).id == "li.na"


def test_the_least_loaded_is_who_has_the_smallest_part_of_the_capacity_in_use() -> None:
    people = pool("li.na", "wang.wei", li_na=10, wang_wei=40)
    chosen = RULES["least-loaded"](Candidates("c", "r", people, loads={"li.na": 4, "wang.wei": 12}))
    assert chosen.id == "wang.wei"
    assert RULES["least-loaded"](Candidates("c", "r", pool("li.na", "wang.wei"), loads={"li.na": 1})).id == "wang.wei"


def test_a_customer_that_comes_back_goes_to_who_had_it() -> None:
    people = pool("li.na", "wang.wei")
    assert RULES["sticky"](Candidates("c", "r", people, before=("liu.yang", "wang.wei", "li.na"))).id == "wang.wei"
    assert RULES["sticky"](Candidates("c", "r", people, before=("liu.yang",), loads={"li.na": 1})).id == "wang.wei"


def test_the_first_is_the_first_of_the_organization() -> None:
    assert RULES["first"](Candidates("c", "r", pool("wang.wei", "li.na"), last="wang.wei")).id == "wang.wei"
