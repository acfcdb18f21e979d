"""The contract of storages notices what is wrong with one: each storage here has one fault, and is found out."""

from collections.abc import Mapping, Sequence
from inspect import signature
from typing import Any

import pytest
from hypothesis import Phase, settings

from crmcore.storage import (
    Busy,
    Capability,
    Claim,
    Filter,
    Kind,
    Kinds,
    MemoryStorage,
    Order,
    Row,
    Search,
    Transaction,
    Wanted,
)
from crmcore.storage.memory import MemoryTransaction
from crmcore.storage.queries import LARGEST_PAGE
from crmcore.testing import StorageContract
from crmcore.testing.storages import KINDS, Open
from crmcore.testing.storages.searching import ALL


class Faulty(MemoryStorage):
    """A storage in memory whose transactions are of another class."""

    made: type[MemoryTransaction] = MemoryTransaction

    def transaction(self, tenant: str, *, read_only: bool) -> MemoryTransaction:
        right = super().transaction(tenant, read_only=read_only)
        return self.made(self, tenant, right._tables)


class WritesOverWhateverThereIs(MemoryTransaction):
    def replace(self, kind: Kind, row: Row, version: int) -> bool:
        del version
        known = self.fetch(kind, row[0])
        return known is not None and super().replace(kind, row, known[1])


class CommitsWithoutLooking(MemoryTransaction):
    def commit(self) -> None:
        self._storage.write(self._written)


class WritesAtOnce(MemoryTransaction):
    def insert(self, kind: Kind, rows: Sequence[Row]) -> None:
        super().insert(kind, rows)
        self.commit()


class ForgetsTheCommit(MemoryTransaction):
    def commit(self) -> None:
        self._written.clear()


class CommitsHalf(MemoryTransaction):
    def commit(self) -> None:
        self._written = dict(list(self._written.items())[:1])
        super().commit()


class SeesNotItsOwn(MemoryTransaction):
    def select(self, kind: Kind, search: Search) -> list[Row]:
        written, self._written = self._written, {}
        try:
            return super().select(kind, search)
        finally:
            self._written = written


class CountsEverything(MemoryTransaction):
    def count(self, kind: Kind, where: Sequence[Filter]) -> int:
        return super().count(kind, where[:1])


class TalliesAcross(MemoryTransaction):
    def tally(self, kind: Kind, names: Sequence[str], where: Sequence[Filter]) -> Mapping[tuple[Any, ...], int]:
        return super().tally(kind, sorted(names), where)


class OrdersByIdAlone(MemoryTransaction):
    def select(self, kind: Kind, search: Search) -> list[Row]:
        return super().select(kind, Search(search.where, (Order("id"),), search.limit))


class BeginsAnew(MemoryTransaction):
    def select(self, kind: Kind, search: Search) -> list[Row]:
        whole = super().select(kind, Search(search.where, search.order, LARGEST_PAGE, search.after))
        return whole[: max(1, search.limit - 1)]


class HoldsNothing(MemoryTransaction):
    def hold(self, kind: Kind, ids: Sequence[str], *, alone: bool) -> list[Row]:
        return Transaction.hold(self, kind, ids, alone=alone)


class HoldsAgainstNobody(MemoryTransaction):
    def hold(self, kind: Kind, ids: Sequence[str], *, alone: bool) -> list[Row]:
        del alone
        return super().hold(kind, ids, alone=False)


class HoldsAgainstAll(MemoryTransaction):
    def hold(self, kind: Kind, ids: Sequence[str], *, alone: bool) -> list[Row]:
        del alone
        return super().hold(kind, ids, alone=True)


class HoldsWhatIsNotThere(MemoryTransaction):
    def hold(self, kind: Kind, ids: Sequence[str], *, alone: bool) -> list[Row]:
        return super().hold(kind, [*ids, *ids], alone=alone)


class LetsReferencesDangle(MemoryTransaction):
    def _refuse_dangling(self, kind: Kind, row: Row) -> None:
        pass


class RemovesWhatIsReferredTo(MemoryTransaction):
    def _refuse_where_referred(self, kind: Kind, id_: str, without: tuple[Kind, str] | None = None) -> None:
        pass


class MixesTenants(Faulty):
    def transaction(self, tenant: str, *, read_only: bool) -> MemoryTransaction:
        return super().transaction(tenant.rpartition("-")[0], read_only=read_only)


class ShowsReadersTheNewest(Faulty):
    def transaction(self, tenant: str, *, read_only: bool) -> MemoryTransaction:
        del read_only
        return super().transaction(tenant, read_only=False)


class ClaimsAgainAndAgain(Faulty):
    def write(self, written: Mapping[tuple[str, str], Mapping[str, Row | None]]) -> None:
        super().write({key: rows for key, rows in written.items() if key[1] != "parcel" or not _claimed(rows)})


class ClaimsWhatIsNotDue(Faulty):
    def claim(self, wanted: Wanted) -> tuple[Claim, ...]:
        return super().claim(Wanted(wanted.worker, wanted.batch, wanted.until, wanted.until))


class PromisesToLast(Faulty):
    capabilities = MemoryStorage.capabilities | {Capability.DURABLE}


def _claimed(rows: Mapping[str, Row | None]) -> bool:
    return any(row is not None and row[1] > 1 for row in rows.values())


FAULTY: list[type[MemoryStorage]] = [
    *(
        type(made.__name__, (Faulty,), {"made": made})
        for made in (
            WritesOverWhateverThereIs,
            CommitsWithoutLooking,
            WritesAtOnce,
            ForgetsTheCommit,
            CommitsHalf,
            SeesNotItsOwn,
            TalliesAcross,
            LetsReferencesDangle,
            RemovesWhatIsReferredTo,
        )
    ),
    MixesTenants,
    ShowsReadersTheNewest,
    ClaimsAgainAndAgain,
    ClaimsWhatIsNotDue,
    PromisesToLast,
]


SEARCHING = [CountsEverything, OrdersByIdAlone, BeginsAnew]


HOLDING: Mapping[type[MemoryTransaction], Any] = {
    HoldsNothing: StorageContract.test_what_one_holds_no_other_writes_before_that_ends,
    HoldsAgainstNobody: StorageContract.test_who_holds_a_record_alone_is_refused_while_another_holds_it,
    HoldsAgainstAll: StorageContract.test_many_hold_one_record_and_none_disturbs_another,
    HoldsWhatIsNotThere: StorageContract.test_what_is_held_is_what_is_there,
}


class OfContract(StorageContract):
    """The contract, of a storage that is chosen by a test."""

    def opening(self, made: type[MemoryStorage]) -> Open:
        return lambda kinds: made(Kinds(kinds.values()))


@pytest.mark.parametrize("made", FAULTY, ids=lambda made: made.__name__)
def test_the_machine_beside_a_dict_finds_out_a_faulty_storage(made: type[MemoryStorage]) -> None:
    contract = OfContract()
    contract.model_settings = settings(contract.model_settings, max_examples=200, phases=[Phase.generate])
    with pytest.raises((AssertionError, ExceptionGroup, LookupError, TypeError)):
        contract.test_it_does_what_a_plain_dict_does(contract.opening(made))


@pytest.mark.parametrize("made", SEARCHING)
def test_any_question_finds_out_who_answers_wrongly(made: type[MemoryTransaction]) -> None:
    storage = type(made.__name__, (Faulty,), {"made": made})(KINDS)
    with storage.begin("acme") as work:
        work.add_all(ALL)
        work.commit()
    with storage.begin("acme", read_only=True) as work, pytest.raises((AssertionError, ExceptionGroup)):
        contract = OfContract()
        contract.search_settings = settings(contract.search_settings, phases=[Phase.generate])
        contract.test_any_question_is_answered_as_python_would(work)


@pytest.mark.parametrize("made", HOLDING)
def test_who_holds_records_wrongly_is_found_out(made: type[MemoryTransaction]) -> None:
    storage = type(made.__name__, (Faulty,), {"made": made})(Kinds(KINDS.values()))
    given = {"alone": False} if "alone" in signature(HOLDING[made]).parameters else {}
    with pytest.raises((AssertionError, pytest.fail.Exception, Busy)):
        HOLDING[made](OfContract(), storage, **given)


def test_nothing_wrong_is_found_with_what_is_right() -> None:
    contract = OfContract()
    contract.test_it_does_what_a_plain_dict_does(contract.opening(Faulty))
