"""A small byte-level transformer as a model of documents: trained from scratch, sampled with a cache of keys and values."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy
from numpy.typing import NDArray

from longtail.errors import ConfigError, UsageError
from longtail.lab.learners.torch.decoding import Decoding, chosen
from longtail.lab.learners.torch.door import Device, device_of, functional, need, steady, torch
from longtail.lab.learners.torch.network import HEAD, Cache, Network, Weights

BOUNDARY = 256
"""The sign before and after each document."""
BATCH = 4
"""Rows of twice the context that a step learns from; with so little text, many small steps learn more than few large ones."""
TOGETHER = 256
"""Documents written side by side."""
CELLS = 4_000_000
"""Attention scores held at once where likelihoods are computed."""

Ids = NDArray[numpy.int64]


class Transformer:
    """A byte-level transformer, trained from scratch each time.

    Args:
        layers: Blocks.
        width: Of the embedding; a multiple of 16, which is the width of a head.
        context: Bytes that a layer sees back.
        epochs: Passes over the training documents.
        step: Highest step of AdamW; it rises over the first tenth and falls along a half cosine.
        temperature: T samples from p^(1/T), renormalised.
        top_k: Samples from this many of the likeliest bytes; all if None.
        top_p: Samples from the likeliest bytes up to this share of the mass.
        longest: Bytes after which a document is cut, silently.
        device: "auto" takes a GPU where there is one.

    Raises:
        ConfigError: A setting is out of range.
        MissingExtra: torch is not installed.
    """

    def __init__(
        self,
        *,
        layers: int = 2,
        width: int = 64,
        context: int = 64,
        epochs: int = 5,
        step: float = 4e-3,
        temperature: float = 1.0,
        top_k: int | None = None,
        top_p: float = 1.0,
        longest: int = 2000,
        device: Device = "auto",
    ) -> None:
        for name, value in {"layers": layers, "width": width, "context": context, "epochs": epochs, "longest": longest}.items():
            if value < 1:
                raise ConfigError(f"transformer: {name} is {value!r}; take a whole number from 1 up")
        if width % HEAD:
            raise ConfigError(f"transformer: width is {width!r}; take a multiple of {HEAD}")
        if not 0 < step <= 1:
            raise ConfigError(f"transformer: step is {step!r}; take a number above 0, up to 1")
        self.decoding = Decoding(temperature, top_k, top_p)
        self.network = Network(BOUNDARY + 1, layers, width, context)
        self.epochs, self.step, self.longest = epochs, step, longest
        need("the family transformer")
        self.device = device_of(device)

    def fit(self, documents: Sequence[str], rng: numpy.random.Generator) -> Weights:
        """Return weights trained on documents, from scratch.

        Raises:
            UsageError: There are no documents.
        """
        if not documents:
            raise UsageError("a transformer was given 0 documents to learn from; pass at least one")
        signs, owners = _stream([_encoded(document) for document in documents])
        batches = list(self._batches(len(signs), rng))
        with steady():
            weights = tuple(torch.from_numpy(each).to(self.device).requires_grad_() for each in self.network.initial(rng))
            optimiser = torch.optim.AdamW(weights, lr=self.step, betas=(0.9, 0.99), weight_decay=0.01)
            shape = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda at: _slope(at, len(batches)))
            for places in batches:
                nats, counted = self._nats(weights, signs[places], owners[places])
                optimiser.zero_grad()
                (nats / counted).backward()
                torch.nn.utils.clip_grad_norm_(weights, 1.0)
                optimiser.step()
                shape.step()
        return tuple(each.detach() for each in weights)

    def sample(self, fitted: Weights, n: int, rng: numpy.random.Generator) -> list[str]:
        """Return `n` documents of one byte or more; bytes that are no UTF-8 are shown as the replacement sign.

        Raises:
            UsageError: `n` is negative.
        """
        if n < 0:
            raise UsageError(f"cannot write {n} documents; pass 0 or more")
        with steady(), torch.no_grad():
            groups = [self._written(fitted, min(TOGETHER, n - at), rng) for at in range(0, n, TOGETHER)]
        return [bytes(row).decode("utf-8", "replace") for group in groups for row in group]

    def nll(self, fitted: Weights, documents: Sequence[str]) -> float:
        """Return nats for each whitespace word, the end of each document included; NaN where there are no words."""
        words = sum(len(document.split()) for document in documents)
        rows = sorted((_encoded(document) for document in documents), key=len)
        total = 0.0
        with steady(), torch.no_grad():
            for first, last in _groups([len(row) for row in rows]):
                total += float(self._nats(fitted, *_padded(rows[first:last]))[0])
        return total / words if words else numpy.nan

    def _nats(self, weights: Weights, signs: Ids, owners: Ids) -> tuple[Any, int]:
        """Return the nats of all signs given those before them in their documents, and how many there are."""
        row = torch.from_numpy(signs).to(self.device)
        owner = torch.from_numpy(owners).to(self.device)
        logits = self.network.logits(weights, row[:, :-1], owner[:, :-1])
        told = owner[:, 1:] == owner[:, :-1]
        nats = functional.cross_entropy(logits.flatten(0, 1), row[:, 1:].flatten(), reduction="none")
        return (nats * told.flatten()).sum(), max(1, int(told.sum()))

    def _written(self, weights: Weights, rows: int, rng: numpy.random.Generator) -> list[list[int]]:
        """Return the bytes of documents that are written together, a byte of each at a time."""
        cache = Cache(self.network, rows, self.device)
        found: list[list[int]] = [[] for _ in range(rows)]
        going, last = numpy.arange(rows), numpy.full(rows, BOUNDARY)
        for position in range(self.longest):
            logits = self.network.following(weights, torch.from_numpy(last).to(self.device), position, cache)
            if not position:
                logits[:, BOUNDARY] = -numpy.inf
            last = chosen(logits.cpu().numpy(), self.decoding, rng)
            kept = last != BOUNDARY
            if not kept.all():
                going, last = going[kept], last[kept]
                cache.keep(torch.from_numpy(numpy.flatnonzero(kept)).to(self.device))
            for row, sign in zip(going.tolist(), last.tolist(), strict=True):
                found[row].append(sign)
            if not len(going):
                break
        return found

    def _batches(self, length: int, rng: numpy.random.Generator) -> Iterator[Ids]:
        """Yield places of the stream: rows of twice the context, which start at another offset in each epoch."""
        row = min(2 * self.network.context, length - 1)
        for _ in range(self.epochs):
            starts = numpy.arange(-int(rng.integers(row)), length - 1, row)
            rng.shuffle(starts)
            for at in range(0, len(starts), BATCH):
                yield (starts[at : at + BATCH, None] + numpy.arange(row + 1)) % length


def _slope(at: int, total: int) -> float:
    rising = max(1, total // 10)
    if at < rising:
        return (at + 1) / rising
    return float(1 + numpy.cos(numpy.pi * (at - rising) / max(1, total - rising))) / 2


def _encoded(document: str) -> Ids:
    signs = numpy.frombuffer(document.encode("utf-8", "replace"), dtype=numpy.uint8)
    return numpy.concatenate([[BOUNDARY], signs, [BOUNDARY]]).astype(numpy.int64)


def _stream(rows: Sequence[Ids]) -> tuple[Ids, Ids]:
    """Return all signs in one row, and the document that each is of; a last sign of no document parts end and start."""
    owners = numpy.repeat(numpy.arange(len(rows)), [len(row) for row in rows])
    return numpy.append(numpy.concatenate(rows), BOUNDARY), numpy.append(owners, -1)


def _padded(rows: Sequence[Ids]) -> tuple[Ids, Ids]:
    """Return rows filled up to the longest, and owners: 0 where a sign is of the document, else one that nothing shares."""
    lengths = numpy.array([len(row) for row in rows])
    places = numpy.broadcast_to(numpy.arange(lengths.max()), (len(rows), lengths.max()))
    signs = numpy.full(places.shape, BOUNDARY)
    inside = places < lengths[:, None]
    signs[inside] = numpy.concatenate(rows)
    return signs, numpy.where(inside, 0, places)


def _groups(lengths: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield runs of rows, ascending in length, that hold up to `CELLS` scores when padded to the longest of them."""
    first = 0
    for last, length in enumerate(lengths):
        if last > first and (last + 1 - first) * length**2 > CELLS:
            yield first, last
            first = last
    if first < len(lengths):
        yield first, len(lengths)
