"""The loop: each generation learns from what the policy hands it and writes what the next ones learn from."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy

from longtail.errors import ConfigError
from longtail.gates import Bound
from longtail.lab.learner import Floats, Learner, Rows
from longtail.lab.passing import COLUMNS, Passed
from longtail.lab.recipes import bound
from longtail.lab.script import Key, Step, Taken
from longtail.records import Record

MOST_ROWS = 10_000_000
"""Rows of one replicate that may be simulated at once."""


class Generation(Record, frozen=True):
    """One generation of a block of replicates: its model, and the chance that measuring it may use.

    `tries` is how many documents were written for each that a gate let pass into its training, (replicates,).
    """

    number: int
    model: Any
    rng: numpy.random.Generator
    tries: Floats | None = None


def trajectory(
    learner: Learner, steps: Sequence[Step], replicates: int, seed: int, block: int = 0, draws: str = "exact"
) -> Iterator[Generation]:
    """Yield the generations of a block of replicates, each computed when it is asked for.

    Chance in generation k of a block depends on (`seed`, k, `block`) alone, so runs that differ in their policy share
    generation 1 and what it writes.

    Args:
        learner: The family of models.
        steps: The script of the run.
        replicates: Lineages simulated side by side.
        seed: Seed of all chance.
        block: Number of the block, from 0 up.
        draws: "exact", or "random" to pick the pool of every row at random.

    Raises:
        ConfigError: The family cannot do what the script asks for.
    """
    loop = _Loop(learner, replicates, draws, {step.writer for step in steps})
    for step in steps:
        rng = numpy.random.default_rng([seed, step.generation - 1, block])
        loop.fill(step, rng)
        yield Generation(number=step.generation, model=loop.train(step, rng), rng=rng, tries=loop.tries)


def written(learner: Learner, steps: Sequence[Step], replicates: int, seed: int) -> Iterator[Any]:
    """Yield what generation 1, 2, … writes for the next ones to learn from, each when it is asked for.

    The last step of the script is written for and not trained, so G + 1 steps give the outputs of G generations.
    """
    loop = _Loop(learner, replicates, "exact", {step.writer for step in steps})
    for step in steps:
        rng = numpy.random.default_rng([seed, step.generation - 1, 0])
        loop.fill(step, rng)
        if step.generation > 1:
            yield loop.pools["synthetic", step.generation - 1]
        if step is not steps[-1]:
            loop.train(step, rng)


class _Loop:
    """The pools and models that a block of replicates holds between generations."""

    def __init__(self, learner: Learner, replicates: int, draws: str, writers: set[int]) -> None:
        self.learner, self.replicates, self.draws, self.writers = learner, replicates, draws, writers
        self.pools: dict[Key, Any] = {}
        self.models: dict[int, Any] = {}
        self.training: Any = None
        self.taken = 0
        self.tries: Floats | None = None
        self.joined: tuple[frozenset[Key], Any] = (frozenset(), None)

    def train(self, step: Step, rng: numpy.random.Generator) -> Any:
        """Train one generation, whose pools are filled, and return its model."""
        before = self.models.get(step.writer)
        if step.edits:
            self.training = self.learner.edit(self.training, before, step.edits, rng)
        else:
            self.training = self._compose(self._taken(step), rng)
        model = self.learner.fit(self.training, before, rng)
        for key in (*step.spent, *[key for key in self.pools if self._at_random(step)]):
            self.pools.pop(key, None)
        self.models = {number: each for number, each in self.models.items() if number in self.writers}
        self.models[step.generation] = model
        return model

    def fill(self, step: Step, rng: numpy.random.Generator) -> None:
        """Collect and write what the step asks for."""
        before = self.models.get(step.writer)
        self.tries = None
        if step.generation == 1:
            self._collect(("human", 0), sum(taken.rows for taken in step.taken), rng)
            return
        gate = bound(step.gate)
        collects, writes = self._rows(step, gate, rng)
        if step.collects or self._at_random(step):
            self._collect(("human", step.generation), collects, rng)
        if step.writes or self._at_random(step):
            inner = None if gate is None or gate.judges in ("origin", "nothing") else gate
            output = self.learner.sample(before, writes, rng, inner)
            self.pools["synthetic", step.generation - 1] = output
            self.tries = output.tries if isinstance(output, Passed) else None

    def _collect(self, key: Key, rows: Rows, rng: numpy.random.Generator) -> None:
        self.pools[key] = self.learner.real(self.replicates, rows, rng, self.taken)
        self.taken += int(numpy.max(rows))

    def _rows(self, step: Step, gate: Bound | None, rng: numpy.random.Generator) -> tuple[Rows, Rows]:
        """Return how many rows are collected and written: random numbers where chance decides about each row."""
        collects: Rows = step.collects
        writes: Rows = step.writes
        if self._at_random(step):
            total = step.collects + step.writes
            collects = rng.binomial(total, step.real_share or 0.0, size=self.replicates)
            writes = total - collects
        if gate is not None and gate.judges == "origin":
            human, synthetic = (float(share) for share in gate.call(numpy.array([True, False])))
            collects = rng.binomial(collects, human, size=self.replicates)
            writes = rng.binomial(writes, synthetic, size=self.replicates)
        return collects, writes

    def _at_random(self, step: Step) -> bool:
        return self.draws == "random" and step.real_share is not None

    def _taken(self, step: Step) -> Sequence[Taken]:
        """Return what the training set is made of: all that was collected and written, where chance decided how much."""
        if step.generation == 1 or not self._at_random(step):
            return step.taken
        keys: tuple[Key, ...] = (("human", step.generation), ("synthetic", step.generation - 1))
        return [Taken(pools=(key,), rows=0, weight=1.0, whole=True) for key in keys]

    def _compose(self, taken: Sequence[Taken], rng: numpy.random.Generator) -> Any:
        """Return the training set: what is drawn whole and with weight 1, joined, and then the rest."""
        plain = frozenset(key for each in taken if each.plain for key in each.pools)
        parts = [(self._pooled(plain), 1.0)] if plain else []
        parts += [(self._drawn(each, rng), each.weight) for each in taken if not each.plain]
        return parts[0][0] if len(parts) == 1 and parts[0][1] == 1 else self.learner.join(parts)

    def _pooled(self, keys: frozenset[Key]) -> Any:
        """Return the union of some pools, made from the last one where that is a part of it."""
        known, joined = self.joined
        grows = bool(known) and known <= keys
        rest = sorted(keys - known if grows else keys, key=lambda key: (key[1], key[0]))
        parts = [(joined, 1.0)] * grows + [(self.pools[key], 1.0) for key in rest]
        union = parts[0][0] if len(parts) == 1 else self.learner.join(parts)
        self.joined = (keys, union)
        return union

    def _drawn(self, taken: Taken, rng: numpy.random.Generator) -> Any:
        pools = [(self.pools[key], 1.0) for key in taken.pools]
        union = pools[0][0] if len(pools) == 1 else self.learner.join(pools)
        return union if taken.whole else self.learner.take(union, taken.rows, rng)


def _check_size(learner: Learner, step: Step) -> None:
    """Refuse more rows than fit, where rows are simulated or compared and not only counted."""
    rows = handled(step)
    simulated = "position" in learner.gates or rows > step.rows
    if simulated and rows > MOST_ROWS:
        raise ConfigError(
            f"generation {step.generation} handles {rows:,} rows of a replicate at once, more than {MOST_ROWS:,}; "
            "lower the rows, or let the gate keep more"
        )


def _check_detector(step: Step) -> None:
    """Refuse a detector that leaves a training set of new rows empty.

    Raises:
        ConfigError: It keeps no row of the kinds that the set is made of.
    """
    gate = bound(step.gate)
    if gate is None or gate.judges != "origin" or step.generation == 1:
        return
    human, synthetic = (float(share) for share in gate.call(numpy.array([True, False])))
    entering = {("human", step.generation): human, ("synthetic", step.generation - 1): synthetic}
    kept = [entering.get(key, 1.0) for taken in step.taken for key in taken.pools]
    if kept and not any(kept):
        raise ConfigError(f"gate {step.gate!r} keeps nothing of generation {step.generation}'s rows; raise its rates, or take real data in")


def _check_gate(learner: Learner, spec: str, gate: Bound) -> None:
    judges = gate.judges
    known = ", ".join(sorted(learner.gates)) or "nothing"
    if judges == "documents" and judges not in learner.gates:
        raise ConfigError(
            f"gate {gate.name!r} judges documents; rows of this family show {known}. Take a family of documents: ngram or transformer"
        )
    if judges == "origin" and not learner.uneven:
        raise ConfigError(f"gate {spec!r} needs a family simulated by its counts or moments, and a policy that draws pools whole")
    if judges not in {*learner.gates, "origin", "nothing"}:
        raise ConfigError(
            f"gate {spec!r} judges rows by their {judges}; rows of this family show {known}. Take another gate{_hint(learner)}"
        )


def _name(spec: str) -> str:
    """Return what a gate is called: one of rows with its settings, a recipe by its stages."""
    gate = bound(spec)
    return gate.name if gate is not None and gate.judges == "documents" else spec


def _hint(learner: Learner) -> str:
    """Return how documents come before a gate of rows."""
    return f", or a recipe in which it judges a column: {', '.join(COLUMNS)}" if "documents" in learner.gates else ""


def _new(step: Step) -> bool:
    """Tell whether a training set is made of a share of new real data and of new output alone, each pool drawn whole."""
    entering = {("human", step.generation), ("synthetic", step.generation - 1)}
    plain = all(taken.plain and len(taken.pools) == 1 and taken.pools[0] in entering for taken in step.taken)
    return plain and (step.real_share is not None or {taken.pools[0][0] for taken in step.taken} == {"synthetic"})


def _check_edits(steps: Sequence[Step]) -> None:
    """Refuse to edit what a gate is to judge, more rows than there are, and rows that carry weights or that a detector thinned."""
    held, counted = 0, True
    for step in steps:
        gate = step.gate.partition(":")[0]
        if not step.edits:
            held = step.rows
            counted = all(taken.weight == 1 for taken in step.taken) and (gate != "detector" or step.generation == 1)
        elif gate not in ("none", "random"):
            raise ConfigError(f"gate {_name(step.gate)!r} does not judge rows that are edited in place; take gate none, or another policy")
        elif step.edits > held:
            raise ConfigError(
                f"{step.edits} rows are to be edited in a training set of {held}; lower the share, or let the size be constant"
            )
        elif not counted:
            raise ConfigError(
                "edit takes a training set of whole rows, equally many in each replicate; let it follow another policy or gate"
            )


def handled(step: Step) -> int:
    """Return how many rows a generation handles at once: those trained on, or the candidates that a gate compares."""
    gate = bound(step.gate)
    return max(step.rows, round(step.writes * gate.candidates) if gate is not None else 0)


def check(learner: Learner, steps: Sequence[Step], draws: str) -> None:
    """Refuse what a family cannot simulate, before anything is simulated.

    Raises:
        ConfigError: The gate judges what the rows do not show, or chance would decide about numbers of rows that a
            family holds equal.
    """
    for spec in dict.fromkeys(step.gate for step in steps):
        gate = bound(spec)
        if gate is not None:
            _check_gate(learner, spec, gate)
    _check_edits(steps)
    for step in steps:
        _check_detector(step)
        _check_size(learner, step)
    if draws == "random" and not learner.uneven:
        raise ConfigError("--draws random needs a family simulated by its counts or moments, and a policy that draws pools whole")
    if draws == "random" and not all(_new(step) for step in steps[1:]):
        raise ConfigError("--draws random picks between new real data and new output; take the policy fresh:SHARE")
