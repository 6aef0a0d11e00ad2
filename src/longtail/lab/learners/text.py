"""Families of models of documents, and the text they learn from."""

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy

from longtail.errors import ConfigError
from longtail.lab.corpus import split, stdlib_prose
from longtail.lab.learners.catalogue import FAMILIES
from longtail.lab.learners.documents import Documents
from longtail.lab.learners.ngram import NGram
from longtail.lab.learners.torch.door import Device
from longtail.lab.learners.torch.transformer import Transformer
from longtail.lab.learners.verified import documents as family
from longtail.readers import read
from longtail.stats.interpolated import Interpolated, numbered

SHARE = 0.5
LONGEST_CODE = 62


class Fitted(NamedTuple):
    """An n-gram model, and the documents it was learnt from."""

    model: NGram
    documents: Sequence[str]


class NGramText:
    """An n-gram model as a model of documents: it writes by maximum likelihood and is judged with interpolation."""

    def __init__(self, order: int, temperature: float, vocabulary: dict[str, int]) -> None:
        self.order, self.temperature, self.vocabulary = order, temperature, vocabulary

    def fit(self, documents: Sequence[str], rng: numpy.random.Generator) -> Fitted:
        """Return the counts of documents."""
        return Fitted(NGram(self.order, self.temperature).fit(documents), documents)

    def sample(self, fitted: Fitted, n: int, rng: numpy.random.Generator) -> list[str]:
        """Return `n` documents."""
        return fitted.model.sample(n, rng)

    def nll(self, fitted: Fitted, documents: Sequence[str]) -> float:
        """Return the mean negative log-likelihood of documents in nats for each word, at temperature 1."""
        return Interpolated.learnt(fitted.documents, self.order, self.vocabulary).nll(documents, self.vocabulary)


@lru_cache(maxsize=4)
def texts(corpus: str | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return (real documents to learn from, held-out ones) of a file, or of Python's own documentation.

    Raises:
        ReadError: The file cannot be read.
        ConfigError: It has fewer than two distinct documents.
    """
    documents = stdlib_prose() if corpus is None else [document for document in _read(corpus)]
    train, held_out = split(documents, share=SHARE)
    if not train or not held_out:
        sides = f"{len(train)} to learn from and {len(held_out)} to hold out"
        raise ConfigError(f"corpus {corpus!r} has {len(documents)} documents, {sides}; name one with more distinct documents")
    return tuple(train), tuple(held_out)


@FAMILIES.add(
    models="documents, by n-grams of words", cost="heavy", source="Shumailov et al., arXiv:2305.17493; n-gram models by maximum likelihood"
)
def ngram(rows: bool, *, order: int = 3, temperature: float = 1.0, corpus: str | None = None, verifier: str | None = None) -> Documents:
    """Documents of whitespace words; without --corpus they are the documentation that comes with Python.

    Args:
        rows: Of no effect; documents are always written.
        order: Words in an n-gram.
        temperature: A model samples from p^(1/temperature), renormalised.
        corpus: File or folder of real documents.
        verifier: Gate of documents or recipe (FILE.toml) that is shown what is written, for the series `passing`.

    Raises:
        ConfigError: An option is out of range, or the corpus is too small.
        UnknownName: There is no gate of the verifier's name.
        ReadError: The corpus or the recipe cannot be read.
    """
    NGram(order, temperature)
    train, held_out = texts(corpus)
    vocabulary = numbered(train)
    if order * math.log2(len(vocabulary) + 3) > LONGEST_CODE:
        raise ConfigError(f"ngram: order {order} with {len(vocabulary):,} words is too much to count; take a lower order")
    return family(NGramText(order, temperature, vocabulary), (train, held_out), verifier)


@FAMILIES.add(
    models="documents, by a small transformer of bytes",
    cost="heavy",
    source="Vaswani et al., arXiv:1706.03762; in a loop: arXiv:2404.01413",
)
def transformer(
    rows: bool,
    *,
    corpus: str | None = None,
    layers: int = 2,
    width: int = 64,
    context: int = 64,
    epochs: int = 5,
    step: float = 4e-3,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float = 1.0,
    device: Device = "auto",
    verifier: str | None = None,
) -> Documents:
    """Documents of bytes, by a causal transformer trained from scratch in each generation; needs the extra `torch`.

    It can write words that nobody used, so `support` and `distinct_1` may rise where real words are being lost.

    Args:
        rows: Of no effect; documents are always written.
        corpus: File or folder of real documents.
        layers: Transformer layers.
        width: Length of the vector of a byte.
        context: Bytes that a model sees at once.
        epochs: Passes over the training set.
        step: Greatest learning rate.
        temperature: A model samples from p^(1/temperature), renormalised.
        top_k: A model samples from its likeliest bytes, this many.
        top_p: A model samples from its likeliest bytes that hold this share together.
        device: Where training runs; "auto" takes a GPU where there is one.
        verifier: Gate of documents or recipe (FILE.toml) that is shown what is written, for the series `passing`.

    Raises:
        ConfigError: An option is out of range, or the corpus is too small.
        MissingExtra: torch is not installed.
        UnknownName: There is no gate of the verifier's name.
        ReadError: The corpus or the recipe cannot be read.
    """
    model = Transformer(
        layers=layers,
        width=width,
        context=context,
        epochs=epochs,
        step=step,
        temperature=temperature,
        top_k=top_k,
        top_p=top_p,
        device=device,
    )
    return family(model, texts(corpus), verifier)


def _read(corpus: str) -> list[str]:
    return [text for batch in read(corpus, texts_only=True).batches() for text in batch.column("text").to_pylist()]
