"""What tagging says of each document: the values asked for, what the document says already, and where the two disagree."""

from collections import Counter
from collections.abc import Mapping
from string import hexdigits
from typing import Any

import msgspec
import xxhash

from longtail.errors import ConfigError
from longtail.ledger.columns import CONTENT, DEEPEST, NAMES, content_of, identity
from longtail.ledger.tagging.distinct import Distinct
from longtail.readers.columns import MISSING, choose, find, known, no_column
from longtail.readers.moments import moment
from longtail.records import Evidence, Origin, Record

CLAIMS = ("lt_origin", "lt_evidence", "lt_model", "lt_depth")
_NAMES = frozenset(NAMES)
_ORIGINS = frozenset(Origin)
_HEX = frozenset(hexdigits)


class Tags(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked for: the same for every document of a data set, but for its time.

    Args:
        origin: Where the documents came from.
        evidence: What that rests on; by default that it was said (`none` for unknown origin).
        source: URI or name of the collection.
        model: The generator and its revision.
        depth: Models between the documents and people; by default 0 for human origin, else unknown.
        license: SPDX identifier where there is one.
        time_column: Column that says when a document was made or published, as a name or dotted path.
        text_column: The content column, where it is none of those recognised.
        overwrite: Replace what documents already say of themselves.

    Raises:
        ConfigError: The values contradict each other, or one is out of range.
    """

    origin: Origin
    evidence: Evidence | None = None
    source: str | None = None
    model: str | None = None
    depth: int | None = None
    license: str | None = None
    time_column: str | None = None
    text_column: str | None = None
    overwrite: bool = False

    def __post_init__(self) -> None:
        """Refuse what cannot be true of any document."""
        if self.depth is not None and not 0 <= self.depth <= DEEPEST:
            raise ConfigError(f"depth is {self.depth}: choose a whole number from 0 to {DEEPEST:,}")
        if self.origin is Origin.HUMAN:
            self._check_human()
        elif self.depth == 0 and self.origin not in (Origin.MIXED, Origin.UNKNOWN):
            raise ConfigError(f"depth is 0 for origin {self.origin.value!r}: what a model had a hand in has depth 1 or more, or none given")
        for name in ("source", "model", "license"):
            if (value := getattr(self, name)) is not None and not value.strip():
                raise ConfigError(f"{name} is {value!r}: name one, or leave --{name} out")

    def _check_human(self) -> None:
        if self.depth:
            raise ConfigError(f"depth is {self.depth} for origin 'human': human documents have depth 0; leave --depth out")
        if self.model is not None:
            raise ConfigError(f"model is {self.model!r} for origin 'human': choose model_edited or synthetic, or leave --model out")
        if self.evidence is Evidence.MEASURED:
            raise ConfigError("evidence is 'measured' for origin 'human': a detector alone makes no document human; leave --evidence out")

    def claims(self) -> dict[str, Any]:
        """Return what is said of the origin, by column: the values that stand or fall with it."""
        evidence = self.evidence or (Evidence.NONE if self.origin is Origin.UNKNOWN else Evidence.ASSERTED)
        depth = 0 if self.origin is Origin.HUMAN else self.depth
        said = {"lt_origin": self.origin.value, "lt_evidence": evidence.value, "lt_model": self.model, "lt_depth": depth}
        return {name: value for name, value in said.items() if value is not None}

    def facts(self) -> dict[str, Any]:
        """Return what holds of the documents whatever their origin, by column."""
        said = {"lt_source": self.source, "lt_license": self.license}
        return {name: value for name, value in said.items() if value is not None}

    def columns(self) -> tuple[str, ...]:
        """Return the columns that may be filled, in the order of the schema."""
        filled = {"lt_id", *self.claims(), *self.facts(), *(["lt_time"] if self.time_column else [])}
        return tuple(name for name in NAMES if name in filled)


class Contradiction(Record, frozen=True):
    """What documents already said against the origin asked for: in how many, and where first."""

    says: str
    documents: int
    first: str


class Tagger:
    """One pass of tagging, with its counts.

    Args:
        tags: What is asked for.
        distinct: Takes in the ids.
    """

    def __init__(self, tags: Tags, distinct: Distinct) -> None:
        """Start with nothing counted."""
        self.tags = tags
        self._distinct = distinct
        self._claims, self._facts, self._order = tags.claims(), tags.facts(), tags.columns()
        self.origins: Counter[str] = Counter()
        self.documents = self.foreign_ids = self.dated = self.undated = 0
        self.time_seen = False
        self.seen_columns: list[str] = []
        self.not_times: Counter[str] = Counter()
        self._against: dict[str, tuple[int, str]] = {}

    def changes(self, record: Mapping[str, object], path: str, line: int) -> dict[str, Any]:
        """Return the provenance columns that a document gets, by name; None empties a column. The document is counted.

        Raises:
            Unfit: Its content has no id; it is not counted.
        """
        own = identity(content_of(record, self.tags.text_column))
        said = {name: record[name] for name in _NAMES.intersection(record) if stated(record[name])}
        wanted = {"lt_id": own, **self._facts, **self._time(record)}
        changes = self._settled(wanted, said, self._agrees(said, path, line))
        self._count(said | changes, own)
        return changes

    def _settled(self, wanted: dict[str, Any], said: Mapping[str, object], agrees: bool) -> dict[str, Any]:
        """Return what of the values wanted is set, where a document says some already, in the order of the schema."""
        wanted |= self._claims if agrees or self.tags.overwrite else {"lt_origin": Origin.UNKNOWN.value}
        if said and self.tags.overwrite:
            return self._replaced(wanted, said, agrees)
        return {name: wanted[name] for name in self._order if name in wanted and name not in said}

    def _replaced(self, wanted: Mapping[str, Any], said: Mapping[str, object], agrees: bool) -> dict[str, Any]:
        emptied = set() if agrees else said.keys() & CLAIMS
        return {name: wanted.get(name) for name in NAMES if name in wanted or name in emptied}

    def _agrees(self, said: Mapping[str, object], path: str, line: int) -> bool:
        """Tell whether a document leaves room for the origin asked for; note what it says where not."""
        if not said:
            return True
        origin = said.get("lt_origin", self.tags.origin.value)
        if origin != self.tags.origin.value:
            self._note(f"lt_origin: {_known(origin)}", path, line)
            return False
        depth = said.get("lt_depth", 0)
        if self.tags.origin is Origin.HUMAN and str(depth).strip() not in ("0", "0.0"):
            self._note("lt_depth: not 0", path, line)
            return "lt_origin" in said
        return True

    def _note(self, says: str, path: str, line: int) -> None:
        count, first = self._against.get(says, (0, f"{path}:{line}"))
        self._against[says] = (count + 1, first)

    def _time(self, record: Mapping[str, object]) -> dict[str, Any]:
        if self.tags.time_column is None:
            return {}
        value = find(record, self.tags.time_column)
        self.time_seen |= value is not MISSING
        if not self.time_seen:
            self.seen_columns = known([record])
        if value is MISSING or not stated(value):
            self.undated += 1
            return {}
        time = moment(value)
        if time is None:
            self._not_time(str(value)[:60])
            return {}
        self.dated += 1
        return {"lt_time": time}

    def _not_time(self, shown: str) -> None:
        self.not_times[shown if shown in self.not_times or len(self.not_times) < 20 else "…"] += 1

    def _count(self, holds: Mapping[str, Any], own: str) -> None:
        origin, chosen = holds["lt_origin"], str(holds["lt_id"])
        self.documents += 1
        self.foreign_ids += chosen != own
        self.origins[_known(origin)] += 1
        plain = len(chosen) == 32 and _HEX.issuperset(chosen)
        self._distinct.add(bytes.fromhex(chosen) if plain else xxhash.xxh3_128_digest(chosen.encode("utf-8", "surrogatepass")))

    @property
    def contradictions(self) -> tuple[Contradiction, ...]:
        """Return what documents said against the origin asked for, the most frequent first."""
        found = sorted(self._against.items(), key=lambda each: (-each[1][0], each[0]))
        return tuple(Contradiction(says=says, documents=count, first=first) for says, (count, first) in found)


def check_columns(path: str, outline: Mapping[str, object], tags: Tags) -> None:
    """Refuse a header or schema without the columns that tagging needs.

    Raises:
        ReadError: No content column, or not the time column; the message holds the columns that exist.
    """
    wanted = CONTENT if tags.text_column is None else (tags.text_column,)
    if all(find(outline, name) is MISSING for name in wanted):
        choose(path, [outline], tags.text_column)
    if tags.time_column is not None and find(outline, tags.time_column) is MISSING:
        raise no_column(path, tags.time_column, known([outline]), "--time-column")


def stated(value: object) -> bool:
    """Tell whether a value says anything: it is neither null nor blank text."""
    return value is not None and not (isinstance(value, str) and (not value or value.isspace()))


def _known(origin: object) -> str:
    return origin if isinstance(origin, str) and origin in _ORIGINS else "no origin that is known"
