"""How much a profile keeps of each view: types, and rows in memory."""

from longtail.errors import ConfigError
from longtail.summaries.labels import LABELS_KEPT
from longtail.summaries.room import view_bytes
from longtail.summaries.runs import MEMORY_ROWS, ROW_BYTES
from longtail.views.names import LABELS, View, is_content, view_of

SAMPLED_TYPES = 1 << 18
LEAST_TYPES = 1 << 10


def memory_rows(*, exact: bool) -> int:
    """Return the rows that the counts of a view keep in memory: what there is room for where all types are kept."""
    return view_bytes(MEMORY_ROWS * ROW_BYTES) // ROW_BYTES if exact else MEMORY_ROWS


def capacity(name: str, types: int | None) -> int | None:
    """Return how many types a view keeps, of which one that may have many keeps `types`; None for all."""
    if name.startswith(LABELS):
        return LABELS_KEPT
    return types if is_content(name) and _is_open(view_of(name)) else None


def most_types(types: int | None, *, exact: bool) -> int | None:
    """Return how many types a view that may have many keeps; None for all.

    Args:
        types: How many were asked for; None for the default.
        exact: Whether all are to be kept.

    Raises:
        ConfigError: Both were asked for, or too few types.
    """
    if types is None:
        return None if exact else SAMPLED_TYPES
    if exact:
        raise ConfigError(f"exact counts keep all types, and {types:,} were asked for; give --exact or --types, not both")
    if types < LEAST_TYPES:
        raise ConfigError(f"types is {types:,}; keep at least {LEAST_TYPES:,}, for a standard error of {LEAST_TYPES**-0.5:.0%}")
    return types


def _is_open(view: View) -> bool:
    """Tell whether a view may have more types than memory holds: longer n-grams and columns of free values."""
    return view.order > 1 or view.kind in ("code", "category", "pairs")
