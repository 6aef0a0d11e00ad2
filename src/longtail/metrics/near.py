"""Near duplicates: how much of a data set nearly repeats an earlier document."""

import numpy as np

from longtail.metrics.catalogue import VALUES
from longtail.metrics.single import within
from longtail.records import Estimate, NotMeasured, Outcome
from longtail.stats.jackknife import delete_a_group, quantile
from longtail.summaries.bands import BANDS, ROWS, Bands, Clusters
from longtail.views.keys import purpose_key

GROUPS = 32
_VIEW = "documents"
_CURVE = (
    f"documents that share one of {BANDS} bands of {ROWS} MinHash values of five-word runs with an earlier one: "
    ".06 of pairs at similarity .5, .61 at .7, .95 at .8"
)


@VALUES.add(unit="share", worse="higher", source="Broder 1997; Indyk & Motwani 1998; delete-a-group jackknife (Kott 2001)")
def near_duplicate_share(bands: Bands, /) -> Outcome:
    """Share of documents that repeat an earlier one, word for word or nearly; the method says what it is without exact copies.

    Earlier is what has the smaller content hash, so that of every cluster the first document counts as none. A cluster goes
    with the group of its first document, so leaving a group out leaves whole clusters out.

    Formula: share = 1 - clusters of alike documents / documents.

    Minimum: one document, profiled with the view near_duplicates.

    False positives: forms and tables that differ in a few fields; of pairs at a similarity of .5 six in a hundred are taken for alike.
    """
    found = bands.clusters()
    if not len(found.content):
        return NotMeasured(reason="no documents", enable="longtail audit DATA", metric="near_duplicate_share", view=_VIEW)
    total, repeated, half = int(found.copies.sum()), found.repeats, 0.0
    group = _groups(found, bands.seed)
    documents = np.bincount(group, found.copies, GROUPS)
    firsts = np.bincount(group, ~repeated, GROUPS)
    held = documents > 0
    if held.sum() > 1:
        without = 1 - (firsts.sum() - firsts[held]) / (total - documents[held])
        spread = delete_a_group(without)
        half = quantile(0.975, spread.freedom) * spread.error
    value, low, high = within(1 - int((~repeated).sum()) / total, half)
    return Estimate(
        metric="near_duplicate_share", view=_VIEW, value=value, low=low, high=high, n=total, unit="share", resampling_unit="document",
        method=f"{_CURVE}; exact copies included, {float(repeated.mean()):.2%} of distinct documents without; delete-a-group jackknife",
    )  # fmt: skip


def _groups(found: Clusters, seed: int) -> np.ndarray:
    """Return the group of each distinct document: that of the hash of its cluster's first document."""
    from longtail.views._kernels import rekey

    drawn = np.empty_like(found.content)
    rekey(found.content, np.uint64(purpose_key(seed, "bands:group")), drawn)
    return (drawn[found.root] >> np.uint64(64 - GROUPS.bit_length() + 1)).astype(np.int64)
