"""Where two states differ: the first place, in words."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np


def difference(left: Any, right: Any, place: str = "state") -> str:
    """Return the first difference between two states of plain values and numpy arrays, or "" where they are equal."""
    if isinstance(left, np.ndarray) or isinstance(right, np.ndarray):
        return _of_arrays(left, right, place)
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return _of_mappings(left, right, place)
    if _is_list(left) and _is_list(right):
        return _of_lists(left, right, place)
    return "" if _is_same(left, right) else f"{place} is {_short(left)} and {_short(right)}"


def _of_arrays(left: Any, right: Any, place: str) -> str:
    shown = [f"{side.dtype} of shape {side.shape}" if isinstance(side, np.ndarray) else type(side).__name__ for side in (left, right)]
    if shown[0] != shown[1]:
        return f"{place} is {shown[0]} and {shown[1]}"
    if np.array_equal(left, right, equal_nan=left.dtype.kind in "fc"):
        return ""
    apart = np.argwhere(left != right)
    at = tuple(int(index) for index in apart[0])
    return f"{place}[{', '.join(map(str, at))}] is {left[at]!r} and {right[at]!r} ({len(apart)} of {left.size} differ)"


def _of_mappings(left: Mapping[Any, Any], right: Mapping[Any, Any], place: str) -> str:
    here, there = (sorted(map(str, one.keys() - other.keys())) for one, other in ((left, right), (right, left)))
    if here or there:
        return f"{place} has {here} on one side only and {there} on the other"
    return next(filter(None, (difference(left[name], right[name], f"{place}.{name}") for name in left)), "")


def _of_lists(left: Sequence[Any], right: Sequence[Any], place: str) -> str:
    if len(left) != len(right):
        return f"{place} has {len(left)} and {len(right)} entries"
    pairs = enumerate(zip(left, right, strict=True))
    return next(filter(None, (difference(*pair, f"{place}[{index}]") for index, pair in pairs)), "")


def _is_same(left: Any, right: Any) -> bool:
    """Tell whether two plain values are of one type and equal; not a number equals itself here."""
    return type(left) is type(right) and bool(left == right or (left != left and right != right))


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
