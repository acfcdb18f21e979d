"""Customers on file are counted by what decides who answers, in every storage."""

from collections import Counter
from datetime import date
from pathlib import Path

from attrs import evolve
from crmcore_sqlalchemy import SQLStorage
from crmcore_sqlalchemy.storage import engine_of
from crms import COMPANY
from sqlalchemy import event as hear

from crmcore.crm import CRM
from crmcore.customers import Customer, population
from crmcore.organization import Choice, Dimension

DAY = date(2026, 11, 23)


def registered(crm: CRM) -> None:
    for number in range(12):
        crm.customers.register(
            f"客户 {number}",
            attributes={
                "region": ["Sichuan", "Shanghai", None][number % 3],
                "tier": "key" if number % 2 else None,
                "company-size": number * 100 + 1 if number < 9 else None,
            },
            stage="opportunity" if number % 4 else "lead",
        )


def test_the_counts_are_those_of_the_records(every_crm: CRM) -> None:
    registered(every_crm)
    with every_crm.begin(read_only=True) as work:
        found = population(work.job.unit, every_crm.storage.kinds, COMPANY)
        expected = Counter(
            (
                customer.custom.get("region"),
                customer.custom.get("tier"),
                customer.custom.get("company_size"),
                customer.stage,
            )
            for customer in work.customers.each()
        )
    assert found.counts == expected
    assert found.loads == every_crm.assignments.loads()


def test_who_was_merged_or_erased_is_not_counted(every_crm: CRM) -> None:
    registered(every_crm)
    with every_crm.begin() as work:
        one, two, *_ = work.customers.each()
        work.job.unit.put(evolve(one, merged_into=two.id))
        work.job.unit.put(evolve(two, erased_at=work.job.now()))
    with every_crm.begin(read_only=True) as work:
        assert sum(population(work.job.unit, every_crm.storage.kinds, COMPANY).counts.values()) == 10


def test_a_dimension_without_a_field_is_missing_of_all(crm: CRM) -> None:
    registered(crm)
    planned = COMPANY.with_(Dimension("branch", Choice(["north", "south"])))
    with crm.begin(read_only=True) as work:
        found = population(work.job.unit, crm.storage.kinds, planned)
        assert work.job.unit.count(Customer) == 12
    report = found.checked(planned, on=DAY)
    assert report.summary.customers is not None
    assert report.summary.customers.unplaced["branch"] == 12
    assert report.summary.customers.total == 12


def test_however_many_there_are_they_are_counted_in_one_statement(tmp_path: Path) -> None:
    engine = engine_of(f"sqlite:///{tmp_path / 'crm.db'}")
    with CRM.open(lambda kinds: SQLStorage(engine, kinds), organization=COMPANY) as crm:
        registered(crm)
        said: list[str] = []
        hear.listen(engine, "before_cursor_execute", lambda *given: said.append(given[2]))
        with crm.storage.begin(crm.tenant, read_only=True) as work:
            population(work, crm.storage.kinds, COMPANY)
    engine.dispose()
    assert len([one for one in said if "FROM crmcore_customer " in " ".join(one.split())]) == 1, said
    assert len([one for one in said if "count(" in one]) == 2, "customers, and whom each person looks after"
