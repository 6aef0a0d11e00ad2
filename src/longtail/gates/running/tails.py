"""What a run of gates took of rare and of common words, of the documents that it judged: in all, by decile and by stage."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from longtail.gates.running.documents import Documents
from longtail.gates.running.result import Tail
from longtail.metrics.filtering import filter_loss
from longtail.metrics.funnel import Funnel
from longtail.metrics.pairing import WORDS
from longtail.metrics.rarity import Rarity
from longtail.metrics.retention import Retention, absent, retention
from longtail.metrics.thinning import Thinning, thinning
from longtail.records import Record
from longtail.summaries.profile import Profile
from longtail.summaries.profiling import profile

Flags = npt.NDArray[np.bool_]

_TEXT = pa.schema([("text", pa.string())])


class Tails(Record, frozen=True):
    """How the tail is measured.

    Args:
        tau: Share of mass called rare.
        margin: Ratio below which a loss counts.
        seed: Of the split into halves.
    """

    tau: float = 0.1
    margin: float = 0.9
    seed: int = 0


class Audited(NamedTuple):
    """What was taken.

    Attributes:
        tail: Of rare and of common words, with the decision of LT401.
        retention: By decile of rarity.
        thinning: How far the words moved and how many are left; None where nothing was kept.
        stages: By stage.
    """

    tail: Tail
    retention: Retention
    thinning: Thinning | None
    stages: tuple[Retention, ...]


def audited(documents: Documents, reached: Sequence[Flags], kept: Flags, tails: Tails) -> Audited:
    """Measure what was taken of the words of judged documents.

    Args:
        documents: The data set.
        reached: Which documents reach each stage, and last which pass them all, each (documents,).
        kept: Which of those judged may come in, shape (documents,).
        tails: How it is measured.
    """
    judged, stages = reached[0], len(reached) - 1
    for mask, what in ((judged, "no document was judged"), (kept, "no document was kept")):
        if not mask.any():
            nothing = absent((int(judged.sum()), 0), WORDS, what)
            return Audited(Tail(reason=what), nothing, None, (nothing,) * stages)
    before, after = (_profile(documents, mask, tails.seed) for mask in (judged, kept))
    return Audited(
        Tail.of(filter_loss(before, after, WORDS, tails.tau, tails.margin)),
        retention(before, after),
        thinning(before, after),
        _by_stage(documents, before, reached),
    )


def _by_stage(documents: Documents, before: Profile, reached: Sequence[Flags]) -> tuple[Retention, ...]:
    stages = len(reached) - 1
    funnel = Funnel(Rarity(before), stages)
    passed = np.stack(reached[1:]).astype(np.int64).sum(axis=0)
    for batch in documents.batches():
        mine = reached[0][batch.positions]
        funnel.add(batch.texts.filter(pa.array(mine)), passed[batch.positions[mine]])
    return tuple(funnel.stage(number) for number in range(1, stages + 1))


def _profile(documents: Documents, mask: Flags, seed: int) -> Profile:
    return profile(pa.RecordBatchReader.from_batches(_TEXT, _texts(documents, mask)), seed=seed, views=[WORDS])


def _texts(documents: Documents, mask: Flags) -> Iterator[pa.RecordBatch]:
    for batch in documents.batches():
        texts = batch.texts.filter(pa.array(mask[batch.positions]))
        if len(texts):
            yield pa.RecordBatch.from_arrays([texts], schema=_TEXT)
