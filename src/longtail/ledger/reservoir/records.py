"""The records of a reservoir: what its small JSON files hold, and what its operations answer."""

import re
from typing import Literal

from longtail.records import SCHEMA_VERSION, Record

FORMAT = 1
CUTOFF = "2022-11-30"

_HASH, _DRAFT = re.compile(r"[0-9a-f]{64}"), re.compile(r"\.[0-9a-f]{32}\.[0-9]+\.draft")


class Settings(Record, frozen=True):
    """What a reservoir was made with. `cutoff` is a date; documents from it on need evidence that they are human."""

    cutoff: str
    created_at: str
    format: int = FORMAT


class Stored(Record, frozen=True):
    """One Parquet file of documents.

    Args:
        file: Its name, which is its SHA-256 with the suffix.
        sha256: Of the file.
        rows: Documents in it.
        index: SHA-256 of its index: the ids of its documents, sorted, each with a hash of its provenance.
        text_column: The content column, where it was named.
    """

    file: str
    sha256: str
    rows: int
    index: str
    text_column: str | None = None

    def __post_init__(self) -> None:
        """Refuse names that are no hashes, and so could lie elsewhere."""
        if not (_HASH.fullmatch(self.sha256) and _HASH.fullmatch(self.index) and self.file == f"{self.sha256}.parquet"):
            raise ValueError(f"{self.file!r} is no file of a reservoir")


class Addition(Record, frozen=True):
    """One commit: files that became part of the reservoir together. `drafts` are the names they were written under."""

    files: tuple[Stored, ...]
    drafts: tuple[str, ...]
    created_at: str
    published_by: str | None = None
    format: int = FORMAT

    def __post_init__(self) -> None:
        """Refuse names of drafts that no addition gives."""
        if len(self.drafts) != len(self.files) or not all(map(_DRAFT.fullmatch, self.drafts)):
            raise ValueError(f"drafts are {', '.join(self.drafts)}")


class Frozen(Record, frozen=True):
    """A snapshot: these files and no others.

    Args:
        sha256: What a pipeline pins: the hash of the file, of several the hash of their sorted hashes; the same number that
            an audit prints for a reference made of these files.
        documents: How many there are.
        cutoff: In force when it was frozen.
        files: Sorted by name.
        created_at: When it was frozen, ISO 8601; no part of what is pinned.
    """

    sha256: str
    documents: int
    cutoff: str
    files: tuple[Stored, ...]
    created_at: str
    format: int = FORMAT


class Turned(Record, frozen=True):
    """Documents that were not let in for one reason, and where the first of them stood."""

    reason: str
    documents: int
    first: str


class Added(Record, frozen=True):
    """What came of adding data.

    Args:
        path: The reservoir.
        documents: Added now.
        duplicates: Not added, since the reservoir holds them, or the data hold them twice.
        refused: Not human by what they say, not as they were tagged, or unreadable; by reason, most frequent first.
        aside: Said to be human, but too late or without a date, and without evidence; by reason.
        files: Files that hold the documents added.
        total: Documents in the reservoir.
    """

    path: str
    documents: int
    duplicates: int
    refused: tuple[Turned, ...]
    aside: tuple[Turned, ...]
    files: tuple[str, ...]
    total: int
    cutoff: str
    schema_version: str = SCHEMA_VERSION


class Fault(Record, frozen=True):
    """One thing that is not as it was stored: a document where `lt_id` is given, else a file."""

    kind: Literal["altered", "missing", "surplus", "unreadable"]
    file: str
    because: str
    lt_id: str | None = None
    row: int | None = None


class Verified(Record, frozen=True):
    """What a verification found.

    Args:
        path: The reservoir.
        snapshot: The snapshot that was verified; None for the whole reservoir.
        sha256: Of the files as they are now, formed as that of a snapshot.
        files: Files looked at.
        documents: Documents whose id was computed from their content.
        faults: Everything that is not as it was stored, at most 1,000 named; `count` has them all.
        repeated: Ids stored in more than one file, because processes added them at once; harmless.
        leftovers: Drafts of additions that never finished; no part of the reservoir.
    """

    path: str
    snapshot: str | None
    sha256: str | None
    files: int
    documents: int
    faults: tuple[Fault, ...]
    count: int
    repeated: int = 0
    leftovers: int = 0
    schema_version: str = SCHEMA_VERSION
