"""Stores that a model answers from and writes back to: the gate before the store, and the store itself.

Names load when they are used: `longtail.rag.Gate`, `longtail.rag.Store`.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from longtail.gates.writeback.quota import Quota
    from longtail.rag.decision import Decision
    from longtail.rag.document import Document
    from longtail.rag.gate import Gate
    from longtail.rag.store import Store

_HOMES = {
    "Decision": "longtail.rag.decision",
    "Document": "longtail.rag.document",
    "Gate": "longtail.rag.gate",
    "Quota": "longtail.gates.writeback.quota",
    "Store": "longtail.rag.store",
}

__all__ = ["Decision", "Document", "Gate", "Quota", "Store"]


def __getattr__(name: str) -> Any:
    """Load a public name from its home."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'longtail.rag' has no attribute {name!r}; it has: {', '.join(__all__)}")
