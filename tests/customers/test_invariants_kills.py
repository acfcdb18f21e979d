"""A process that works with a CRM is killed at any moment: each piece of its work is there whole, or not at all."""

from collections import Counter
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from crm_at_work import BATCH, Place, works_on
from crm_invariants import verify
from crms import START, SteppingClock
from databases import database
from storing import started

from crmcore.crm import CRM
from crmcore.customers import Assignment
from crmcore.storage import Is, Query

CUSTOMERS = 12
SHARES = {"sqlite": 2, "postgresql": 4}
"""Of how many kills that are asked for one is done here."""


@pytest.mark.parametrize("family", ["sqlite", "postgresql"])
def test_what_is_killed_is_done_whole_or_not_at_all_and_nothing_is_lost(
    family: str, tmp_path: Path, kills: int
) -> None:
    random, told = Random(family), set[str]()
    kills = max(1, kills // SHARES[family])
    with contextmanager(database)(family, tmp_path) as url, Place(url).opened(clock=SteppingClock()) as crm:
        attributes = {"region": "Shanghai", "tier": "key"}
        for number in range(CUSTOMERS):
            crm.customers.register(f"客户{number}", attributes=attributes, stage="opportunity", source="first")
        for kill in range(1, kills + 1):
            process, pipe = started(works_on, Place(url), kill)
            if random.random() < 0.5:
                told.add(pipe.recv())
            pipe.poll(random.uniform(0, 0.1))
            process.kill()
            process.join()
            while True:
                try:
                    told.add(pipe.recv())
                except EOFError:
                    break
            pipe.close()
            halves_nothing(crm, told)
        assert len(told) >= kills // 4
        with Place(url).opened(clock=SteppingClock(START + timedelta(minutes=kills + 1))) as again:
            verify(again)


def halves_nothing(crm: CRM, told: set[str]) -> None:
    """Look at what can be counted at once: after each kill, not only at the end."""
    with crm.begin(read_only=True) as work:
        managing = work.job.unit.count_by(Assignment, ["person"], [Is("role", "account-manager"), Is("until", None)])
        ever = Counter(
            one.customer for one in work.job.unit.each(Query(Assignment, where=[Is("role", "account-manager")]))
        )
        batches = {source: count for (source,), count in work.customers.count_by("source").items() if source != "first"}
        stages = work.customers.count_by("stage")
    assert sum(managing.values()) == CUSTOMERS
    (moves,) = set(ever.values())  # all moved as often
    assert len(managing) == 1 or moves == 1, "half a rebalancing"
    assert told <= batches.keys(), "what was committed is lost"
    assert set(batches.values()) <= {BATCH}, "half a piece of work"
    assert stages.get(("at-risk",), 0) == sum(batches.values())
