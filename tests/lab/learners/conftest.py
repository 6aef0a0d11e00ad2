"""Simulating a family by its law or by its rows, and how far two simulations of one quantity lie apart."""

import numpy
import pytest

from longtail.lab.learners import make
from longtail.lab.loop import trajectory
from longtail.lab.script import script
from longtail.lab.settings import Settings


def _simulated(
    family, policy="replace", *, rows=False, generations=3, samples=20, replicates=2000, seed=1, learner=None, series=(), **told
):
    options = told.pop("options", {})
    settings = Settings(family=family, policy=policy, generations=generations, samples=samples, options=options, **told)
    learner = learner or make(family, options, rows=rows)
    found = {}
    for generation in trajectory(learner, script(settings), replicates, seed, 0, settings.draws):
        wanted = frozenset(series or learner.series)
        values = learner.measure(generation.model, wanted, generation.rng)
        values["alive"] = learner.alive(generation.model).astype(float)
        for name, column in values.items():
            if name != "alive" and name not in wanted:
                continue
            found.setdefault(name, []).append(numpy.broadcast_to(column, replicates))
    return {name: numpy.array(columns) for name, columns in found.items()}


def _error(values):
    return values.std(axis=-1, ddof=1) / numpy.sqrt(values.shape[-1])


def _distance(values, expected):
    """Return standard errors between the means over replicates (last axis) and what is expected; 0 for equal constants."""
    gap = numpy.abs(values.mean(axis=-1) - expected)
    error = _error(values)
    return numpy.max(numpy.where(gap < 1e-9, 0.0, gap / numpy.maximum(error, 1e-12)))


def _apart(left, right):
    """Return the largest distance in standard errors between two simulations, of means and of variances."""
    worst = 0.0
    for name in left.keys() & right.keys():
        one, other = (_finite(each[name]) for each in (left, right))
        for transform in (lambda x: x, lambda x: numpy.square(x - x.mean(axis=-1, keepdims=True))):
            a, b = transform(one), transform(other)
            gap = numpy.abs(a.mean(axis=-1) - b.mean(axis=-1))
            error = numpy.hypot(_error(a), _error(b))
            worst = max(worst, float(numpy.max(numpy.where(gap < 1e-9, 0.0, gap / numpy.maximum(error, 1e-12)))))
    return worst


def _finite(values):
    assert numpy.isfinite(values).all()
    return values


@pytest.fixture
def simulated():
    return _simulated


@pytest.fixture
def distance():
    return _distance


@pytest.fixture
def apart():
    return _apart
