"""Texts of Python's own documentation with edited copies planted among them, and what brute force says of any texts."""

import re
from pydoc_data.topics import topics

import numpy as np
import pyarrow as pa

from longtail.gates import Batch
from longtail.summaries.minhash import Settings, matches_needed, signatures

WORDS_EACH = 120
SENTENCE = re.compile(r"(?<=[.!?])\s+")


def paragraphs(many=None):
    """Pieces of 120 words of real prose, whole sentences, no two the same."""
    pieces, held = [], []
    for sentence in (sentence for name in sorted(topics) for sentence in SENTENCE.split(topics[name])):
        held += sentence.split()
        if len(held) >= WORDS_EACH:
            pieces.append(" ".join(held))
            held = []
    distinct = list(dict.fromkeys(pieces))
    return distinct[:many]


def shingles(text, order=5):
    words = re.findall(r"\w+(?:'\w+)*", text.lower())
    return {tuple(words[at : at + order]) for at in range(max(len(words) - order + 1, 1))}


def jaccard(left, right, order=5):
    one, other = shingles(left, order), shingles(right, order)
    return len(one & other) / len(one | other)


def words_changed(text, rng):
    words = text.split()
    for at in rng.choice(len(words), 2, replace=False):
        words[at] = f"changed{at}"
    return " ".join(words)


def sentence_dropped(text, rng):
    words = text.split()
    return " ".join(words[: len(words) - 10])


def sentence_added(text, rng):
    return f"{text} This sentence was added by {rng.integers(1000)} hands at the end."


def recased(text, rng):
    return re.sub(r"[.,;:]", " - ", text).upper()


EDITS = (words_changed, sentence_dropped, sentence_added, recased)


def planted(originals, rng):
    """Texts in random order, each original with one edited copy of every kind; and the original of each, by number."""
    rows = [(text, number) for number, text in enumerate(originals)]
    rows += [(edit(text, rng), number) for number, text in enumerate(originals) for edit in EDITS]
    order = rng.permutation(len(rows))
    return [rows[at][0] for at in order], np.array([rows[at][1] for at in order])


def batches_of(records, size, holes=False):
    """What a stage is handed: batches of a size, positions ascending, with holes where asked for."""
    whole = Batch.of([record if isinstance(record, dict) else {"lt_id": f"d{at}", "text": record} for at, record in enumerate(records)])
    whole.positions = np.arange(len(whole)) * (3 if holes else 1)
    return lambda: [whole.take(range(start, min(start + size, len(whole)))) for start in range(0, len(whole), size)]


def judged(gate, records, size=100, holes=False):
    """Decisions, scores and matched ids of all documents, and the facts of the pass."""
    batches = batches_of(records, size, holes)
    judge = gate.over(batches)
    verdicts = [judge(batch) for batch in batches()]
    removed = np.concatenate([each.decisions for each in verdicts]) == 2
    scores = np.concatenate([each.scores for each in verdicts])
    return removed, scores, [name for each in verdicts for name in each.matched], judge.facts


def brute(texts, threshold, order=5, rows=4, bands=True):
    """The greedy resolution over all pairs of signatures: which are removed, and the kept ones that each is near."""
    values = signatures(pa.array(texts, pa.string()), Settings(order=order)).values
    least, kept, removed, near = matches_needed(threshold), [], [], {}
    for at, mine in enumerate(values):
        others = [other for other in kept if (values[other] == mine).sum() >= least]
        if bands:
            others = [other for other in others if (values[other] == mine).reshape(-1, rows).all(axis=1).any()]
        near[at] = {other: int((values[other] == mine).sum()) for other in others}
        removed.append(bool(others))
        if not others:
            kept.append(at)
    return np.array(removed), near
