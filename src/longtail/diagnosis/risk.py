"""Versions in the order of risk: how far their training sets have come from people, what their outputs show, what nobody knows."""

from collections.abc import Container, Sequence
from statistics import fmean

from longtail.diagnosis.records import Entry, Exposure, Past, Reading, Risk, Version

GRAVITY = {"late": 1.0, "narrowing": 0.75, "concentrating": 0.5, "early": 0.5, "drift": 0.25, "watch": 0.25}
"""What a phase adds to the score, by name; any other phase adds nothing."""
_UNKNOWN_MOST = 0.9
_KEEPING = ("accumulate", "fixed_budget")


def risks_of(past: Past, entry: Entry, readings: Sequence[Reading] = ()) -> tuple[Risk, ...]:
    """Return versions by risk, the greatest first, those alike by place.

    The score is a convention, made to put versions in order and for nothing else:

        score = [E > 0] (1 + E / (1 + E)) + [E = 0] 0.9 U + G

    E is the exposure: the mean number of models that lie between a row of the training set and people. It is the mean of
    `lt_depth` where records state it of all rows, else s (1 + B): s the share of rows that a model had a hand in (its lower bound
    where rows of unknown origin leave it open), B the exposure of what wrote them, taken for that of the version before, or for
    the mean of all versions before where the regime keeps earlier rows (accumulate, fixed budget). U is the width of what is not
    known of the share: 1 for a hole, so that what is unknown stands behind every known exposure and before what is known to be
    clean. G is the gravity of the phase of its outputs (`GRAVITY`), 0 without a reading. An interval that holds 0 counts as not
    known.

    Args:
        past: As `rebuild` returns it.
        entry: As `entry_of` returns it.
        readings: Of outputs, by the name or else the place of their version.
    """
    exposures = {each.version: each for each in entry.exposures}
    known: list[float] = []
    found: list[tuple[float, Version, str]] = []
    for version in past.versions:
        exposure = exposures.get(version.name)
        depth = _mean_depth(version)
        models = depth if depth is not None else _share(exposure) * (1 + _behind(known, past.regime))
        known.append(models)
        score, because = _scored(exposure, models, _reading(version, readings, exposures))
        found.append((score, version, because + _regime(models, past.regime)))
    ordered = sorted(found, key=lambda each: (-each[0], each[1].place))
    return tuple(
        Risk(version=version.name, rank=rank, score=round(score, 6), because=because)
        for rank, (score, version, because) in enumerate(ordered, start=1)
    )


def _mean_depth(version: Version) -> float | None:
    """Return the mean depth of the rows, None where one has no known depth or none is stated."""
    if not version.depths or "unknown" in version.depths:
        return None
    return sum(int(depth) * share for depth, share in version.depths.items())


def _share(exposure: Exposure | None) -> float:
    return 0.0 if exposure is None or exposure.low is None or exposure.low <= 0 else exposure.share or exposure.low


def _behind(known: Sequence[float], regime: str) -> float:
    if not known:
        return 0.0
    return fmean(known) if regime in _KEEPING else known[-1]


def _reading(version: Version, readings: Sequence[Reading], names: Container[str]) -> Reading | None:
    """Return the reading of a version: by name, else by place where its own name is that of no version."""
    named = next((each for each in readings if each.version == version.name), None)
    return named or next((each for each in readings if each.version not in names and each.place == version.place), None)


def _scored(exposure: Exposure | None, models: float, reading: Reading | None) -> tuple[float, str]:
    phase = reading.phase if reading is not None else None
    gravity = GRAVITY.get(phase or "", 0.0)
    shown = f"; its outputs: {phase}" if phase else ""
    if models > 0:
        return 1 + models / (1 + models) + gravity, f"{_known(exposure)}, {models:.2f} models between a row and people on average{shown}"
    width = _width(exposure)
    why = "no synthetic data by records" if width == 0 else _unknown(exposure)
    return _UNKNOWN_MOST * width + gravity, why + shown


def _width(exposure: Exposure | None) -> float:
    if exposure is None or exposure.low is None or exposure.high is None:
        return 1.0
    return exposure.high - exposure.low


def _known(exposure: Exposure | None) -> str:
    if exposure is None or exposure.low is None or exposure.high is None:
        return "rows written by models, as depths say"
    if exposure.low == exposure.high:
        return f"a share of {exposure.low:.3g} of its rows ({exposure.told})"
    return f"a share of {exposure.low:.3g} to {exposure.high:.3g} of its rows ({exposure.told})"


def _unknown(exposure: Exposure | None) -> str:
    if exposure is None or exposure.high is None:
        return "nothing is known of its training set's origin, which is a risk"
    return f"none is shown, and up to {exposure.high:.3g} of its rows may be"


def _regime(models: float, regime: str) -> str:
    return f"; regime {regime}" if models > 0 and regime != "unknown" else ""
