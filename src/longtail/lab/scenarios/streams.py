"""Chance in scenarios: a stream of its own for each generation."""

import numpy


def stream(seed: int, depth: int) -> numpy.random.Generator:
    """Return the generator of what is drawn for a generation."""
    return numpy.random.default_rng([seed, depth])
