"""A causal transformer over signs: its weights, its log odds over whole documents, and the same one sign at a time.

Pre-norm blocks of attention and a ReLU network of four times the width, tied input and output embeddings, rotary
positions (Su et al., arXiv:2104.09864). Each layer sees the last `context` signs of the document and never another
document (Beltagy et al., arXiv:2004.05150), so a cache of that many keys and values gives the same law as the whole
document does, however long it gets.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy
from numpy.typing import NDArray

from longtail.lab.learners.torch.door import functional, torch

HEAD = 16
PER_LAYER = 6

Weights = tuple[Any, ...]
"""The embedding (signs, width), the last gain (width,), then for each layer: gain, queries-keys-values, mixing, gain,
widening, narrowing."""


class Network(NamedTuple):
    """The shape of a network; its weights are values of their own.

    Args:
        signs: Size of the alphabet.
        layers: Blocks.
        width: Of the embedding; a multiple of 16, which is the width of a head.
        context: Signs that a layer sees back, itself included.
    """

    signs: int
    layers: int
    width: int
    context: int

    def initial(self, rng: numpy.random.Generator) -> Iterator[NDArray[numpy.float32]]:
        """Yield untrained weights in their order."""
        width, deep = self.width, (2 * self.layers) ** -0.5
        yield _random(rng, self.signs, width, 0.02)
        yield numpy.ones(width, dtype=numpy.float32)
        for _ in range(self.layers):
            yield numpy.ones(width, dtype=numpy.float32)
            yield _random(rng, width, 3 * width, width**-0.5)
            yield _random(rng, width, width, deep * width**-0.5)
            yield numpy.ones(width, dtype=numpy.float32)
            yield _random(rng, width, 4 * width, (2 / width) ** 0.5)
            yield _random(rng, 4 * width, width, deep * (4 * width) ** -0.5)

    def logits(self, weights: Weights, signs: Any, owners: Any) -> Any:
        """Return log odds of the next sign at each place: (rows, length, signs).

        Args:
            weights: Fitted weights.
            signs: (rows, length).
            owners: The document that each belongs to, (rows, length); places see their own document alone.
        """
        at = torch.arange(signs.shape[1], device=signs.device)
        back = at[:, None] - at[None, :]
        mask = (back >= 0) & (back < self.context) & (owners[:, :, None] == owners[:, None, :])
        hidden = functional.embedding(signs, weights[0])
        for layer in range(self.layers):
            queries, keys, values = self._projected(weights, layer, hidden, at)
            mixed = functional.scaled_dot_product_attention(queries, keys, values, attn_mask=mask[:, None])
            hidden = self._mixed(weights, layer, hidden, mixed)
        return _normed(hidden, weights[1]) @ weights[0].T

    def following(self, weights: Weights, signs: Any, position: int, cache: "Cache") -> Any:
        """Return log odds of the next sign after those in the cache and the ones at `position`: (rows,) to (rows, signs)."""
        at = torch.tensor([position], device=signs.device)
        hidden = functional.embedding(signs, weights[0])[:, None]
        for layer in range(self.layers):
            queries, keys, values = self._projected(weights, layer, hidden, at)
            keys, values = cache.extended(layer, position, keys, values)
            mixed = functional.scaled_dot_product_attention(queries, keys, values)
            hidden = self._mixed(weights, layer, hidden, mixed)
        return _normed(hidden[:, 0], weights[1]) @ weights[0].T

    def _projected(self, weights: Weights, layer: int, hidden: Any, at: Any) -> tuple[Any, Any, Any]:
        """Return queries, keys and values, each (rows, heads, length, 16), the first two turned by their positions."""
        gain, matrix = weights[2 + PER_LAYER * layer : 4 + PER_LAYER * layer]
        shape = (*hidden.shape[:2], 3, self.width // HEAD, HEAD)
        queries, keys, values = (_normed(hidden, gain) @ matrix).view(shape).permute(2, 0, 3, 1, 4)
        return _turned(queries, at), _turned(keys, at), values

    def _mixed(self, weights: Weights, layer: int, hidden: Any, mixed: Any) -> Any:
        mixing, gain, widening, narrowing = weights[4 + PER_LAYER * layer : 8 + PER_LAYER * layer]
        hidden = hidden + mixed.transpose(1, 2).flatten(2) @ mixing
        return hidden + torch.relu(_normed(hidden, gain) @ widening) @ narrowing


class Cache:
    """Keys and values of the last `context` positions of `rows` documents, in a ring."""

    def __init__(self, network: Network, rows: int, device: Any) -> None:
        self.context = network.context
        size = (2, rows, network.width // HEAD, network.context, HEAD)
        self.held = [torch.zeros(size, device=device) for _ in range(network.layers)]

    def extended(self, layer: int, position: int, keys: Any, values: Any) -> tuple[Any, Any]:
        """Put in what is new and return all that is seen, each (rows, heads, seen, 16)."""
        held = self.held[layer]
        held[0, :, :, position % self.context] = keys[:, :, 0]
        held[1, :, :, position % self.context] = values[:, :, 0]
        seen = held[:, :, :, : position + 1]
        return seen[0], seen[1]

    def keep(self, rows: Any) -> None:
        """Drop the other documents; `rows` are the places of those that go on."""
        self.held = [each.index_select(1, rows) for each in self.held]


def _turned(vectors: Any, at: Any) -> Any:
    """Return vectors (…, length, 16) with each pair of coordinates turned by an angle that grows with the position."""
    half = HEAD // 2
    angle = at[:, None] * torch.exp(torch.arange(half, device=at.device) * (-numpy.log(10_000.0) / half))
    cosine, sine = torch.cos(angle), torch.sin(angle)
    left, right = vectors[..., :half], vectors[..., half:]
    return torch.cat([left * cosine - right * sine, left * sine + right * cosine], dim=-1)


def _normed(hidden: Any, gain: Any) -> Any:
    return hidden * torch.rsqrt(hidden.square().mean(dim=-1, keepdim=True) + 1e-6) * gain


def _random(rng: numpy.random.Generator, rows: int, columns: int, spread: float) -> NDArray[numpy.float32]:
    return rng.standard_normal((rows, columns), dtype=numpy.float32) * numpy.float32(spread)
