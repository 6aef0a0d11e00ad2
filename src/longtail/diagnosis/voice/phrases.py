"""Phrases that vanished and phrases that spread, by how many documents hold them, and the opening that many documents share."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from longtail.diagnosis.voice.records import Opening, Phrase, Phrases, Point
from longtail.diagnosis.voice.windows import OPENING, Windows, matched
from longtail.metrics.surface.excerpts import Excerpts
from longtail.origin.dates.dating import Days
from longtail.stats.surface.corpus import Corpus
from longtail.stats.surface.repetition import Holders, holders_of

I64 = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

ORDERS = (2, 3, 4)
LEAST = 5
"""Documents of both sides together that hold a phrase, for it to be looked at: chosen without regard to sides."""
SHOWN = 5
ALPHA = 0.05
AROUND = 6
HIDDEN = "(text hidden: --redact)"


class Looked(NamedTuple):
    """Phrases of one order: its holders, documents of either side, p-values of either direction, shape (phrases,)."""

    order: int
    holders: Holders
    before: I64
    after: I64
    p: Floats


def phrases_of(
    windows: Windows, days: Days, before: Mask, after: Mask, names: tuple[str, str], *, shown: int = SHOWN, redact: bool = False
) -> Phrases:
    """Return the phrases that tell two sides of the documents apart, in texts cut to the same distribution of lengths.

    Args:
        windows: The documents.
        days: Day of each, shape (documents,).
        before: Documents of one side, shape (documents,).
        after: Those of the other.
        names: What the sides are called.
        shown: Phrases of each kind.
        redact: Hide the texts.
    """
    corpus = matched(windows.excerpts, before, after)
    looked = [_looked(corpus, order, before, after) for order in ORDERS]
    total = sum(len(each.p) for each in looked)
    adjusted = _adjusted(np.concatenate([each.p for each in looked]))
    bounds = np.cumsum([0, *(len(each.p) for each in looked)])
    sides = int(before.sum()), int(after.sum())
    made: dict[bool, list[Phrase]] = {True: [], False: []}
    for is_gone in (True, False):
        for at in _best(corpus, looked, adjusted, bounds, sides, is_gone, shown):
            which = int(np.searchsorted(bounds, at, side="right")) - 1
            kind, p = at - int(bounds[which]), float(adjusted[at])
            made[is_gone].append(_phrase((windows.excerpts, corpus), days, looked[which], kind, p, sides))
    vanished, spread = ([_hidden(each) if redact else each for each in made[is_gone]] for is_gone in (True, False))
    opening = _opening(windows, before, after, redact)
    return Phrases(
        before=names[0], after=names[1], documents_before=sides[0], documents_after=sides[1], looked_at=total, alpha=ALPHA,
        vanished=tuple(vanished), spread=tuple(spread), opening=opening,
    )  # fmt: skip


def _looked(corpus: Corpus, order: int, before: Mask, after: Mask) -> Looked:
    every = holders_of(corpus.grams(order))
    both = before | after
    counts = np.bincount(every.kind[both[every.document]], minlength=every.types)
    chosen = counts >= LEAST
    rows = chosen[every.kind] & both[every.document]
    number = np.cumsum(chosen) - 1
    holders = Holders(number[every.kind[rows]], every.document[rows], every.place[rows], int(chosen.sum()))
    early, late = (np.bincount(holders.kind[side[holders.document]], minlength=holders.types) for side in (before, after))
    return Looked(order, holders, early, late, fisher(early, late, int(before.sum()), int(after.sum())))


def fisher(before: I64, after: I64, documents_before: int, documents_after: int) -> Floats:
    """Return two-sided p-values, twice the smaller tail, of equal shares on both sides, shape (phrases,).

    Source:
        Fisher's exact test, the hypergeometric law; doubling as in Yates 1984.
    """
    from scipy.stats import hypergeom

    total, held = documents_before + documents_after, before + after
    pairs, at = np.unique(np.stack((before, held)), axis=1, return_inverse=True)
    low = hypergeom.cdf(pairs[0], total, pairs[1], documents_before)
    high = hypergeom.sf(pairs[0] - 1, total, pairs[1], documents_before)
    return np.asarray(np.minimum(1.0, 2 * np.minimum(low, high)))[at.ravel()]


def _adjusted(p: Floats) -> Floats:
    """Return p-values by Benjamini & Yekutieli 2001, valid under any dependence."""
    from scipy.stats import false_discovery_control

    return np.asarray(false_discovery_control(p, method="by")) if len(p) else p


def _best(
    corpus: Corpus, looked: list[Looked], adjusted: Floats, bounds: I64, sides: tuple[int, int], is_gone: bool, shown: int
) -> Iterator[int]:
    """Yield the numbers of the phrases that fell most (or rose), longer ones sooner, but none that shares a pair of words with another."""
    early, late = (np.concatenate([getattr(each, side) for each in looked]) for side in ("before", "after"))
    joints = np.concatenate([np.full(len(each.p), each.order - 1) for each in looked])
    change = joints * (late / max(sides[1], 1) - early / max(sides[0], 1))
    order = np.argsort(change if is_gone else -change, kind="stable")
    seen: set[tuple[int, int]] = set()
    found = 0
    for at in order.tolist():
        if found == shown or (change[at] >= 0) == is_gone:
            return
        if adjusted[at] > ALPHA:
            continue
        pairs = _pairs(corpus, looked, bounds, at)
        if pairs.isdisjoint(seen):
            seen |= pairs
            found += 1
            yield at


def _pairs(corpus: Corpus, looked: list[Looked], bounds: I64, at: int) -> set[tuple[int, int]]:
    which = int(np.searchsorted(bounds, at, side="right")) - 1
    document, place, order = _first(looked[which], at - int(bounds[which]))
    start = int(corpus.starts[document]) + place
    words = corpus.tokens[start : start + order].tolist()
    return set(zip(words, words[1:], strict=False))


def _first(looked: Looked, kind: int) -> tuple[int, int, int]:
    row = int(np.argmax(looked.holders.kind == kind))
    return int(looked.holders.document[row]), int(looked.holders.place[row]), looked.order


def _phrase(texts: tuple[Excerpts, Corpus], days: Days, looked: Looked, kind: int, p: float, sides: tuple[int, int]) -> Phrase:
    excerpts, corpus = texts
    document, place, order = _first(looked, kind)
    held = days[looked.holders.document[looked.holders.kind == kind]]
    low, high = max(0, place - AROUND), min(int(corpus.lengths[document]), place + order + AROUND)
    early, late = int(looked.before[kind]), int(looked.after[kind])
    return Phrase(
        text=excerpts.phrase(document, place, order).lower(),
        before=1000 * early / max(sides[0], 1),
        after=1000 * late / max(sides[1], 1),
        documents_before=early,
        documents_after=late,
        p_adjusted=p,
        example=excerpts.phrase(document, low, high - low),
        first=str(held.min()),
        last=str(held.max()),
    )


def _hidden(phrase: Phrase) -> Phrase:
    import msgspec

    return msgspec.structs.replace(phrase, text=HIDDEN, example=HIDDEN)


def _opening(windows: Windows, before: Mask, after: Mask, redact: bool) -> Opening | None:
    holders = windows.holders("openings")
    number = np.full(len(windows), -1, np.int64)
    number[holders.document] = holders.kind
    counts = np.bincount(number[after & (number >= 0)], minlength=1)
    if counts.max() < LEAST or not before.any():
        return None
    kind = int(np.argmax(counts))
    early, late = int((number[before] == kind).sum()), int(counts[kind])
    document = int(np.argmax((number == kind) & after))
    p = fisher(np.array([early]), np.array([late]), int(before.sum()), int(after.sum()))[0] * len(counts)
    text = HIDDEN if redact else windows.excerpts.phrase(document, 0, OPENING)
    then, now = share(early, int(before.sum())), share(late, int(after.sum()))
    is_spread = bool(p <= ALPHA) and (now.value or 0) > (then.value or 0)
    return Opening(text=text, before=then, after=now, documents_before=early, documents_after=late, is_spread=is_spread)


def share(hits: int, documents: int) -> Point:
    """Return a share of documents with its 95 % interval.

    Source:
        Wilson 1927.
    """
    z, rate = 1.959964, hits / documents
    centre, scale = rate + z * z / (2 * documents), 1 + z * z / documents
    half = z * float(np.sqrt(rate * (1 - rate) / documents + z * z / (4 * documents**2)))
    return Point(value=rate, low=max(0.0, min((centre - half) / scale, rate)), high=min(1.0, max((centre + half) / scale, rate)))
