"""What is asked of a mix, and what comes of it."""

import math
import os
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Literal

import msgspec

from longtail.errors import ConfigError
from longtail.ledger.manifest import Manifest
from longtail.policies.mixing.tails import TailImpact
from longtail.records import Quarantined, Record

Unknown = Literal["leave", "synthetic"]
Names = str | os.PathLike[str] | Sequence[str | os.PathLike[str]]


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """The settings of a mix.

    Args:
        policy: Name and settings, such as "fresh:0.3".
        min_real: Least share of human rows, as the number that was written.
        discount: Weight of a row that a model had a hand in, for each unit of weight of a human one.
        size: Rows asked of the policy; by default those of the newest output, without one those of the real data.
        allow_replace: Let original human rows be dropped.
        human_for_tails: Where only some human rows are drawn, draw those richest in rare words first.
        reference: Data set or profile that says which words are rare; by default the human rows themselves.
        target_gaps: File of gaps to be made up.
        unknown: What to do with rows of unknown origin: leave them out, or take them for model output of the newest generation.
        seed: Seed of the draw.

    Raises:
        ConfigError: A number is out of range, or two settings contradict each other.
    """

    policy: str
    min_real: Fraction | None = None
    discount: float = 1.0
    size: int | None = None
    allow_replace: bool = False
    human_for_tails: bool = False
    reference: str | None = None
    target_gaps: str | None = None
    unknown: Unknown = "leave"
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        if not (math.isfinite(self.discount) and 0 <= self.discount <= 1):
            raise ConfigError(f"discount is {self.discount}; take a number from 0 to 1: what a synthetic row counts beside a human one")
        if self.size is not None and self.size < 1:
            raise ConfigError(f"size is {self.size}; ask for 1 row or more")
        if self.unknown not in ("leave", "synthetic"):
            raise ConfigError(f"unknown is {self.unknown!r}; choose leave or synthetic")
        if self.reference is not None and not self.human_for_tails:
            raise ConfigError(f"reference is {self.reference!r}, and nothing is drawn by rare words; add --human-for-tails or leave it out")

    def settings(self) -> dict[str, Any]:
        """Return what was asked for beside policy and seed, without what is off."""
        asked = {name: getattr(self, name) for name in self.__struct_fields__ if name not in ("policy", "seed", "min_real")}
        shown = {name: value for name, value in asked.items() if value not in (None, False)}
        return shown | ({} if self.min_real is None else {"min_real": float(self.min_real)})


class TailFirst(Record, frozen=True):
    """How rich in rare words the human rows are that were drawn from among more.

    Args:
        drawn: Share of rare words in the words of those drawn.
        there: The same of all that they were drawn from.
    """

    drawn: float
    there: float


class GapsMet(Record, frozen=True):
    """What became of the gaps that were to be made up.

    Args:
        gaps: Gaps that rows can be told by.
        made_up: Those that as many rows hold as should, or more.
        before: Those that would be made up without looking at them.
        unused: Gaps of other kinds.
    """

    gaps: int
    made_up: int
    before: int
    unused: int


class Mixed(Record, frozen=True):
    """What came of a mix, or would.

    Args:
        manifest: What the training set is made of.
        written: Whether it was written.
        refusal: Why not, where original human rows would have been dropped.
        documents: Documents read.
        quarantined: Those that were set aside.
        quarantine: The first of them.
        duplicates: Documents beyond the first of each id.
        computed: Documents that stated no id.
        unknown: Documents of unknown origin.
        untold: Those of them that state no origin at all.
        not_origins: Values that are no origin, with their documents.
        undated: Documents of model output without a depth.
        raised: Human rows that came in for the sake of the floor.
        size_unused: Whether a size was asked for that nothing was decided by.
        retained: Share of the human rows of the training set before that are in this one.
        retained_by: Whether that was counted id by id, or by numbers of rows.
        impact: What becomes of the tail of the human words.
        tails: How rich the human rows drawn are in it.
        gaps: What became of the gaps.
        as_text: Columns that became text because their types do not go together.
        notes: What was found about files.
    """

    manifest: Manifest
    written: bool
    refusal: str | None
    documents: int
    quarantined: int
    quarantine: tuple[Quarantined, ...]
    duplicates: int
    computed: int
    unknown: int
    untold: int
    not_origins: dict[str, int]
    undated: int
    raised: int
    size_unused: bool = False
    retained: float | None = None
    retained_by: str | None = None
    impact: TailImpact | None = None
    tails: TailFirst | None = None
    gaps: GapsMet | None = None
    as_text: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
