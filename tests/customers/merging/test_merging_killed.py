"""A process that merges is killed at any moment: the customers are two or one, each whole, and nothing is doubled."""

from collections import Counter
from pathlib import Path
from random import Random

from merging_worker import merges_on, opened_at
from storing import started
from tenants import rows

from crmcore.crm import CRM
from crmcore.storage import Event, Is, Query

_MOST = 50
EAST = {"region": "Shanghai", "tier": "key"}


def test_a_process_that_is_killed_while_it_merges_leaves_two_customers_or_one(tmp_path: Path, kills: int) -> None:
    random, url = Random(5), f"sqlite:///{tmp_path / 'crm.db'}"
    told: Counter[str] = Counter()
    with opened_at(url) as crm:
        for name in ("a", "b"):
            crm.customers.register(f"华为 {name}", id=name, attributes=EAST)
            crm.facts.learn(name, "interest", f"of {name}")
            contact = crm.contacts.add(name, f"contact of {name}")
            crm.contact_points.add(name, "phone", f"1381234567{name == 'a':d}", contact=contact)
            crm.tags.add(name, "vip", name)
            crm.consents.give(name, "marketing", evidence="form")
            crm.tasks.add("call", owner="li.na", customer=name)
        two = rows(crm)
    for _ in range(min(kills, _MOST)):
        process, pipe = started(merges_on, url)
        for _ in range(random.randint(0, 3)):
            told[pipe.recv()[0]] += 1
        pipe.poll(random.uniform(0, 0.05))
        process.kill()
        process.join()
        while True:
            try:
                told[pipe.recv()[0]] += 1
            except EOFError:
                break
        pipe.close()
        with opened_at(url) as crm:
            _verify(crm, told)
            for merge in crm.merging.of("a"):
                crm.merging.undo(merge)
            assert rows(crm) == two


def _verify(crm: CRM, told: Counter[str]) -> None:
    with crm.begin(read_only=True) as work:
        happened = Counter(event.name for event in work.job.unit.each(Query(Event, limit=1_000)))
        merged = work.customers.get("b").merged_into
        merges = work.merging.of("a")
        for kind, name in work.job.kinds.references["customer"] if merged else ():
            assert kind.name == "merge" or work.job.unit.count(kind.record, [Is(name, "b")]) == 0
    assert len(merges) == (merged is not None) == happened["customer-merged"] - happened["customer-restored"]
    assert happened["customer-merged"] >= told["merged"], "a merge that was told is lost"
    assert happened["customer-restored"] >= told["undone"]
