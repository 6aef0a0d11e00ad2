"""Where documents come from when nobody tagged them: shares of machine-made text, watermarks and credentials.

`scorers` give texts numbers, `quantifiers` make shares of many numbers, `measuring` joins both and `estimating` does it for data sets;
`vocabulary` bounds shares by dates alone. `watermarks` and `credentials` are marks that say who made a text, and `recognising` looks
for them. Names load when they are used.
"""

from importlib import import_module
from typing import Any

_HOMES = {
    "estimate": "longtail.origin.estimating.entry",
    "generate": "longtail.origin.recognising.generating",
    "ingest": "longtail.origin.recognising.ingesting",
}


def __getattr__(name: str) -> Any:
    """Load a public name from its home."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'longtail.origin' has no attribute {name!r}; it has: {', '.join(_HOMES)}")
