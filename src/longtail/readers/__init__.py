"""Readers: every kind of input becomes Arrow batches of documents.

The text of a document is what the model writes or learns to write: the assistant's turns of a chat, the completion and not
the prompt, the chosen answer and not the rejected one.

A kind of file is one function of `(part, intake)` with the decorator `@formats.add(suffixes=…, holds=…)`; import its module
below and it is found by suffix, in folders and in the messages that name what is supported. A function that decodes records
hands them to `intake.rows`; one that has Arrow batches hands them to `arrow.documents`.

A document may have vectors beside its text, and may be a row of a table, a row of numbers, a picture or a sound file instead: its
text is then a name made of its content.

A bad document is data: it is quarantined and counted. A file that cannot be read to its end raises `ReadError`.
"""

from longtail.readers import arrow_files, delimited, json_files, parquet, sqlite, text_files
from longtail.readers.beside import BY, Named, Vector
from longtail.readers.reading import Reading, read
from longtail.readers.tables import TableColumns, table_columns
from longtail.readers.vectors import FEATURES, VECTOR, vectors_of

__all__ = [
    "BY",
    "FEATURES",
    "VECTOR",
    "Named",
    "Reading",
    "TableColumns",
    "Vector",
    "arrow_files",
    "delimited",
    "json_files",
    "parquet",
    "read",
    "sqlite",
    "table_columns",
    "text_files",
    "vectors_of",
]
