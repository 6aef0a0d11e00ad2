"""A part of a profile that is itself a profile: the documents of some bins.

Bins come from a hash of the text, so any choice of them is a random sample of the documents. Those chosen are numbered
anew, evenly over the whole range: runs of them then hold equally many documents, as permutation units have to.
"""

import numpy as np
import numpy.typing as npt

from longtail.errors import UsageError
from longtail.summaries.frequencies import Frequencies
from longtail.summaries.profile import Profile
from longtail.views.keys import BIN_BITS, BINS, CELL_BITS, CELLS, bin_of, cells_of, half_of, types_of

Bins = npt.NDArray[np.int64]
Places = npt.NDArray[np.int64]


def carved(profile: Profile, bins: Bins, half: int | None = None) -> Profile:
    """Return the counts of the documents in some bins, of one half of the split or of both (None).

    Only counts and the names of labels are carried over: no sample of documents, no origins, no decoding settings.

    Args:
        profile: The profile, which stays as it is.
        bins: Bins to keep, in any order, shape (k,), values below 2,048.
        half: Half to keep: 0, 1, or None for both.

    Raises:
        UsageError: There are no bins, or one that does not exist.
    """
    chosen = np.unique(bins)
    if not len(chosen) or chosen[0] < 0 or chosen[-1] >= BINS:
        told = f"bins {chosen[0]} to {chosen[-1]} were" if len(chosen) else "no bin was"
        raise UsageError(f"{told} asked for; name at least one of 0 to {BINS - 1}")
    places = _places(chosen, half)
    made = Profile(profile.views, profile.seed, by=profile.by, frame=profile.frame)
    made.frequencies = {name: _kept(frequencies, places) for name, frequencies in profile.frequencies.items()}
    made.labels = dict(profile.labels)
    return made


def _places(chosen: Bins, half: int | None) -> Places:
    """Return the new cell of each cell, -1 for those left out, shape (CELLS,); it rises with the old one inside a half."""
    numbered = np.full(BINS, -1)
    numbered[chosen] = np.arange(len(chosen)) * BINS // len(chosen)
    cells = np.arange(CELLS, dtype=np.uint16)
    bins, halves = numbered[bin_of(cells)], half_of(cells)
    taken = bins >= 0 if half is None else (bins >= 0) & (halves == half)
    return np.where(taken, halves.astype(np.int64) << BIN_BITS | bins, -1)


def _kept(frequencies: Frequencies, places: Places) -> Frequencies:
    run, taken = frequencies.run(), places >= 0
    at = places[cells_of(run.keys)]
    rows = at >= 0
    keys = types_of(run.keys[rows]) << np.uint64(CELL_BITS) | at[rows].astype(np.uint64)
    totals = {name: np.zeros(CELLS, np.int64) for name in ("documents", "tokens")}
    for name, moved in totals.items():
        moved[places[taken]] = getattr(frequencies, name)[taken]
    counts = {"keys": keys, "counts_tokens": run.tokens[rows], "counts_documents": run.documents[rows]}
    return Frequencies.from_dict(frequencies.settings() | totals | counts)
