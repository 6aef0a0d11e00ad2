"""Stores that are folders of vector databases: Chroma's, read without Chroma, and Lance's, read by its own package."""

from collections.abc import Iterable
from contextlib import closing
from importlib import import_module
from pathlib import Path
from typing import Any

from longtail.errors import ReadError
from longtail.readers.quarantine import Quarantine
from longtail.readers.stores.columns import Named
from longtail.readers.stores.tables import Rows, connect, of_batches

CHROMA = "chroma.sqlite3"
DOCUMENT = "chroma:document"
_ROWS = """
SELECT e.id, e.embedding_id, e.created_at, m.key, m.string_value, m.int_value, m.float_value, m.bool_value
FROM embeddings e JOIN segments s ON s.id = e.segment_id JOIN embedding_metadata m ON m.id = e.id
WHERE s.collection = ? ORDER BY e.id, m.key
"""
_PIP = "pip install pylance, or export the table as Parquet"


def read_chroma(path: Path, named: Named, wanted: Iterable[str], quarantine: Quarantine) -> Rows:
    """Yield the documents of one collection of Chroma's persistent folder, each with its metadata.

    Raises:
        ReadError: It has no collection of that name, or several and none was named.
    """
    file = path / CHROMA if path.is_dir() else path
    with closing(connect(file)) as connection:
        collections = dict(connection.execute("SELECT name, id FROM collections ORDER BY name").fetchall())
        chosen = _chosen(str(path), list(collections), named.table, "collection")
        number, row, last = 0, dict[str, Any](), None
        for internal, identity, created, key, *values in connection.execute(_ROWS, (collections[chosen],)):
            if internal != last and last is not None:
                number += 1
                yield number, row
            if internal != last:
                row, last = {"id": identity, "created_at": created}, internal
            row["text" if key == DOCUMENT else key] = next((value for value in values if value is not None), None)
        if last is not None:
            yield number + 1, row


def read_lance(path: Path, named: Named, wanted: Iterable[str], quarantine: Quarantine) -> Rows:
    """Yield the rows of a Lance table: the folder itself, or one of those in a LanceDB folder.

    Raises:
        ReadError: The package that reads Lance is not installed, or no table or several could be meant.
    """
    try:
        lance = import_module("lance")
    except ImportError:
        raise ReadError(str(path), "the Lance format is read by the package pylance, which is not installed", fix=_PIP) from None
    tables = {path.stem: path} if path.suffix == ".lance" else {each.stem: each for each in sorted(path.glob("*.lance"))}
    chosen = tables[_chosen(str(path), list(tables), named.table, "table")]
    try:
        opened = lance.dataset(str(chosen))
        columns = [field.name for field in opened.schema if not str(field.type).startswith(("fixed_size_list", "list<item: float"))]
        yield from of_batches(opened.to_batches(columns=columns))
    except (OSError, ValueError) as error:
        raise ReadError(str(chosen), f"cannot be read as Lance: {error}", fix="check the folder, or export the table as Parquet") from error


def _chosen(path: str, names: list[str], asked: str | None, kind: str) -> str:
    if asked is None and len(names) == 1:
        return names[0]
    if asked is not None and asked in names:
        return asked
    what = f"has {len(names)} {kind}s" if asked is None else f"no {kind} {asked!r}"
    raise ReadError(path, f"{what}: {', '.join(names[:20]) or 'none'}", fix=f"choose one {kind} with --table NAME")
