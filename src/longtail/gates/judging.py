"""Judging safely: what a gate raises on is rejected with the reason, and the rest goes on."""

from collections.abc import Callable, Iterable
from typing import Protocol, TypeAlias

import numpy as np

from longtail.errors import ConfigError, MissingExtra
from longtail.gates.batch import Batch
from longtail.gates.verdicts import Judgement, Verdicts

Judge: TypeAlias = Callable[[Batch], Verdicts]
"""What a gate is: a pure function of a batch of documents."""


class Comparing(Protocol):
    """A gate that compares documents with each other, so that it sees all of them before it judges any.

    What it returns for a data set may have `facts`, numbers by name, and `says`, sentences for a person, which any gate may have; a
    run tells both.
    """

    def over(self, batches: Callable[[], Iterable[Batch]]) -> Judge:
        """Return the gate for a data set; it knows each document by its position.

        Args:
            batches: Returns all documents, the same in the same order each time.
        """
        ...

    def __call__(self, batch: Batch) -> Verdicts:
        """Judge documents that are a whole data set by themselves."""
        ...


_SHOWN = 200
FATAL = (ConfigError, MissingExtra, MemoryError)
"""What is wrong with the gate itself, whatever the document."""


def guarded(judge: Judge, batch: Batch) -> Verdicts:
    """Return the verdicts of a gate; a document that it raises on, alone, is rejected with what was raised.

    Raises:
        ConfigError: The gate cannot judge any document as it is set.
        MissingExtra: It needs a part that is not installed.
    """
    if not len(batch):
        return Verdicts.keep(0)
    try:
        return _sound(judge(batch), batch)
    except FATAL:
        raise
    except Exception as error:
        if len(batch) == 1:
            return Verdicts.of([Judgement("reject", f"the gate failed: {type(error).__name__}: {_shown(error)}")])
    middle = len(batch) // 2
    halves = (np.arange(middle), np.arange(middle, len(batch)))
    return joined([guarded(judge, batch.take(half)) for half in halves])


def joined(parts: list[Verdicts]) -> Verdicts:
    """Return the verdicts of several batches as one."""
    return Verdicts(
        np.concatenate([part.decisions for part in parts]) if parts else np.zeros(0, np.uint8),
        np.concatenate([part.scores for part in parts]) if parts else np.zeros(0),
        [reason for part in parts for reason in part.reasons],
        [matched for part in parts for matched in part.matched],
    )


def _sound(verdicts: Verdicts, batch: Batch) -> Verdicts:
    """Refuse verdicts that are not one for each document, or whose scores are infinite."""
    if len(verdicts) != len(batch):
        raise ValueError(f"{len(verdicts)} verdicts for {len(batch)} documents")
    if np.isinf(verdicts.scores).any():
        raise ValueError("a score is infinite")
    return verdicts


def _shown(error: Exception) -> str:
    words = " ".join(str(error).split())
    return words if len(words) <= _SHOWN else f"{words[:_SHOWN]}…"
