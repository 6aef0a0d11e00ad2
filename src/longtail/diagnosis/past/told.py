"""What one record says of one version, and what a look for records of one kind came to."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from longtail.catalogue import Catalogue
from longtail.diagnosis.past.labels import label_of
from longtail.ledger.manifest import Manifest


@dataclass(frozen=True)
class Told:
    """What one record says of one version; what it does not say is None or empty.

    Attributes:
        kind: Of the record: a name of `RECORDS`, or "lineage".
        source: What tells, such as "manifest m2.json".
        name: As the record names the version, such as "v3".
        number: Generation that the record states as a number of its own, apart from the name.
        rank: Place in an order that the record itself keeps, such as that of commits.
        time: ISO 8601.
        is_weak: Whether the time is that of a file, which copying changes.
        sha256: Of the training set.
        rows: Of the training set.
        shares: Of the rows by `lt_origin`.
        depths: Of the rows by `lt_depth`.
        parents: Names of what it was made from.
        previous: `sha256` of the training set before.
        files: Paths, from the folder that was searched.
        bond: What ties records of one version together where nothing else does, such as a commit.
        is_gone: Whether the record says no more than that the version was there.
        manifest: The manifest, where the record is one.
    """

    kind: str
    source: str
    name: str = ""
    number: int | None = None
    rank: int | None = None
    time: str | None = None
    is_weak: bool = False
    sha256: str | None = None
    rows: int | None = None
    shares: dict[str, float] = field(default_factory=dict)
    depths: dict[str, float] = field(default_factory=dict)
    parents: tuple[str, ...] = ()
    previous: str | None = None
    files: tuple[str, ...] = ()
    bond: str = ""
    is_gone: bool = False
    manifest: Manifest | None = None

    @property
    def key(self) -> str:
        """Return what parts this version from others of the same kind of record."""
        label = label_of(self.name)
        return (label.key if label else self.name) or (f"generation {self.number}" if self.number is not None else self.bond or self.source)


@dataclass(frozen=True)
class Found:
    """What a look for one kind of record came to.

    Attributes:
        told: What the records say, in a fixed order.
        reason: Why there are none, or what has to be known to read them.
        damaged: Files that claim to be of this kind and cannot be read.
    """

    told: tuple[Told, ...] = ()
    reason: str = ""
    damaged: tuple[str, ...] = ()

    @property
    def note(self) -> str:
        """Return the reason, with what is damaged."""
        shown = ", ".join(self.damaged[:3]) + (", …" if len(self.damaged) > 3 else "")
        return "; ".join(part for part in (self.reason, f"{len(self.damaged)} damaged: {shown}" if self.damaged else "") if part)


Reader: TypeAlias = Callable[[str], Found]

RECORDS: Catalogue[Reader] = Catalogue("kind of record", "trust", "source")
"""Kinds of record of the past: a function from a folder to what is found there, which never raises on files of others.

`trust` is its place where records disagree, from 1 on, the most trusted first.
"""


def by_trust() -> tuple[str, ...]:
    """Return the names of the kinds, the most trusted first."""
    return tuple(entry.name for entry in sorted(RECORDS, key=lambda entry: (int(entry.facts["trust"]), entry.name)))
