"""Parquet: row group by row group, only the columns that are needed."""

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.parquet as pq

from longtail.readers.arrow import documents, open_columns
from longtail.readers.formats import Part, formats
from longtail.readers.intake import MOST_BYTES, MOST_DOCUMENTS, Intake


@formats.add("parquet", suffixes=".parquet .pq", holds="records")
def read_parquet(part: Part, intake: Intake) -> Iterator[pa.RecordBatch]:
    """Read a Parquet file in batches whose size follows from the row groups' sizes."""
    with pq.ParquetFile(part.path, pre_buffer=False) as file:  # else all that was read is held to the end
        choice, columns = open_columns(part.path, file.schema_arrow, intake)
        batches = file.iter_batches(rows_at_once(file.metadata, columns), columns=columns, use_threads=False)
        yield from documents(part.path, batches, choice, intake)


def rows_at_once(metadata: pq.FileMetaData, columns: list[str]) -> int:
    """Return how many rows hold at most 32 MiB in the fullest row group, by the sizes in the footer."""
    rows = MOST_DOCUMENTS
    for index in range(metadata.num_row_groups):
        group = metadata.row_group(index)
        chunks = (group.column(column) for column in range(group.num_columns))
        size = sum(chunk.total_uncompressed_size for chunk in chunks if chunk.path_in_schema.split(".")[0] in columns)
        rows = min(rows, max(1, MOST_BYTES * group.num_rows // max(1, size)))
    return rows
