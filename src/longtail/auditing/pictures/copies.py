"""Copies and moulds: the largest groups of nearly equal documents, and the words that many documents begin, end or share."""

import difflib
from typing import Any

import numpy as np
import numpy.typing as npt

from longtail.auditing.inputs import Inputs
from longtail.auditing.options import Options
from longtail.auditing.vanished import REDACTED, held_against
from longtail.metrics.surface.excerpts import Excerpts, excerpts_of, words_in
from longtail.metrics.surface.form import OPENING, Phrase, top_openings, top_templates
from longtail.summaries.profile import Profile
from longtail.summaries.sample import TEXT_LIMIT, Entry
from longtail.views.keys import Keys, purpose_key

SHOWN_CLUSTERS = 20
SHOWN_MEMBERS = 5
SHOWN_PHRASES = 5
DIFFED_WORDS = 200
AROUND = 6
"""Equal words that are shown on either side of a difference."""

Piece = tuple[str, str]
I64 = npt.NDArray[np.int64]


def copies_of(inputs: Inputs, options: Options) -> dict[str, Any]:
    """Return clusters of nearly equal documents, and phrases, of the candidate; nothing where there is neither.

    Args:
        inputs: What was compared.
        options: Settings of the audit; where texts are hidden, counts and ids are left.
    """
    candidate = inputs.candidate
    if not candidate.is_text:
        return {}
    clusters, total = _clusters(candidate, redact=options.redact)
    phrases = [] if options.redact else _phrases(inputs)
    if not clusters and not phrases:
        return {}
    sampled = sum(entry.copies for entry in candidate.sample.entries())
    return {"clusters": clusters, "clusters_total": total, "documents": candidate.documents, "sampled": sampled, "phrases": phrases}


def _clusters(profile: Profile, *, redact: bool) -> tuple[list[dict[str, Any]], int]:
    """Return the largest clusters, and how many there are. Members are those that were sampled with their text."""
    bands = next(iter(profile.bands.values()), None)
    if bands is None:
        return [], 0
    found = bands.clusters()
    size = np.bincount(found.root, found.copies, len(found.content)).astype(np.int64)
    distinct = np.bincount(found.root, minlength=len(found.content))
    order = [int(root) for root in np.argsort(-size, kind="stable") if size[root] > 1]
    shown = order[:SHOWN_CLUSTERS]
    members = _members(profile, found.root, found.content, shown)
    rows = [{"documents": int(size[root]), "distinct": int(distinct[root])} | _told(members[root], redact=redact) for root in shown]
    return rows, len(order)


def _members(profile: Profile, root: I64, content: npt.NDArray[np.uint64], shown: list[int]) -> dict[int, list[Entry]]:
    """Return the sampled documents of some clusters, in the order of their content hashes."""
    from longtail.views._kernels import rekey

    entries = dict(zip(profile.sample.to_dict()["ranks"], profile.sample.entries(), strict=True))
    inside = np.flatnonzero(np.isin(root, shown))
    ranks = np.empty(len(inside), np.uint64)
    rekey(content[inside], np.uint64(purpose_key(profile.seed, "sample")), ranks)
    found: dict[int, list[Entry]] = {of: [] for of in shown}
    for of, rank in zip(root[inside].tolist(), ranks.tolist(), strict=True):
        if rank in entries:
            found[of].append(entries[rank])
    return found


def _told(members: list[Entry], *, redact: bool) -> dict[str, Any]:
    ids = [entry.id for entry in members[:SHOWN_MEMBERS]]
    if not members or redact:
        return {"members": ids, "text": REDACTED if members else "", "difference": []}
    other = members[1].text if len(members) > 1 else ""
    return {"members": ids, "text": members[0].text[:160], "difference": difference(members[0].text, other) if other else []}


def difference(before: str, after: str) -> list[Piece]:
    """Return the words of two texts in order, each piece marked "same", "gone" or "new"; long runs of equal words are cut to "…".

    Args:
        before: A text; its first `DIFFED_WORDS` words are looked at.
        after: Another one, likewise.
    """
    left, right = (text.split()[:DIFFED_WORDS] for text in (before, after))
    pieces: list[Piece] = []
    for kind, start, end, begin, stop in difflib.SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(("same", _cut(left[start:end])))
            continue
        pieces += [(name, " ".join(run)) for name, run in (("gone", left[start:end]), ("new", right[begin:stop])) if run]
    return pieces


def _cut(words: list[str]) -> str:
    kept = words if len(words) <= 2 * AROUND else [*words[:AROUND], "…", *words[-AROUND:]]
    return " ".join(kept)


def _phrases(inputs: Inputs) -> list[dict[str, Any]]:
    """Return the commonest beginnings, ends and templates, each beside how many documents of the other sample have it."""
    here, human = excerpts_of(inputs.candidate), held_against(inputs)
    found = {
        "opening": top_openings(here, SHOWN_PHRASES),
        "closing": top_closings(here, SHOWN_PHRASES),
        "template": top_templates(here, SHOWN_PHRASES),
    }
    there = None if human is inputs.candidate else [words_in(text) for text in excerpts_of(human).texts]
    return [_phrase(kind, phrase, len(here), there) for kind, phrases in found.items() for phrase in phrases]


def _phrase(kind: str, phrase: Phrase, of: int, there: list[Keys] | None) -> dict[str, Any]:
    row = {"kind": kind, "text": phrase.text, "documents": phrase.documents, "of": of}
    if there is None:
        return row
    wanted = words_in(phrase.text)
    return row | {"reference_documents": sum(_has(words, wanted, kind) for words in there), "reference_of": len(there)}


def _has(words: Keys, wanted: Keys, kind: str) -> bool:
    """Tell whether a document begins with some words, ends with them, or holds them."""
    size = len(wanted)
    if len(words) < size:
        return False
    if kind == "template":
        return bool((np.lib.stride_tricks.sliding_window_view(words, size) == wanted).all(axis=1).any())
    return bool(((words[:size] if kind == "opening" else words[-size:]) == wanted).all())


def top_closings(excerpts: Excerpts, count: int = SHOWN_PHRASES, words: int = OPENING) -> list[Phrase]:
    """Return the commonest last words that more than one document has; a document that was cut has no end of its own.

    Args:
        excerpts: The documents.
        count: Phrases at most.
        words: Words of each.
    """
    grams = excerpts.corpus.grams(words)
    found: dict[int, list[int]] = {}
    for document in np.flatnonzero(grams.lengths > 0).tolist():
        if len(excerpts.texts[document]) < TEXT_LIMIT:
            found.setdefault(int(grams.ids[grams.starts[document + 1] - 1]), []).append(document)
    best = sorted((held for held in found.values() if len(held) > 1), key=lambda held: (-len(held), held[0]))[:count]
    return [Phrase(excerpts.phrase(held[0], int(grams.lengths[held[0]]) - 1, words), len(held), len(held) / len(excerpts)) for held in best]
