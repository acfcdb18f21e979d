"""For tests: an app's own organization as a fixture and an assertion, and the contracts that plugins have to keep."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crmcore.testing.asserting import assert_holds
    from crmcore.testing.checks import CheckContract
    from crmcore.testing.storages import StorageContract

__all__ = ["CheckContract", "StorageContract", "assert_holds"]


def __getattr__(name: str) -> Any:
    """Bring in what is asked for: every test run loads the plugin of pytest, and few need more."""
    if name == "assert_holds":
        from crmcore.testing import asserting  # noqa: PLC0415 (that is what this function is for)

        return asserting.assert_holds
    if name == "CheckContract":
        from crmcore.testing import checks  # noqa: PLC0415 (as above)

        return checks.CheckContract
    if name == "StorageContract":
        return _storage_contract()
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)


def _storage_contract() -> Any:
    try:
        from crmcore.testing import storages  # noqa: PLC0415 (as above)
    except ModuleNotFoundError as error:
        if error.name not in {"hypothesis", "pytest"}:
            raise
        message = f"the contract of storages needs {error.name}: pip install 'crmcore[testing]'"
        raise ModuleNotFoundError(message, name=error.name) from error
    return storages.StorageContract
