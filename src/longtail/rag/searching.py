"""Search of a store: by words (BM25), by vectors (cosine), or by both ranks together, and how many model-written ones may be in it."""

import json
import sqlite3
from collections.abc import Sequence
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from longtail.gates.entailment.lexicon import STOP
from longtail.gates.entailment.words import tokens_of
from longtail.ledger.facts import BY_MODELS
from longtail.rag.document import COLUMNS, Document, Hit

By: TypeAlias = Literal["words", "vectors", "both"]
Vectors: TypeAlias = npt.NDArray[np.float32]
MOST_WORDS = 8
"""Words of a question that are searched for; of a longer text the rarest ones."""
LONGEST_ENDING = 5
"""Letters that a stem may lack of its word."""
AT_ONCE = 4
"""Times as many documents as are asked for that are looked at first, for some may not be found."""
OFFSET = 60
"""Of reciprocal rank fusion (Cormack, Clarke and Büttcher 2009)."""
_SELECT = f"SELECT {', '.join(f'd.{name}' for name in COLUMNS)}"
_WRITTEN = f"({', '.join(f'{each.value!r}' for each in BY_MODELS)})"


class Index(NamedTuple):
    """The vectors of a store: the number of each document, its vector of length 1, and whether a model had a hand in it."""

    numbers: npt.NDArray[np.int64]
    vectors: Vectors
    written: npt.NDArray[np.bool_]


def words_of(question: str) -> list[str]:
    """Return the words of a question, each once; plain ones such as "the" only where there are no others."""
    words = dict.fromkeys(token.text for token in tokens_of(question) if token.text[0].isalnum())
    return [word for word in words if word not in STOP] or list(words)


def query_of(words: Sequence[str]) -> str:
    """Return words as an index takes them, each in quotes, so that no sign in one is an operator; "" without words."""
    return " OR ".join('"' + word.replace('"', '""') + '"' for word in words)


def rarest(connection: sqlite3.Connection, words: Sequence[str], most: int = MOST_WORDS) -> list[str]:
    """Return the words that the fewest documents have, in their order; an index keeps stems, so a word counts as its longest one."""
    if len(words) <= most:
        return list(words)
    stems = {word: [word[:size] for size in range(len(word), max(0, len(word) - LONGEST_ENDING), -1)] + [f"{word[:-1]}i"] for word in words}
    asked = json.dumps(sorted({stem for each in stems.values() for stem in each}))
    counts = dict(connection.execute("SELECT term, doc FROM json_each(?) JOIN terms ON term = value", (asked,)).fetchall())
    holders = {word: next((counts[stem] for stem in each if stem in counts), 0) for word, each in stems.items()}
    chosen = set(sorted(words, key=lambda word: holders[word])[:most])
    return [word for word in words if word in chosen]


def by_words(connection: sqlite3.Connection, question: str, k: int, written: bool | None = None) -> list[Hit]:
    """Return the best documents by BM25, the best first; only those that a model wrote, or did not, where that is asked."""
    asked, looked = query_of(rarest(connection, words_of(question))), AT_ONCE * k
    while asked and k:
        ranked = connection.execute(
            "SELECT rowid, -bm25(words) FROM words WHERE words MATCH ? ORDER BY bm25(words), rowid LIMIT ?", (asked, looked)
        ).fetchall()
        hits = _hits(connection, ranked, k, written)
        if len(hits) == k or len(ranked) < looked:
            return hits
        looked *= AT_ONCE**2
    return []


def _hits(connection: sqlite3.Connection, ranked: Sequence[tuple[int, float]], k: int, written: bool | None) -> list[Hit]:
    """Return the first k of ranked documents that may be found."""
    among = "" if written is None else f"AND d.lt_origin {'' if written else 'NOT '}IN {_WRITTEN}"
    rows = connection.execute(
        f"{_SELECT}, j.key FROM json_each(?) j JOIN documents d ON d.number = j.value WHERE d.lt_status = 'accepted' {among} "
        "ORDER BY j.key LIMIT ?",
        (json.dumps([number for number, _ in ranked]), k),
    )
    return [Hit(Document.of(row[:-1]), float(ranked[row[-1]][1])) for row in rows]


def by_vectors(connection: sqlite3.Connection, index: Index, vector: Vectors, k: int, written: bool | None = None) -> list[Hit]:
    """Return the nearest documents by cosine, the nearest first."""
    places = np.flatnonzero(index.written == written) if written is not None else np.arange(len(index.numbers))
    cosines = index.vectors[places] @ vector if len(places) else np.zeros(0, np.float32)
    best = np.argsort(-cosines, kind="stable")[:k]
    return [
        Hit(Document.of(row), float(cosines[at]), float(cosines[at]))
        for at in best.tolist()
        if (row := connection.execute(f"{_SELECT} FROM documents d WHERE number = ?", (int(index.numbers[places[at]]),)).fetchone())
    ]


def index_of(connection: sqlite3.Connection) -> Index:
    """Return the vectors of all accepted documents that have one; those of another length than the first are left out."""
    rows = connection.execute(
        f"SELECT number, vector, lt_origin IN {_WRITTEN} FROM documents WHERE lt_status = 'accepted' AND vector IS NOT NULL ORDER BY number"
    ).fetchall()
    rows = [row for row in rows if len(row[1]) == len(rows[0][1])]
    vectors = np.frombuffer(b"".join(row[1] for row in rows), np.float32).reshape(len(rows), -1) if rows else np.zeros((0, 0), np.float32)
    return Index(np.array([row[0] for row in rows], np.int64), vectors, np.array([row[2] for row in rows], np.bool_))


def fused(rankings: Sequence[Sequence[Hit]], k: int) -> list[Hit]:
    """Return the documents of several rankings by the sum of 1 / (60 + rank), the best first."""
    scores: dict[str, float] = {}
    found: dict[str, Hit] = {}
    for ranking in rankings:
        for rank, hit in enumerate(ranking, 1):
            scores[hit.document.id] = scores.get(hit.document.id, 0.0) + 1 / (OFFSET + rank)
            known = found.get(hit.document.id)
            found[hit.document.id] = hit if known is None or known.cosine is None else known
    order = sorted(scores, key=lambda each: (-scores[each], each))
    return [found[each]._replace(score=scores[each]) for each in order[:k]]


def capped(people: Sequence[Hit], written: Sequence[Hit], k: int, most_written: float) -> list[Hit]:
    """Return the best of two rankings, at most a share of the k places taken by what models wrote."""
    room = int(most_written * k + 1e-9)
    both = sorted([*people, *written[:room]], key=lambda hit: (-hit.score, hit.document.id))
    return both[:k]
