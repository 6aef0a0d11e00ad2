"""A gate of the lab tried on draws from the truth, before a loop is run on what it keeps."""

from collections.abc import Mapping
from typing import Any

import numpy

from longtail.errors import ConfigError, UsageError
from longtail.gates.audit import Judged
from longtail.lab.learner import Floats
from longtail.lab.learners import make
from longtail.lab.recipes import bound

MOST_ROWS = 10_000_000


def tried(
    spec: str, *, family: str, options: Mapping[str, Any], rows: int, wrong: float = 0.5, real_share: float = 0.5, seed: int = 0
) -> Judged:
    """Return rows that a gate of the lab has judged.

    A gate of positions judges draws from the family's truth, whose first coordinate is the number; one of validity judges rows
    of which a share is wrong; one of origin rows of which a share is real.

    Args:
        spec: The gate with its settings, such as "top:0.5,0.2".
        family: Family whose truth is drawn from, for a gate of positions.
        options: Its settings.
        rows: How many rows.
        wrong: Chance of each row to be wrong.
        real_share: Chance of each row to be real.
        seed: Seed of all chance.

    Raises:
        UnknownName: No gate, family or option of that name.
        ConfigError: A setting is out of range, or the family's rows show no position.
        UsageError: The gate is "none", or judges by reward or documents.
    """
    if not 1 <= rows <= MOST_ROWS:
        raise ConfigError(f"rows is {rows}; take a whole number from 1 to {MOST_ROWS:,}")
    for name, share in (("wrong", wrong), ("real share", real_share)):
        if not 0 <= share <= 1:
            raise ConfigError(f"{name} is {share!r}; take a number from 0 to 1")
    gate, rng = bound(spec), numpy.random.default_rng(seed)
    if gate is not None and gate.judges == "documents":
        raise UsageError(f"gate {gate.name!r} judges documents; run it on yours: longtail gate DATA --gates RECIPE.toml --out FOLDER")
    if gate is None or gate.judges == "reward":
        raise UsageError(f"gate {spec!r} judges no row by itself; take random, top, ball, oracle or detector")
    if gate.judges in ("position", "nothing"):
        positions = _positions(family, options, rows, rng)
        return Judged(_kept(gate.call(positions), rng), value=positions[:, 0])
    if gate.judges == "validity":
        right = rng.random(rows) >= wrong
        return Judged(_kept(gate.call(right), rng), right=right.astype(numpy.float64))
    human = rng.random(rows) < real_share
    return Judged(_kept(gate.call(human), rng), human=human.astype(numpy.float64))


def _positions(family: str, options: Mapping[str, Any], rows: int, rng: numpy.random.Generator) -> Floats:
    """Return draws from the truth of a family, (rows, dim)."""
    learner = make(family, options, rows=True)
    if "position" not in learner.gates:
        raise ConfigError(f"the rows of {family} show no position to judge; take a family such as gaussian, gmm or kde")
    drawn: Floats = numpy.asarray(learner.real(1, rows, rng, 0))[0]
    return drawn


def _kept(judgement: Any, rng: numpy.random.Generator) -> Any:
    """Return what is kept: flags as they are, probabilities by chance."""
    found = numpy.asarray(judgement)
    return found if found.dtype == numpy.bool_ else rng.random(len(found)) < found
