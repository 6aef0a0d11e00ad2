"""What the planner is asked and what it answers: always two numbers, each with its kind and condition."""

from typing import Literal

from longtail.errors import ConfigError
from longtail.records import Record

Kind = Literal["exact", "asymptotic"]
Event = Literal["return", "present", "all", "half"]

LARGEST_EXACT = 1000
"""Rows up to which the chain of a type's count is solved."""
LARGEST_RARE = 0.05
"""Share of a type up to which it counts as rare, so that the limit of many rows holds for it."""


class Ask(Record, frozen=True):
    """What is planned for.

    Args:
        policy: Policy with its settings; "fresh" alone leaves the share open.
        tail_share: Share Q of the tail type among real data, 0 to 1.
        budget: Rows N of a training set.
        horizon: Generations H within which a rescue must succeed.
        absence: Largest share of generations in which a type that is kept may be absent.
        chance: Least chance with which a rescue succeeds.
        event: What a rescue is, under new real data: the first "return" of the type, its being "present" in the training
            set at the horizon, the first generation with "all" of 1/Q equal types, or that "half" of the mean share that
            was lost is back. In a pool that keeps everything it is "half".
        collapsed: Generations T0 in a pool that holds none of the type.
    """

    policy: str
    tail_share: float
    budget: int
    horizon: int
    absence: float = 0.01
    chance: float = 0.5
    event: Event = "return"
    collapsed: int | None = None

    def __post_init__(self) -> None:
        """Refuse numbers for which there is no plan."""
        for name in ("tail_share", "absence", "chance"):
            if not 0 < getattr(self, name) < 1:
                raise ConfigError(f"{name.replace('_', ' ')} is {getattr(self, name)!r}; take a number between 0 and 1")
        for name, value in (("budget", self.budget), ("horizon", self.horizon), ("collapsed", self.collapsed)):
            if value is not None and not 1 <= value <= (10**7 if name == "budget" else 10**5):
                raise ConfigError(f"{name} is {value}; take a whole number from 1 to {10**7 if name == 'budget' else 10**5:,}")

    @property
    def mean(self) -> float:
        """Return the rows of the type that a sample of real data holds on average, N·Q."""
        return self.budget * self.tail_share


class Need(Record, frozen=True):
    """The real share that an aim needs; None where no share reaches it, and then `reason` says why.

    `rows` is the share in rows of each generation's training set, on average; `event` says what is reached, `condition` under
    which assumptions.
    """

    share: float | None
    rows: float | None
    event: str
    kind: Kind
    condition: str
    reason: str = ""


class Fact(Record, frozen=True):
    """A number beside the two: what it is, its unit and its condition."""

    name: str
    value: float
    unit: str
    kind: Kind
    condition: str


class KeepRescue(Record, frozen=True):
    """The answer of the planner.

    Args:
        ask: What was asked.
        keep: The real share that keeps the type.
        rescue: The real share that brings it back after a collapse, within the horizon.
        facts: Further numbers.
        instead: The answer for what would serve better, where there is something; its words are in `instead_because`.
    """

    ask: Ask
    keep: Need
    rescue: Need
    facts: tuple[Fact, ...] = ()
    instead: "KeepRescue | None" = None
    instead_because: str = ""
