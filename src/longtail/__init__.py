"""longtail keeps models, and the data they learn from, from losing their tail when they train on what models wrote.

Names load when they are used, so that `import longtail` stays light.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from longtail.auditing import audit
    from longtail.errors import LongtailError
    from longtail.gates import Gate
    from longtail.ledger.store import Ledger
    from longtail.policies.mixing import mix
    from longtail.records import Estimate, Origin, Report
    from longtail.summaries.files import load, save
    from longtail.summaries.profile import Profile
    from longtail.summaries.profiling import merge, profile
    from longtail.summaries.reference import Reference

_HOMES = {
    "audit": "longtail.auditing",
    "mix": "longtail.policies.mixing",
    "Gate": "longtail.gates",
    "Ledger": "longtail.ledger.store",
    "profile": "longtail.summaries.profiling",
    "merge": "longtail.summaries.profiling",
    "Profile": "longtail.summaries.profile",
    "Reference": "longtail.summaries.reference",
    "load": "longtail.summaries.files",
    "save": "longtail.summaries.files",
    "Report": "longtail.records",
    "Estimate": "longtail.records",
    "Origin": "longtail.records",
    "LongtailError": "longtail.errors",
}

_PARTS = ("rag",)
"""Parts that are reached as `longtail.rag` without an import of their own."""

__all__ = [
    "Estimate",
    "Gate",
    "Ledger",
    "LongtailError",
    "Origin",
    "Profile",
    "Reference",
    "Report",
    "__version__",
    "audit",
    "load",
    "merge",
    "mix",
    "profile",
    "save",
]


def __getattr__(name: str) -> Any:
    """Load a public name from its home."""
    if name == "__version__":
        return import_module("importlib.metadata").version("longtail")
    if name in _PARTS:
        return import_module(f"longtail.{name}")
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'longtail' has no attribute {name!r}; it has: {', '.join(__all__)}")


def __dir__() -> list[str]:
    """Return the public names."""
    return list(__all__)
