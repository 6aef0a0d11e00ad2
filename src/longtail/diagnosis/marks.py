"""Marks of models in training sets: watermarks of keys at hand, signed credentials, copies that a ledger knows.

A mark that is found speaks for a model; none found speaks for nobody. So marks give a share from below and never one from above: what
was written without a key, or by other models, has none.
"""

import os
from collections.abc import Sequence
from typing import Any

from longtail.diagnosis.past.texts import training_files
from longtail.diagnosis.records import Exposure, Version
from longtail.errors import ReadError
from longtail.ledger.facts import BY_MODELS
from longtail.origin.recognising.documents import Document, documents
from longtail.origin.recognising.evidence import Recognised, Recogniser, Text
from longtail.readers.quarantine import Quarantine

_NONE = "no mark was found, which does not speak for people: what was written without one has none"


def tests(recognisers: Sequence[Recogniser]) -> int:
    """Return how many recognisers test, and so can be wrong by chance."""
    return sum(each.tests for each in recognisers)


def marked_of(
    version: Version,
    recognisers: Sequence[Recogniser],
    *,
    alpha: float,
    data: Any = None,
    folder: str | os.PathLike[str] | None = None,
    text_column: str | None = None,
) -> Exposure:
    """Return the least share of a training set that marks speak for; `not_measured` where none is found.

    A watermark counts where its p-value is at most alpha over documents times recognisers that test (Bonferroni), so that all of
    them are right with probability 1 - alpha, however the documents depend on each other, and their share is a lower bound.

    Args:
        version: Whose training set.
        recognisers: What looks at its documents, raw.
        alpha: Chance that any watermark is seen where there is none.
        data: The training set, as `longtail.readers.read` takes it; by default the files of the version.
        folder: That the past was rebuilt from.
        text_column: The column with the text, where it is not recognised.
    """
    with training_files(version, folder) as files:
        if data is None and not files:
            why = "no record tells of this version" if version.is_hole else "its training set was not found"
            return _absent(version, f"{why}; keep the training set of each version")
        try:
            found = _Marks(recognisers, alpha)
            for batch in documents(files if data is None else data, text_column, Quarantine()):
                found.take(batch)
        except ReadError as error:
            return _absent(version, f"not looked at for marks: {error}")
    return found.exposure(version)


class _Marks:
    """What recognisers found in the documents of one training set."""

    def __init__(self, recognisers: Sequence[Recogniser], alpha: float) -> None:
        self._recognisers, self._alpha = recognisers, alpha
        self._proved: list[int] = []
        self._tested: list[tuple[float, int]] = []
        self.count = 0

    def take(self, batch: Sequence[Document]) -> None:
        """Look a batch over."""
        texts = [Text(each.text, each.lt_id) for each in batch]
        for recogniser in self._recognisers:
            for at, each in enumerate(recogniser.recognise(texts), start=self.count):
                if each is None or not _is_of_a_model(each):
                    continue
                if each.p_value is None:
                    self._proved.append(at)
                elif each.p_value <= self._alpha:
                    self._tested.append((each.p_value, at))
        self.count += len(batch)

    def exposure(self, version: Version) -> Exposure:
        """Return the share that the marks speak for."""
        if not self.count:
            return _absent(version, "its training set holds no documents")
        limit = self._alpha / (self.count * max(1, tests(self._recognisers)))
        borne = {at for p, at in self._tested if p <= limit}
        held = borne | set(self._proved)
        if not held:
            return _absent(version, f"{_NONE} ({self.count:,} documents looked at)")
        chance = f"p at most {limit:.1e} each, so that the chance of an error in any of them is at most {self._alpha:.2g}"
        parts = [f"{len(borne):,} hold a watermark ({chance})"] if borne else []
        signed = len(held - borne)
        parts += [f"{signed:,} hold a signed credential or are known copies"] if signed else []
        because = f"of {self.count:,} documents {' and '.join(parts)}; a share from below, for what has no mark is not known"
        return Exposure(version=version.name, told="marked", low=len(held) / self.count, high=1.0, because=because)


def _is_of_a_model(found: Recognised) -> bool:
    return found.is_strong and found.origin in BY_MODELS


def _absent(version: Version, because: str) -> Exposure:
    return Exposure(version=version.name, told="not_measured", because=because)
