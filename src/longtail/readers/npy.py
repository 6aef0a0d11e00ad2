"""Arrays as data: the rows of `.npy` files, or of an array in memory, are documents that hold nothing but a vector.

A document's text is `row` and the hash of its numbers as 32-bit floats, so that equal rows are equal documents.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from longtail.errors import ReadError
from longtail.readers.columns import named
from longtail.readers.files import Files
from longtail.readers.formats import Part
from longtail.readers.intake import MOST_BYTES, MOST_DOCUMENTS, Intake, batch_of
from longtail.readers.rows import names_of
from longtail.readers.sources import Found
from longtail.readers.vectors import FEATURES, PART, VECTOR, Floats, binary_of

MEMORY = "<memory>"
NAME = FEATURES.removeprefix(VECTOR)

_SAVE = "save real numbers in two dimensions: numpy.save('features.npy', array.astype('float32'))"
ARCHIVE = "save the one array: numpy.save('features.npy', numpy.load('features.npz')['NAME'])"

Numbers = npt.NDArray[Any]


def read_npy(part: Part, intake: Intake) -> Iterator[pa.RecordBatch]:
    """Read the rows of an array file."""
    yield from documents_of(Mapped(part.path), part.path, intake)


class Mapped:
    """The rows of a `.npy` file, mapped into memory anew for each look, so that what was read before is let go of."""

    def __init__(self, path: str) -> None:
        """Look at the file.

        Raises:
            ReadError: It cannot be read, or is no table of numbers.
        """
        self._path = path
        self.shape: tuple[int, ...] = opened(path).shape

    def __len__(self) -> int:
        """Return the number of rows."""
        return self.shape[0]

    def __getitem__(self, rows: Any) -> Numbers:
        """Return some rows."""
        found: Numbers = opened(self._path)[rows]
        return found


def documents_of(array: Numbers | Mapped, path: str, intake: Intake) -> Iterator[pa.RecordBatch]:
    """Yield the rows of an array, shape (documents, numbers), as documents.

    Raises:
        ReadError: The rows are not as long as those before.
    """
    width = array.shape[1]
    if (known := intake.widths.settle(NAME, width)) != width:
        raise ReadError(path, f"has rows of {width} numbers, those before it have {known}", fix="read arrays of one width together")
    intake.saw({NAME: None})
    intake.says(f"arrays of numbers: rows of {width}")
    step = at_once(width)
    for start in range(0, len(array), step):
        block = floats_of(array[start : start + step])
        yield batch_of(pa.array(names_of(block), pa.string()), _beside(intake, len(block)) | {FEATURES: binary_of(block)})


def _beside(intake: Intake, documents: int) -> dict[str, pa.Array]:
    """Return what was asked for by name: arrays have no columns, so none says anything."""
    kinds = {field.name: pa.binary() if field.is_vector else pa.string() for field in intake.fields(named("text")) if field.is_asked}
    return {name: pa.nulls(documents, kind) for name, kind in kinds.items()}


def at_once(width: int) -> int:
    """Return how many rows of `width` numbers make a batch."""
    return max(1, min(MOST_DOCUMENTS, MOST_BYTES // (PART * width)))


def floats_of(array: Numbers) -> Floats:
    """Return numbers as 32-bit floats; those beyond their range become infinite."""
    with np.errstate(over="ignore"):
        return np.ascontiguousarray(array, np.float32)


def opened(path: str) -> Numbers:
    """Return the array of a `.npy` file, mapped into memory, as rows: shape (documents, numbers).

    Raises:
        ReadError: It cannot be read, or is no table of numbers.
    """
    try:
        array = np.load(path, mmap_mode="r", allow_pickle=False)
    except FileNotFoundError:
        raise ReadError(path, "no such file", fix="check the path") from None
    except (OSError, EOFError, ValueError, TypeError) as error:
        said = (str(error).splitlines() or [type(error).__name__])[0][:200]
        raise ReadError(path, f"cannot be read as an array of numbers: {said}", fix=_SAVE) from error
    if not isinstance(array, np.ndarray):
        raise ReadError(path, "is an archive of arrays, not one array", fix=ARCHIVE)
    return rows_of(array, path)


def rows_of(array: npt.NDArray[Any], path: str) -> Numbers:
    """Return an array of numbers as rows: shape (documents, numbers); one of shape (documents,) has rows of one number.

    Raises:
        ReadError: It is of another shape, or does not hold numbers.
    """
    if array.dtype.kind not in "fiu":
        raise ReadError(path, f"holds {array.dtype} and not real numbers", fix=_SAVE)
    if array.ndim not in (1, 2):
        raise ReadError(
            path, f"has the shape {array.shape}; a document is one row", fix="reshape it to two dimensions: array.reshape(len(array), -1)"
        )
    rows: Numbers = array.reshape(-1, 1) if array.ndim == 1 else array
    if rows.shape[1] == 0:
        raise ReadError(path, f"has rows of no numbers: shape {array.shape}", fix=_SAVE)
    return rows


class ArrayFiles(Files):
    """One or several `.npy` files that are one data set."""

    def __init__(self, path: str, files: Sequence[str]) -> None:
        """Take the files that were found for what the user named `path`."""
        super().__init__(path, Found(tuple(Part(file, "npy") for file in files), ()), read_npy)


class Arrays:
    """An array in memory."""

    path = MEMORY
    parts: tuple[str, ...] = ()
    once = None

    def __init__(self, array: npt.NDArray[Any]) -> None:
        """Take the array.

        Raises:
            ReadError: It is no table of numbers.
        """
        self._rows = rows_of(array, MEMORY)
        self.bytes = array.nbytes

    def batches(self, intake: Intake) -> Iterator[pa.RecordBatch]:
        """Yield the rows as documents."""
        yield from documents_of(self._rows, MEMORY, intake)

    def sha256(self) -> None:
        """Return None: there is no file."""
