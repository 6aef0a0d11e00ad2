"""The intake: records go in, batches of documents come out, what is unfit is set aside.

One intake serves one pass over a data set. It gathers the documents of row formats across parts, so that a folder of small
files does not become batches of one document.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

import pyarrow as pa

from longtail.readers.columns import MISSING, Choice, choose, find, kind, named, recognise, text_of
from longtail.readers.quarantine import Quarantine, Unfit

MOST_DOCUMENTS = 8192
MOST_BYTES = 32 * 2**20
PEEK = 100

Row = tuple[int | None, object]


class Intake:
    """What one pass over a data set has taken in so far.

    Args:
        text_column: The column that the user named, or None to recognise it.
    """

    def __init__(self, text_column: str | None = None) -> None:
        """Start with nothing taken in."""
        self.text_column = text_column
        self.quarantine = Quarantine()
        self._phrases: dict[str, None] = {}
        self._texts: list[str] = []
        self._origins: list[str | None] = []
        self._places: list[tuple[str, int | None]] = []
        self._size = 0
        self._with_origin = False

    def says(self, phrase: str) -> None:
        """Note what was recognised."""
        self._phrases[phrase] = None

    @property
    def content(self) -> str:
        """Return what was recognised, in one phrase."""
        return "; ".join(self._phrases)

    def rows(self, path: str, rows: Iterable[Row], form: Choice | str) -> Iterator[pa.RecordBatch]:
        """Take in decoded records with their places; yield batches as they fill up.

        Args:
            path: The part, for messages and the quarantine.
            rows: Pairs of line (or row) and record; a record is a string, which is a document, or an object with columns.
            form: The choice where the columns are known beforehand; else what to say of rows that are plain strings.
        """
        source = iter(rows)
        head: list[Row] = []
        if isinstance(form, Choice):
            choice = form
        else:
            head, choice = self._settle(path, source, form)
        self._with_origin = False
        for line, record in chain(head, source):
            try:
                text = self._text(record, choice)
            except Unfit as unfit:
                self.quarantine.add(path, line, str(unfit))
                continue
            size = len(text) if text.isascii() else 4 * len(text)
            if self._texts and self._size + size > MOST_BYTES:
                yield from self.flush()
            self._keep(text, record, path, line, size)
            if len(self._texts) >= MOST_DOCUMENTS:
                yield from self.flush()

    def _settle(self, path: str, source: Iterator[Row], says: str) -> tuple[list[Row], Choice]:
        """Read records until one is recognised; return those read and the choice."""
        head: list[Row] = []
        objects: list[Mapping[str, object]] = []
        for row in source:
            head.append(row)
            if isinstance(row[1], dict):
                objects.append(row[1])
                if recognise(row[1], self.text_column):
                    break
            if len(head) >= PEEK:
                break
        choice = choose(path, objects, self.text_column) if objects else named(self.text_column or "text")
        if head:
            self.says(choice.says if objects else says)
        return head, choice

    @staticmethod
    def _text(record: object, choice: Choice) -> str:
        if isinstance(record, dict):
            value = find(record, choice.key)
            if value is MISSING:
                raise Unfit(f"no column {choice.key!r}")
            text = value if type(value) is str and not choice.chat else text_of(value, chat=choice.chat)
        elif isinstance(record, (str, bytes)):
            text = text_of(record)
        else:
            raise Unfit(f"expected text or an object with columns, found {kind(record)}")
        if not text or text.isspace():
            raise Unfit("empty document")
        return text

    def _keep(self, text: str, record: object, path: str, line: int | None, size: int) -> None:
        origin = None
        if isinstance(record, dict) and "lt_origin" in record:
            self._with_origin = True
            value = record["lt_origin"]
            value = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
            origin = value if isinstance(value, str) and encodable(value) else None
        self._texts.append(text)
        self._origins.append(origin)
        self._places.append((path, line))
        self._size += size

    def flush(self) -> Iterator[pa.RecordBatch]:
        """Yield what has been gathered as one batch, if anything has."""
        if not self._texts:
            return
        texts, origins, places = self._texts, self._origins, self._places
        self._texts, self._origins, self._places, self._size = [], [], [], 0
        try:
            column = pa.array(texts, pa.string())
        except UnicodeEncodeError:
            sound = [index for index, text in enumerate(texts) if encodable(text)]
            for index in sorted({*range(len(texts))} - {*sound}):
                self.quarantine.add(places[index][0], places[index][1], _unsound(texts[index]))
            column = pa.array([texts[index] for index in sound], pa.string())
            origins = [origins[index] for index in sound]
        if len(column):
            yield batch_of(column, pa.array(origins, pa.string()) if self._with_origin or any(origins) else None)


def batch_of(text: pa.Array, origin: pa.Array | None) -> pa.RecordBatch:
    """Return a batch of documents; without a column `lt_origin` where the source has none."""
    if origin is None:
        return pa.RecordBatch.from_arrays([text], ["text"])
    return pa.RecordBatch.from_arrays([text, origin], ["text", "lt_origin"])


def encodable(text: str) -> bool:
    """Tell whether the text can be written as UTF-8: it holds no lone surrogate."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _unsound(text: str) -> str:
    """Say what is wrong; decoding with `surrogateescape` turned bytes that are not UTF-8 into U+DC80 to U+DCFF."""
    place = next(index for index, letter in enumerate(text) if "\ud800" <= letter <= "\udfff")
    code = ord(text[place])
    if 0xDC80 <= code <= 0xDCFF:
        return f"invalid UTF-8: byte 0x{code - 0xDC00:02x} at character {place + 1} of the text"
    return f"lone surrogate \\u{code:04x} at character {place + 1} of the text: not valid Unicode"
