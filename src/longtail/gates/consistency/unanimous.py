"""Prompts on which all samples agree: too easy to teach much, so only some of them go on."""

import heapq
from collections.abc import Callable, Iterable
from functools import partial

import numpy as np
import xxhash

from longtail.gates.batch import Batch
from longtail.gates.catalogue import GATES
from longtail.gates.consistency.answers import Normal, majority, normal_of
from longtail.gates.consistency.consistency import FEWEST, answers_in
from longtail.gates.judging import Judge
from longtail.gates.settings import column, number, whole
from longtail.gates.verdicts import REVIEW, Verdicts
from longtail.views.keys import purpose_key


@GATES.add("unanimous", judges="documents", source="own definition; the known cost of consistency filters is an easy set")
class Unanimous:
    """Keep documents on which all samples agree up to a share of the documents that have samples; the rest go to review.

    Which ones are kept is drawn by a hash of the id under the seed, so it does not depend on their order. After `consistency` in a
    recipe it bounds the share of easy prompts among those that agreed.

    Args:
        most: Greatest share of such documents; no source gives one, so there is no default.
        samples: Column of the answers, one for each sample, as a list.
        compare: How answers are compared, as in `consistency`.
        seed: Seed of the draw.

    Raises:
        ConfigError: A setting is out of range.
        UnknownName: There is no such way to compare.
    """

    def __init__(self, *, most: float, samples: str = "samples", compare: str | Normal = "text", seed: int = 0) -> None:
        self.most = number("unanimous", "most", most, 0, 1)
        self.samples = column("unanimous", "samples", samples)
        self.normal = normal_of("unanimous", compare)
        self.seed = whole("unanimous", "seed", seed, 0)

    def over(self, batches: Callable[[], Iterable[Batch]]) -> Judge:
        """Return the gate for a data set, of which it counts the documents with samples, and draws."""
        ranks: list[int] = []
        voted = 0
        for batch in batches():
            shares = self._shares(batch)
            voted += sum(share is not None for share in shares)
            ranks += [drawn(name, self.seed) for name, share in zip(batch.ids.to_pylist(), shares, strict=True) if share == 1]
        room = int(self.most * voted)
        last = -1 if room == 0 else (1 << 64) if len(ranks) <= room else heapq.nsmallest(room, ranks)[-1]
        return partial(self._judged, last=last, counts=(len(ranks), voted))

    def __call__(self, batch: Batch) -> Verdicts:
        """Judge documents that are a whole data set by themselves."""
        return self.over(lambda: [batch])(batch)

    def _judged(self, batch: Batch, *, last: int, counts: tuple[int, int]) -> Verdicts:
        shares = self._shares(batch)
        easy = [share == 1 and drawn(name, self.seed) > last for name, share in zip(batch.ids.to_pylist(), shares, strict=True)]
        reason = f"all samples agree, as in {counts[0]:,} of {counts[1]:,} documents; at most {self.most:.0%} go on"
        scores = np.array([np.nan if share is None else share for share in shares], np.float64)
        return Verdicts.where(np.array(easy, np.bool_), reason, scores=scores, decision=REVIEW)

    def _shares(self, batch: Batch) -> list[float | None]:
        """Return the share of the leading answer of each document, None where there is no vote."""
        found = [answers_in(value) for value in batch.values(self.samples)]
        return [None if each is None or len(each) < FEWEST else majority(each, self.normal).share for each in found]


def drawn(name: str, seed: int) -> int:
    """Return a number that is drawn for a document by its id, below 2**64."""
    return xxhash.xxh3_64_intdigest(name.encode(), purpose_key(seed, "draw"))
