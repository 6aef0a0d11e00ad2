"""Chance in training: drawn by numpy, so that the same seed trains the same network wherever torch runs."""

from collections.abc import Iterator
from typing import Any

import numpy
from numpy.typing import NDArray

from longtail.lab.learners.torch.door import torch


def batches(epochs: int, batch: int, size: tuple[int, int], rng: numpy.random.Generator) -> Iterator[NDArray[numpy.int64]]:
    """Yield the rows of each batch, every replicate in an order of its own: (replicates, batch).

    Args:
        epochs: Passes over the rows.
        batch: Rows of a batch.
        size: Replicates and rows.
        rng: Source of chance.
    """
    rows = numpy.broadcast_to(numpy.arange(size[1]), size)
    for _ in range(epochs):
        order = rng.permuted(rows, axis=1)
        for at in range(0, size[1], batch):
            yield order[:, at : at + batch]


def normal(size: tuple[int, ...], device: Any, rng: numpy.random.Generator) -> Any:
    """Return standard normal numbers on a device."""
    return torch.from_numpy(rng.standard_normal(size, dtype=numpy.float32)).to(device)
