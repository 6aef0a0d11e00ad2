"""What the gates against duplicates share: their settings, and the data sets that they compare with."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import pyarrow as pa

from longtail.errors import ConfigError, UsageError
from longtail.gates.batch import Batch
from longtail.ledger.columns import CONTENT
from longtail.ledger.stored import Stored
from longtail.readers.beside import ASKED
from longtail.readers.columns import text_in

MEGABYTE = 2**20


class Options(NamedTuple):
    """What the gates against duplicates share.

    Attributes:
        name: Of the gate.
        against: Files of data sets that never lose a document.
        text_column: Column of the text in them; recognised where None.
        most_removed: Share of the documents above which nothing is removed and the run stops.
    """

    name: str
    against: tuple[str, ...] = ()
    text_column: str | None = None
    most_removed: float = 0.9


def options(name: str, against: Sequence[str] | str, text_column: str | None, most_removed: float) -> Options:
    """Return the shared settings.

    Raises:
        ConfigError: One is out of range.
    """
    paths = (against,) if isinstance(against, str) else tuple(against)
    if not 0 < most_removed <= 1:
        raise ConfigError(f"most_removed is {most_removed}; a share lies above 0 and is at most 1, which never stops a run")
    if not all(paths):
        raise ConfigError(f"against is {against!r}; write a list of files, folders or globs")
    return Options(name, paths, text_column, most_removed)


def memory_of(memory_mb: float) -> int:
    """Return a bound of memory in bytes.

    Raises:
        ConfigError: It is none.
    """
    if not memory_mb > 0:
        raise ConfigError(f"memory_mb is {memory_mb}; give megabytes above 0, such as 1024")
    return int(memory_mb * MEGABYTE)


def reference(paths: Sequence[str], text_column: str | None, *columns: str) -> Iterator[Batch]:
    """Yield the documents of data sets, those without a text left out.

    Args:
        paths: Their files.
        text_column: The column of the text; recognised where None.
        columns: What is read besides, as names or dotted paths.

    Raises:
        ReadError: A file cannot be read to its end, or none of its documents has a text.
    """
    if not paths:
        return
    tops = {name.split(".")[0] for name in (text_column, *columns) if name}
    wanted = {"lt_id", *CONTENT, *ASKED["output"], *tops, *(name for name in (text_column, *columns) if name)}

    def chosen(path: str, schema: pa.Schema) -> list[str]:
        return [name for name in schema.names if name in wanted]

    documents = 0
    for chunk in Stored(paths).chunks(chosen):
        records = [record for record in chunk.records if isinstance(record, dict) and text_in(record, text_column)]
        documents += len(records)
        yield Batch.of(records, text_column)
    if not documents:
        raise UsageError(f"{', '.join(paths)!r} holds no texts; name their column with text_column")
