"""Expected numbers of types in a smaller sample, by the hypergeometric law and without resampling."""

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln

from longtail.stats.coverage import histogram


def absence(present: npt.NDArray[np.int64], units: int, size: int) -> npt.NDArray[np.float64]:
    """Return the chance that none of `present` marked units is among `size` drawn from `units` without replacement.

    Args:
        present: Marked units of each type, shape (k,), between 0 and `units`.
        units: Units there are.
        size: Units drawn, at most `units`.
    """
    possible = units - present >= size
    x = np.where(possible, present, 0).astype(float)
    logs = gammaln(units - x + 1) - gammaln(units - x - size + 1) - gammaln(units + 1) + gammaln(units - size + 1)
    return np.where(possible, np.exp(logs), 0.0)


def expected_types(counts: npt.ArrayLike, size: int) -> float:
    """Return the expected number of types among `size` tokens drawn without replacement (or documents, from incidences).

    Args:
        counts: Tokens by type, shape (types,).
        size: Tokens drawn, at most their total.

    Source:
        Hurlbert 1971.
    """
    values, types = histogram(counts)
    total = int((values * types).sum())
    return float((types * (1 - absence(values, total, size))).sum())


def expected_types_by_documents(documents: npt.ArrayLike, size: int, drawn: int) -> float:
    """Return the expected number of types in `drawn` whole documents of `size`.

    Args:
        documents: Documents in which each type occurs, shape (types,).
        size: Number of documents.
        drawn: Documents drawn, at most `size`.

    Source:
        Sample-based rarefaction, Colwell et al. 2012.
    """
    values, types = histogram(documents)
    return float((types * (1 - absence(values, size, drawn))).sum())
