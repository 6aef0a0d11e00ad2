"""The stratum of each document, which a column names, a function tells or its format is; and the mix of strata of data sets."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from longtail.errors import ConfigError
from longtail.gates.batch import Batch
from longtail.gates.duplicates.options import reference
from longtail.gates.settings import column
from longtail.views.batch import marks_of
from longtail.views.formats import FORMATS, formats_of

Stratifier: TypeAlias = Callable[[str], str | None]
"""Returns the stratum of a text, None where it has none."""


def stratifier(gate: str, given: Any) -> str | Stratifier | None:
    """Return what tells strata: a column, a function, or None for the format of the text.

    Raises:
        ConfigError: It is neither.
    """
    return given if given is None or callable(given) else column(gate, "by", given)


def strata_of(batch: Batch, by: str | Stratifier | None) -> list[str | None]:
    """Return the stratum of each document, None where it has none; a text that a function raises on has none.

    Args:
        batch: The documents.
        by: Column, function of the text, or None for its format as the view `formats` tells it.
    """
    if isinstance(by, str):
        return [str(value) if value not in (None, "") and value == value else None for value in batch.values(by)]
    texts = batch.texts.to_pylist()
    if by is None:
        kinds = formats_of(marks_of(batch.texts)).tolist()
        return [None if text is None else FORMATS[kind] for text, kind in zip(texts, kinds, strict=True)]
    return [None if text is None else _told(by, text) for text in texts]


def mix_of(gate: str, paths: Sequence[str], by: str | Stratifier | None) -> dict[str, float]:
    """Return the share of each stratum in data sets, documents without one left aside.

    Raises:
        ReadError: A file cannot be read to its end.
        ConfigError: No document has a stratum.
    """
    read = reference(paths, None, *([by] if isinstance(by, str) else []))
    counts = Counter(name for batch in read for name in strata_of(batch, by) if name is not None)
    if not counts:
        raise ConfigError(f"{gate}: no document of {', '.join(paths)} has a stratum; name another column with by, or another file in mix")
    return {name: count / counts.total() for name, count in counts.items()}


def _told(by: Stratifier, text: str) -> str | None:
    try:
        return by(text) or None
    except Exception:
        return None
