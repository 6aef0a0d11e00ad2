"""Which words are in excess: chosen on one half of the documents, so that the other half may measure them.

The choice need not be right, only independent of what measures it: words that are there by chance make the bound lower, never higher.

Source:
    Kobak et al. 2024 (arXiv 2406.07016): document frequencies with one added, the trend of two years before as the counterfactual,
    and the line between excess and noise in the plane of frequency and ratio. Ours: a trend counts here only as far as it is
    beyond its standard error, a word must be in excess by some standard errors itself, it must have occurred before, and words are
    ordered by the frequency they would have had.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from longtail.errors import ConfigError
from longtail.origin.vocabulary.contrasts import BASE, BEFORE, TARGET, Contrast

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Levels = npt.NDArray[np.uint8]

CUTOFFS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1)
"""Frequencies that words of a set would have had at most."""
ERRORS = (1.0, 2.0, 3.0)
"""Standard errors that the gap of each word of a set is at least."""
NEVER = len(CUTOFFS)
"""Level of what is in no set."""
_LINE = float(np.log10(2.0))


@dataclass(frozen=True)
class Excess:
    """What makes a word one in excess.

    Attributes:
        documents: Documents of the target period, in the half that chooses, that hold it at least.
        share: Least share of these documents.
        known: Documents of the two baseline periods, in the half that chooses, that hold it at least: a word that nobody used
            before is a new topic as likely as a new habit.
        gap: A gap that is enough whatever the ratio.
        apart: Standard errors by which it must be in excess still when any one source is left out, so that the topic of one source
            does not count; only where there are two sources or more.
        source_documents: What the others must hold in each of the three periods, in the half that chooses, for a source to be left out.
    """

    documents: int = 10
    share: float = 1e-4
    known: int = 2
    gap: float = 0.01
    apart: float = 2.0
    source_documents: int = 100

    def __post_init__(self) -> None:
        """Refuse settings out of range.

        Raises:
            ConfigError: One is.
        """
        for name, value in (("share", self.share), ("gap", self.gap)):
            if not 0 <= value <= 1:
                raise ConfigError(f"{name}={value!r} of excess words; it must lie between 0 and 1")
        if self.documents < 1 or self.known < 0:
            raise ConfigError(f"documents={self.documents}, known={self.known} of excess words; need documents >= 1 and known >= 0")


def expected(before: Floats, base: Floats, reach: float) -> Floats:
    """Return the frequency that the trend of two periods leads to: no less than that of the later one."""
    return base + reach * np.maximum(base - before, 0.0)


def chosen(counts: Ints, totals: Ints, contrast: Contrast, rule: Excess) -> Levels:
    """Return the level of each word for each strictness in `ERRORS`: the place of the least cut-off that lets it in, or `NEVER`.

    Args:
        counts: Documents of the choosing half that hold the word, shape (words, periods, sources).
        totals: Documents of the choosing half, shape (periods, sources).
        contrast: The periods.
        rule: What is in excess.

    Returns:
        Shape (words, strictnesses).
    """
    places = list(contrast.places)
    three, all_three = counts[:, places], totals[places]
    found, documents = three.sum(axis=2), all_three.sum(axis=1)
    p = (found + 1) / (documents + 1)
    q, error = _usual(p, documents, contrast.reach)
    gap = p[:, TARGET] - q
    line = np.log10(p[:, TARGET] / q) > _LINE - (np.log10(p[:, TARGET]) + 4) * _LINE / 4
    frequent = (found[:, TARGET] >= rule.documents) & (p[:, TARGET] >= rule.share)
    familiar = found[:, BEFORE] + found[:, BASE] >= rule.known
    taken = (line | (gap > rule.gap)) & frequent & familiar & _everywhere(three, all_three, contrast.reach, rule)
    strict = taken[:, None] & (gap[:, None] > np.array(ERRORS) * error[:, None])
    return np.where(strict, np.searchsorted(CUTOFFS, q)[:, None], NEVER).astype(np.uint8)


def _usual(p: Floats, documents: Ints, reach: float) -> tuple[Floats, Floats]:
    """Return what each word's frequency would have been, and the standard error of its gap; shape (words,) each."""
    middle, rise = (p[:, BEFORE] + p[:, BASE]) / 2, p[:, BASE] - p[:, BEFORE]
    unsure = np.sqrt(middle * (1 / (documents[BEFORE] + 1) + 1 / (documents[BASE] + 1)))
    q = middle + (reach + 0.5) * np.maximum(rise - unsure, 0.0)
    both = documents[BEFORE] + documents[BASE] + 1
    return q, np.sqrt(p[:, TARGET] / (documents[TARGET] + 1) + middle / both)


def _everywhere(counts: Ints, totals: Ints, reach: float, rule: Excess) -> npt.NDArray[np.bool_]:
    """Return which words are in excess whichever source is left out, shape (words,); all where there is one source."""
    found = np.ones(len(counts), np.bool_)
    for source in np.flatnonzero(totals.any(axis=0)):
        documents = totals.sum(axis=1) - totals[:, source]
        if (documents >= rule.source_documents).all():
            p = (counts.sum(axis=2) - counts[:, :, source] + 1) / (documents + 1)
            q, error = _usual(p, documents, reach)
            found &= p[:, TARGET] - q > rule.apart * error
    return found
