"""Splink's part: training without labels, predicting, clustering, in a database in memory of its own."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import duckdb
from splink import DuckDBAPI, Linker, SettingsCreator

from crmcore.customers.duplicates import Prepared
from crmcore_splink.blocking import Blocks
from crmcore_splink.comparing import MACROS, Compared, compared
from crmcore_splink.tables import columns, table

__all__ = ["linked"]

_RANDOM_PAIRS: Final = (200_000, 1_000_000)  # at least, and at most
_OF_EACH: Final = 50  # random pairs of a profile
_SEED: Final = 1
_RECALL: Final = 0.7  # the share of the duplicates that agree in what is decisive, by and large


def linked(some: Sequence[Prepared], threshold: float) -> tuple[list[Compared], list[dict[str, Any]]]:
    """Return the comparisons, and a row for each compared pair inside a cluster, as Splink names its columns.

    Args:
        some: profiles of one kind, two or more; their places are the ids.
        threshold: the least probability of a link.
    """
    shown = columns(some)
    comparisons = compared(shown)
    if not comparisons:
        return [], []
    with _quiet(), duckdb.connect(":memory:") as connection:
        for macro in MACROS:
            connection.execute(macro)
        rows = table(some, shown)
        connection.register("crm_profiles", rows)
        blocks = Blocks(connection, "crm_profiles", shown, len(some))
        predicting = blocks.predicting()
        if not predicting:
            return comparisons, []
        settings = SettingsCreator(
            link_type="dedupe_only",
            comparisons=[each.comparison for each in comparisons],
            blocking_rules_to_generate_predictions=predicting,
            probability_two_random_records_match=blocks.expected(_RECALL),
            retain_intermediate_calculation_columns=True,
        )
        linker = Linker(DuckDBAPI(connection).register(rows), settings, log_level=None)
        linker.training.estimate_u_using_random_sampling(max_pairs=_random_pairs(len(some)), seed=_SEED)
        for rule in blocks.training():
            linker.training.estimate_parameters_using_expectation_maximisation(rule)
        return comparisons, _inside_clusters(linker, connection, threshold)


def _inside_clusters(linker: Linker, connection: duckdb.DuckDBPyConnection, threshold: float) -> list[dict[str, Any]]:
    predicted = linker.inference.predict(warning_mode="never")
    together = linker.clustering.cluster_pairwise_predictions_at_threshold(
        predicted, threshold_match_probability=threshold
    )
    found = connection.sql(
        f"""
        SELECT one.cluster_id, pair.* FROM {predicted.physical_name} AS pair
        JOIN {together.physical_name} AS one ON one.unique_id = pair.unique_id_l
        JOIN {together.physical_name} AS other ON other.unique_id = pair.unique_id_r
        WHERE one.cluster_id = other.cluster_id ORDER BY pair.unique_id_l, pair.unique_id_r
        """  # noqa: S608 (the names are Splink's)
    )
    names = found.columns
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _random_pairs(count: int) -> int:
    least, most = _RANDOM_PAIRS
    return min(max(_OF_EACH * count, least), most)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Splink from telling what it does at each step; errors are raised anyway."""
    logger = logging.getLogger("splink")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)
