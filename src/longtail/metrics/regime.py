"""The regime of a loop: whether the real data were replaced, kept or diluted from one training set to the next.

The regimes are those that the literature compares: replacing (Shumailov et al. 2024), accumulating (Gerstgrasser et al.
2024), and accumulating under a fixed budget of rows (Kazdan et al. 2024). Where the borders lie is a convention.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from longtail.ledger.manifest import Manifest
from longtail.records import Origin

RegimeName = Literal["replace", "accumulate", "fixed_budget", "mixed", "unknown"]

SAME = 0.02
"""Relative difference up to which two sizes or two shares count as equal."""
NOTHING = 0.05
"""Share of the original rows below which they count as gone."""
NEAR = 0.10
"""How far the retained share of a fixed budget may lie from 1 / generation."""


@dataclass(frozen=True)
class Step:
    """One training set of a loop.

    Attributes:
        generation: Of the model that is trained on it.
        rows: Its size.
        retained: Share of the original real rows that are in it; None where it is not known.
        human: Human rows.
        unknown: Rows of unknown origin.
    """

    generation: int
    rows: int
    retained: float | None
    human: int
    unknown: int

    @property
    def real_share(self) -> float | None:
        """Return the share of human rows, those of unknown origin not among them; None for an empty training set."""
        return self.human / self.rows if self.rows else None

    @property
    def most_real(self) -> float | None:
        """Return what the share of human rows would be if all of unknown origin were human."""
        return (self.human + self.unknown) / self.rows if self.rows else None


@dataclass(frozen=True)
class Regime:
    """The regime, why it was found, and the steps that it was read from, by generation."""

    name: RegimeName
    reason: str
    steps: tuple[Step, ...] = ()


def steps_of(manifests: Sequence[Manifest]) -> tuple[Step, ...]:
    """Return the training sets in the order of their generations."""
    ordered = sorted(manifests, key=lambda manifest: manifest.generation)
    there = ordered[0].original if ordered and ordered[0].generation == 1 else None
    return tuple(_step(manifest, there) for manifest in ordered)


def _step(manifest: Manifest, first: int | None) -> Step:
    there = manifest.original_available if manifest.original_available is not None else first
    retained = None if manifest.original is None or not there else manifest.original / there
    return Step(manifest.generation, manifest.rows, retained, manifest.count(Origin.HUMAN), manifest.count(Origin.UNKNOWN))


def regime_of(manifests: Sequence[Manifest]) -> Regime:
    """Classify a loop by the share of the original real rows that each training set retains, and by how its size grows.

    Args:
        manifests: Of at least two training sets; of one lineage.

    Returns:
        `replace` where later training sets hold next to none of the original rows and next to no other human ones;
        `accumulate` where all are kept and every training set is larger than the one before; `fixed_budget` where at least
        three of one size retain about 1 / generation of them; `mixed` for anything else; `unknown` where less than two
        training sets say what they retain.
    """
    steps = steps_of(manifests)
    if len(steps) < 2:
        return Regime("unknown", f"{len(steps)} manifest{'' if len(steps) == 1 else 's'}; at least two training sets show a regime", steps)
    retained = [step.retained for step in steps]
    silent = [step.generation for step in steps if step.retained is None]
    if silent:
        return Regime("unknown", f"generation {silent[0]} does not say how many of the original rows it retains", steps)
    kept = [share for share in retained if share is not None]
    told = ", ".join(f"{share:.2f}" for share in kept)
    return Regime(_named(steps, kept), f"share of the original rows retained, by generation: {told}; rows: {_sizes(steps)}", steps)


def _named(steps: Sequence[Step], kept: Sequence[float]) -> RegimeName:
    sizes = [step.rows for step in steps]
    if _replaced(steps, kept):
        return "replace"
    if min(kept) >= 1 - SAME and _grow(sizes):
        return "accumulate"
    is_constant = all(same(size, sizes[0]) for size in sizes)
    return "fixed_budget" if len(steps) > 2 and is_constant and _thins(steps, kept) else "mixed"


def _replaced(steps: Sequence[Step], kept: Sequence[float]) -> bool:
    later = [*kept[1:], *(step.real_share or 0.0 for step in steps[1:])]
    return max(later) <= NOTHING


def _grow(sizes: Sequence[int]) -> bool:
    return all(new > old * (1 + SAME) for old, new in zip(sizes, sizes[1:], strict=False))


def _thins(steps: Sequence[Step], kept: Sequence[float]) -> bool:
    """Tell whether later steps retain what a sample of a fixed size would, of a pool that grows by that size each time."""
    return all(abs(share - 1 / step.generation) <= NEAR for step, share in list(zip(steps, kept, strict=True))[1:])


def same(one: float, other: float) -> bool:
    """Tell whether two sizes or shares count as equal: within `SAME` of the second."""
    return abs(one - other) <= SAME * other


def _sizes(steps: Sequence[Step]) -> str:
    return ", ".join(f"{step.rows:,}" for step in steps)
