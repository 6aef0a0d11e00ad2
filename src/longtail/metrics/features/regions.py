"""Read-out of the regions of feature vectors: the area under the divergence curve (MAUVE)."""

import numpy as np

from longtail.metrics.catalogue import RATIOS
from longtail.metrics.comparison import Comparison, Fold
from longtail.metrics.tabular.bins import Values, read_of
from longtail.metrics.tabular.columns import absent, without_values
from longtail.metrics.tabular.readouts import told
from longtail.records import Outcome
from longtail.stats import mauve as curves
from longtail.stats.permutation import standard_error

_ADDED = ", half a document added to each on both sides, scale 5, 25 mixtures; error at least that of the relabellings"


@RATIOS.add(unit="area", worse="none", source="Pillutla et al. 2023, MAUVE*; regions of half A; test: mauve-text on equal counts")
def mauve(comparison: Comparison, regions: int, /) -> Outcome:
    """Area under the divergence curve of the regions of vectors: a read-out, with its value where nothing changed.

    The regions are those that half A of the reference fixed; mauve-text fits its own on both samples together (see
    `stats.mauve.mauve`), so that its numbers and these do not compare. Numbers of unlike codebooks do not compare either.

    Where both sides are alike the area is flat in all shares and a jackknife makes its error too small: it is then that of the
    relabellings.

    Formula: area under the curve of exp(-5 KL(Q | M)) over exp(-5 KL(P | M)), where P and Q are the shares of both sides in regions, M runs
    over their mixtures, and KL is the divergence in nats.

    Minimum: 96 documents with a vector on each side, and exact counts.

    False positives: another codebook, or the package mauve-text, whose numbers do not compare.

    Akin: LT307

    Args:
        comparison: A view `regions:COLUMN`.
        regions: Regions of its codebook, the one outside all centres among them.
    """
    missing = without_values(comparison, "mauve")
    if missing is not None:
        return missing
    if comparison.sampling_share < 1:
        return absent(comparison, "mauve", "needs exact counts", "count again with --exact")
    fold = comparison.folds[0].pictured
    read = read_of(region_counts(fold, regions), fold, curves.mauve, f"{regions} regions fixed on half A")
    wide = read._replace(error=max(read.error, standard_error(read.statistics)))
    return told(comparison, "mauve", "area", wide, _ADDED, is_likeness=True)


def region_counts(fold: Fold, regions: int) -> Values:
    """Return the documents of each region and unit, shape (regions, units), empty regions among them."""
    units = sum(fold.rows.sizes)
    owner = np.repeat(fold.rows.types.astype(np.int64), np.diff(fold.rows.starts))
    counts = np.bincount(owner * units + fold.rows.unit, weights=fold.rows.tokens, minlength=regions * units)
    return np.asarray(counts.reshape(regions, units), np.float64)
