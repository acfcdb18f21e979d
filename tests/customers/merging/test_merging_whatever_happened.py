"""Whatever customers went through: merging loses nothing, refers to nobody who is gone, and is taken back exactly."""

from contextlib import suppress
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from crms import COMPANY, FIELDS, SteppingClock
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tenants import rows

from crmcore.crm import CRM
from crmcore.customers import Choice, Fact, MergeStep, Survivorship
from crmcore.errors import CrmError
from crmcore.storage import Is, Query, Storage

if TYPE_CHECKING:
    from collections.abc import Callable

NAMES = ["a", "b", "c", "d"]
PLACES = [{}, {"region": "Shanghai"}, {"region": "Sichuan", "tier": "key"}, {"tier": "strategic", "seats": 7}]
Step = tuple[int, str, str, int]

STEPS = st.lists(
    st.tuples(
        st.integers(0, 40),
        st.sampled_from(
            [
                "learn",
                "tag",
                "reach",
                "contact",
                "agree",
                "withdraw",
                "task",
                "note",
                "relate",
                "parent",
                "advance",
                "assign",
                "prefer",
                "change",
            ]
        ),
        st.sampled_from(NAMES),
        st.integers(0, 3),
    ),
    max_size=14,
)
RULES = st.builds(
    Survivorship,
    st.sampled_from([one for one in Choice if one is not Choice.BY_HAND]),
    fields=st.dictionaries(st.sampled_from(["name", "region", "fact.budget"]), st.sampled_from(["other", "longest"])),
    sources=st.permutations(["web", "erp"]),
)
MERGES = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), min_size=1, max_size=4)


def _done(crm: CRM, what: str, name: str, number: int) -> None:
    other = NAMES[number]
    steps: dict[str, Callable[[], Any]] = {
        "learn": lambda: crm.facts.learn(name, ["budget", "interest"][number % 2], f"{name} {number}"),
        "tag": lambda: crm.tags.add(name, f"tag {number}"),
        "reach": lambda: crm.contact_points.add(name, "phone", f"1381234567{number}"),
        "contact": lambda: crm.contact_points.add(
            name, "email", f"x{number}@y.cn", contact=crm.contacts.add(name, f"contact {number}")
        ),
        "agree": lambda: crm.consents.give(name, "marketing", channel=[None, "email"][number % 2], evidence="form"),
        "withdraw": lambda: crm.consents.withdraw(name, "marketing", because="mail"),
        "task": lambda: crm.tasks.add(f"task {number}", owner="li.na", customer=name),
        "note": lambda: crm.notes.add(name, f"note {number}"),
        "relate": lambda: crm.relations.relate(name, "partner", other),
        "parent": lambda: crm.customers.move(name, other),
        "advance": lambda: crm.lifecycle.advance(name, crm.lifecycle.following(name)[0]),
        "assign": lambda: crm.assignments.assign(name, "account-manager", ["li.na", "liu.yang"][number % 2]),
        "prefer": lambda: crm.preferences.set(name, "channel", f"{number}"),
        "change": lambda: crm.customers.change(name, attributes=PLACES[number], language=["zh", "en"][number % 2]),
    }
    with suppress(CrmError, IndexError):
        steps[what]()


def _referring(crm: CRM, customer: str) -> list[tuple[str, str]]:
    with crm.begin(read_only=True) as work:
        return [
            (kind.name, one.id)
            for kind, name in work.job.kinds.references["customer"]
            if kind.name != "merge"
            for one in work.job.unit.each(Query(kind.record, where=[Is(name, customer)]))
        ]


def _values(crm: CRM) -> dict[str, set[str]]:
    """What was told, by the name of the fact."""
    found: dict[str, set[str]] = {}
    with crm.begin(read_only=True) as work:
        for fact in work.job.unit.each(Query(Fact)):
            found.setdefault(fact.name, set()).add(fact.value)
    return found


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, merges=MERGES, rules=RULES)
def test_merging_loses_nothing_and_is_taken_back_exactly(
    every_storage: Storage, steps: list[Step], merges: list[tuple[str, str]], rules: Survivorship
) -> None:
    clock = SteppingClock()
    crm = CRM(every_storage, organization=COMPANY, tenant=uuid4().hex, clock=clock, fields=FIELDS)
    for place, name in enumerate(NAMES):
        crm.customers.register(f"客户{name}", id=name, attributes=PLACES[place], source=["web", "erp", None][place % 3])
    for minutes, what, name, number in steps:
        clock.advance(minutes=minutes)
        _done(crm, what, name, number)
    told, total = _values(crm), crm.customers.count()
    done = []
    for survivor, other in merges:
        before = rows(crm)
        try:
            merge = crm.merging.merge(survivor, other, rules)
        except CrmError:
            assert rows(crm) == before, "what is refused changes nothing"
            continue
        done.append((merge, before))
        assert _referring(crm, other) == []
        assert len({one.role for one in crm.assignments.of(survivor)}) == len(crm.assignments.of(survivor))
        assert sum(one.primary for one in crm.contacts.of(survivor)) <= 1
        team = crm.assignments.of(survivor)
        crm.assignments.cover(survivor)
        assert crm.assignments.of(survivor) == team, "somebody answers in each role already"
        crm.customers.above(survivor)
    assert crm.customers.count() == total - len(done)
    kept = {value for values in _values(crm).values() for value in values}
    kept |= {one.value for merge, _ in done for one in crm.merging.aside(merge) if isinstance(one, Fact)}
    kept |= {str(step) for merge, _ in done for step in _set_aside(crm, merge.id)}
    assert {value for values in told.values() for value in values} <= kept, "no fact is lost"
    for merge, before in reversed(done):
        crm.merging.undo(merge)
        assert rows(crm) == before


def _set_aside(crm: CRM, merge: str) -> list[str]:
    """The values of facts that another value took the place of."""
    with crm.begin(read_only=True) as work:
        found = work.job.unit.each(Query(MergeStep, where=[Is("merge", merge), Is("of", "fact")]))
        return [str((one.before or {}).get("value")) for one in found]
