"""Data sets with planted junk and planted rare documents, and the corpora that they are made from."""

import gzip
import json
import pydoc_data.topics
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from tests.gates.triage import damage, rare

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"
"""Text that lies beside the checkout on some machines; what needs it is skipped elsewhere."""


def stdlib():
    """Paragraphs of Python's own documentation."""
    paragraphs = (part.strip() for topic in sorted(pydoc_data.topics.topics) for part in pydoc_data.topics.topics[topic].split("\n\n"))
    return sorted({part for part in paragraphs if 15 < len(part.split()) < 200})


def shared(name):
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"needs {path}")
    return path


def addresses(words=80):
    """Passages of State of the Union addresses."""
    texts = [text.split() for text in pq.read_table(shared("human/sotu.parquet")).column("text").to_pylist()]
    return [" ".join(text[at : at + words]) for text in texts for at in range(0, len(text) - words, 5 * words)]


def prose(source):
    rows = pq.read_table(shared("human/prose.parquet")).to_pylist()
    return [row["text"] for row in rows if row["source"] == source and 8 < len(row["text"].split()) < 200]


def people():
    """What people wrote in PubMedQA and on Wikipedia; nothing here was set on it."""
    names = ("pubmed_davinci", "squad_gpt2-xl")
    found = []
    for name in names:
        with gzip.open(shared(f"human_vs_model/{name}.jsonl.gz"), "rt") as lines:
            found += [json.loads(line)["human"] for line in lines]
    return sorted({" ".join(text.split()[:120]) for text in found})


def planted(common, seed, documents, kinds, junk=0.2, rare_share=0.1, others=()):
    """Return texts and the kind of each: "common", "rare: …" or "junk: …", in random order.

    Junk is made from texts of the same corpus that are not among the common ones.
    """
    rng = np.random.default_rng(seed)
    common = [common[at] for at in rng.permutation(len(common))]
    every = [(f"rare: {kind}", text) for kind, texts in rare.KINDS.items() for text in texts]
    every += [("rare: stdlib code", text) for text in rare.stdlib_code()] + [("rare: corpus", text) for text in others]
    rares = [every[at] for at in rng.permutation(len(every))[: int(rare_share * documents)]]
    many = int(junk * documents)
    bad = [
        (f"junk: {kind.__name__}", kind(common[at % len(common)], rng)) for at, kind in zip(range(many), list(kinds) * many, strict=False)
    ]
    rest = min(documents - many - len(rares), len(common) - many) if len(common) > 2 * many else len(common) // 2
    made = [("common", text) for text in common[-rest:]] + rares + bad
    order = rng.permutation(len(made))
    return [made[at][1] for at in order], [made[at][0] for at in order]


def told(kinds, rejected):
    """Return how many of each kind there are and the share that was rejected."""
    found = {}
    for kind in sorted(set(kinds)):
        of = np.array([each == kind for each in kinds])
        found[kind] = (int(of.sum()), float(rejected[of].mean()))
    return found


def share(kinds, rejected, prefix, without=""):
    """Return the share that was rejected of all kinds that begin with a prefix, but one."""
    of = np.array([each.startswith(prefix) and each != without for each in kinds])
    return float(rejected[of].mean())


KINDS = (*damage.SEEN, damage.SALAD)
