"""What is not a file: standard input, Arrow data and Python iterables."""

import io
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

import pyarrow as pa

from longtail.errors import ReadError
from longtail.readers.arrow import documents, open_columns, text_bytes
from longtail.readers.compression import Counted, codec_of, past_mark
from longtail.readers.files import guarded
from longtail.readers.intake import Intake
from longtail.readers.json_files import records
from longtail.readers.lines import plain

MEMORY = "<memory>"


class Stdin:
    """Standard input: JSON Lines where it begins like one, else plain text with one document per line."""

    path = "-"
    parts = ("-",)
    once = "standard input can be read once; save it to a file to read it again"

    def __init__(self) -> None:
        """Take standard input as it is now."""
        self._counted = Counted()

    @property
    def bytes(self) -> int:
        """Return the bytes read so far."""
        return self._counted.count

    def batches(self, intake: Intake) -> Iterator[pa.RecordBatch]:
        """Read to the end of the input."""
        with guarded(self.path):
            stream = past_mark(io.BufferedReader(self._counted, 2**20), self.path)
            head = stream.peek(1)
            if codec := codec_of(head):
                fix = "decompress it first, for example: zcat FILE | longtail audit -"
                raise ReadError(self.path, f"standard input is compressed ({codec})", fix=fix)
            form = records if head.lstrip()[:1] in (b"{", b'"') and head.strip() else plain
            says = "JSON strings" if form is records else "plain text, one document per line"
            yield from intake.rows(self.path, form(stream, self.path, intake.quarantine), says)
            yield from intake.flush()

    def sha256(self) -> None:
        """Return None: what was read once cannot be hashed after."""


class Memory:
    """Arrow data, or an iterable of strings or records."""

    path = MEMORY
    parts: tuple[str, ...] = ()

    def __init__(self, data: Any) -> None:
        """Take what is in memory, and note whether it can be read again."""
        self.data = pa.Table.from_batches([data]) if isinstance(data, pa.RecordBatch) else data
        one_shot = isinstance(data, pa.RecordBatchReader) or (isinstance(data, Iterable) and iter(data) is data)
        self.once = f"a {type(data).__name__} can be read once; hand over a list, a table or a file to read it again" if one_shot else None
        self.bytes = 0

    def batches(self, intake: Intake) -> Iterator[pa.RecordBatch]:
        """Yield the documents and count their bytes."""
        self.bytes = 0
        for batch in chain(self._taken(intake), intake.flush()):
            self.bytes += text_bytes(batch)
            yield batch

    def _taken(self, intake: Intake) -> Iterator[pa.RecordBatch]:
        if not hasattr(self.data, "__arrow_c_stream__"):
            items = (dict(item) if isinstance(item, Mapping) else item for item in self.data)
            yield from intake.rows(MEMORY, enumerate(items, 1), "texts in memory")
            return
        reader = pa.RecordBatchReader.from_stream(self.data)
        choice, columns = open_columns(MEMORY, reader.schema, intake)
        with guarded(MEMORY):
            yield from documents(MEMORY, (batch.select(columns) for batch in reader), choice, intake)

    def sha256(self) -> None:
        """Return None: there is no file."""
