"""Readers: every kind of input becomes Arrow batches of documents.

The text of a document is what the model writes or learns to write: the assistant's turns of a chat, the completion and not
the prompt, the chosen answer and not the rejected one.

A kind of file is one function of `(part, intake)` with the decorator `@formats.add(suffixes=…, holds=…)`; import its module
below and it is found by suffix, in folders and in the messages that name what is supported. A function that decodes records
hands them to `intake.rows`; one that has Arrow batches hands them to `arrow.documents`.

A bad document is data: it is quarantined and counted. A file that cannot be read to its end raises `ReadError`.
"""

from longtail.readers import arrow_files, delimited, json_files, parquet, sqlite, text_files
from longtail.readers.beside import BY, Named
from longtail.readers.reading import Reading, read

__all__ = ["BY", "Named", "Reading", "arrow_files", "delimited", "json_files", "parquet", "read", "sqlite", "text_files"]
