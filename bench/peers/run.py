"""Measure contenders: sizes ascending, each run in a process of its own, until the next size would take too long."""

import json
import math
import os
import statistics
import subprocess
import sys
from collections.abc import Sequence
from typing import NamedTuple

from bench import venvs
from bench.peers.contender import Contender, Family
from bench.profile import ONE_THREAD

THREADS = ONE_THREAD | dict.fromkeys(("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS", "LOKY_MAX_CPU_COUNT"), "1")
ENOUGH = 10.0  # CPU-seconds; a run as long is made once
LARGEST_EXPONENT, SECONDS = 3.0, 900


class Row(NamedTuple):
    """One contender at one size: medians over the rounds, peaks over all of them."""

    metric: str
    contender: str
    version: str
    size: int
    cpu: float
    peak: float
    extra: float
    value: float
    rounds: int


class LeftOut(NamedTuple):
    """What was not measured, and why."""

    metric: str
    contender: str
    size: int
    why: str


def child(metric: str, contender: Contender, size: int) -> dict[str, float | str]:
    """Run one contender once.

    Raises:
        ImportError: Its package could not be imported; says the last line that it wrote.
        RuntimeError: It failed otherwise, or took too long.
    """
    command = [venvs.python_of(contender.package), "-m", "bench.peers.child", metric, contender.name, str(size)]
    try:
        run = subprocess.run(
            command, env=os.environ | THREADS, capture_output=True, text=True, timeout=SECONDS, cwd=venvs.ROOT, check=False
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise RuntimeError(f"took more than {SECONDS} s") from error
    if run.returncode:
        said = venvs.last_line(run.stderr) if run.returncode > 0 else f"killed by signal {-run.returncode}"
        raise (ImportError if "ModuleNotFoundError" in said or "ImportError" in said else RuntimeError)(said)
    found: dict[str, float | str] = json.loads(run.stdout.splitlines()[-1])
    return found


def foretold(contender: Contender, measured: Sequence[Row], size: int) -> float:
    """Return the CPU-seconds that a size should take by those that were measured; 0 where none was."""
    if not measured:
        return 0.0
    exponent = contender.growth
    if len(measured) > 1 and measured[-1].cpu > 0.1:
        exponent = min(max(slope(measured[-2:]) or 1.0, 1.0), LARGEST_EXPONENT)
    return measured[-1].cpu * math.pow(size / measured[-1].size, exponent)


def slope(rows: Sequence[Row]) -> float | None:
    """Return the exponent b of CPU-seconds ~ size^b between the first and the last row; None without two."""
    if len(rows) < 2 or min(rows[0].cpu, rows[-1].cpu) <= 0:
        return None
    return math.log(rows[-1].cpu / rows[0].cpu) / math.log(rows[-1].size / rows[0].size)


def measured(family: Family, contender: Contender, rounds: int) -> tuple[list[Row], list[LeftOut]]:
    """Return the rows of one contender, and the sizes that it was not given."""
    rows: list[Row] = []
    left_out: list[LeftOut] = []
    for size in family.sizes:
        why = _too_much(family, contender, rows, size)
        if not why and not left_out:
            try:
                rows.append(_row(family.metric, contender, size, rounds))
                continue
            except (ImportError, RuntimeError) as error:
                why = str(error)
        left_out.append(LeftOut(family.metric, contender.name, size, why or left_out[-1].why))
    return rows, left_out


def _too_much(family: Family, contender: Contender, rows: Sequence[Row], size: int) -> str:
    seconds = foretold(contender, rows, size)
    if contender.longest is not None and size > contender.longest:
        return "memory"
    return f"would take about {seconds:,.0f} s" if seconds > family.limit else ""


def _row(metric: str, contender: Contender, size: int, rounds: int) -> Row:
    found = [child(metric, contender, size)]
    while len(found) < rounds and float(found[0]["cpu"]) < ENOUGH:
        found.append(child(metric, contender, size))
    cpu = statistics.median(float(one["cpu"]) for one in found)
    peak, extra = (max(float(one[key]) for one in found) for key in ("peak", "extra"))
    row = Row(metric, contender.name, str(found[0]["version"]), size, cpu, peak, extra, float(found[0]["value"]), len(found))
    sys.stderr.write(f"{metric}, {contender.name}, {size}: {cpu:.4g} CPU-s, {extra / 1e6:.0f} MB more, value {row.value:.6g}\n")
    return row
