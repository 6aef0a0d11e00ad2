"""What a closed form is asked for: the settings of a run, in the words of the forms."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy

from longtail import policies
from longtail.lab.learners.catalogue import settled
from longtail.lab.script import Step
from longtail.lab.settings import Settings

Form: TypeAlias = Callable[..., Any]
Line: TypeAlias = tuple[Form, Any]
"""A form, and its values over the generations of a run (or its value, where it is the same in all)."""
Lines: TypeAlias = dict[str, Line]


class Asked(NamedTuple):
    """A run without gates or interventions, unless `gate` says otherwise.

    Args:
        policy: Name of the policy.
        arguments: Its settings.
        gate: The gate with its settings, the same in all generations, or "none".
        options: Options of the family, all of them.
        steps: The script of the run.
        random: Whether the pool of each row is picked at random.
        wanted: Names of the series that were measured.
    """

    policy: str
    arguments: dict[str, Any]
    gate: str
    options: dict[str, Any]
    steps: Sequence[Step]
    random: bool
    wanted: frozenset[str]

    @property
    def t(self) -> list[int]:
        """Return the generations."""
        return [step.generation for step in self.steps]

    @property
    def sizes(self) -> list[int]:
        """Return the rows of each training set."""
        return [step.rows for step in self.steps]

    @property
    def first(self) -> int:
        """Return the rows of the first training set."""
        return self.steps[0].rows

    @property
    def later(self) -> Step:
        """Return the second step, or the first of a run that has no other."""
        return self.steps[min(1, len(self.steps) - 1)]

    @property
    def even(self) -> bool:
        """Tell whether all training sets have the rows of the first."""
        return set(self.sizes) == {self.first}

    @property
    def equal(self) -> bool:
        """Tell whether each model writes as many rows as the first training set has."""
        return all(step.writes == self.first for step in self.steps[1:])

    @property
    def newest_alone(self) -> bool:
        """Tell whether new real data are mixed with the newest output and with nothing else."""
        return self.arguments.get("window", 1) == 1 and not self.arguments.get("kept", 0)

    @property
    def plain(self) -> bool:
        """Tell whether no gate judges rows, and all training sets have the rows of the first."""
        return self.gate == "none" and self.even

    def at(self, **values: Any) -> bool:
        """Tell whether options have these values."""
        return all(self.options[name] == value for name, value in values.items())


def asked(settings: Settings, steps: Sequence[Step], wanted: frozenset[str]) -> Asked | None:
    """Return what is asked for, or None where interventions change the run on its way: no form covers them."""
    if settings.changes or any(step.edits for step in steps) and settings.policy.partition(":")[0] != "edit":
        return None
    return Asked(
        policy=settings.policy.partition(":")[0].strip(),
        arguments=dict(policies.bound(settings.policy).keywords),
        gate=settings.gate,
        options=settled(settings.family, settings.options),
        steps=steps,
        random=settings.draws == "random",
        wanted=wanted,
    )


def spread_out(values: Any, count: int) -> tuple[float | None, ...]:
    """Return values for each generation, None where they do not exist."""
    found = numpy.broadcast_to(numpy.asarray(values, dtype=numpy.float64), (count,))
    return tuple(float(value) if numpy.isfinite(value) else None for value in found)
