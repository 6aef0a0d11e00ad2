"""Logs in which a known share of the questions are a system's own earlier answers, and what the loop detector finds of them.

Questions and answers are paragraphs of prose, each used once. A planted question is an earlier answer, word for word or with words
put for others and its clauses in another order.
"""

import re
from typing import Literal

import numpy

from longtail.auditing.retrieval.linking import own_questions
from longtail.auditing.retrieval.timeline import timeline_of
from longtail.errors import ConfigError
from longtail.lab.makers.catalogue import AskedOf
from longtail.lab.makers.prose import prose
from longtail.metrics.rag.shares import mean_share
from longtail.readers.stores import Query
from longtail.records import Estimate

SYNONYMS = {
    "about": "regarding", "all": "every", "also": "too", "because": "since", "between": "among", "call": "invoke", "called": "invoked",
    "contains": "holds", "create": "make", "default": "standard", "different": "distinct", "end": "finish", "first": "initial",
    "get": "obtain", "given": "supplied", "if": "where", "may": "might", "method": "procedure", "must": "shall", "name": "label",
    "new": "fresh", "only": "merely", "raise": "throw", "return": "yield", "returns": "yields", "same": "identical", "should": "ought to",
    "specified": "stated", "use": "employ", "used": "employed", "value": "quantity", "when": "whenever",
}  # fmt: skip


class Asked(AskedOf, frozen=True):
    """How a log is made.

    Args:
        queries: Questions of the log.
        share: Share of them that are own earlier answers.
        way: How they are said again.
    """

    queries: int = 400
    share: float = 0.3
    way: Literal["copied", "reworded"] = "copied"

    def __post_init__(self) -> None:
        """Refuse a share that is none, and a log that is too short to plant in."""
        if not 0 <= self.share < 1 or self.queries < 2:
            raise ConfigError(f"share is {self.share}, queries {self.queries}; take a share from 0 on and below 1, 2 queries or more")


def values(asked: Asked, replicate: int) -> dict[str, list[float]]:
    """Return the share that was found, whether its interval holds the planted one, and how many of the planted were found.

    `false` is the share of the other questions that were taken for own answers.
    """
    rng = numpy.random.default_rng([asked.seed + replicate, 7])
    texts = [prose()[at] for at in rng.permutation(len(prose()))[: 2 * asked.queries]]
    if len(texts) < 2 * asked.queries:
        raise ConfigError(f"{2 * asked.queries:,} paragraphs are needed and {len(texts):,} are there; lower queries")
    answers, questions = texts[: asked.queries], texts[asked.queries :]
    planted = numpy.zeros(asked.queries, bool)
    planted[1 + rng.permutation(asked.queries - 1)[: round(asked.share * asked.queries)]] = True
    for at in numpy.flatnonzero(planted).tolist():
        source = answers[int(rng.integers(at))]
        questions[at] = source if asked.way == "copied" else reworded(source, rng)
    log = tuple(Query(question=question, answer=answer) for question, answer in zip(questions, answers, strict=True))
    found = own_questions(timeline_of((), log))
    share = mean_share("own_input_share", found.astype(float), numpy.arange(asked.queries), "query", "", "")
    assert isinstance(share, Estimate)
    return {
        "found": [share.value],
        "covered": [float(share.low <= planted.mean() <= share.high)],
        "recall": [float(found[planted].mean()) if planted.any() else numpy.nan],
        "false": [float(found[~planted].mean())],
    }


def reworded(text: str, rng: numpy.random.Generator) -> str:
    """Return a text with words put for others, four in five of those known, and its clauses in another order."""
    clauses = re.split(r"(?<=[.;:,])\s+", re.sub(r"[A-Za-z]+", lambda word: _another(word[0], rng), text))
    return " ".join(clauses[at] for at in rng.permutation(len(clauses)))


def _another(word: str, rng: numpy.random.Generator) -> str:
    return SYNONYMS[word.lower()] if word.lower() in SYNONYMS and rng.random() < 0.8 else word
