"""How often guards raise an alarm on runs in which nothing is wrong, how early they find what is planted, and what shortcuts they see.

- healthy: runs of several kinds in which nothing changes that a guard speaks of. Any alarm is false; all guards and looks together
  have one alpha.
- edge: runs that stand exactly at a convention: entropy at the margin, divergence at the budget. An alarm is false there too.
- power: runs with a planted drift: share of runs found, and the step of the first alarm.
- shortcuts: completions labelled by the shortcut that they take: which are marked.

Run `python -m bench.guards` for the tables, with `--write` to put them into docs/benchmarks-guards.md. About five CPU minutes.
"""

import math
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.stats import beta, binom

from bench.rollouts import EACH, SHORTCUTS, Course, State, labelled, run
from bench.tables import Row, arguments, told, write
from longtail.guards import GUARDS, Monitor, Settings
from longtail.metrics.rollouts.marks import marks
from longtail.metrics.rollouts.windows import Window

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks-guards.md"
ALPHA, BUDGET, STEPS = 0.05, 0.05, 12
LOOKS = STEPS // 2 - 1
NAMES = tuple(entry.name for entry in GUARDS)
LOUD = ("warn", "fail")


class Kind(NamedTuple):
    """A kind of run: its name, the policy by step, what its groups have of their own, and completions in each."""

    name: str
    course: Course
    spread: float = 0.0
    kept: float = 0.0
    each: int = EACH


def still(**changes: object) -> Course:
    """Return the course of a policy that stays as it is."""
    state = State(**changes)  # ty: ignore
    return lambda step: state


HEALTHY = (
    Kind("three formats", still()),
    Kind("nearly one format", still(shares=(0.94, 0.04, 0.02))),
    Kind("short answers", still(length=3.0)),
    Kind("reward rises from .3 to .8, the mix stays", lambda step: State(success=0.3 + 0.5 * step / (STEPS - 1))),
    Kind("lengths drift by a tenth", lambda step: State(length=30 * (1 + 0.1 * math.sin(step)))),
    Kind("groups differ", still(), spread=0.3),
    Kind("groups differ, and neighbours are alike", still(), spread=0.3, kept=0.7),
)
EDGE = (
    (Kind("entropy at .90 of the begin", lambda step: State(entropy=0.5 if step < 2 else 0.45)), "entropy"),
    (Kind("divergence at the budget", still(kl=BUDGET)), "divergence"),
)


def first_alarms(kind: Kind, seed: int, steps: int = STEPS, names: Sequence[str] = NAMES) -> dict[str, int]:
    """Return the last step of the first window in which each guard raised an alarm, of those that did; each has its part of alpha."""
    part = ALPHA * len(names) / len(NAMES)
    monitor = Monitor(Settings(alpha=part, horizon=steps // 2 - 1, budget=BUDGET), names)
    for rows in run(kind.course, steps, seed, spread=kind.spread, kept=kind.kept, each=kind.each):
        monitor.take(rows)
    monitor.close()
    found: dict[str, int] = {}
    for alarm in monitor.alarms:
        if alarm.verdict.status in LOUD:
            found.setdefault(alarm.guard, alarm.last)
    return found


def alarms(kinds: Sequence[Kind], runs: int) -> Iterator[Row]:
    """Yield a row for each kind: runs in which each guard raised an alarm at any look, and all together with the upper bound."""
    for at, kind in enumerate(kinds):
        found = [first_alarms(kind, 10_000 * at + seed) for seed in range(runs)]
        false = sum(bool(each) for each in found)
        counts = {name: sum(name in each for each in found) for name in NAMES}
        yield {"runs of": kind.name, "runs": runs} | counts | {"any": false, "rate": false / runs} | _bounded(false, runs, ALPHA)


def edges(runs: int) -> Iterator[Row]:
    """Yield a row for each run that stands at a convention: how often the guard that speaks of it raised an alarm."""
    for at, (kind, guard) in enumerate(EDGE):
        false = sum(bool(first_alarms(kind, 200_000 + 10_000 * at + seed, names=[guard])) for seed in range(runs))
        head = {"runs that stand at": kind.name, "guard": guard, "runs": runs, "alarms": false, "rate": false / runs}
        yield head | _bounded(false, runs, ALPHA / len(NAMES))


def _bounded(false: int, runs: int, alpha: float) -> Row:
    """Return the 95 % upper bound of a rate (Clopper & Pearson), and whether the count lies in the 99 % band of alpha."""
    upper = float(beta.ppf(0.95, false + 1, runs - false)) if false < runs else 1.0
    return {"at most": upper, "stated": alpha, "holds": bool(binom.sf(false - 1, runs, alpha) > 0.01)}


LATE = 40
RARE = "successes become rare in groups of 16"
DRIFTS = (
    ("one format takes over", "format_mix", lambda at: State(shares=(0.4 + 0.58 * at, 0.3 - 0.29 * at, 0.3 - 0.29 * at))),
    ("entropy falls to a third", "entropy", lambda at: State(entropy=0.5 / (1 + 2 * at))),
    ("entropy rises threefold", "entropy", lambda at: State(entropy=0.5 * (1 + 2 * at))),
    ("work shrinks to a tenth", "shortcuts", lambda at: State(length=30 * (1 - 0.9 * at))),
    ("one answer to all prompts", "shortcuts", lambda at: State(one=0.9 * at)),
    ("completions repeat themselves", "shortcuts", lambda at: State(repeat=0.9 * at)),
    ("prompts are copied", "shortcuts", lambda at: State(copy=0.9 * at)),
    ("successes become rare", "lone_success", lambda at: State(success=0.5 - 0.49 * at)),
    ("divergence grows to .10", "divergence", lambda at: State(kl=0.02 + 0.08 * at)),
    (RARE, "lone_success", lambda at: State(success=0.5 - 0.49 * at)),
)
"""What is planted, the guard that is for it, and the state by how far the drift has come, from 0 to 1 over the run."""


def power(runs: int, drifts: Iterable[tuple[str, str, Callable[[float], State]]] = DRIFTS) -> Iterator[Row]:
    """Yield a row for each planted drift: runs in which its guard found it, and how far the drift had come by then."""
    for at, (name, guard, state) in enumerate(drifts):
        kind = Kind(name, lambda step, state=state: state(step / (LATE - 1)), each=16 if name == RARE else EACH)
        found = [first_alarms(kind, 500_000 + 10_000 * at + seed, LATE, [guard]).get(guard) for seed in range(runs)]
        steps = sorted(step for step in found if step is not None)
        low, middle, high = (float(np.quantile(steps, level, method="nearest")) if steps else math.nan for level in (0.05, 0.5, 0.95))
        yield {"planted over 40 steps": name, "guard": guard, "runs": runs, "found": len(steps)} | {
            "first alarm at step": f"{middle:.0f} ({low:.0f} to {high:.0f})" if steps else "",
            "drift by then": f"{middle / (LATE - 1):.0%}" if steps else "",
        }


def shortcuts(repetitions: int) -> Iterator[Row]:
    """Yield a row for each shortcut with its recall, one for healthy completions, and one for all with precision and recall."""
    marked: dict[str, list[bool]] = {name: [] for name in ("", *SHORTCUTS)}
    for seed in range(repetitions):
        begin, later = labelled(160, 40, seed)
        rows = tuple(row for row, _ in later)
        seen = {id(mark.row) for mark in marks(Window(0, 0, tuple(begin)), Window(9, 9, rows))}
        for row, label in later:
            marked[label].append(id(row) in seen)
    for label, found in marked.items():
        yield _row(label or "none", sum(found), len(found)) | {"precision": None, "recall": sum(found) / len(found) if label else None}
    hits, false = sum(sum(marked[name]) for name in SHORTCUTS), sum(marked[""])
    total = sum(len(marked[name]) for name in SHORTCUTS)
    yield _row("any", hits + false, total + len(marked[""])) | {"precision": hits / (hits + false), "recall": hits / total}


def _row(label: str, found: int, of: int) -> Row:
    return {"shortcut": label, "completions": of, "marked": found}


MEASURES: dict[str, tuple[Callable[[int], Iterator[Row]], int]] = {
    "healthy": (lambda runs: alarms(HEALTHY, runs), 200),
    "edge": (edges, 400),
    "power": (power, 12),
    "shortcuts": (shortcuts, 10),
}
"""Each measurement and its repetitions."""


def main() -> None:
    """Make the measurements that were asked for."""
    asked = arguments(__doc__, list(MEASURES))
    for name in asked.only:
        measure, repetitions = MEASURES[name]
        rows = told(name, measure(asked.repetitions or repetitions))
        if asked.write:
            write(name, rows, PAGE)
    sys.stderr.write("done\n")


if __name__ == "__main__":
    main()
