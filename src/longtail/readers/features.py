"""Features: vectors that come from outside the data, as an array with a row for each document or from a function of the documents."""

import os
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any, Protocol

import numpy as np
import pyarrow as pa

from longtail.errors import ConfigError, ReadError
from longtail.readers.intake import MOST_BYTES, POSITION, Intake
from longtail.readers.npy import Mapped, Numbers, at_once, floats_of, rows_of
from longtail.readers.vectors import FEATURES, Floats, binary_of

AT_ONCE = 256
"""How many documents a function gets at most."""

Maker = Callable[[list[str]], Any]
Inputs = Callable[[pa.RecordBatch], list[str]]


class Features(Protocol):
    """Where the vectors of documents come from.

    Attributes:
        says: What the user should know of it.
    """

    says: str

    def blocks(self, batch: pa.RecordBatch, inputs: Inputs) -> Iterator[Floats]:
        """Yield the vectors of the documents of a batch in order, some at a time, shape (documents, numbers)."""
        ...

    def reaches(self, position: int) -> bool:
        """Tell whether there may be a vector for the row at this position, from 0 on."""
        ...

    def check(self, rows: int, path: str) -> None:
        """Refuse, after the pass, a data set that has another number of rows.

        Raises:
            ReadError: It has.
        """
        ...


def features_of(given: Any) -> Features:
    """Return the source of vectors that the user gave.

    Args:
        given: A path of a `.npy` file, an array, `module:function`, or a function.

    Raises:
        ConfigError: It is none of these, or the function is not found.
        ReadError: The array cannot be read.
    """
    if isinstance(given, os.PathLike) or (isinstance(given, str) and given.lower().endswith((".npy", ".npz"))):
        path = os.fspath(given)
        return Aligned(Mapped(path), path)
    if isinstance(given, str):
        return Made(_imported(given), given)
    if hasattr(given, "__array__"):
        return Aligned(rows_of(np.asarray(given), "features"), "an array in memory")
    if callable(given):
        return Made(given, f"{getattr(given, '__module__', '')}:{getattr(given, '__qualname__', type(given).__name__)}")
    raise ConfigError(
        f"features={repr(given)[:60]} ({type(given).__name__}): expected a .npy file, an array, a function or 'module:function'"
    )


def attached(batches: Iterator[pa.RecordBatch], features: Features, intake: Intake, path: str, inputs: Inputs) -> Iterator[pa.RecordBatch]:
    """Yield batches with the vectors of their documents, in pieces of at most 32 MiB of vectors.

    Raises:
        ReadError: There is not one vector for each row, or the function failed.
    """
    intake.says(f"features: {features.says}")
    batch = None
    for batch in batches:
        if not features.reaches(batch.column(POSITION)[-1].as_py()):
            for _ in batches:
                pass
            break
        start = 0
        plain = batch.drop_columns([POSITION])
        for rows in gathered(features.blocks(batch, inputs)):
            yield plain.slice(start, len(rows)).append_column(FEATURES, binary_of(rows))
            start += len(rows)
    if batch is not None:
        features.check(intake.position, path)


def gathered(blocks: Iterator[Floats]) -> Iterator[Floats]:
    """Yield blocks of rows joined into as large ones as 32 MiB allow."""
    held: list[Floats] = []
    for block in blocks:
        if held and sum(each.nbytes for each in held) + block.nbytes > MOST_BYTES:
            yield np.concatenate(held)
            held = []
        held.append(block)
    if held:
        yield np.concatenate(held)


class Aligned:
    """An array with a row for each row of the data, in the order of reading; what is set aside has one too."""

    def __init__(self, array: Numbers | Mapped, name: str) -> None:
        """Take an array of shape (rows, numbers)."""
        self._array = array
        self._name = name
        self.says = f"{name}, {len(array):,} rows of {array.shape[1]:,}"

    def blocks(self, batch: pa.RecordBatch, inputs: Inputs) -> Iterator[Floats]:
        """Yield the rows at the positions of the documents."""
        positions = batch.column(POSITION).to_numpy()
        step = at_once(self._array.shape[1])
        for start in range(0, len(positions), step):
            yield floats_of(self._array[positions[start : start + step]])

    def reaches(self, position: int) -> bool:
        """Tell whether the array has a row there."""
        return position < len(self._array)

    def check(self, rows: int, path: str) -> None:
        """Refuse a data set that has more or fewer rows than the array.

        Raises:
            ReadError: It has.
        """
        if rows != len(self._array):
            reason = f"has {rows:,} documents, those set aside among them, and the features ({self._name}) have {len(self._array):,} rows"
            raise ReadError(path, reason, fix="give one row of features for each document, in the order of reading")


class Made:
    """A function that makes vectors of texts, or of the paths of pictures and sound."""

    def __init__(self, function: Maker, name: str) -> None:
        """Take the function and its name for messages."""
        self._function = function
        self._width: int | None = None
        self.says = f"made by {name}"
        self._name = name

    def blocks(self, batch: pa.RecordBatch, inputs: Inputs) -> Iterator[Floats]:
        """Yield what the function makes of the documents, some at a time."""
        given = inputs(batch)
        for start in range(0, len(given), AT_ONCE):
            yield self._made(given[start : start + AT_ONCE])

    def _made(self, given: list[str]) -> Floats:
        try:
            made = np.asarray(self._function(given))
        except Exception as error:
            reason = f"failed on {len(given)} documents, the first {given[0][:60]!r}: {type(error).__name__}: {error}"
            raise ReadError(self._name, reason, fix="mend the function; it gets a list of strings and returns an array") from error
        fits = made.ndim == 2 and made.dtype.kind in "fiu" and len(made) == len(given) and made.shape[1] > 0
        if not fits or made.shape[1] != (self._width or made.shape[1]):
            wanted = f"({len(given)}, {self._width or 'numbers'})"
            fix = "return one row of numbers, always of one length, for each document"
            raise ReadError(self._name, f"returned {made.dtype} of shape {made.shape}, expected numbers of shape {wanted}", fix=fix)
        self._width = made.shape[1]
        return floats_of(made)

    def reaches(self, position: int) -> bool:
        """Say that every document has a vector."""
        return True

    def check(self, rows: int, path: str) -> None:
        """Refuse nothing."""


def _imported(name: str) -> Maker:
    """Return the function `module:function`; modules of the current folder are found too."""
    module, colon, function = name.partition(":")
    if not (module and colon and function):
        raise ConfigError(f"features={name!r}: expected a .npy file or 'module:function'")
    before = list(sys.path)
    sys.path.append(os.getcwd())
    try:
        found = getattr(import_module(module), function, None)
    except Exception as error:
        raise ConfigError(f"features={name!r}: module {module!r} cannot be imported: {type(error).__name__}: {error}") from error
    finally:
        sys.path[:] = before
    if not callable(found):
        raise ConfigError(f"features={name!r}: module {module!r} has no function {function!r}")
    made: Maker = found
    return made
