"""Testing a company's own organization: pytest is given it as a fixture, and an assertion says what does not hold."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crmcore.testing.asserting import assert_holds

__all__ = ["assert_holds"]


def __getattr__(name: str) -> Any:
    """Bring in the assertion for those who ask: every test run loads the plugin, and few need more."""
    if name in __all__:
        from crmcore.testing import asserting  # noqa: PLC0415 (that is what this function is for)

        return getattr(asserting, name)
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)
