"""Runs: replicates in blocks, each block with streams of its own, spread over cores, resumable."""

import functools
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec
import numpy

from longtail.errors import UsageError
from longtail.lab.beside import theory_of
from longtail.lab.definitions import definitions
from longtail.lab.kept import Values, elsewhere, folder_for, kept
from longtail.lab.learner import Learner
from longtail.lab.learners import make
from longtail.lab.loop import check, handled, trajectory
from longtail.lab.recipes import bound, carried, options_of
from longtail.lab.result import Run, lead_times, summed
from longtail.lab.script import Step, script, strict
from longtail.lab.settings import Settings
from longtail.records import OnProgress, Progress


def run(
    settings: Settings,
    *,
    series: Sequence[str] | None = None,
    workers: int = 1,
    keep: Path | None = None,
    on_progress: OnProgress | None = None,
) -> Run:
    """Simulate a policy and return every series with its closed form.

    The result depends on the settings alone, not on `workers`.

    Args:
        settings: What to simulate.
        series: Names of the series to measure; all that the family has if None.
        workers: Processes.
        keep: Folder in which finished blocks are kept, so that a run that was stopped goes on where it was.
        on_progress: Called after each block.

    Raises:
        UnknownName: No family, policy, gate or series of that name.
        ConfigError: A setting is out of range, or the family cannot do what is asked.
        UsageError: The pools cannot give what the policy asks for, or `workers` is below 1.
    """
    if workers < 1:
        raise UsageError(f"workers is {workers}; take 1 or more")
    begun = time.perf_counter()
    settings = carried(settings)
    steps = script(settings)
    wanted = _wanted(_known(prepared(settings, steps), steps), series)
    found = summed(simulate(settings, wanted, workers=workers, keep=keep, on_progress=on_progress))
    return Run(
        settings=settings,
        generations=tuple(step.generation for step in steps),
        series=found,
        theory=theory_of(settings, steps, wanted),
        lead_times=lead_times(found),
        definitions=definitions(found),
        seconds=time.perf_counter() - begun,
    )


def simulate(
    settings: Settings,
    wanted: frozenset[str],
    *,
    workers: int = 1,
    keep: Path | None = None,
    on_progress: OnProgress | None = None,
) -> Values:
    """Return every replicate's value of some series: for each name and generation (replicates,).

    Args and errors are those of `run`.
    """
    settings = carried(settings)
    steps = script(settings)
    sizes = _blocks(settings.replicates, prepared(settings, steps).together(max(map(handled, steps))))
    tasks = [(settings, block, size, wanted) for block, size in enumerate(sizes)]
    values = [*_finished(tasks, workers, keep, on_progress)]
    return {name: [numpy.concatenate(parts) for parts in zip(*(each[name] for each in values), strict=True)] for name in values[0]}


def prepared(settings: Settings, steps: Sequence[Step]) -> Learner:
    """Return the learner of a run, by its counts or moments where their law is known and rows are not needed."""
    looked = [gate.judges for gate in map(bound, {step.gate for step in steps}) if gate is not None]
    learner = make(settings.family, options_of(settings), rows=strict(steps) or bool({*looked} - {"origin", "nothing"}))
    check(learner, steps, settings.draws)
    return learner


def block(
    settings: Settings, number: int, replicates: int, wanted: frozenset[str], on_generation: Callable[[int], None] | None = None
) -> Values:
    """Simulate one block of replicates; `on_generation` is called with the number of each generation that is done."""
    steps = script(settings)
    learner = prepared(settings, steps)
    values: Values = {name: [] for name in _known(learner, steps) if name in wanted}
    with numpy.errstate(over="ignore", invalid="ignore"):
        for generation in trajectory(learner, steps, replicates, settings.seed, number, settings.draws):
            measured = learner.measure(generation.model, wanted, generation.rng)
            measured["alive"] = learner.alive(generation.model).astype(numpy.float64)
            measured["tries"] = numpy.full(replicates, numpy.nan) if generation.tries is None else generation.tries
            for name, column in values.items():
                column.append(measured[name])
            if on_generation is not None:
                on_generation(generation.number)
    return values


def _known(learner: Learner, steps: Sequence[Step]) -> tuple[str, ...]:
    """Return the series of a run: those of its family, and what a gate of documents costs."""
    found = (bound(spec) for spec in dict.fromkeys(step.gate for step in steps))
    costs = any(gate is not None and gate.judges == "documents" for gate in found)
    return (*learner.series, "alive", *(("tries",) if costs else ()))


def _wanted(known: Sequence[str], series: Sequence[str] | None) -> frozenset[str]:
    for name in series or ():
        if name not in known:
            raise UsageError(f"series {name!r} is not known to this family; it has {', '.join(known)}")
    return frozenset(series or known)


def _blocks(replicates: int, together: int) -> list[int]:
    return [min(together, replicates - at) for at in range(0, replicates, together)]


Task = tuple[Settings, int, int, frozenset[str]]
Call = Callable[..., Values]


def _finished(tasks: Sequence[Task], workers: int, keep: Path | None, on_progress: OnProgress | None) -> Iterator[Values]:
    """Yield the values of the blocks in their order, telling of blocks, and in this process of generations, as they are done."""
    settings = tasks[0][0]
    total, done = settings.replicates * settings.generations, 0

    def tell(further: int) -> None:
        if on_progress is not None:
            on_progress(Progress(stage=settings.family, done=done + further, total=total, unit="replicate-generations"))

    call: Call = functools.partial(_simulate, folder_for(keep) if keep else None)
    serial = workers == 1 or len(tasks) == 1
    computed = _here(tasks, call, tell) if serial else elsewhere(call, tasks, workers)
    for task, values in zip(tasks, computed, strict=True):
        done += task[2] * settings.generations
        tell(0)
        yield values


def _here(tasks: Sequence[Task], call: Call, tell: Callable[[int], None]) -> Iterator[Values]:
    for task in tasks:
        yield call(task, lambda generation, size=task[2]: tell(size * generation))


def _simulate(folder: Path | None, task: Task, on_generation: Callable[[int], None] | None = None) -> Values:
    """Simulate a block, or read it where an interrupted run has left it."""
    settings, number, size, wanted = task
    told = [msgspec.to_builtins(settings), number, size, sorted(wanted)]
    return kept(folder, told, lambda: block(*task, on_generation))
