"""Profiles as files: a zip of one JSON manifest and Arrow streams, written whole or not at all."""

import io
import os
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from longtail.atomic import replaced
from longtail.errors import ProfileError
from longtail.summaries.profile import Profile
from longtail.summaries.runs import Run, joined

Array = npt.NDArray[Any]

SUFFIX = ".ltp"
FORMAT = 4

_MANIFEST = "manifest.json"
_PLACE = "$array"
_SCHEMA = pa.schema([("keys", pa.uint64()), ("counts_tokens", pa.uint32()), ("counts_documents", pa.uint32())])
_ROWS = 1 << 20
_EPOCH = (1980, 1, 1, 0, 0, 0)
_DAMAGE = (
    OSError,
    zipfile.BadZipFile,
    RuntimeError,
    LookupError,
    AttributeError,
    TypeError,
    ValueError,
    msgspec.MsgspecError,
    pa.ArrowException,
)


def save(profile: Profile, path: str | os.PathLike[str]) -> None:
    """Write a profile; equal profiles give equal bytes.

    Raises:
        ProfileError: The file cannot be written.
    """
    target = Path(path)
    try:
        with replaced(target) as draft, zipfile.ZipFile(draft, "w", zipfile.ZIP_STORED) as archive:
            _write(profile, archive)
    except OSError as error:
        raise ProfileError(f"{target}: cannot be written ({error.strerror}); choose another folder with -o") from error


def _write(profile: Profile, archive: zipfile.ZipFile) -> None:
    counts = dict(sorted(profile.frequencies.items()))
    plain = {name: _listed(frequencies.settings()) for name, frequencies in counts.items()}
    arrays: list[Array] = []
    manifest = {"format": FORMAT, "state": _without_arrays(profile.described(), arrays) | {"frequencies": plain}}
    archive.writestr(zipfile.ZipInfo(_MANIFEST, _EPOCH), msgspec.json.encode(manifest, order="deterministic"))
    for number, values in enumerate(arrays):
        with archive.open(zipfile.ZipInfo(_array(number), _EPOCH), "w") as member:
            np.lib.format.write_array(member, np.ascontiguousarray(values), allow_pickle=False)
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    for number, frequencies in enumerate(counts.values()):
        with (
            archive.open(zipfile.ZipInfo(_member(number), _EPOCH), "w") as member,
            pa.ipc.new_stream(member, _SCHEMA, options=options) as writer,
        ):
            for batch in _batches(frequencies.chunks()):
                writer.write_batch(batch)


def _member(number: int) -> str:
    """Return where the counts of one view stand; views are numbered in the order of their names, which may hold any character."""
    return f"counts-{number}.arrow"


def _array(number: int) -> str:
    return f"array-{number}.npy"


def _without_arrays(state: Any, arrays: list[Array]) -> Any:
    """Return a state with the place of each array, which is put at the end of `arrays`, instead of the array."""
    if isinstance(state, np.ndarray):
        arrays.append(state)
        return {_PLACE: len(arrays) - 1}
    if isinstance(state, dict):
        return {name: _without_arrays(part, arrays) for name, part in state.items()}
    return [_without_arrays(part, arrays) for part in state] if isinstance(state, list | tuple) else state


def _with_arrays(state: Any, archive: zipfile.ZipFile) -> Any:
    if isinstance(state, dict):
        if state.keys() == {_PLACE}:
            return np.lib.format.read_array(io.BytesIO(archive.read(_array(state[_PLACE]))), allow_pickle=False)
        return {name: _with_arrays(part, archive) for name, part in state.items()}
    return [_with_arrays(part, archive) for part in state] if isinstance(state, list) else state


def _batches(chunks: Iterable[Run]) -> Iterator[pa.RecordBatch]:
    """Yield batches of exactly `_ROWS` rows (the last one fewer), so that the bytes do not depend on how runs were cut."""
    held: list[Run] = []
    for chunk in chunks:
        held.append(chunk)
        while sum(map(len, held)) >= _ROWS:
            whole = joined(held)
            yield _batch(whole.rows(0, _ROWS))
            held = [whole.rows(_ROWS, len(whole))]
    if sum(map(len, held)):
        yield _batch(joined(held))


def _batch(run: Run) -> pa.RecordBatch:
    return pa.record_batch([pa.array(run.keys), pa.array(run.tokens), pa.array(run.documents)], schema=_SCHEMA)


def _listed(settings: dict[str, Any]) -> dict[str, Any]:
    return {name: value.tolist() if isinstance(value, np.ndarray) else value for name, value in settings.items()}


def load(path: str | os.PathLike[str]) -> Profile:
    """Return the profile of a file.

    Raises:
        ProfileError: The file is missing, damaged, not a profile or of another format.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = msgspec.json.decode(archive.read(_MANIFEST))
            if manifest.get("format") != FORMAT:
                raise ProfileError(
                    f"{path}: profile of format {manifest.get('format')!r}, this version reads {FORMAT}; profile the data again"
                )
            state = _with_arrays(manifest["state"], archive)
            for number, (_, part) in enumerate(sorted(state["frequencies"].items())):
                part.update(_decoded(archive.read(_member(number))))
        return Profile.from_dict(state)
    except ProfileError:
        raise
    except FileNotFoundError as error:
        raise ProfileError(f"{path}: no such profile; make one with: longtail profile DATA -o {path}") from error
    except _DAMAGE as error:
        raise ProfileError(f"{path}: not a whole profile ({error}); make it again with: longtail profile DATA -o {path}") from error


def _decoded(data: bytes) -> dict[str, Any]:
    table = pa.ipc.open_stream(data).read_all()
    return {name: table.column(name).to_numpy() for name in _SCHEMA.names}
