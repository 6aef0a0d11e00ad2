"""A vector store of LangChain with the write-back gate before it: `gated(vector_store, gate)`.

What is returned is a true `VectorStore`, so that retrievers, indexing and chains take it. What people wrote is added with
`lt_origin` "human" in its metadata. Anything else takes what the gate asks for: `lt_evidence`, all that was retrieved, and
`lt_citations` where the text has no marks, with `lt_question` and `lt_topic` if they are known. The gate's store keeps texts and
provenance of everything; the vectors stay where they were.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import Any, cast

from longtail.errors import MissingExtra, UsageError
from longtail.rag.admitting import admit
from longtail.rag.document import Document, plain
from longtail.rag.gate import Gate

EXTRA = "rag"
MORE = 4
"""Times as many documents as are asked for that are fetched, for some may be held back."""


class Gated:
    """What the wrapper does; LangChain's own class is added to it when one is made, by `gated`.

    Args:
        inner: The vector store.
        gate: The gate, with its store.
        most_written: Greatest share of what is found that models may have written; None sets no bound.
    """

    def __init__(self, inner: Any, gate: Gate, most_written: float | None = 0.4) -> None:
        self.inner, self.gate, self.most_written = inner, gate, most_written

    @property
    def embeddings(self) -> Any:
        """Return the embeddings of the vector store."""
        return self.inner.embeddings

    def add_texts(
        self, texts: Iterable[str], metadatas: Sequence[Mapping[str, Any]] | None = None, *, ids: Sequence[str] | None = None, **more: Any
    ) -> list[str]:
        """Add what may come in, and return the ids of the documents that hold it now; what is not accepted has none.

        An id of one's own stays in the metadata as `id`; in the store a document goes by its `lt_id`.
        """
        listed = list(texts)
        given = [dict(each or {}) for each in metadatas or [{}] * len(listed)]
        for meta, own in zip(given, ids or [], strict=False):
            meta.setdefault("id", own)
        return [found for text, meta in zip(listed, given, strict=True) if (found := self._added(text, meta, more))]

    def delete(self, ids: Sequence[str] | None = None, **more: Any) -> bool:
        """Hold documents back from every search; nothing is deleted, and `gate.store.restore` undoes it."""
        return bool(self.gate.store.quarantine(list(ids or ()), "deleted through the vector store"))

    def get_by_ids(self, ids: Sequence[str]) -> list[Any]:
        """Return documents by their ids, those held back left out."""
        held = self.gate.store.get(ids)
        return [each for each in self.inner.get_by_ids(list(ids)) if _may_be_shown(held.get(_id_of(each)))]

    def similarity_search(self, query: str, k: int = 4, **more: Any) -> list[Any]:
        """Return the nearest documents, at most the share of them model-written that is allowed."""
        return [document for document, _ in self.similarity_search_with_score(query, k, **more)]

    def similarity_search_with_score(self, query: str, k: int = 4, **more: Any) -> list[tuple[Any, float]]:
        """Return the nearest documents with their scores; see `similarity_search`."""
        return self._chosen(self.inner.similarity_search_with_score(query, k=MORE * k, **more), k)

    def similarity_search_by_vector(self, embedding: list[float], k: int = 4, **more: Any) -> list[Any]:
        """Return the documents nearest to a vector; see `similarity_search`."""
        found = self.inner.similarity_search_by_vector(embedding, k=MORE * k, **more)
        return [document for document, _ in self._chosen([(each, 0.0) for each in found], k)]

    @classmethod
    def from_texts(cls, texts: Sequence[str], embedding: Any, metadatas: Any = None, **more: Any) -> Any:
        """Refuse to start a store without a gate.

        Raises:
            UsageError: Always.
        """
        raise UsageError(f"{cls.__name__} wraps a vector store: make that one first, then gated(vector_store, gate)")

    def _added(self, text: str, meta: Mapping[str, Any], more: Mapping[str, Any]) -> str | None:
        found = admit(self.gate, text, meta)
        if found is not None and found.as_itself:
            self.inner.add_texts([plain(text)], [found.meta], ids=[found.id], **more)
        return None if found is None else found.id

    def _chosen(self, found: Sequence[tuple[Any, float]], k: int) -> list[tuple[Any, float]]:
        held = self.gate.store.get([_id_of(document) for document, _ in found])
        room = k if self.most_written is None else int(self.most_written * k + 1e-9)
        chosen: list[tuple[Any, float]] = []
        for document, score in found:
            known = held.get(_id_of(document))
            written = known is not None and known.is_written
            if _may_be_shown(known) and len(chosen) < k and (room or not written):
                chosen.append((document, score))
                room -= written
        return chosen


def gated(vector_store: Any, gate: Gate, *, most_written: float | None = 0.4) -> Any:
    """Return a vector store of LangChain with a gate before it.

    Args:
        vector_store: Any `VectorStore` of LangChain.
        gate: The gate, whose store keeps the provenance.
        most_written: Greatest share of what is found that models may have written; None sets no bound.

    Raises:
        MissingExtra: LangChain is not installed.
    """
    return _kind()(vector_store, gate, most_written)


@cache
def _kind() -> type[Any]:
    try:
        base = import_module("langchain_core.vectorstores").VectorStore
    except ImportError as error:
        raise MissingExtra("a gate before a vector store of LangChain", EXTRA) from error
    return cast(type[Any], type("GatedVectorStore", (Gated, base), {"__doc__": Gated.__doc__}))


def _id_of(document: Any) -> str:
    return str(document.metadata.get("lt_id") or document.id or "")


def _may_be_shown(known: Document | None) -> bool:
    return known is None or known.status == "accepted"
