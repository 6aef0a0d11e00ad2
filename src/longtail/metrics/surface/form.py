"""The mould of documents: how they begin, what they are cast in, how far they can be compressed."""

import math
from typing import NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from longtail.metrics.catalogue import VALUES
from longtail.metrics.surface.excerpts import Excerpts
from longtail.metrics.surface.means import FEWEST, PARTS, cluster_error, estimate, jackknife_half, parts_of, too_few, too_few_prompts
from longtail.records import NotMeasured, Outcome
from longtail.stats.jackknife import quantile
from longtail.stats.rarefaction import expected_types
from longtail.stats.surface import compression, repetition

OPENING = 3
OPENINGS_AMONG = 100
TEMPLATE = 6
TEMPLATE_SHARE = 0.01
TEMPLATE_LEAST = 3
BLOCKS = (compression.BLOCK, 16 * 1024, 4 * 1024)
LEAST_BLOCKS = 8


class Phrase(NamedTuple):
    """Words that many documents have in common, as one of them writes them, and how many do."""

    text: str
    documents: int
    share: float


@VALUES.add(unit="bytes per byte", worse="higher", source="own definition on zlib; test: Python's zlib")
def compression_ratio(excerpts: Excerpts, /, *, seed: int = 0) -> Outcome:
    """Bytes over compressed bytes of shuffled documents, in blocks of equal size, which stands in the method.

    Formula: ratio = bytes of a block / bytes of the block compressed with zlib at level 6; the mean over blocks of 64, 16 or 4 KiB.

    Minimum: 8 blocks of 4 KiB, which are 32 KiB of text.

    False positives: markup, tables and headers that repeat; blocks of another size, for longer ones compress further.

    Akin: LT304
    """
    size = sum(len(text.encode("utf-8")) + 1 for text in excerpts.texts)
    block = next((each for each in BLOCKS if size >= LEAST_BLOCKS * each), None)
    if block is None:
        reason = f"{size:,} bytes of text, fewer than {LEAST_BLOCKS} blocks of {BLOCKS[-1]:,}"
        return NotMeasured(reason=reason, enable="more documents", metric="compression_ratio", view="documents")
    values = compression.block_ratios(excerpts.texts, block, seed)
    half = quantile(0.975, len(values) - 1) * float(values.std(ddof=1)) / math.sqrt(len(values))
    method = f"zlib level {compression.LEVEL} on {len(values)} shuffled blocks of {block // 1024} KiB; mean, standard error"
    return estimate("compression_ratio", "documents", "bytes per byte", (float(values.mean()), half), len(excerpts), method)


@VALUES.add(unit="openings per document", worse="lower", source="own definition: rarefaction of Hurlbert 1971 over first words")
def openings(excerpts: Excerpts, /, *, words: int = OPENING) -> Outcome:
    """Expected different openings (first three words) among 100 documents, per document.

    Formula: expected different first three words among 100 documents drawn without replacement / 100.

    Minimum: 200 distinct documents of at least three words; at most 2,048 are looked at.

    False positives: letters, logs and forms, which are meant to begin alike.
    """
    view, found = f"words_{words}", repetition.openings(excerpts.corpus, words)
    cells, found = excerpts.cells[found >= 0], found[found >= 0]
    if len(found) < 2 * OPENINGS_AMONG:
        return NotMeasured(
            reason=f"{len(found):,} distinct documents with at least {words} words, fewer than {2 * OPENINGS_AMONG}",
            enable="more documents",
            metric="openings",
            view=view,
        )
    counts = np.bincount(found)
    part, kinds = parts_of(cells, PARTS), len(counts)
    if not part.any():
        return too_few_prompts("openings", view)
    fewer = [counts - np.bincount(found[part == each], minlength=kinds) for each in np.unique(part)]
    half = jackknife_half(np.array([expected_types(each, OPENINGS_AMONG) / OPENINGS_AMONG for each in fewer]))
    method = f"first {words} words, rarefied to {OPENINGS_AMONG} documents; delete-a-group jackknife"
    value = expected_types(counts, OPENINGS_AMONG) / OPENINGS_AMONG
    return estimate("openings", view, "openings per document", (value, half), len(found), method)


@VALUES.add(unit="share", worse="higher", source="own definition; exact count")
def opening_share(excerpts: Excerpts, /, *, words: int = OPENING) -> Outcome:
    """Share of documents that begin with the commonest opening, which the estimate names as its slice.

    Formula: share = documents that begin with the commonest three words / documents.

    Minimum: 30 distinct documents of at least three words; at most 2,048 are looked at.

    False positives: letters, logs and forms, which are meant to begin alike.
    """
    view, found = f"words_{words}", repetition.openings(excerpts.corpus, words)
    if int((found >= 0).sum()) < FEWEST:
        return too_few(int((found >= 0).sum()), "opening_share", view, f"at least {words} words")
    commonest = int(np.argmax(np.bincount(found[found >= 0])))
    hit = (found == commonest).astype(float)
    method = f"first {words} words; share of documents, standard error"
    return _share_of(hit, excerpts, "opening_share", view, method, excerpts.phrase(int(np.argmax(hit)), 0, words))


@VALUES.add(unit="share", worse="higher", source="own definition: word sequences that many documents share")
def template_share(excerpts: Excerpts, /) -> Outcome:
    """Share of documents that hold a template: six words on end that at least one in a hundred documents (and three) hold.

    Exact copies count once; they are what `exact_duplicate_share` tells. The error takes the templates as given.

    Formula: share = documents that hold six words on end that max(3, 1 % of the documents) hold / documents.

    Minimum: 30 distinct documents; at most 2,048 are looked at.

    False positives: licences, signatures, forms and headings that are meant to repeat.
    """
    if len(excerpts) < FEWEST:
        return too_few(len(excerpts), "template_share", f"words_{TEMPLATE}", "")
    least = template_least(len(excerpts))
    held = repetition.in_template(excerpts.corpus, least, TEMPLATE).astype(float)
    method = f"{TEMPLATE} words on end in at least {least} of {len(excerpts):,} documents; standard error, or three in n"
    return _share_of(held, excerpts, "template_share", f"words_{TEMPLATE}", method, "")


@VALUES.add(unit="share", worse="higher", source="own definition; exact count")
def commonest_template(excerpts: Excerpts, /) -> Outcome:
    """Share of documents that hold the commonest six words on end, which the estimate names as its slice.

    Formula: share = documents that hold the six words on end that most documents hold / documents.

    Minimum: 30 distinct documents; at most 2,048 are looked at.

    False positives: licences, signatures and headings that are meant to be the same.
    """
    view = f"words_{TEMPLATE}"
    if len(excerpts) < FEWEST:
        return too_few(len(excerpts), "commonest_template", view, "")
    holders = repetition.holders_of(excerpts.corpus.grams(TEMPLATE))
    if not holders.types:
        return too_few(0, "commonest_template", view, f"at least {TEMPLATE} words")
    kind = int(np.argmax(holders.counts))
    held = np.zeros(len(excerpts))
    held[holders.document[holders.kind == kind]] = 1.0
    row = int(np.argmax(holders.kind == kind))
    method = f"{TEMPLATE} words on end; share of documents, standard error"
    text = excerpts.phrase(int(holders.document[row]), int(holders.place[row]), TEMPLATE)
    return _share_of(held, excerpts, "commonest_template", view, method, text)


def _share_of(held: npt.NDArray[np.float64], excerpts: Excerpts, metric: str, view: str, method: str, text: str) -> Outcome:
    """Return a share of documents with its interval, and the words that it is about as its slice."""
    error, groups = cluster_error(held, excerpts.cells)
    if groups < 2:
        return too_few_prompts(metric, view)
    half = quantile(0.975, groups - 1) * error if error > 0 else 3 / len(held)
    made = estimate(metric, view, "share", (float(held.mean()), half), len(held), method)
    return msgspec.structs.replace(made, slice=text or None)


def template_least(documents: int) -> int:
    """Return in how many of so many documents an n-gram must stand to be a template."""
    return max(TEMPLATE_LEAST, math.ceil(TEMPLATE_SHARE * documents))


def top_openings(excerpts: Excerpts, count: int = 5, words: int = OPENING) -> list[Phrase]:
    """Return the commonest openings that more than one document has."""
    found = repetition.openings(excerpts.corpus, words)
    counts = np.bincount(found[found >= 0]) if (found >= 0).any() else np.zeros(0, np.int64)
    best = [kind for kind in np.argsort(-counts, kind="stable")[:count].tolist() if counts[kind] > 1]
    return [_phrase(excerpts, int(np.argmax(found == kind)), 0, words, int(counts[kind])) for kind in best]


def top_templates(excerpts: Excerpts, count: int = 5) -> list[Phrase]:
    """Return the commonest templates, passing over those that share three words on end with a commoner one."""
    holders = repetition.holders_of(excerpts.corpus.grams(TEMPLATE), template_least(len(excerpts)))
    shorter, shown, out = excerpts.corpus.grams(3), set[int](), list[Phrase]()
    for kind, documents in repetition.commonest(holders, 1):
        row = int(np.argmax(holders.kind == kind))
        document, place = int(holders.document[row]), int(holders.place[row])
        at = int(shorter.starts[document]) + place
        inside = set(shorter.ids[at : at + TEMPLATE - 2].tolist())
        if inside.isdisjoint(shown):
            out.append(_phrase(excerpts, document, place, TEMPLATE, documents))
            shown |= inside
        if len(out) == count:
            break
    return out


def _phrase(excerpts: Excerpts, document: int, place: int, words: int, documents: int) -> Phrase:
    return Phrase(excerpts.phrase(document, place, words), documents, documents / len(excerpts))
