"""The change within the values of a column: whether it is there where subjects, or writers, are held equal."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from longtail.diagnosis.voice.kept import LEVEL, METHODS, VARIETY
from longtail.diagnosis.voice.measures import NORMAL, Voice
from longtail.diagnosis.voice.records import Part
from longtail.diagnosis.voice.spans import LEAST
from longtail.records import Estimate

Mask = npt.NDArray[np.bool_]

MOST = 20
"""Values of a column that are told, those with most documents."""


def parts_of(voice: Voice, columns: Mapping[str, Sequence[str | None]], before: Mask, after: Mask) -> tuple[Part, ...]:
    """Return what the documents of each value of each column kept.

    Args:
        voice: The documents.
        columns: Value of each document by column.
        before: Documents of one side, shape (documents,).
        after: Those of the other.
    """
    out = []
    for column, values in columns.items():
        told = np.array(["" if value is None else value for value in values], dtype=object)
        found, counts = np.unique(told[before | after].astype(str), return_counts=True)
        for at in np.argsort(-counts, kind="stable")[:MOST].tolist():
            if found[at]:
                is_its = told.astype(str) == found[at]
                out.append(_part(voice, column, str(found[at]), is_its & before, is_its & after))
    return tuple(out)


def _part(voice: Voice, column: str, value: str, early: Mask, late: Mask) -> Part:
    sizes = int(early.sum()), int(late.sum())
    found = _kept(voice, early, late, value)
    kept, reason = (found, "") if isinstance(found, Estimate) else (None, found)
    return Part(column=column, value=value, documents_before=sizes[0], documents_after=sizes[1], kept=kept, reason=reason)


def _kept(voice: Voice, early: Mask, late: Mask, value: str) -> Estimate | str:
    fewest = min(int(early.sum()), int(late.sum()))
    found = [voice.index(side, fewest - 1) for side in (early, late)] if fewest >= LEAST else [None, None]
    first, last = found
    if first is None or last is None:
        return f"{fewest} documents on the smaller side, fewer than {LEAST}" if fewest < LEAST else "too few clusters on one side"
    centre, half = last[0] - first[0], NORMAL * math.hypot(first[1], last[1])
    return Estimate(
        metric=VARIETY,
        view="words_1",
        value=math.exp(centre),
        low=math.exp(centre - half),
        high=math.exp(centre + half),
        n=int(late.sum()),
        unit="ratio",
        resampling_unit="document",
        method=f"{METHODS['parts']}; documents after over before, {fewest - 1} drawn of each side",
        level=LEVEL,
        kind="ratio",
        slice=value,
        expected=1.0,
    )
