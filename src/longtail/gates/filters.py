"""Gates that judge row by row: each returns the probability that a row is kept."""

import numpy
from numpy.typing import NDArray

from longtail.errors import ConfigError
from longtail.gates.catalogue import GATES

Floats = NDArray[numpy.float64]
Flags = NDArray[numpy.bool_]


@GATES.add(judges="nothing", source="a control for every other gate")
def random(rows: Floats, *, keep: float) -> Floats:
    """Keep a share of the rows whatever they are; what passes has the law of what was written."""
    probability("random", "keep", keep, least=False)
    return numpy.full(rows.shape[:-1], keep)


@GATES.add(judges="position", source="Escaping model collapse via synthetic data verification, arXiv:2510.16657")
def ball(positions: Floats, *, radius: float, centre: float = 0.0) -> Floats:
    """Keep what a verifier knows: rows within `radius` of a point that lies `centre` along the first axis."""
    if not radius > 0:
        raise ConfigError(f"ball: radius is {radius!r}; take a number above 0, or the gate keeps nothing")
    offset = positions.copy()
    offset[..., 0] -= centre
    return numpy.asarray(numpy.square(offset).sum(axis=-1) <= radius * radius, dtype=numpy.float64)


@GATES.add(judges="validity", source="Feng et al., arXiv:2406.07515")
def oracle(right: Flags, *, keep_right: float, keep_wrong: float) -> Floats:
    """Keep right rows with probability `keep_right` (phi) and wrong ones with `keep_wrong` (psi)."""
    probability("oracle", "phi", keep_right, least=False)
    probability("oracle", "psi", keep_wrong)
    return numpy.where(right, keep_right, keep_wrong)


@GATES.add(judges="origin", source="Kanabar and Gastpar 2026")
def detector(human: Flags, *, tpr: float, fpr: float) -> Floats:
    """Keep what a detector calls real: real rows with probability `tpr`, model output with `fpr`."""
    probability("detector", "TPR", tpr)
    probability("detector", "FPR", fpr)
    if not tpr and not fpr:
        raise ConfigError("detector:0,0 keeps nothing; let it keep some rows")
    return numpy.where(human, tpr, fpr)


def probability(gate: str, name: str, value: float | str, *, least: bool = True) -> None:
    """Refuse what is no probability, and 0 where a gate would keep nothing (`least` False).

    Raises:
        ConfigError: The value is out of range.
    """
    if isinstance(value, str) or not 0 <= value <= 1:
        raise ConfigError(f"{gate}: {name} is {value!r}; take a number from 0 to 1")
    if not least and value == 0:
        raise ConfigError(f"{gate}: {name} is 0, so the gate keeps nothing; take a number above 0")
