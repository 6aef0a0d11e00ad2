"""What a team says of its loop: what checks it, how much model output it allows, what it tracks, what it has waived."""

import re
from datetime import date

from longtail.origin.dates.dating import CUTOFF
from longtail.records import Record

_SHA256 = re.compile(r"[0-9a-f]{64}")


UNWAIVABLE = {
    "LT804": "it says that an override has run out; renew that override or take it away",
    "LT890": "it says that an override is of no use; take that override away",
    "LT900": "it says that a required rule was not measured; leave that rule out of --require",
}
"""Codes whose findings no override holds back, each with why and what to do instead."""


class Override(Record, frozen=True):
    """A finding that somebody has accepted for a while: it is shown as suppressed and no longer fails an audit.

    Args:
        code: Of the rule.
        reason: Why.
        owner: Who answers for it.
        expires: The last day on which it holds.
        where: The only place in which it holds: a slice, or "generation N"; everywhere where empty.
    """

    code: str
    reason: str
    owner: str
    expires: date
    where: str = ""

    def __post_init__(self) -> None:
        """Refuse a code that cannot be waived, and a reason or an owner that says nothing."""
        if self.code in UNWAIVABLE:
            raise ValueError(f"{self.code} cannot be overridden: {UNWAIVABLE[self.code]}")
        for name in ("reason", "owner"):
            if not getattr(self, name).strip():
                raise ValueError(f"the override of {self.code} has an empty {name}; say why, and who answers for it")

    def holds_on(self, day: date) -> bool:
        """Tell whether it is in force on a day; the last day itself still counts."""
        return day <= self.expires


class Pipeline(Record, frozen=True):
    """What is known of the loop that a data set belongs to; what is None is not known.

    Args:
        loop: Whether models train on what models wrote.
        gates: Names of what judges rows before they come in.
        reviews: Names of what people look at or edit.
        leash: Weight of the term that keeps a model close to its base, such as a KL coefficient; 0 is none.
        min_real: Share of real rows that every training set keeps at least.
        max_synthetic: Share of rows that a model may have had a hand in, at most.
        metrics: What is tracked from one generation to the next.
        reference_sha256: Of the reference, as the report's inputs state it.
        audit_every_days: Longest time between two audits.
        last_audit: Day of the last audit.
        cutoff: Day from which on a date alone no longer speaks for people.
        overrides: What has been waived.
    """

    loop: bool | None = None
    gates: tuple[str, ...] = ()
    reviews: tuple[str, ...] = ()
    leash: float | None = None
    min_real: float | None = None
    max_synthetic: float | None = None
    metrics: tuple[str, ...] = ()
    reference_sha256: str | None = None
    audit_every_days: int | None = None
    last_audit: date | None = None
    cutoff: date = CUTOFF
    overrides: tuple[Override, ...] = ()

    def __post_init__(self) -> None:
        """Refuse numbers that cannot be."""
        for name in ("min_real", "max_synthetic"):
            share: float | None = getattr(self, name)
            if share is not None and not 0 <= share <= 1:
                raise ValueError(f"{name} is {share!r}; it is a share from 0 to 1")
        if self.leash is not None and not self.leash >= 0:
            raise ValueError(f"leash is {self.leash!r}; it is a coefficient from 0 on")
        if self.audit_every_days is not None and self.audit_every_days < 1:
            raise ValueError(f"audit_every_days is {self.audit_every_days}; it is at least 1")
        if self.reference_sha256 is not None and not _SHA256.fullmatch(self.reference_sha256):
            raise ValueError(f"reference_sha256 is {self.reference_sha256!r}; it has 64 lower-case hexadecimal digits")
