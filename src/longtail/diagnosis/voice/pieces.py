"""Two pieces side by side: of each side the document that is most like the others."""

import numpy as np
import numpy.typing as npt

from longtail.diagnosis.voice.phrases import HIDDEN
from longtail.diagnosis.voice.records import Piece
from longtail.diagnosis.voice.windows import Windows
from longtail.origin.dates.dating import Days
from longtail.stats.surface.repetition import holders_of

Mask = npt.NDArray[np.bool_]

AMONG = 300
"""Documents of a side that are held against each other, the first by hash."""
SHOWN = 90
"""Words shown of a piece."""
ORDER = 2


def pieces_of(windows: Windows, days: Days, before: Mask, after: Mask, *, redact: bool = False) -> tuple[Piece, ...]:
    """Return the typical document of each side, of like length: within the middle half of the lengths of both sides together.

    Likeness is the mean overlap (Jaccard) of its pairs of words with those of the other documents of its side.

    Args:
        windows: Equally many words of each document, which are compared.
        days: Day of each, shape (documents,).
        before: Documents of one side, shape (documents,).
        after: Those of the other.
        redact: Hide the texts.
    """
    lengths = windows.excerpts.corpus.lengths
    low, high = np.quantile(lengths[before | after], (0.25, 0.75))
    middle = (lengths >= low) & (lengths <= high)
    out = []
    for name, side in (("before", before), ("after", after)):
        chosen = np.flatnonzero(side & middle)[:AMONG]
        if len(chosen) < 2:
            continue
        likeness = overlaps(windows, chosen)
        at = int(np.argmax(likeness))
        document = int(chosen[at])
        count = min(SHOWN, int(lengths[document]))
        cut = " …" if count < lengths[document] else ""
        text = HIDDEN if redact else windows.excerpts.phrase(document, 0, count) + cut
        out.append(
            Piece(
                side="before" if name == "before" else "after",
                day=str(days[document]),
                text=text,
                likeness=float(likeness[at]),
                documents=len(chosen),
            )
        )
    return tuple(out)


def overlaps(windows: Windows, chosen: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Return the mean overlap of each document with the others, shape (documents,)."""
    from scipy.sparse import csr_matrix

    holders = holders_of(windows.corpus.take(chosen).grams(ORDER))
    ones = np.ones(len(holders.kind), np.float64)
    table = csr_matrix((ones, (holders.document, holders.kind)), shape=(len(chosen), max(holders.types, 1)))
    common = np.asarray((table @ table.T).todense())
    sizes = common.diagonal()
    both = sizes[:, None] + sizes[None, :] - common
    share = common / np.maximum(both, 1)
    return np.asarray((share.sum(axis=1) - share.diagonal()) / (len(chosen) - 1))
