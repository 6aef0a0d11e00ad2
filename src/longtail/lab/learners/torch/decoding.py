"""How a sign is drawn from log odds: temperature, the likeliest k, the likeliest share of the mass."""

from typing import Any

import numpy
from numpy.typing import NDArray

from longtail.errors import ConfigError


class Decoding:
    """Samples from p^(1/temperature), cut to the `top_k` likeliest and then to the likeliest `top_p` of the mass.

    Raises:
        ConfigError: A setting is out of range.
    """

    def __init__(self, temperature: float = 1.0, top_k: int | None = None, top_p: float = 1.0) -> None:
        if not 0 < temperature < float("inf"):
            raise ConfigError(f"temperature is {temperature!r}; take a number above 0")
        if top_k is not None and top_k < 1:
            raise ConfigError(f"top_k is {top_k!r}; take a whole number from 1 up")
        if not 0 < top_p <= 1:
            raise ConfigError(f"top_p is {top_p!r}; take a number above 0, up to 1")
        self.temperature, self.top_k, self.top_p = temperature, top_k, top_p


def law(logits: NDArray[Any], how: Decoding) -> NDArray[numpy.float64]:
    """Return the probabilities that signs are drawn with: (rows, signs)."""
    scaled = (logits.astype(numpy.float64) - logits.max(axis=1, keepdims=True)) / how.temperature
    found = numpy.exp(scaled)
    found /= found.sum(axis=1, keepdims=True)
    if how.top_k is None and how.top_p >= 1:
        return numpy.asarray(found)
    order = numpy.argsort(-found, axis=1, kind="stable")
    mass = numpy.take_along_axis(found, order, axis=1)
    if how.top_k is not None:
        mass[:, how.top_k :] = 0
        mass /= mass.sum(axis=1, keepdims=True)
    mass[numpy.cumsum(mass, axis=1) - mass >= how.top_p - 1e-12] = 0
    numpy.put_along_axis(found, order, mass / mass.sum(axis=1, keepdims=True), axis=1)
    return numpy.asarray(found)


def chosen(logits: NDArray[Any], how: Decoding, rng: numpy.random.Generator) -> NDArray[numpy.int64]:
    """Return one sign for each row of log odds: (rows, signs) to (rows,)."""
    ceiling = numpy.cumsum(law(logits, how), axis=1)
    target = rng.random((len(ceiling), 1)) * ceiling[:, -1:]
    return numpy.asarray((ceiling <= target).sum(axis=1))
