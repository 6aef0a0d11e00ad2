"""Runs of the lab in a terminal: a small table for each series, beside its closed form, no line wider than 80 columns."""

import math
import textwrap
from collections.abc import Iterator, Sequence

from rich.text import Text

from longtail.lab.result import Run, Series, Theory
from longtail.report.drawing.charts import spread
from longtail.report.lab.words import HEADS, SURE, alike, sentence, skewed

WIDTH = 80
MOST_GENERATIONS = 5
_NAME, _CELL, _CHECK = 20, 12, 9
_CHECKS = {"exact": "z", "asymptotic": "off"}


def blocks(runs: Sequence[Run]) -> Iterator[Text]:
    """Yield the lines of some runs, one run after the other."""
    for place, run in enumerate(runs):
        if place:
            yield Text()
        yield from _run(run)
    total = sum(run.settings.replicates * len(run.generations) for run in runs)
    seconds = sum(run.seconds for run in runs)
    yield Text(f"{total:,} replicate-generations in {seconds:.1f} s: {total / max(seconds, 1e-9):,.0f} per second", "dim")


def _run(run: Run) -> Iterator[Text]:
    for line in _wrapped(sentence(run)):
        yield Text(line, "bold")
    for names in alike([run], [name for name, series in run.series.items() if name != "alive" or set(series.mean) != {1.0}]):
        yield Text()
        yield from _group(run, names)
    yield Text()
    for line in (deaths(run), _leads(run), *_skews(run)):
        yield from (Text(each) for each in _wrapped(line))
    for line in _sources(run.theory):
        yield from (Text(each, "dim") for each in _wrapped(line))


def _group(run: Run, names: Sequence[str]) -> Iterator[Text]:
    """Yield the table of some series that are equal, or one line where they never change."""
    series = run.series[names[0]]
    name = next((each for each in names if each in run.theory), names[0])
    if len({*series.mean, *series.median, *series.q05, *series.q95}) == 1 and name not in run.theory:
        yield Text.assemble((", ".join(names), "bold"), (f"  {_number(series.mean[0])} in every generation and replicate", "dim"))
        return
    yield from _table(run, name, series)
    others = [each for each in names if each != name]
    if others:
        yield Text(f"{'':{_NAME}}the same: {', '.join(others)}", "dim")


def _table(run: Run, name: str, series: Series) -> Iterator[Text]:
    theory = run.theory.get(name)
    columns = {"mean": series.mean, "± se": series.se}
    if skewed(series):
        columns["median"] = series.median
    if theory is not None:
        columns[HEADS[theory.kind]] = theory.value
    check = _CHECKS.get(theory.kind, "") if theory else ""
    heads = "".join(f"{head:>{_CELL}}" for head in columns) + f"{check:>{_CHECK}}".rstrip()
    yield Text.assemble((f"{name:<{_NAME}}", "bold"), (heads, "dim"))
    for at in spread(len(run.generations), MOST_GENERATIONS):
        cells = "".join(f"{_number(column[at]):>{_CELL}}" for column in columns.values())
        beside = _beside(run, series, theory, at) if theory else ""
        yield Text(f"{f'generation {run.generations[at]}':>{_NAME - 2}}  {cells}{beside:>{_CHECK}}".rstrip())


def heavy(series: Series, at: int, replicates: int) -> bool:
    """Tell whether a mean hangs on so few replicates that its standard error, too, is not known.

    A lognormal law with the median and the 95% quantile of the replicates has a relative variance of e^(s²) − 1, where s is
    ln(q95 / median) / 1.645; a mean of fewer than 16 e^(s²) replicates is called heavy (of few replicates: where e^(s²) > 8).
    """
    median, high = series.median[at], series.q95[at]
    if median is None or high is None or not 0 < median < high:
        return False
    return (math.log(high / median) / 1.645) ** 2 > math.log(max(8, replicates / 16))


def _beside(run: Run, series: Series, theory: Theory, at: int) -> str:
    """Return how a mean stands to its closed form: its distance in standard errors, in percent, or the side of the bound."""
    mean, se, value = series.mean[at], series.se[at], theory.value[at]
    if mean is None or value is None:
        return "–"
    off = mean - value
    if theory.kind == "exact":
        return _z(off, series, at, run.settings.replicates)
    if theory.kind == "asymptotic":
        return f"{off / abs(value):+.1%}" if value else "–"
    beyond = off if theory.kind == "bound_upper" else -off
    return "beyond" if beyond > SURE * (se or 0) + 1e-12 * abs(value) else "holds"


def _z(off: float, series: Series, at: int, replicates: int) -> str:
    """Return a difference in standard errors, where that says something."""
    se = series.se[at]
    if heavy(series, at, replicates):
        return "heavy"
    return f"{off / se:+.1f}" if se else "–"


def deaths(run: Run) -> str:
    """Return in which generation the first and the last replicate died, or nothing where none did."""
    alive = run.series.get("alive")
    if alive is None or all(value == 1 for value in alive.mean):
        return ""
    shares = [value or 0.0 for value in alive.mean]
    first = run.generations[next(at for at, share in enumerate(shares) if share < 1)]
    if shares[-1] == 0:
        last = run.generations[max((at + 1 for at, share in enumerate(shares) if share > 0), default=0)]
        return f"All replicates died: the first in generation {first}, the last in generation {last}."
    died = round((1 - shares[-1]) * run.settings.replicates)
    return f"{died:,} of {run.settings.replicates:,} replicates are dead at the end; the first died in generation {first}."


def _leads(run: Run) -> str:
    """Return when each series had moved by a tenth; series that never did come last."""
    known = {name: at for name, at in run.lead_times.items() if name in run.series}
    moved = sorted(((at, name) for name, at in known.items() if at is not None), key=lambda pair: pair[0])
    if not known:
        return ""
    still = [name for name, at in known.items() if at is None and name != "alive"]
    told = ", ".join(f"{name} in {at}" for at, name in moved)
    parts = [f"Median first a tenth from generation 1: {told}." if told else "No median moved a tenth from generation 1."]
    return " ".join([*parts, *([f"Never: {', '.join(still)}."] if told and still else [])])


def _skews(run: Run) -> Iterator[str]:
    """Yield a line for each mean that has come to stand far above what most replicates have."""
    for name, series in run.series.items():
        first, mean, median = _share(series, 0), series.mean[-1], series.median[-1]
        last = _share(series, -1)
        if first is not None and last is not None and 0 <= 2 * last < first:
            yield f"{name}: few replicates carry the mean {_number(mean)}; half of them end at {_number(median)} or below."
        shown = spread(len(run.generations), MOST_GENERATIONS)
        if name in run.theory and run.theory[name].kind == "exact" and any(heavy(series, at, run.settings.replicates) for at in shown):
            yield f"{name}: heavy: the mean hangs on so few replicates that its error is not known; a z would say nothing."


def _share(series: Series, at: int) -> float | None:
    """Return the median as a share of the mean, or None where that says nothing."""
    mean, median = series.mean[at], series.median[at]
    return median / mean if mean is not None and median is not None and mean > 0 else None


def _sources(theory: dict[str, Theory]) -> list[str]:
    """Return the sources, each with the series that have their closed form from it."""
    names: dict[str, list[str]] = {}
    for name, each in theory.items():
        names.setdefault(each.source, []).append(name)
    return [f"Closed form of {', '.join(series)}: {source}" for source, series in names.items()]


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.4g}"


def _wrapped(line: str) -> list[str]:
    return textwrap.wrap(line, WIDTH, subsequent_indent="  ") if line else []
