"""Evidence of a model: scores of watermarks and detectors, and what we generated ourselves."""

import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from longtail.errors import ConfigError
from longtail.gates.batch import Batch
from longtail.gates.catalogue import GATES
from longtail.gates.settings import choice, number
from longtail.gates.text.hooks import Floats, numbers, scorer, scores
from longtail.gates.verdicts import KEEP, KEPT, REJECT, REVIEW, Judgement, Verdicts
from longtail.records import Origin

_DECISIONS = {"review": REVIEW, "reject": REJECT}


@GATES.add("evidence", judges="documents", source="own definition; on what detectors cannot say: Sadasivan et al., arXiv:2303.11156")
class Evidence:
    """Look at the score of a watermark or a detector, higher where a text is more like a model's, and mark what is above.

    A score is no proof of who wrote a document: a detector that errs on one text in fifty marks two in a hundred of all that
    people wrote, and more of those who write in a second language. So the reason states the score and nothing else, documents
    that are human by provenance are left alone, and by default what is above is for review. What has no score is for review too.

    Args:
        threshold: Score above which a document is marked.
        column: Column, or dotted path, with the score.
        score: Function that takes texts and returns scores, as "module:function". One of the two is given.
        above: What happens to a document above: "review" or "reject".

    Raises:
        ConfigError: A setting is out of range, or not one of `column` and `score` is given.
    """

    def __init__(
        self, *, threshold: float, column: str | None = None, score: str | Callable[[list[str]], Any] | None = None, above: str = "review"
    ) -> None:
        if (column is None) == (score is None):
            raise ConfigError("evidence: give column or score, one of the two; they say where the score comes from")
        self.threshold = number("evidence", "threshold", threshold, -sys.float_info.max, sys.float_info.max)
        self.column = column
        self._score = None if score is None else scorer("evidence", score)
        self._source = f"column {column}" if column is not None else str(score) if isinstance(score, str) else "the given function"
        self._above = _DECISIONS[choice("evidence", "above", above, _DECISIONS)]

    def __call__(self, batch: Batch) -> Verdicts:
        """Judge documents by their score."""
        human = np.array([each == Origin.HUMAN for each in batch.values("lt_origin")], np.bool_)
        found = self._scores(batch)
        above, without = (found > self.threshold) & ~human, np.isnan(found) & ~human
        decisions = np.where(above, self._above, np.where(without, REVIEW, KEEP)).astype(np.uint8)
        reasons = [""] * len(batch)
        for at in np.flatnonzero(above):
            reasons[at] = f"its score {found[at]:.3g} ({self._source}) is above {self.threshold:g}; a score is no proof"
        for at in np.flatnonzero(without):
            reasons[at] = f"no score ({self._source})"
        return Verdicts(decisions, found, reasons, [None] * len(batch))

    def _scores(self, batch: Batch) -> Floats:
        if self._score is None:
            return numbers(batch.values(self.column or ""))
        texts = batch.texts.to_pylist()
        given = [at for at, text in enumerate(texts) if text is not None]
        found = np.full(len(texts), np.nan)
        if given:
            found[given] = scores(self._score, [texts[at] for at in given])
        return found


@GATES.add("recognised", judges="documents", source="the ledger's signatures: ids, hashes and MinHash, Broder 1997")
class Recognised:
    """Find documents that were generated here before, by what a ledger holds of them; the reason names the stored document.

    The same id, the same text up to case and spacing, or much the same wording. What no ledger was told of is not found, nor is a
    passage inside a much longer text.

    Args:
        ledger: Folder or address of the ledger; it is read once.
        similarity: Least share of the runs of five words in common.
        known: What happens to a document that is recognised: "reject" or "review".

    Raises:
        ConfigError: A setting is out of range.
        LedgerError: The ledger cannot be read.
    """

    def __init__(self, *, ledger: str, similarity: float = 0.7, known: str = "reject") -> None:
        self.similarity = number("recognised", "similarity", similarity, 0, 1, above=True)
        self._known = choice("recognised", "known", known, _DECISIONS)
        self._recogniser = _opened(ledger)

    def __call__(self, batch: Batch) -> Verdicts:
        """Look documents up."""
        matches = self._recogniser.look_up(batch.texts, self.similarity, batch.ids.to_pylist())
        return Verdicts.of(KEPT if match is None else self._judged(match) for match in matches)

    def _judged(self, match: Any) -> Judgement:
        how = {"exact": "the same document", "normalised": "the same text up to case and spacing"}.get(match.kind, "much the same wording")
        return Judgement(self._known, f"generated here before: {how} as {match.lt_id}", match.similarity, match.lt_id)


def _opened(ledger: str) -> Any:
    from longtail.ledger.store.ledger import Ledger

    with Ledger.open(ledger) as opened:
        return opened.recogniser()
