"""The folder that `longtail gate` writes, as candidates for review: what was kept, left for review and rejected."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import xxhash

from longtail.errors import ReadError, UsageError
from longtail.gates.review.item import GateDecision, Item
from longtail.gates.review.signals import doubts
from longtail.ledger.columns import content_of, identity
from longtail.ledger.stored import Stored
from longtail.readers.columns import MISSING, find, text_in
from longtail.readers.files import guarded
from longtail.readers.quarantine import Quarantine, Unfit

PARTS: tuple[tuple[str, GateDecision], ...] = (("kept", "keep"), ("review", "review"), ("rejected", "reject"))
SUFFIXES = (".parquet", ".jsonl", ".json")
MARK = "lt_review"
"""Column by which a run that keeps what is to be reviewed marks it; such a document stands in both files."""
ADDED = ("lt_gate", "lt_reason", "lt_score", "lt_matched_id", MARK)
"""Columns that the gate's run added to a document."""
GROUPS = ("prompt_id", "prompt", "instruction")
"""Columns that say what a document answers."""
_DOUBTED = ("lt_id", "name", "status", "score")


class Folder:
    """What a gate decided, in the folder that it was written to.

    Args:
        path: The folder.
        by: Column whose values are strata, such as a topic.
        group: Column that says what a document answers; by default one of `GROUPS`.
        text_column: Column that holds the text; by default as the manifest says, else recognised.

    Raises:
        UsageError: It is not such a folder.
    """

    def __init__(self, path: str | Path, by: str | None = None, group: str | None = None, text_column: str | None = None) -> None:
        """Find the files."""
        self.path = Path(path)
        if not self.path.is_dir():
            raise UsageError(f"{str(path)!r} is no folder; name one that longtail gate wrote, as in longtail review DIR")
        found = {decision: self._file(name) for name, decision in PARTS}
        self.files = {decision: file for decision, file in found.items() if file is not None}
        if not self.files:
            raise UsageError(
                f"{str(path)!r} holds no {', '.join(name for name, _ in PARTS)} documents; name a folder that longtail gate wrote"
            )
        self.by, self.groups = by, GROUPS if group is None else (group,)
        self.text_column = text_column or self._stated("text_column")
        self.quarantine = Quarantine()

    def _file(self, name: str) -> Path | None:
        return next((file for suffix in SUFFIXES if (file := self.path / f"{name}{suffix}").is_file() and file.stat().st_size), None)

    def _stated(self, name: str) -> str | None:
        """Return a setting that the manifest states."""
        file = self.path / "manifest.json"
        try:
            said = msgspec.json.decode(file.read_bytes()) if file.is_file() else {}
        except (OSError, ValueError) as error:
            raise ReadError(str(file), f"cannot be read: {error}", fix="run longtail gate again into a new folder") from None
        places = (said, said.get("settings")) if isinstance(said, Mapping) else ()
        return next((place[name] for place in places if isinstance(place, Mapping) and isinstance(place.get(name), str)), None)

    def fingerprint(self) -> str:
        """Return a hash of the names and sizes of the files and of the manifest, by which a changed folder is known."""
        manifest = self.path / "manifest.json"
        sizes = [(file.name, file.stat().st_size) for file in self.files.values()]
        return xxhash.xxh3_64_hexdigest(msgspec.json.encode(sizes) + (manifest.read_bytes() if manifest.is_file() else b""))

    def items(self) -> Iterator[Item]:
        """Yield all documents, those kept first; what cannot be read is set aside. The texts of matches are left out.

        Raises:
            ReadError: A file cannot be read to its end, or has changed.
        """
        self.quarantine = Quarantine()
        position = 0
        for decision, file in self.files.items():
            for chunk in Stored([str(file)]).chunks(None, self.quarantine):
                for line, record in zip(chunk.places(), chunk.records, strict=True):
                    try:
                        item = self._item(position, decision, _sound(record))
                        if not self._stands_twice(item, record):
                            yield item
                    except (Unfit, ValueError, TypeError) as unfit:
                        self.quarantine.add(chunk.path, line, str(unfit))
                    position += 1

    def texts(self, wanted: Iterable[str]) -> dict[str, str]:
        """Return the texts of documents of this folder by id, those that are not here left out."""
        asked = frozenset(wanted)
        return {item.lt_id: item.text for item in self.items() if item.lt_id in asked and item.text is not None} if asked else {}

    def _item(self, position: int, decision: GateDecision, record: dict[str, Any]) -> Item:
        msgspec.json.encode(record)
        own = {name: value for name, value in record.items() if name not in ADDED}
        lt_id = _words(record.get("lt_id")) or identity(content_of(record, self.text_column))
        near = self._doubts.get(lt_id) if decision != "review" else None
        return Item(
            position=position,
            lt_id=lt_id,
            text=text_in(record, self.text_column),
            record=own,
            decision=decision,
            gate=_words(record.get("lt_gate")) or (near[1] if near else ""),
            reason=_words(record.get("lt_reason")) or "",
            score=_number(record.get("lt_score")),
            matched_id=_words(record.get("lt_matched_id")),
            stratum=_words(_value(record, self.by)) if self.by else _words(record.get("lt_stratum")),
            rarity=_number(record.get("lt_rarity")),
            group=next((said for name in self.groups if (said := _words(_value(record, name))) is not None), None),
            doubt=near[0] if near else None,
        )

    def _stands_twice(self, item: Item, record: Mapping[str, Any] | Unfit) -> bool:
        """Return whether a document that is kept stands among those to be reviewed too."""
        marked = item.decision == "keep" and not isinstance(record, Unfit) and record.get(MARK) is not None
        return marked and item.lt_id in self._waiting

    @cached_property
    def _waiting(self) -> frozenset[str]:
        """Return the ids of the documents to be reviewed."""
        file = self.files.get("review")
        records = [] if file is None else (each for chunk in Stored([str(file)]).chunks() for each in chunk.records)
        return frozenset(lt_id for each in records if not isinstance(each, Unfit) and (lt_id := self._id(each)) is not None)

    def _id(self, record: Mapping[str, Any]) -> str | None:
        try:
            return _words(record.get("lt_id")) or identity(content_of(record, self.text_column))
        except Unfit:
            return None

    @cached_property
    def _doubts(self) -> dict[str, tuple[float, str]]:
        """Return of each document that some gate scored how near it came to that gate's threshold, and the gate that is nearest."""
        file = self.path / "verdicts.parquet"
        if not file.is_file():
            return {}
        with guarded(str(file)):
            if not set(_DOUBTED) <= set(pq.read_schema(file).names):
                return {}
            table = pq.read_table(file, columns=list(_DOUBTED))
        found: dict[str, tuple[float, str]] = {}
        for name in pc.unique(table.column("name")).to_pylist():
            for lt_id, near in _near(table.filter(pc.equal(table.column("name"), name))):
                if near > found.get(lt_id, (-1.0, ""))[0]:
                    found[lt_id] = (near, name)
        return found


def _near(rows: pa.Table) -> Iterator[tuple[str, float]]:
    scores = pc.fill_null(rows.column("score").cast(pa.float64()), np.nan).to_numpy()
    passed = pc.fill_null(pc.not_equal(rows.column("status").cast(pa.string()), "fail"), True).to_numpy(zero_copy_only=False)
    near = doubts(scores, passed)
    known = np.flatnonzero(~np.isnan(near))
    yield from zip(rows.column("lt_id").take(pa.array(known)).to_pylist(), near[known].tolist(), strict=True)


def _sound(record: dict[str, Any] | Unfit) -> dict[str, Any]:
    if isinstance(record, Unfit):
        raise record
    return record


def _value(record: dict[str, Any], name: str) -> object:
    value = find(record, name)
    return None if value is MISSING else value


def _words(value: object) -> str | None:
    """Return a value as text, None where it is nothing."""
    if value is None or value == "":
        return None
    return value if isinstance(value, str) else msgspec.json.encode(value, order="deterministic").decode()


def _number(value: object) -> float | None:
    """Return a finite number, None for anything else."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) and np.isfinite(value) else None
