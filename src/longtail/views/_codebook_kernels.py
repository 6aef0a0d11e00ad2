"""The hot loop of the codebook: the nearest centre of each row, added up in one fixed order whatever the batch."""

import numpy as np
import numpy.typing as npt

from longtail._jit import njit

F32 = npt.NDArray[np.float32]
F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]


@njit
def nearest(rows: F32, centres: F64, of: I64, squared: F64) -> None:
    """Write the index of the nearest centre of each row, the first of equals, and the squared distance to it.

    Args:
        rows: Shape (n, d), finite.
        centres: Transposed, shape (d, K), so that the inner loop runs over centres.
        of: Receives the indices, shape (n,).
        squared: Receives the squared distances, shape (n,).
    """
    count = centres.shape[1]
    sums = np.empty(count, dtype=np.float64)
    for i in range(rows.shape[0]):
        sums[:] = 0.0
        for j in range(rows.shape[1]):
            value = np.float64(rows[i, j])
            for k in range(count):
                difference = value - centres[j, k]
                sums[k] += difference * difference
        best = 0
        for k in range(1, count):
            if sums[k] < sums[best]:
                best = k
        of[i] = best
        squared[i] = sums[best]
