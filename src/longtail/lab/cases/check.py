"""Closed forms against simulation: what a check is, and how it is decided.

Each check states what is predicted, how it is simulated without using the prediction, the settings it was published at
and a range from which others are drawn. All checks of a table share one error rate.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any, NamedTuple, TypeAlias

import msgspec
import numpy
from scipy import stats

from longtail.errors import ConfigError, UsageError
from longtail.lab.learner import Floats
from longtail.lab.run import simulate
from longtail.lab.settings import Settings
from longtail.lab.theory.forms import Kind
from longtail.records import OnProgress, Progress, Record

FAMILY_WISE = 1e-3
RELATIVE = 0.01
ENOUGH = 200_000
FIRST_BATCH = 20_000
DRAWN = 2
QUICK = 4_000
QUICK_RELATIVE = 0.05
ROUNDING = 1e-9
"""Difference that floating point may make, as a share of the prediction."""
FARTHEST = 10**9
"""The z of a value that is wrong and has no error, and more replicates than any check makes."""

Chosen: TypeAlias = Mapping[str, Any]
"""Settings of one row by name."""


class Check(NamedTuple):
    """One prediction and the simulation that it is held against.

    Args:
        case: Number of the case, as in `longtail lab theory`.
        quantity: What is predicted, in words.
        kind: "exact", "asymptotic", "bound_upper" or "bound_lower".
        predicted: (settings) to the predicted value.
        simulated: (settings, replicates, seed) to independent values of the quantity whose mean is compared: as many
            values as replicates, however they are computed, none of them from the prediction.
        stated: The settings it was published at.
        draw: (generator) to other settings in the range where the form is valid.
        tolerance: For an asymptotic form (settings, predicted) to the error that its order allows; 0 otherwise.
        most: Replicates after which a check stops, whatever its relative error.
        batch: Replicates simulated at once.
        least: Replicates before which a check does not stop, in quick mode too: for values so skewed that the mean of
            fewer is not normal.
        order: What `tolerance` allows, in words.
    """

    case: str
    quantity: str
    kind: Kind
    predicted: Callable[[Chosen], float]
    simulated: Callable[[Chosen, int, int], Floats]
    stated: tuple[Chosen, ...]
    draw: Callable[[numpy.random.Generator], Chosen]
    tolerance: Callable[[Chosen, float], float] = lambda settings, predicted: 0.0
    most: int = ENOUGH
    batch: int = FIRST_BATCH
    least: int = 0
    order: str = ""


class Row(Record, frozen=True):
    """One line of the table: `z` is (simulated − predicted) / se after the tolerance; `holds` compares it with `limit`."""

    case: str
    quantity: str
    settings: dict[str, Any]
    drawn: bool
    kind: Kind
    predicted: float
    simulated: float
    se: float
    replicates: int
    tolerance: float
    z: float
    limit: float
    holds: bool
    order: str = ""

    @property
    def precise(self) -> bool:
        """Tell whether the standard error is at most 1 % of the prediction, or 200,000 replicates were made."""
        return self.se <= RELATIVE * abs(self.predicted) or self.replicates >= ENOUGH


class Effort(NamedTuple):
    """When simulation stops: at a standard error of `relative` times the prediction, or after `most` replicates.

    A check's own `most` and, unless `firm`, its `least` hold too.
    """

    relative: float
    most: int
    firm: bool


class _Planned(NamedTuple):
    """A row to be made: a check, its settings, whether they were drawn, the seed of its chance, and the rows of the table."""

    check: Check
    settings: Chosen
    drawn: bool
    seed: int
    rows: int
    effort: Effort


CHECKS: list[Check] = []


def add(*checks: Check) -> None:
    """Put checks on the list."""
    CHECKS.extend(checks)


def verify(
    checks: Sequence[Check],
    *,
    seed: int = 0,
    most: int | None = None,
    drawn: int = DRAWN,
    quick: bool = False,
    workers: int = 1,
    on_progress: OnProgress | None = None,
) -> list[Row]:
    """Return a row for each check at its published settings and at `drawn` others.

    A row is simulated until its standard error is at most 1 % of the prediction, or the most replicates are reached.
    The limit of z is Bonferroni's for a family-wise error rate of 0.001 over the rows of the table; a bound is tested on
    its own side only. What is simulated depends on the seed, the check and the settings alone: not on `workers`, nor on
    what else is in the table.

    Args:
        checks: What is held against simulation.
        seed: Seed of all chance.
        most: Replicates of a row at most; what each check says if None.
        drawn: Settings drawn for each check beside the published ones.
        quick: Stop at a relative standard error of 5 % or 4,000 replicates.
        workers: Processes; more than one need checks from `CHECKS`.
        on_progress: Called after each row.

    Raises:
        UsageError: `workers` or `most` is below 1, or `drawn` below 0.
        ConfigError: Simulated values do not exist.
    """
    for name, value, least in (("workers", workers, 1), ("drawn", drawn, 0), ("most", 1 if most is None else most, 1)):
        if value < least:
            raise UsageError(f"{name} is {value}; take {least} or more")
    effort = Effort(QUICK_RELATIVE if quick else RELATIVE, most or (QUICK if quick else FARTHEST), most is not None)
    planned = list(_planned(checks, seed, drawn, effort))
    rows = []
    for row in _made(planned, workers):
        rows.append(row)
        if on_progress is not None:
            on_progress(Progress(stage=f"case {row.case}", done=len(rows), total=len(planned), unit="rows"))
    return rows


def limit(kind: Kind, rows: int) -> float:
    """Return the largest z that a true prediction may show in a table of `rows` rows."""
    sides = 1 if kind.startswith("bound") else 2
    return float(stats.norm.isf(FAMILY_WISE / rows / sides))


def _planned(checks: Sequence[Check], seed: int, drawn: int, effort: Effort) -> Iterator[_Planned]:
    rows = sum(len(check.stated) + drawn for check in checks)
    for check in checks:
        name = f"{check.case} {check.quantity}".encode()
        for at, settings in enumerate(_all(check, seed, drawn)):
            chance = numpy.random.SeedSequence([seed, at, *name]).generate_state(2)
            yield _Planned(check, settings, at >= len(check.stated), int(chance[0]) << 20 | int(chance[1]) >> 12, rows, effort)


def _all(check: Check, seed: int, drawn: int) -> Iterable[Chosen]:
    rng = numpy.random.default_rng([seed, *f"{check.case} {check.quantity}".encode()])
    yield from check.stated
    yield from (check.draw(rng) for _ in range(drawn))


def _made(planned: Sequence[_Planned], workers: int) -> Iterator[Row]:
    """Yield the rows in their order; a process finds a check, which cannot be sent, by its place in `CHECKS`."""
    if workers == 1 or len(planned) <= 1:
        yield from map(_row, planned)
        return
    places = {id(check): place for place, check in enumerate(CHECKS)}
    if any(id(each.check) not in places for each in planned):
        raise UsageError("several workers need checks that are on the list CHECKS; put them there, or take one worker")
    tasks = [(places[id(each.check)], *each[1:]) for each in planned]
    with ProcessPoolExecutor(min(workers, len(tasks)), mp_context=get_context("spawn")) as pool:
        yield from pool.map(_sent, tasks)


def _sent(task: tuple[Any, ...]) -> Row:
    return _row(_Planned(CHECKS[task[0]], *task[1:]))


def _row(planned: _Planned) -> Row:
    check, settings = planned.check, planned.settings
    predicted = float(check.predicted(settings))
    mean, se, replicates = _simulated(planned, predicted)
    tolerance = float(check.tolerance(settings, predicted))
    off = mean - predicted
    z, border = _z(check.kind, off, tolerance + ROUNDING * abs(predicted or 1.0), se), limit(check.kind, planned.rows)
    return Row(
        case=check.case,
        quantity=check.quantity,
        settings=dict(settings),
        drawn=planned.drawn,
        kind=check.kind,
        predicted=predicted,
        simulated=mean,
        se=se,
        replicates=replicates,
        tolerance=tolerance,
        z=z,
        limit=border,
        holds=abs(z) <= border,
        order=check.order,
    )


def _simulated(planned: _Planned, predicted: float) -> tuple[float, float, int]:
    """Return mean, standard error and replicates, drawn batch by batch."""
    check, (relative, most, firm) = planned.check, planned.effort
    end = max(min(most, check.most), 0 if firm else check.least)
    origin = 0.0 if check.kind.startswith("bound") else predicted
    count, total, squares, number, se = 0, 0.0, 0.0, 0, 0.0
    while count < end:
        size = min(check.batch, end - count)
        values = numpy.asarray(check.simulated(planned.settings, size, planned.seed + number), dtype=numpy.float64) - origin
        if not numpy.isfinite(values).all():
            raise ConfigError(f"case {check.case}, {check.quantity}: simulated values at {dict(planned.settings)} do not exist")
        count, total, squares, number = count + values.size, total + float(values.sum()), squares + float(values @ values), number + 1
        se = float(numpy.sqrt(max(squares / count - (total / count) ** 2, 0.0) / max(count - 1, 1)))
        if count >= check.least and count > 1 and se <= relative * abs(predicted):
            break
    return total / count + origin, se, count


def _z(kind: Kind, off: float, tolerance: float, se: float) -> float:
    """Return the standardised distance beyond the tolerance; of a bound that is kept, 0."""
    beyond = numpy.sign(off) * max(abs(off) - tolerance, 0.0)
    if (kind == "bound_upper" and beyond < 0) or (kind == "bound_lower" and beyond > 0):
        return 0.0
    return float(numpy.clip(beyond / se, -FARTHEST, FARTHEST)) if se > 0 else float(numpy.sign(beyond) * FARTHEST)


def last(settings: Settings, name: str, replicates: int, seed: int) -> Floats:
    """Return every replicate's value of a series in the last generation of a run: (replicates,)."""
    return every(settings, name, replicates, seed)[-1]


def every(settings: Settings, name: str, replicates: int, seed: int) -> list[Floats]:
    """Return every replicate's value of a series: for each generation (replicates,)."""
    return simulate(msgspec.structs.replace(settings, replicates=replicates, seed=seed), frozenset({name}))[name]


def ends(settings: Settings, names: Sequence[str], replicates: int, seed: int) -> list[Floats]:
    """Return every replicate's value of several series of one run in its last generation: for each name (replicates,)."""
    found = simulate(msgspec.structs.replace(settings, replicates=replicates, seed=seed), frozenset(names))
    return [found[name][-1] for name in names]


def squared_deviations(values: Floats) -> Floats:
    """Return squared deviations from the mean of the values, whose own mean is their unbiased variance: (replicates,)."""
    return numpy.asarray(numpy.square(values - values.mean()) * (values.size / max(values.size - 1, 1)))
