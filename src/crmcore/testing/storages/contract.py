"""The contract of a storage: whoever writes one inherits this suite, and gives it what opens the storage."""

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from crmcore.storage import Capability
from crmcore.testing.storages.deliveries import DeliveriesContract
from crmcore.testing.storages.given import Given, Open
from crmcore.testing.storages.holding import HoldingContract
from crmcore.testing.storages.isolation import IsolationContract
from crmcore.testing.storages.lacking import LackingContract
from crmcore.testing.storages.model import StorageMachine
from crmcore.testing.storages.moving import MovingContract
from crmcore.testing.storages.samples import KINDS
from crmcore.testing.storages.searching import SearchingContract
from crmcore.testing.storages.tenants import TenantsContract
from crmcore.testing.storages.values import ValuesContract
from crmcore.testing.storages.writing import WritingContract
from crmcore.testing.storages.writing_many import WritingManyContract

__all__ = ["ModelContract", "StorageContract"]


class ModelContract(Given):
    """The storage beside a plain dict.

    Attributes:
        model_settings: how long hypothesis tries; raise the numbers for a long run.
    """

    model_settings = settings(
        max_examples=20,
        stateful_step_count=30,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )

    def test_it_does_what_a_plain_dict_does(self, opened: Open) -> None:
        """Units of work side by side, two tenants, stale versions, rollbacks, claims, and opening it again."""
        kept = opened(KINDS)
        durable = Capability.DURABLE in kept.capabilities

        def machine() -> StorageMachine:
            return StorageMachine(lambda: opened(KINDS) if durable else kept, self.held)

        run_state_machine_as_test(machine, settings=self.model_settings)  # type: ignore[arg-type]  # any that makes one


class StorageContract(
    WritingContract,
    WritingManyContract,
    ValuesContract,
    IsolationContract,
    HoldingContract,
    TenantsContract,
    SearchingContract,
    LackingContract,
    DeliveriesContract,
    MovingContract,
    ModelContract,
):
    """What holds for every storage. Derive a class whose name begins with `Test`, and give it the fixture `opened`.

    What a storage does not declare in its `capabilities` is skipped, with the reason. The fixture `witness`, where
    there is one, looks past the storage at what lies in it; `held` counts what it still holds open.
    """
