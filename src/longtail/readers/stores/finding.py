"""Which kind of store lies at a path, told by what is there."""

from collections.abc import Callable, Iterable
from pathlib import Path

from longtail.errors import ReadError
from longtail.readers.quarantine import Quarantine
from longtail.readers.stores.columns import Named
from longtail.readers.stores.tables import Rows, read_json, read_parquet, read_sqlite
from longtail.readers.stores.vectors import CHROMA, read_chroma, read_lance

Reader = Callable[[Path, Named, Iterable[str], Quarantine], Rows]
KINDS: dict[str, Reader] = {
    "chroma": read_chroma,
    "json": read_json,
    "lance": read_lance,
    "parquet": read_parquet,
    "sqlite": read_sqlite,
}
_SUFFIXES = {".jsonl": "json", ".ndjson": "json", ".json": "json", ".gz": "json", ".zst": "json", ".parquet": "parquet"}
_MAGIC = (b"SQLite format 3\x00", "sqlite"), (b"PAR1", "parquet")
_KNOWN = "an SQLite file, a folder of Chroma or LanceDB, JSON Lines or Parquet"


def kind_of(path: Path) -> str:
    """Return the kind of store that lies at a path.

    Raises:
        ReadError: Nothing is there, or nothing that is known.
    """
    if path.is_dir():
        if (path / CHROMA).is_file():
            return "chroma"
        if path.suffix == ".lance" or any(path.glob("*.lance")):
            return "lance"
        raise ReadError(str(path), "no store was found in this folder", fix=f"name {_KNOWN}")
    if not path.is_file():
        raise ReadError(str(path), "there is no such file or folder", fix=f"name {_KNOWN}")
    if path.name == CHROMA:
        return "chroma"
    with path.open("rb") as stream:
        head = stream.read(16)
    found = next((kind for magic, kind in _MAGIC if head.startswith(magic)), None) or _SUFFIXES.get(path.suffix.lower())
    if found is None:
        raise ReadError(str(path), "neither its first bytes nor its suffix show a store that is known", fix=f"name {_KNOWN}")
    return found
