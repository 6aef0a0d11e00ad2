"""What came of looking documents over, as records that are written as JSON."""

from typing import Any

from longtail.records import SCHEMA_VERSION, Quarantined, Record


class Looked(Record, frozen=True):
    """What one recogniser did.

    Attributes:
        recogniser: Its name.
        looks_for: What it looks for, in words.
        documents: Documents that it saw.
        tested: Those of which it has a p-value; None for a recogniser that does not test.
        threshold: Greatest p-value that counts as a finding; None where none does, or nothing is tested.
        found: Documents in which it found something.
        strong: Those of them whose origin may be written into data.
    """

    recogniser: str
    looks_for: str
    documents: int
    tested: int | None
    threshold: float | None
    found: int
    strong: int


class Contradiction(Record, frozen=True):
    """Documents that state one origin while strong evidence speaks for another: how many, and the number of the first."""

    says: str
    found: str
    recogniser: str
    documents: int
    first: int


class Detected(Record, frozen=True):
    """What was found in documents and files.

    Attributes:
        documents: Documents looked over.
        quarantined: Those set aside, because they cannot be read or have no text.
        fdr: Share of wrong findings, on average, that recognisers that test allow themselves.
        recognisers: What each did.
        marked: For each key the share of tokens that were sampled with its watermark.
        origins: Documents by the origin that strong evidence speaks for.
        contradictions: Documents that state another origin than strong evidence speaks for.
        findings: A row for each finding in a document.
        media: A row for each file that is no text.
        quarantine: The first of those set aside.
    """

    documents: int
    quarantined: int
    fdr: float
    recognisers: tuple[Looked, ...]
    marked: tuple[dict[str, Any], ...]
    origins: dict[str, int]
    contradictions: tuple[Contradiction, ...]
    findings: tuple[dict[str, Any], ...]
    media: tuple[dict[str, Any], ...]
    quarantine: tuple[Quarantined, ...] = ()
    schema_version: str = SCHEMA_VERSION
