"""A run of several models in a terminal and as JSON."""

import json
from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

import msgspec

from longtail.lab.network import NetworkRun
from longtail.lab.theory.network import network_spectral_radius
from longtail.records import SCHEMA_VERSION
from longtail.report.drawing.charts import spread

MOST_GENERATIONS = 5


def to_json(run: NetworkRun, family: str, options: dict[str, Any]) -> str:
    """Return the run as JSON; ends in a newline."""
    told = {
        "schema_version": SCHEMA_VERSION,
        "family": family,
        "options": options,
        **msgspec.to_builtins(run),
        "spectral_radius": radius(run),
        "longtail_version": version("longtail"),
    }
    return json.dumps(told, ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def radius(run: NetworkRun) -> float:
    """Return the spectral radius of the shares in whole rows."""
    rows = [[count / run.samples for count in counts[1:]] for counts in run.rows]
    return network_spectral_radius(mixing=rows)


def lines(run: NetworkRun, family: str) -> Iterator[str]:
    """Yield the lines of a run, none of them wider than 80 columns."""
    yield f"{len(run.rows)} models of the family {family}, {run.samples:,} rows each, {run.replicates:,} replicates"
    for at, counts in enumerate(run.rows, 1):
        sources = [f"{counts[0]:,} real"] * bool(counts[0]) + [f"{rows:,} of model {of}" for of, rows in enumerate(counts[1:], 1) if rows]
        yield f"  model {at} learns from {', '.join(sources)}"
    for name, series in run.series.items():
        theory = run.theory.get(name)
        yield ""
        yield f"{name:<20}{'mean':>12}{'± se':>12}{theory.kind if theory else '':>12}"
        for at in spread(len(run.generations), MOST_GENERATIONS):
            beside = _number(theory.value[at]) if theory else ""
            yield f"  {f'generation {run.generations[at]}':>16}  {_number(series.mean[at]):>12}{_number(series.se[at]):>12}{beside:>12}"
    yield ""
    found = radius(run)
    if found < 1:
        yield f"Spectral radius {found:.4f}, below 1: every model has a path to real data, and"
        yield "errors settle (for a location model; of others it is a guide)."
    else:
        yield f"Spectral radius {found:.4f}: a group of models has no path to real data, and its"
        yield "errors grow with every generation (for a location model; of others a guide)."


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.4g}"
