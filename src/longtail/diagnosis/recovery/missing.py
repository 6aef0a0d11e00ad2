"""What is gone for good, and what to look for elsewhere: tail types and slices that the sources at hand lack."""

import math
from typing import Any

import numpy as np

from longtail.diagnosis.recovery.course import Counts
from longtail.diagnosis.recovery.holdings import Held, documents_of
from longtail.diagnosis.recovery.records import Gone, Unrecoverable, Wanted
from longtail.summaries.profile import Profile
from longtail.summaries.rows import type_counts
from longtail.views.keys import Keys
from longtail.views.names import LABELS
from longtail.views.words import spans

MOST_ITEMS = 500
"""Types that are written out; all are counted."""
LEVEL = 0.95


def unrecoverable(held: Held, *, redact: bool = False) -> Unrecoverable:
    """Return the tail types of the reference that stand neither in the reservoir nor in any outputs, commonest first.

    All of the reference is asked, both halves. A type of a single document may be a slip of the pen: it is counted apart.

    Args:
        held: What is at hand.
        redact: Write hashes in place of types.
    """
    types, documents = _tail_of(held)
    gone = ~_anywhere(held, types)
    order = np.lexsort((types[gone], -documents[gone]))
    lost, counts = types[gone][order], documents[gone][order]
    several = int((counts > 1).sum())
    written = {} if redact else _written(held, set(lost[:MOST_ITEMS].tolist()))
    shown = zip(lost[:MOST_ITEMS].tolist(), counts[:MOST_ITEMS].tolist(), strict=True)
    items = tuple(Gone(type=written.get(kind, f"{kind:013x}"), reference_documents=n, example_id=f"{kind:013x}") for kind, n in shown)
    total, of = len(lost), len(types)
    told = f"{total:,} of the reference's {of:,} tail types stand in nothing that you hold: neither in the reservoir nor in any outputs"
    told = told + f"; {several:,} of them are in two or more of its documents" if total else "nothing of the tail is gone for good"
    return Unrecoverable(view=held.view, total=total, once=total - several, of=of, items=items, statement=told)


def _tail_of(held: Held) -> tuple[Keys, Counts]:
    """Return the tail types with the documents of the whole reference that hold them."""
    return held.tail, documents_of(held.profiles.reference, held.view, held.tail)


def _anywhere(held: Held, types: Keys) -> Any:
    found = np.zeros(len(types), bool)
    for profile in (*held.profiles.outputs, *([held.profiles.reservoir] if held.profiles.reservoir else [])):
        found |= documents_of(profile, held.view, types) > 0
    return found


def _written(held: Held, wanted: set[int]) -> dict[int, str]:
    """Return how types are written, as far as the reference's sampled documents or names of classes show it."""
    reference, view = held.profiles.reference, held.view
    if view != "words_1":
        names = reference.labels[view].names if view in reference.labels else {}
        return {kind: names[kind] for kind in wanted if kind in names}
    found: dict[int, str] = {}
    for text, _ in reference.sample.documents():
        for kind, word in spans(text, reference.seed):
            if kind in wanted and kind not in found:
                found[kind] = word.lower()
    return found


def shopping(held: Held, size: int, by: str | None, *, redact: bool = False) -> tuple[tuple[Wanted, ...], int]:
    """Return what to re-source, most rows first, and how many types or slices that is in all.

    With a column its values are listed: those of which the reservoir has none, and those of which it has significantly less than
    the reference (Clopper-Pearson bounds that do not meet). Without one, tail types of which the reservoir has none.

    Args:
        held: What is at hand.
        size: Rows of a planned training set.
        by: Column of slices; None for types.
        redact: Write hashes in place of types.
    """
    human, real = held.profiles.reference, held.profiles.reservoir
    view = held.view if by is None else LABELS + by
    if by is None:
        types, documents = _tail_of(held)
        names: dict[int, str] = {}
    else:
        types, _, documents = type_counts(human.frequencies[view], None, 1 << 52)
        names = human.labels[view].names
    own = np.zeros(len(types), np.int64) if real is None else documents_of(real, view, types)
    sizes = (human.documents, 0 if real is None else real.documents)
    lacking = _lacking(documents, own, sizes, is_slice=by is not None)
    order = np.lexsort((types[lacking], -(documents[lacking] - own[lacking] / max(1, sizes[1]))))
    chosen = np.flatnonzero(lacking)[order]
    shown = chosen[:MOST_ITEMS]
    if by is None and not redact:
        names = _written(held, set(types[shown].tolist()))
    rows = tuple(
        _wanted(view, names.get(int(types[at]), f"{int(types[at]):013x}"), (int(documents[at]), int(own[at])), sizes, size) for at in shown
    )
    return rows, len(chosen)


def _lacking(documents: Counts, own: Counts, sizes: tuple[int, int], *, is_slice: bool) -> Any:
    """Tell of which types or slices the reservoir has none, or, of slices, significantly less than the reference."""
    none = own == 0
    if not is_slice:
        return none
    level = 1 - (1 - LEVEL) / max(1, len(documents))
    short = [
        _bounds(int(there), sizes[0], level)[0] > _bounds(int(here), sizes[1], level)[1] for there, here in zip(documents, own, strict=True)
    ]
    return none | np.array(short, bool)


def _wanted(view: str, name: str, counts: tuple[int, int], sizes: tuple[int, int], size: int) -> Wanted:
    there, here = counts
    share, own = there / sizes[0], here / sizes[1] if sizes[1] else 0.0
    low, high = _bounds(there, sizes[0], LEVEL)
    rows, least, most = (max(0, math.ceil(size * (value - own) - 1e-9)) for value in (share, low, high))
    return Wanted(
        view=view, name=name, is_missing=here == 0, reference_documents=there, reservoir_documents=here, share=share, rows=rows, low=least,
        high=most,
    )  # fmt: skip


def _bounds(held: int, documents: int, level: float) -> tuple[float, float]:
    """Return the two-sided bounds of a share (Clopper & Pearson 1934)."""
    from scipy.special import betaincinv

    if not documents:
        return 0.0, 1.0
    alpha, missed = (1 - level) / 2, documents - held
    low = float(betaincinv(held, missed + 1, alpha)) if held else 0.0
    return low, float(betaincinv(held + 1, missed, 1 - alpha)) if missed else 1.0


def rows_to_source(reference: Profile, view: str, types: Keys, size: int) -> float:
    """Return the rows of N new ones of the reference's law that hold one of the types: N (1 - prod (1 - p)), types taken as apart.

    Documents that hold several make it fewer; it is never more than N.
    """
    shares = documents_of(reference, view, types) / max(1, reference.documents)
    return float(size * -np.expm1(np.log1p(-np.minimum(shares, 1 - 1e-12)).sum()))
