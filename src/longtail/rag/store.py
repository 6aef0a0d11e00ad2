"""A store of documents in one SQLite file: text, vectors and provenance together, search, quarantine and the log of the gate."""

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Self, get_args

import msgspec
import numpy as np

from longtail.errors import ConfigError, UsageError
from longtail.gates.duplicates.encoder import vectors_of
from longtail.gates.writeback.quota import BY_DEFAULT, Holdings, Quota, checked_quota, exceeded
from longtail.ledger.columns import identity
from longtail.ledger.facts import BY_MODELS
from longtail.rag.decision import Decision, Rejection
from longtail.rag.document import COLUMNS, Document, Hit, Status, plain
from longtail.rag.schema import connect
from longtail.rag.searching import By, Index, Vectors, by_vectors, by_words, capped, fused, index_of, query_of, words_of
from longtail.records import Origin

_INSERT = f"INSERT INTO documents ({', '.join(COLUMNS)}, vector) VALUES ({', '.join('?' * (len(COLUMNS) + 1))})"
_DESCENDANTS = """WITH RECURSIVE down (id) AS (SELECT value FROM json_each(?) UNION
SELECT d.lt_id FROM documents d, json_each(d.lt_parents) p, down WHERE p.value = down.id) SELECT id FROM down"""


class Store:
    """A store that may be written back to; use it as a context manager.

    Nothing is ever deleted: what is held back is quarantined, which a move back undoes. Several processes may read and write at
    once. The quota is asked again within the transaction that adds, so that writers at the same time do not overstep it together.

    Args:
        path: The file; it is started where there is none. ":memory:" is a store without a file.
        quota: The most that may be model-written.
        encode: Makes vectors of texts, shape (texts, dimensions), for a search by meaning.
        clock: Returns the time.

    Raises:
        ReadError: The file is no store.
        ConfigError: The quota is out of range.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        quota: Quota = BY_DEFAULT,
        encode: Callable[[list[str]], Any] | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.quota, self._encode, self._clock = checked_quota(quota), encode, clock
        self._connection, self._lock = connect(path), threading.RLock()
        self._index: tuple[object, Index] | None = None

    def __enter__(self) -> Self:
        """Return the store."""
        return self

    def __exit__(self, *error: object) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def __len__(self) -> int:
        """Return the number of documents, those in quarantine among them."""
        return int(self._all("SELECT coalesce(sum(documents), 0) FROM shares")[0][0])

    def now(self) -> str:
        """Return the time as it is stored."""
        return self._clock().astimezone(UTC).isoformat(timespec="microseconds")

    # ------------------------------------------------------------------------------------------------------------ writing

    def add(self, text: str, *, meta: Mapping[str, Any] | None = None, origin: str = Origin.UNKNOWN.value, topic: str = "") -> str:
        """Add a document, and return the id of what holds it now.

        What a gate accepted comes with its provenance; what people wrote with `origin="human"`. A text that is there already, or
        that the gate found to be said by another document, is noted as a merge and not stored again. A model-written document
        beyond the quota goes into quarantine.

        Args:
            text: The document.
            meta: What `Gate.check` gave as provenance.
            origin: Where it came from, without `meta`; what is unknown is no evidence.
            topic: What the quota counts it under, without `meta`.

        Raises:
            UsageError: There is no text, the origin is none, or the provenance is of another text.
        """
        return self.extend([(text, meta if meta is not None else {"lt_origin": origin, "topic": topic})])[0]

    def extend(self, documents: Iterable[tuple[str, Mapping[str, Any]]]) -> list[str]:
        """Add documents with their provenance in one transaction; see `add`.

        Raises:
            UsageError: One has no text, an origin that is none, or the provenance of another text.
        """
        rows = [(document_of(text, meta, self.now()), _merged(meta)) for text, meta in documents]
        vectors = self._vectors([document.text for document, _ in rows])
        with self._transaction():
            return [self._added(document, into, vector) for (document, into), vector in zip(rows, vectors, strict=True)]

    def quarantine(self, ids: Sequence[str], reason: str, *, descendants: bool = False) -> list[str]:
        """Hold documents back from every search, and return the ids of those that moved.

        Args:
            ids: Which; they may also be ids of sources outside the store, for their descendants.
            reason: Why, for the log.
            descendants: Also what was made from them, and from that.
        """
        return self._moved(ids, "quarantined", reason, descendants)

    def restore(self, ids: Sequence[str], reason: str, *, descendants: bool = False) -> list[str]:
        """Let documents out of quarantine, and return the ids of those that moved; see `quarantine`."""
        return self._moved(ids, "accepted", reason, descendants)

    # ------------------------------------------------------------------------------------------------------------ reading

    def get(self, ids: Iterable[str]) -> dict[str, Document]:
        """Return documents by their ids, those that are not there left out."""
        rows = self._all(
            f"SELECT {', '.join(COLUMNS)} FROM documents WHERE lt_id IN (SELECT value FROM json_each(?))", _json(list(dict.fromkeys(ids)))
        )
        return {document.id: document for document in map(Document.of, rows)}

    def search(self, question: str, k: int = 5, *, by: By | None = None, most_written: float | None = None) -> list[Hit]:
        """Return what fits a question best, what is in quarantine left out.

        Args:
            question: In words; no sign in it is an operator.
            k: How many at most.
            by: "words", "vectors" or "both"; by default what the store can.
            most_written: Greatest share of the k places for what models wrote.

        Raises:
            ConfigError: Vectors are asked for and the store makes none.
        """
        by = by or ("words" if self._encode is None else "both")
        if by != "words" and self._encode is None:
            raise ConfigError(f"by is {by!r}, and the store makes no vectors; open it with encode=, or search by words")
        with self._lock:
            if most_written is None:
                return self._ranked(question, k, by, None)
            return capped(self._ranked(question, k, by, False), self._ranked(question, k, by, True), k, most_written)

    def holdings(self, topic: str = "") -> Holdings:
        """Return how much it holds outside of quarantine, and how much of that models wrote."""
        rows = self._all("SELECT lt_origin, topic, documents FROM shares WHERE lt_status = 'accepted'")
        written = [(of, count) for origin, of, count in rows if origin in set(BY_MODELS)]
        return Holdings(sum(row[2] for row in rows), sum(count for _, count in written), sum(count for of, count in written if of == topic))

    def descends_from_human(self, given: str) -> bool:
        """Tell whether a document is of a person, or was made, in however many steps, from one that is."""
        seen: set[str] = set()
        front = [given]
        while front:
            seen.update(front)
            found = self.get(front).values()
            if any(each.origin == Origin.HUMAN or each.scores.get("human") for each in found):
                return True
            front = [parent for each in found for parent in each.parents if parent not in seen]
        return False

    def moves(self, given: str | None = None) -> list[dict[str, str]]:
        """Return what was moved into and out of quarantine, in order; of one document where one is named."""
        names = ("lt_id", "status", "reason", "time")
        rows = self._all(f"SELECT {', '.join(names)} FROM moves WHERE ?1 IS NULL OR lt_id = ?1 ORDER BY seq", given)
        return [dict(zip(names, row, strict=True)) for row in rows]

    def merges(self, given: str) -> int:
        """Return how often a document was said again."""
        return int(self._all("SELECT count(*) FROM merges WHERE lt_id = ?", given)[0][0])

    # ------------------------------------------------------------------------------------------------------------ the log

    def log(self, question: str, answer: str, decision: Decision) -> None:
        """Write down a decision; the log is only ever added to."""
        with self._transaction():
            self._connection.execute(
                "INSERT INTO decisions (time, question, answer, decision, record) VALUES (?, ?, ?, ?, ?)",
                (self.now(), plain(question), plain(answer), decision.decision, _json(decision)),
            )

    def decisions(self) -> dict[str, int]:
        """Return how many answers were accepted, sent to review and rejected, and by which step, as "reject: lineage"."""
        found: dict[str, int] = {}
        for said, record in self._all("SELECT decision, record FROM decisions ORDER BY seq"):
            steps = [each["step"] for each in msgspec.json.decode(record)["reasons"]]
            name = ": ".join([said, *steps[-1:]])
            found[name] = found.get(name, 0) + 1
        return found

    def rejections(self, question: str | None = None, k: int = 10) -> list[Rejection]:
        """Return answers that were not accepted, the newest first; to questions like one by words where that is given, the likest first."""
        columns = "SELECT d.question, d.answer, d.decision, d.record, d.time FROM"
        if question is None:
            rows = self._all(f"{columns} decisions d WHERE d.decision != 'accept' ORDER BY d.seq DESC LIMIT ?", k)
        elif asked := query_of(words_of(question)):
            rows = self._all(
                f"{columns} asked JOIN decisions d ON d.seq = asked.rowid WHERE asked MATCH ? AND d.decision != 'accept' "
                "ORDER BY bm25(asked), d.seq DESC LIMIT ?",
                asked,
                k,
            )
        else:
            rows = []
        return [
            Rejection(question=asked, answer=answer, decision=said, reasons=msgspec.json.decode(record, type=Decision).reasons, time=time)
            for asked, answer, said, record, time in rows
        ]

    # ------------------------------------------------------------------------------------------------------------- within

    def _all(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._connection.execute(statement, values).fetchall()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise

    def _added(self, document: Document, into: str | None, vector: Vectors | None) -> str:
        there = self.get([document.id, into or ""])
        if (same := there.get(document.id) or there.get(into or "")) is not None:
            values = (same.id, document.text, _json(document.parents), document.time)
            self._connection.execute("INSERT INTO merges (lt_id, text, lt_parents, time) VALUES (?, ?, ?, ?)", values)
            return same.id
        over = exceeded(self.holdings(document.topic), self.quota, document.topic) if document.is_written else ""
        status: Status = "quarantined" if over else document.status
        self._connection.execute(_INSERT, (*_row(document, status), None if vector is None else vector.tobytes()))
        if status == "quarantined":
            self._note(document.id, "quarantined", over or "for review")
        return document.id

    def _moved(self, ids: Sequence[str], status: Status, reason: str, descendants: bool) -> list[str]:
        with self._transaction():
            every = [row[0] for row in self._all(_DESCENDANTS, _json(list(ids)))] if descendants else list(ids)
            found = [document.id for document in self.get(every).values() if document.status != status]
            for each in found:
                self._connection.execute("UPDATE documents SET lt_status = ? WHERE lt_id = ?", (status, each))
                self._note(each, status, reason)
        return sorted(found)

    def _note(self, given: str, status: str, reason: str) -> None:
        self._connection.execute("INSERT INTO moves (lt_id, status, reason, time) VALUES (?, ?, ?, ?)", (given, status, reason, self.now()))

    def _ranked(self, question: str, k: int, by: By, written: bool | None) -> list[Hit]:
        words = by_words(self._connection, question, k, written) if by != "vectors" else []
        if by == "words":
            return words
        (vector,) = self._vectors([question])
        near = by_vectors(self._connection, self._vectored(), vector, k, written) if vector is not None else []
        return near if by == "vectors" else fused([near, words], k)

    def _vectored(self) -> Index:
        """Return the vectors, read again where anybody wrote since."""
        version = (self._all("PRAGMA data_version")[0][0], self._connection.total_changes)
        if self._index is None or self._index[0] != version:
            self._index = (version, index_of(self._connection))
        return self._index[1]

    def _vectors(self, texts: list[str]) -> list[Vectors | None]:
        if self._encode is None:
            return [None] * len(texts)
        return vectors_of(list(np.asarray(self._encode(texts), np.float32)))


def document_of(text: Any, meta: Mapping[str, Any], now: str) -> Document:
    """Return a document with its provenance.

    Raises:
        UsageError: There is no text, the origin is none, or the provenance is of another text.
    """
    if not isinstance(text, str) or not text.strip():
        raise UsageError(f"a document is {text!r}; hand over a text that is not empty")
    given, origin = identity({"text": plain(text)}), str(meta.get("lt_origin") or Origin.UNKNOWN.value)
    if meta.get("lt_id", given) != given:
        raise UsageError(f"the provenance is of the text {meta['lt_id']}, and this one is {given}; check the answer as it is stored")
    if origin not in set(Origin):
        raise UsageError(f"lt_origin is {origin!r}; origins are {', '.join(Origin)}")
    depth = 0 if origin == Origin.HUMAN else meta.get("lt_depth")
    return Document(
        id=given,
        text=plain(text),
        topic=str(meta.get("topic") or ""),
        origin=origin,
        depth=depth,
        parents=tuple(_decoded(meta.get("lt_parents"), [])),
        scores=_decoded(meta.get("lt_scores"), {}),
        status=_status(meta.get("lt_status") or "accepted"),
        model=meta.get("lt_model"),
        time=meta.get("lt_time") or now,
    )


def _row(document: Document, status: Status) -> list[Any]:
    """Return a document as a row of `COLUMNS`."""
    fields = {name: getattr(document, name.removeprefix("lt_")) for name in COLUMNS}
    written = {"lt_status": status, "lt_parents": _json(document.parents), "lt_scores": _json(document.scores)}
    return [*(fields | written).values()]


def _status(given: Any) -> Status:
    if given not in get_args(Status):
        raise UsageError(f"lt_status is {given!r}; take {' or '.join(get_args(Status))}")
    found: Status = given
    return found


def _merged(meta: Mapping[str, Any]) -> str | None:
    into = _decoded(meta.get("lt_scores"), {}).get("merged_into")
    return str(into) if into else None


def _decoded(value: Any, empty: Any) -> Any:
    return empty if value is None else msgspec.json.decode(value) if isinstance(value, str) else value


def _json(value: object) -> str:
    return msgspec.json.encode(value, order="deterministic").decode()
