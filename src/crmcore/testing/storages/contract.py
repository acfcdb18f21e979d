"""The contract of a storage: whoever writes one inherits this suite, and gives it what opens the storage."""

from crmcore.testing.storages.deliveries import DeliveriesContract
from crmcore.testing.storages.isolation import IsolationContract
from crmcore.testing.storages.lacking import LackingContract
from crmcore.testing.storages.model import ModelContract
from crmcore.testing.storages.moving import MovingContract
from crmcore.testing.storages.searching import SearchingContract
from crmcore.testing.storages.tenants import TenantsContract
from crmcore.testing.storages.values import ValuesContract
from crmcore.testing.storages.writing import WritingContract

__all__ = ["StorageContract"]


class StorageContract(
    WritingContract,
    ValuesContract,
    IsolationContract,
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
