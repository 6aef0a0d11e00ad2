"""Profiles as files: a zip of one JSON manifest and Arrow streams, written whole or not at all."""

import os
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa

from longtail.errors import ProfileError
from longtail.summaries.profile import Profile

SUFFIX = ".ltp"
FORMAT = 1

_MANIFEST = "manifest.json"
_ARRAYS = ("keys", "counts_tokens", "counts_documents")
_EPOCH = (1980, 1, 1, 0, 0, 0)


def save(profile: Profile, path: str | os.PathLike[str]) -> None:
    """Write a profile; equal profiles give equal bytes.

    Raises:
        ProfileError: The file cannot be written.
    """
    target = Path(path)
    state = profile.to_dict()
    tables = {name: {array: part.pop(array) for array in _ARRAYS} for name, part in state["frequencies"].items()}
    for part in state["frequencies"].values():
        part["documents"], part["tokens"] = part["documents"].tolist(), part["tokens"].tolist()
    try:
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-")
    except OSError as error:
        raise ProfileError(f"{target}: cannot be written ({error.strerror}); choose another folder with -o") from error
    try:
        with os.fdopen(handle, "wb") as stream, zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
            archive.writestr(zipfile.ZipInfo(_MANIFEST, _EPOCH), msgspec.json.encode({"format": FORMAT, "state": state}, order="deterministic"))
            for name, arrays in tables.items():
                archive.writestr(zipfile.ZipInfo(f"{name}.arrow", _EPOCH), _encoded(arrays))
        os.replace(temporary, target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def load(path: str | os.PathLike[str]) -> Profile:
    """Return the profile of a file.

    Raises:
        ProfileError: The file is missing, damaged, not a profile or of another format.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = msgspec.json.decode(archive.read(_MANIFEST))
            if manifest.get("format") != FORMAT:
                raise ProfileError(f"{path}: profile of format {manifest.get('format')!r}, this version reads {FORMAT}; profile the data again")
            state = manifest["state"]
            for name, part in state["frequencies"].items():
                part.update(_decoded(archive.read(f"{name}.arrow")))
        return Profile.from_dict(state)
    except ProfileError:
        raise
    except FileNotFoundError as error:
        raise ProfileError(f"{path}: no such profile; make one with: longtail profile DATA -o {path}") from error
    except (OSError, zipfile.BadZipFile, KeyError, TypeError, ValueError, msgspec.MsgspecError, pa.ArrowException) as error:
        raise ProfileError(f"{path}: not a whole profile ({error}); make it again with: longtail profile DATA -o {path}") from error


def _encoded(arrays: dict[str, np.ndarray]) -> bytes:
    table = pa.table({name: pa.array(array) for name, array in arrays.items()})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer:
        writer.write_table(table, max_chunksize=1 << 20)
    return bytes(sink.getvalue())


def _decoded(data: bytes) -> dict[str, Any]:
    table = pa.ipc.open_stream(data).read_all()
    return {name: table.column(name).to_numpy() for name in _ARRAYS}
