"""Vectors of texts, from a model that lies on this machine or from a column."""

import os
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from longtail.errors import ConfigError
from longtail.gates.sentences import need

Vectors: TypeAlias = npt.NDArray[np.float32]
Encode: TypeAlias = Callable[[list[str]], Any]
"""Returns the vectors of texts, shape (texts, dimensions)."""


def encoder(path: str, most_at_once: int = 32) -> Encode:
    """Return what makes vectors of texts.

    Args:
        path: Folder of a model that `sentence-transformers` saved.
        most_at_once: Texts that the model sees at a time.

    Raises:
        MissingExtra: sentence-transformers is not installed.
        ConfigError: There is no model in that folder.
    """
    package = need("semantic duplicates with a model")
    if not os.path.isdir(path):
        raise ConfigError(f"model is {path!r}, and there is no such folder; name one that sentence-transformers saved")
    try:
        model: Any = package.SentenceTransformer(path, local_files_only=True)
    except (OSError, ValueError, KeyError) as error:
        raise ConfigError(f"model {path!r} cannot be loaded: {' '.join(str(error).split())[:200]}") from None

    def encode(texts: list[str]) -> Vectors:
        made = model.encode(texts, batch_size=most_at_once, show_progress_bar=False, convert_to_numpy=True)
        return np.asarray(made, np.float32)

    return encode


def vectors_of(values: Iterable[Any]) -> list[Vectors | None]:
    """Return values as vectors of length 1, None where one is no list of finite numbers or all of them are 0."""
    return [_unit(value) for value in values]


def _unit(value: Any) -> Vectors | None:
    try:
        vector = np.asarray(value if value is not None else (), np.float64)
    except (TypeError, ValueError):
        return None
    if vector.ndim != 1 or not len(vector) or not np.isfinite(vector).all():
        return None
    largest = np.abs(vector).max()  # scaled by it first, so that no square overflows
    if largest == 0:
        return None
    scaled = vector / largest
    unit: Vectors = (scaled / np.linalg.norm(scaled)).astype(np.float32)
    return unit
