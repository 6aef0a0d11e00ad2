"""What a run of the lab is told: all that its result depends on, and nothing else."""

from typing import Any, Literal

import msgspec

from longtail.errors import ConfigError
from longtail.records import Record

MOST_GENERATIONS = 100_000


class Change(Record, frozen=True):
    """An intervention: from `generation` on, another policy or gate; before it trains, pools dropped or a model put back.

    Args:
        generation: The first generation that is trained in the new way.
        policy: The policy from here on.
        gate: The gate from here on.
        drop: First and last generation whose outputs leave the pool for good.
        reset: The generation whose model writes in place of the newest one.
    """

    generation: int
    policy: str | None = None
    gate: str | None = None
    drop: tuple[int, int] | None = None
    reset: int | None = None


class Settings(Record, frozen=True):
    """Settings of a run; the same settings give the same numbers, on however many cores.

    Args:
        family: Name of the learner, a member of `FAMILIES`.
        policy: Policy with its settings, such as "fresh:0.1".
        gate: Gate with its settings, such as "top:0.5", the path of a recipe, or "none".
        generations: How many are trained.
        samples: Rows that the first training set holds, and that each later one asks for.
        replicates: Independent lineages.
        seed: Seed of all chance, 0 or more.
        schedule: How `samples` grows with the generations.
        real: Rows of original real data, if not as many as generation 1 trains on.
        draws: "exact" takes exact shares of rows from the pools; "random" picks the pool of every row at random.
        changes: Interventions, in any order.
        options: Settings of the family.
        recipes: What the recipes say that are named by gates, by the name; read from their files where it is left out.
    """

    family: str
    policy: str = "replace"
    gate: str = "none"
    generations: int = 10
    samples: int = 100
    replicates: int = 1000
    seed: int = 0
    schedule: str = "constant"
    real: int | None = None
    draws: Literal["exact", "random"] = "exact"
    changes: tuple[Change, ...] = ()
    options: dict[str, Any] = {}
    recipes: dict[str, str] | msgspec.UnsetType = msgspec.UNSET

    def __post_init__(self) -> None:
        """Refuse numbers that no run can have."""
        for name, least in (("generations", 1), ("samples", 1), ("replicates", 1), ("real", 1), ("seed", 0)):
            value = getattr(self, name)
            if value is not None and value < least:
                raise ConfigError(f"{name} is {value}; take a whole number from {least} up")
        if self.generations > MOST_GENERATIONS:
            raise ConfigError(f"generations is {self.generations:,}; take up to {MOST_GENERATIONS:,}")
        for change in self.changes:
            _check(change, self.generations)


def parse_change(text: str) -> Change:
    """Return the intervention of a text such as "6:policy=fresh:0.1", "6:drop=1-5", "6:reset=2" or "6:gate=none".

    Raises:
        ConfigError: The text is none of these.
    """
    at, _, what = text.partition(":")
    name, _, value = what.partition("=")
    try:
        generation = int(at)
        match name:
            case "policy":
                return Change(generation=generation, policy=value)
            case "gate":
                return Change(generation=generation, gate=value)
            case "drop":
                first, _, last = value.partition("-")
                return Change(generation=generation, drop=(int(first), int(last or first)))
            case "reset":
                return Change(generation=generation, reset=int(value))
    except ValueError:
        pass
    raise ConfigError(f"change {text!r} is not understood; write GENERATION:policy=…, :gate=…, :drop=FIRST-LAST or :reset=GENERATION")


def _check(change: Change, generations: int) -> None:
    if not 2 <= change.generation <= generations:
        raise ConfigError(f"a change at generation {change.generation} is outside the run; take 2 to {generations}")
    if change.reset is not None and not 1 <= change.reset < change.generation:
        raise ConfigError(
            f"a reset at generation {change.generation} to {change.reset}; take a generation from 1 to {change.generation - 1}"
        )
    if change.drop is not None and not 1 <= change.drop[0] <= change.drop[1]:
        raise ConfigError(f"drop={change.drop[0]}-{change.drop[1]}: write the first and the last generation, from 1 up")
