"""What the lineage graph is made of: data sets, checkpoints, runs and samples, and what each was made from."""

import re
from datetime import UTC, datetime
from typing import Literal, get_args

from longtail.errors import InvalidRecord
from longtail.records import Origin, Record

Kind = Literal["dataset", "checkpoint", "run", "sample", "unknown"]
Role = Literal[
    "trained_on",  # a checkpoint, or the run that trained it, on a data set
    "initialised_from",  # the same, on the weights it began with
    "generated_by",  # output, or the run that wrote it, by the checkpoint that wrote it
    "derived_from",  # changed in any other way: translated, rewritten, cleaned, quantised
    "filtered_from",  # what a gate kept
    "mixed_from",  # one of several parts put together
    "selected_from",  # a choice of what was there
    "made_by",  # anything, by the run that made it: what the run was made from, it was made from
    "evaluated_on",  # measured with it; nothing of it flows on, so it is no ancestor
]
KINDS: tuple[str, ...] = get_args(Kind)
ROLES: tuple[str, ...] = get_args(Role)
MISSING = "unknown:"
"""How the name of a node begins that was named as a parent and never recorded."""

_BARRED = re.compile(r"[\s,+*?\[\]]")
_DEPTH = re.compile(r"0|[1-9][0-9]{0,4}|unknown")


class Edge(Record, frozen=True):
    """That a node was made from another, and how."""

    node: str
    role: Role

    def __post_init__(self) -> None:
        """Refuse names that no node can have."""
        check_name(self.node, "unknown")


class Node(Record, frozen=True):
    """A data set, checkpoint, run or sample, and what it was made from.

    Args:
        name: Unique; no blanks, commas, plus signs or wildcards, so that it can stand in a selection.
        kind: "unknown" for a stretch that is known to exist and of which nothing else is known.
        sha256: Of its file, or of the sorted hashes of its parts.
        rows: Documents that it holds.
        origins: Documents by `lt_origin`; what they leave of `rows` is unknown.
        depths: Documents by `lt_depth`, as text; "unknown" for those without one.
        facts: What else is known of it, such as revision, path, data_card, command.
        parents: What it was made from.
        time: When it was made, ISO 8601.
    """

    name: str
    kind: Kind
    sha256: str | None = None
    rows: int | None = None
    origins: dict[str, int] = {}
    depths: dict[str, int] = {}
    facts: dict[str, str] = {}
    parents: tuple[Edge, ...] = ()
    time: str | None = None

    def __post_init__(self) -> None:
        """Refuse names that a selection cannot hold, counts that cannot be, and times that are none."""
        check_name(self.name, self.kind)
        check_counts(f"node {self.name!r}", self.rows, origins=self.origins, depths=self.depths)
        if self.time is not None:
            check_time(f"node {self.name!r}", "time", self.time)

    @property
    def is_human(self) -> bool:
        """Tell whether all its documents are stated to be human; not so where it holds none."""
        human = self.origins.get(Origin.HUMAN, 0)
        return human > 0 and human == (self.rows if self.rows is not None else sum(self.origins.values()))

    @property
    def least_depth(self) -> int | None:
        """Return 0, or None where the origin of a document is unknown."""
        stated = sum(documents for origin, documents in self.origins.items() if origin != Origin.UNKNOWN)
        partial = bool(self.origins) and stated < (self.rows if self.rows is not None else sum(self.origins.values()))
        return None if partial else 0

    @property
    def stated_depth(self) -> int | None:
        """Return the greatest depth of its documents, None where that of one is unknown or none is stated."""
        stated = {depth for depth, documents in self.depths.items() if documents}
        partial = self.rows is not None and sum(self.depths.values()) < self.rows
        return None if not stated or "unknown" in stated or partial else max(map(int, stated))


def check_counts(what: str, documents: int | None, **counts: dict[str, int]) -> None:
    """Refuse counts of documents below 0 or that sum to more than `documents`, and `origins` or `depths` that there are not.

    Raises:
        InvalidRecord: Of what, which counts and what to do.
    """
    strange = set(counts.get("origins", ())) - set(Origin) | {name for name in counts.get("depths", ()) if not _DEPTH.fullmatch(name)}
    if strange:
        raise InvalidRecord(f"{what} counts {min(strange)!r}; origins are {', '.join(Origin)}, depths are numbers from 0, or unknown")
    for field, by_name in counts.items():
        total = sum(by_name.values())
        if min(by_name.values(), default=0) < 0 or total > (total if documents is None else documents):
            raise InvalidRecord(f"{what}: {field} sum to {total:,} of {documents} documents; count every document once, none below 0")


def check_time(what: str, field: str, value: str) -> None:
    """Refuse a time that is not ISO 8601.

    Raises:
        InvalidRecord: Of what, the value and what to write.
    """
    try:
        read = datetime.fromisoformat(value)
        if read.tzinfo is not None:
            read.astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidRecord(f"{what}: {field} is {value!r}; write ISO 8601, such as 2026-01-31T12:00:00Z") from None


def check_name(name: str, kind: str = "unknown") -> None:
    """Refuse a name that cannot stand in a selection, or that is kept for holes.

    Raises:
        InvalidRecord: The name and what to leave out.
    """
    if not name or _BARRED.search(name) or name.startswith("kind:"):
        raise InvalidRecord(f"node name {name!r}: leave out blanks, commas, plus signs, wildcards and the beginning kind:")
    if name.startswith(MISSING) and kind != "unknown":
        raise InvalidRecord(f"node name {name!r} begins with {MISSING!r}, which is kept for what was never recorded; choose another")
