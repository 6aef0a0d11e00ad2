"""Contenders for metrics of columns of a table."""

from typing import Any

import numpy as np

from bench.peers import given
from bench.peers.contender import Contender, Family
from bench.peers.given import Columns

SEED = 1


def arrow(columns: Columns) -> tuple[Any, Any]:
    """Return the category column of both samples as Arrow arrays."""
    import pyarrow as pa

    return pa.array(columns.reference), pa.array(columns.candidate)


def pandas(columns: Columns) -> tuple[Any, Any]:
    """Return the category column of both samples as Series of pandas."""
    import pandas as pd

    return pd.Series(columns.reference), pd.Series(columns.candidate)


def polars_series(columns: Columns) -> tuple[Any, Any]:
    """Return the category column of both samples as Series of polars."""
    import polars as pl

    return pl.Series("value", columns.reference), pl.Series("value", columns.candidate)


def arrow_tables(columns: Columns) -> tuple[Any, Any]:
    """Return the category column of both samples as Arrow tables."""
    import pyarrow as pa

    return pa.table({"value": columns.reference}), pa.table({"value": columns.candidate})


def numbers(columns: Columns) -> tuple[Any, Any]:
    """Return the numeric column of both samples."""
    return columns.numbers, columns.others


def pandas_numbers(columns: Columns) -> tuple[Any, Any]:
    """Return the numeric column of both samples as Series of pandas."""
    import pandas as pd

    return pd.Series(columns.numbers), pd.Series(columns.others)


def _counts(pair: tuple[Any, Any]) -> list[Any]:
    """Return aligned counts of hashed categories, as the views count them."""
    from longtail.views.batch import marks_of
    from longtail.views.labels import type_of

    types = [type_of(marks_of(column), SEED) for column in pair]
    values, at = np.unique(np.concatenate(types), return_inverse=True)
    return [np.bincount(part, minlength=len(values)) for part in np.split(at, [len(types[0])])]


def our_total_variation(pair: tuple[Any, Any]) -> float:
    """Hash and count both columns (`views.labels`), then `stats.drift.total_variation`."""
    from longtail.stats.drift import total_variation

    return float(total_variation(*_counts(pair)))


def our_psi(pair: tuple[Any, Any]) -> float:
    """Hash and count both columns (`views.labels`), then `stats.drift.psi`, half a document added to each."""
    from longtail.stats.drift import psi

    return float(psi(*_counts(pair)))


def sdmetrics_total_variation(pair: tuple[Any, Any]) -> float:
    """Run `1 - TVComplement.compute(real, synthetic)`."""
    from sdmetrics.single_column import TVComplement

    return 1 - float(TVComplement.compute(*pair))


def polars_total_variation(pair: tuple[Any, Any]) -> float:
    """Run `value_counts` of both, an outer join, and half the sum of differences."""
    import polars as pl

    one, other = (column.value_counts(name=name).with_columns(pl.col(name) / len(column)) for column, name in zip(pair, "pq", strict=True))
    joined = one.join(other, on="value", how="full").select(pl.col("p").fill_null(0.0) - pl.col("q").fill_null(0.0))
    return float(joined.to_series().abs().sum()) / 2


def duckdb_total_variation(pair: tuple[Any, Any]) -> float:
    """Run `GROUP BY` of both, a full join, and half the sum of differences, in SQL over Arrow."""
    import duckdb

    with duckdb.connect(config={"threads": 1}) as connection:
        for name, table in zip(("one", "other"), pair, strict=True):
            connection.register(name, table)
        found = connection.sql(
            "WITH p AS (SELECT value, count(*) / (SELECT count(*) FROM one) AS s FROM one GROUP BY value), "
            "q AS (SELECT value, count(*) / (SELECT count(*) FROM other) AS s FROM other GROUP BY value) "
            "SELECT sum(abs(coalesce(p.s, 0) - coalesce(q.s, 0))) / 2 FROM p FULL JOIN q USING (value)"
        ).fetchall()
    return float(found[0][0])


def evidently_psi(pair: tuple[Any, Any]) -> float:
    """Run Evidently's test `psi` on a category column: zero shares become 0.0001."""
    from evidently.legacy.calculations.stattests import psi_stat_test
    from evidently.legacy.core import ColumnType

    return float(psi_stat_test(*pair, ColumnType.Categorical, None).drift_score)


def our_gaps(pair: tuple[Any, Any]) -> float:
    """Kolmogorov-Smirnov and Wasserstein distance in one pass (`stats.drift.gaps`); the value is their sum."""
    from longtail.stats.drift import gaps

    return float(sum(gaps(*pair)))


def scipy_gaps(pair: tuple[Any, Any]) -> float:
    """Run `ks_2samp(method="asymp")` and `wasserstein_distance`; the value is the sum of the two distances."""
    from scipy.stats import ks_2samp, wasserstein_distance

    return float(ks_2samp(*pair, method="asymp").statistic + wasserstein_distance(*pair))


def our_ks(pair: tuple[Any, Any]) -> float:
    """Kolmogorov-Smirnov distance, with the Wasserstein distance (`stats.drift.gaps`)."""
    from longtail.stats.drift import gaps

    return gaps(*pair).ks


def sdmetrics_ks(pair: tuple[Any, Any]) -> float:
    """Run `1 - KSComplement.compute(real, synthetic)`."""
    from sdmetrics.single_column import KSComplement

    return 1 - float(KSComplement.compute(*pair))


def our_wasserstein(pair: tuple[Any, Any]) -> float:
    """Wasserstein distance over the reference's standard deviation, with Kolmogorov-Smirnov's (`stats.drift.gaps`)."""
    from longtail.stats.drift import gaps

    return gaps(*pair).wasserstein_1 / float(np.std(pair[0]))


def evidently_wasserstein(pair: tuple[Any, Any]) -> float:
    """Run Evidently's test `wasserstein` on a numeric column, which is over the reference's standard deviation."""
    from evidently.legacy.calculations.stattests import wasserstein_stat_test
    from evidently.legacy.core import ColumnType

    return float(wasserstein_stat_test(*pair, ColumnType.Numerical, None).drift_score)


ROWS = (1_000, 10_000, 100_000, 1_000_000)
FAMILIES = (
    Family("total variation, 1,000 categories", given.columns, "rows", ROWS, (
        Contender("longtail", "longtail", our_total_variation, prepare=arrow),
        Contender("polars", "polars", polars_total_variation, prepare=polars_series),
        Contender("duckdb", "duckdb", duckdb_total_variation, prepare=arrow_tables),
        Contender("SDMetrics", "sdmetrics", sdmetrics_total_variation, prepare=pandas),
    )),
    Family("PSI, 1,000 categories", given.columns, "rows", ROWS, (
        Contender("longtail", "longtail", our_psi, prepare=arrow),
        Contender("evidently", "evidently", evidently_psi, within=None, prepare=pandas),
    )),
    Family("KS and Wasserstein distance", given.columns, "rows", ROWS, (
        Contender("longtail", "longtail", our_gaps, prepare=numbers), Contender("scipy", "scipy", scipy_gaps, prepare=numbers),
    )),
    Family("KS distance", given.columns, "rows", ROWS, (
        Contender("longtail", "longtail", our_ks, prepare=numbers),
        Contender("SDMetrics", "sdmetrics", sdmetrics_ks, prepare=pandas_numbers),
    )),
    Family("Wasserstein distance", given.columns, "rows", ROWS, (
        Contender("longtail", "longtail", our_wasserstein, prepare=numbers),
        Contender("evidently", "evidently", evidently_wasserstein, prepare=pandas_numbers),
    )),
)  # fmt: skip
