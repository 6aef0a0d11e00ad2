"""An index that finds, among many signatures, the one most like another."""

import numpy as np
import numpy.typing as npt

from longtail.summaries import _minhash_kernels as kernels
from longtail.summaries.minhash import BAND_ROWS, SIZE, THRESHOLD, Estimates, Values, bands, estimate, matches_needed

Rows = npt.NDArray[np.int64]


class Neighbours:
    """Signatures with their bands sorted: 384 bytes a document with bands of four rows.

    What shares no band with a query is not found; `minhash.caught` says how often that happens.

    Args:
        values: Signatures, shape (n, 128), n below 2**32; kept as they are.
        rows: Values in a band: 1, 2, 4 or 8.
    """

    def __init__(self, values: Values, rows: int = BAND_ROWS) -> None:
        self._values, self._rows = values, rows
        keys = _keys(values, rows)
        self._packed = np.empty((SIZE // rows, len(values)), np.uint64)
        for band, packed in enumerate(self._packed):
            packed[:] = keys[:, band]
            packed <<= np.uint64(32)
            packed |= np.arange(len(values), dtype=np.uint64)
            packed.sort()

    @property
    def nbytes(self) -> int:
        """Bytes of memory held."""
        return self._values.nbytes + self._packed.nbytes

    def nearest(self, queries: Values, threshold: float = THRESHOLD) -> tuple[Rows, Estimates]:
        """Return the row most like each query, the lowest of equals, or -1, and the estimated similarity, both of shape (q,).

        Args:
            queries: Signatures, shape (q, 128).
            threshold: Least estimated similarity.

        Raises:
            ConfigError: The threshold is not above 0 and at most 1.
        """
        rows, matches = np.empty(len(queries), np.int64), np.empty(len(queries), np.int64)
        kernels.nearest(self._values, self._packed, queries, _keys(queries, self._rows), matches_needed(threshold), rows, matches)
        return rows, np.where(rows < 0, 0.0, estimate(matches))


def _keys(values: Values, rows: int) -> npt.NDArray[np.uint32]:
    """Return the bands as 32 bits each; longer ones are folded, which only adds candidates."""
    found = bands(values, rows)
    if found.itemsize == 8:
        found = found ^ found >> np.uint64(32)
    return found.astype(np.uint32, copy=False)
