"""Models of documents as a family of the lab: what they write, how varied it is, and what they make of held-out text."""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any, ClassVar, Protocol

import numpy

from longtail.errors import ConfigError, UsageError
from longtail.gates import Bound
from longtail.lab.learner import Flags, Floats, Rows
from longtail.lab.learners.columns import measures
from longtail.lab.passing import Passed, passed

TAIL = 0.1
TOKENS = 20_000
MEASURED = 1000
"""Documents that a model writes to be measured."""
ORDERS = (1, 2, 3, 4)


class TextModel(Protocol):
    """A model of documents with its settings; what it has learnt is a value of its own."""

    def fit(self, documents: Sequence[str], rng: numpy.random.Generator) -> Any:
        """Return what was learnt from documents."""
        ...

    def sample(self, fitted: Any, n: int, rng: numpy.random.Generator) -> list[str]:
        """Return `n` documents written from what was learnt."""
        ...

    def nll(self, fitted: Any, documents: Sequence[str]) -> float:
        """Return the mean negative log-likelihood of documents, in nats for each word."""
        ...


class Documents:
    """Replicates of a model of documents; data are lists of documents, one list for each replicate.

    All replicates share the real documents and differ in what their models write.

    Args:
        model: The model of each generation, learnt from scratch each time.
        train: Real documents, in the order in which they are collected.
        held_out: Real documents that nothing learns from: they choose the tail and are what the likelihood is of.
    """

    series: ClassVar[tuple[str, ...]] = (
        "support", "distinct_1", "distinct_2", "distinct_3", "distinct_4", "heldout_nll", "own_nll", "shift_gap",
        "tail_mass_retained",
    )  # fmt: skip
    gates: ClassVar[frozenset[str]] = frozenset({"documents"})
    uneven: ClassVar[bool] = False

    def __init__(self, model: TextModel, train: Sequence[str], held_out: Sequence[str]) -> None:
        self.model, self.train, self.held_out = model, train, held_out
        self.rare = rarest(held_out)
        self.rare_mass = _share(train, self.rare)
        self.shifted = rarest_documents(held_out, self.rare)
        self.measured = min(MEASURED, len(train))
        self.tokens = min(TOKENS, sum(len(document.split()) for document in train[: self.measured]) // 2)
        self.measures = measures(train)

    def together(self, rows: int) -> int:
        """Return 1: a model of documents fills a core."""
        return 1

    def real(self, replicates: int, rows: Rows, rng: numpy.random.Generator, taken: int) -> list[list[str]]:
        """Return the next real documents that were not collected before.

        Raises:
            UsageError: There are not as many left.
        """
        end = taken + int(numpy.max(rows))
        if end > len(self.train):
            raise UsageError(f"{end:,} real documents are needed and the corpus has {len(self.train):,}; lower --samples or the share")
        return [list(self.train[taken:end]) for _ in range(replicates)]

    def sample(self, model: list[Any], rows: Rows, rng: numpy.random.Generator, gate: Bound | None = None) -> list[list[str]]:
        """Return documents that the models wrote and a gate let pass; what that cost is with them."""
        many = int(numpy.max(rows))
        if gate is None or not many:
            return [self.model.sample(each, many, rng) for each in model]
        found = [passed(partial(self._written, each, rng), many, gate, self.measures, rng) for each in model]
        return Passed([documents for documents, _ in found], numpy.array([tries for _, tries in found]))

    def join(self, parts: Sequence[tuple[list[list[str]], float]]) -> list[list[str]]:
        """Return the documents of all parts.

        Raises:
            ConfigError: A weight is not 1; documents count once each.
        """
        if any(weight != 1 for _, weight in parts):
            raise ConfigError("documents carry no weights here; take a policy that sets shares, such as fresh:0.5")
        return [[document for documents in each for document in documents] for each in zip(*(data for data, _ in parts), strict=True)]

    def take(self, data: list[list[str]], rows: int, rng: numpy.random.Generator) -> list[list[str]]:
        """Return documents drawn without replacement, in their order."""
        return [[each[at] for at in numpy.sort(rng.permutation(len(each))[:rows])] for each in data]

    def edit(self, data: list[list[str]], model: list[Any], rows: int, rng: numpy.random.Generator) -> list[list[str]]:
        """Return the documents, some of them replaced by what the model writes."""
        kept = [self.take([each], len(each) - rows, rng)[0] for each in data]
        return [old + new for old, new in zip(kept, self.sample(model, rows, rng), strict=True)]

    def fit(self, data: list[list[str]], before: list[Any] | None, rng: numpy.random.Generator) -> list[Any]:
        """Return what the models learnt."""
        return [self.model.fit(documents, rng) for documents in data]

    def alive(self, model: list[Any]) -> Flags:
        """Return true everywhere: a model of documents can always be sampled."""
        return numpy.ones(len(model), dtype=bool)

    def measure(self, model: list[Any], wanted: frozenset[str], rng: numpy.random.Generator) -> dict[str, Floats]:
        """Return the series that are wanted, from up to a thousand documents of each model.

        `distinct_n` and `support` are taken at an equal number of words, and do not exist where fewer were written.
        `heldout_nll` is the loss on real text that nothing learnt from, `own_nll` that on the model's own text, `shift_gap`
        how much greater the loss is on the quarter of the real text that is richest in rare words.
        `tail_mass_retained` is the share of words that are rare in held-out text, relative to real text.
        """
        columns = [self._measured(each, wanted, rng) for each in model]
        return {name: numpy.array([column[name] for column in columns]) for name in columns[0]}

    def _written(self, fitted: Any, rng: numpy.random.Generator, many: int) -> list[str]:
        return self.model.sample(fitted, many, rng)

    def told(self, fitted: Any, written: Sequence[str], wanted: frozenset[str], rng: numpy.random.Generator) -> dict[str, float]:
        """Return the series that what a model wrote tells."""
        found = variety(written, self.tokens)
        found["tail_mass_retained"] = _share(written, self.rare) / self.rare_mass if self.rare_mass else numpy.nan
        if "own_nll" in wanted:
            found["own_nll"] = self.model.nll(fitted, written) if any(map(str.split, written)) else numpy.nan
        return found

    def _measured(self, fitted: Any, wanted: frozenset[str], rng: numpy.random.Generator) -> dict[str, float]:
        found: dict[str, float] = {}
        if wanted - {"heldout_nll", "shift_gap", "alive", "tries"}:
            found = self.told(fitted, self.model.sample(fitted, self.measured, rng), wanted, rng)
        if wanted & {"heldout_nll", "shift_gap"}:
            found["heldout_nll"] = self.model.nll(fitted, self.held_out)
        if "shift_gap" in wanted:
            found["shift_gap"] = self.model.nll(fitted, self.shifted) - found["heldout_nll"]
        return found


def variety(documents: Iterable[str], tokens: int) -> dict[str, float]:
    """Return `support` and `distinct_1` to `distinct_4` of the first `tokens` words; NaN where there are fewer."""
    words = first_words(documents, tokens)
    if len(words) < tokens or not tokens:
        return {"support": numpy.nan} | {f"distinct_{order}": numpy.nan for order in ORDERS}
    distinct = {order: len(set(zip(*(words[lag:] for lag in range(order)), strict=False))) for order in ORDERS}
    shares = {f"distinct_{order}": count / (tokens - order + 1) for order, count in distinct.items()}
    return {"support": float(distinct[1])} | shares


def first_words(documents: Iterable[str], tokens: int) -> list[str]:
    """Return the first `tokens` words of documents, or all of them where there are fewer."""
    words: list[str] = []
    for document in documents:
        words += document.split()
        if len(words) >= tokens:
            break
    return words[:tokens]


def rarest(documents: Iterable[str]) -> frozenset[str]:
    """Return the rarest words of some documents, up to a tenth of all words; ties go in whole or stay out."""
    counts = Counter(word for document in documents for word in document.split())
    limit, held = TAIL * counts.total(), 0
    by_count: dict[int, list[str]] = {}
    for word, count in counts.items():
        by_count.setdefault(count, []).append(word)
    found: list[str] = []
    for count in sorted(by_count):
        held += count * len(by_count[count])
        if held > limit and found:
            break
        found += by_count[count]
    return frozenset(found)


def rarest_documents(documents: Sequence[str], rare: frozenset[str]) -> list[str]:
    """Return the quarter of some documents in which rare words have the greatest share, in their order."""
    shares = numpy.array([_share([document], rare) for document in documents])
    richest = numpy.argsort(-shares, kind="stable")[: max(1, len(documents) // 4)]
    return [documents[at] for at in numpy.sort(richest)]


def _share(documents: Iterable[str], words: frozenset[str]) -> float:
    total = rare = 0
    for document in documents:
        split = document.split()
        total += len(split)
        rare += sum(word in words for word in split)
    return rare / total if total else numpy.nan
