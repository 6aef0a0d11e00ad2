"""p-values adjusted for how many were looked at."""

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]


def benjamini_yekutieli(p: npt.ArrayLike) -> Values:
    """Return p-values adjusted for the share of false discoveries, which holds under any dependence.

    That of `scipy.stats`, whose import takes as long as a small audit measures.

    Args:
        p: p-values, shape (n,).

    Source:
        Benjamini & Yekutieli 2001, theorem 1.3.
    """
    given = np.asarray(p, float)
    order, ranks = np.argsort(given), np.arange(1.0, len(given) + 1)
    scaled = given[order] * (len(given) / ranks) * np.sum(1 / ranks)
    adjusted = np.empty(len(given))
    adjusted[order] = np.minimum.accumulate(scaled[::-1])[::-1]
    return np.clip(adjusted, 0.0, 1.0)
