"""What the exports tell of one data set, or of a whole ledger: counts and names, never a document."""

from typing import Literal

from longtail.errors import InvalidRecord
from longtail.ledger.node import check_counts, check_time
from longtail.records import SCHEMA_VERSION, Evidence, Origin, Record

Nature = Literal["public", "licensed", "private", "crawled", "user", "synthetic", "other"]
"""How a source was come by, in the classes of the public summary of training content of the European Union."""

BY_MODELS = (Origin.MODEL_EDITED, Origin.HUMAN_EDITED, Origin.HUMAN_SELECTED, Origin.SYNTHETIC, Origin.MIXED)
"""Origins of documents that a model had a hand in."""


class File(Record, frozen=True):
    """One file of the data set; what is not known is None."""

    path: str
    sha256: str | None = None
    bytes: int | None = None
    rows: int | None = None


class Source(Record, frozen=True):
    """One collection that documents came from.

    Args:
        documents: Documents from it.
        origins: They by `lt_origin`; those not stated are unknown.
        nature: How it was come by, where that was recorded.
        url: Where it is.
    """

    documents: int
    origins: dict[str, int] = {}
    nature: Nature | None = None
    url: str | None = None

    def __post_init__(self) -> None:
        """Refuse counts that cannot be."""
        check_counts("a source", self.documents, origins=self.origins)


class Facts(Record, frozen=True):
    """What is known of one data set, or of all a ledger holds. Only `name` and `documents` are needed.

    Counts are of documents of the current view: corrections in, superseded statements out.

    Args:
        name: Of the data set, or of the ledger.
        documents: Distinct documents.
        node: Name of its node in the lineage graph, where that is not `name`.
        description: What it is, in words.
        bytes: Size of the files.
        tokens: Tokens of the documents, where they were counted.
        origins: Documents by `lt_origin`; what they leave is unknown.
        depths: Documents by `lt_depth`, as text; "unknown", or what they leave, for those without one.
        sources: By `lt_source`; documents without one are in none.
        models: Documents by `lt_model`.
        licenses: Documents by `lt_license`.
        evidence: Documents by `lt_evidence`.
        decodings: Distinct sampling settings stated, or None where they were not counted.
        undecoded: Documents that a model had a hand in and that state no sampling settings, or None.
        earliest: Least `lt_time`, ISO 8601.
        latest: Greatest `lt_time`.
        undated: Documents without `lt_time`, or None.
        languages: BCP 47 tags, where they are known.
        files: What the data set is stored in.
        head: Last link of the hash chain of the ledger.
        version: Of the data set, best as MAJOR.MINOR.PATCH.
        created_at: When these facts were taken, ISO 8601.
        creators: Who made the data set.
        url: Where it is published.
    """

    name: str
    documents: int
    node: str | None = None
    description: str | None = None
    bytes: int | None = None
    tokens: int | None = None
    origins: dict[str, int] = {}
    depths: dict[str, int] = {}
    sources: dict[str, Source] = {}
    models: dict[str, int] = {}
    licenses: dict[str, int] = {}
    evidence: dict[str, int] = {}
    decodings: int | None = None
    undecoded: int | None = None
    earliest: str | None = None
    latest: str | None = None
    undated: int | None = None
    languages: tuple[str, ...] = ()
    files: tuple[File, ...] = ()
    head: str | None = None
    version: str | None = None
    created_at: str | None = None
    creators: tuple[str, ...] = ()
    url: str | None = None
    schema_version: str = SCHEMA_VERSION

    def __post_init__(self) -> None:
        """Refuse counts that cannot be, and times that are none."""
        what = f"facts of {self.name!r}"
        if self.documents < 0 or not self.name.strip():
            raise InvalidRecord(f"{what}: {self.documents} documents; a name and a count from 0 are needed")
        if strange := set(self.evidence) - set(Evidence):
            raise InvalidRecord(f"{what} count evidence {min(strange)!r}; known: {', '.join(Evidence)}")
        stated = {
            "origins": self.origins,
            "depths": self.depths,
            "models": self.models,
            "licenses": self.licenses,
            "evidence": self.evidence,
        }
        sources = {name: source.documents for name, source in self.sources.items()}
        check_counts(what, self.documents, **stated, sources=sources)
        for field in ("earliest", "latest", "created_at"):
            value = getattr(self, field)
            if value is not None:
                check_time(what, field, value)

    @property
    def place(self) -> str:
        """Return the name of its node in the lineage graph."""
        return self.node or self.name

    @property
    def by_origin(self) -> dict[str, int]:
        """Return the documents by origin in the order of the classes, those not stated as unknown, none left at 0."""
        return _filled(self.origins, tuple(Origin), self.documents)

    @property
    def by_depth(self) -> dict[str, int]:
        """Return the documents by depth from the least, those not stated as unknown, none left at 0."""
        known = sorted((depth for depth in self.depths if depth != "unknown"), key=int)
        return _filled(self.depths, (*known, "unknown"), self.documents)

    @property
    def by_models(self) -> int:
        """Return the documents that a model had a hand in."""
        return sum(self.origins.get(origin, 0) for origin in BY_MODELS)

    def unstated(self, counts: dict[str, int]) -> int:
        """Return the documents that counts by name leave out."""
        return self.documents - sum(counts.values())


def _filled(counts: dict[str, int], names: tuple[str, ...], documents: int) -> dict[str, int]:
    rest = documents - sum(counts.values())
    filled = {str(name): counts.get(name, 0) + (rest if name == "unknown" else 0) for name in names}
    return {name: count for name, count in filled.items() if count}
