"""Gates that choose from a batch: they compare its rows with each other."""

import numpy
from numpy.typing import NDArray

from longtail.errors import ConfigError
from longtail.gates.catalogue import GATES
from longtail.gates.filters import Flags, Floats, probability


@GATES.add(judges="position", source="arXiv:2606.13732")
def top(positions: Floats, *, alpha: float, centre: float = 0.0) -> Flags:
    """Keep of each batch the share `alpha` nearest to a point that lies `centre` along the first axis.

    Args:
        positions: (…, n, d): batches of n rows.
        alpha: Share kept; the number of rows is rounded, and at least one.
        centre: Where the gate believes good rows to lie.
    """
    probability("top", "alpha", alpha, least=False)
    offset = positions.copy()
    offset[..., 0] -= centre
    distance = numpy.square(offset).sum(axis=-1)
    kept = max(1, round(alpha * distance.shape[-1]))
    border = numpy.partition(distance, kept - 1, axis=-1)[..., kept - 1 : kept]
    return numpy.asarray(distance <= border)


@GATES.add(judges="reward", source="Ferbach et al., arXiv:2407.09499")
def choose(rewards: Floats, rng: numpy.random.Generator, *, choices: float) -> NDArray[numpy.int64]:
    """Choose one of each `choices` rows with probability proportional to exp(reward).

    Args:
        rewards: (…, choices): what the rows of each choice are worth.
        rng: Source of chance.
        choices: Rows that compete for one place; 2 or more.

    Returns:
        (…): the position of the row that was chosen.
    """
    if choices < 2 or choices != int(choices):
        raise ConfigError(f"choose: {choices!r} rows compete; take a whole number from 2 up")
    return numpy.asarray(numpy.argmax(rewards + rng.gumbel(size=rewards.shape), axis=-1))
