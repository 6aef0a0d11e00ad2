"""The intake: records go in, batches of documents come out, what is unfit is set aside.

One intake serves one pass over a data set. It gathers the documents of row formats across parts, so that a folder of small
files does not become batches of one document.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

import pyarrow as pa

from longtail.readers.beside import BY, Beside, encodable, fields_of
from longtail.readers.columns import MISSING, Choice, choose, find, kind, known, named, no_column, recognise, text_of
from longtail.readers.quarantine import Quarantine, Unfit

MOST_DOCUMENTS = 8192
MOST_BYTES = 32 * 2**20
PEEK = 100
MOST_COLUMNS = 1000

Row = tuple[int | None, object]


class Intake:
    """What one pass over a data set has taken in so far.

    Args:
        text_column: The column that the user named, or None to recognise it.
        by: The columns whose values are labels.
    """

    def __init__(self, text_column: str | None = None, by: Iterable[str] = ()) -> None:
        """Start with nothing taken in."""
        self.text_column = text_column
        self.by = tuple(dict.fromkeys(by))
        self._unseen = set(self.by)
        self._columns: dict[str, None] = {}
        self.quarantine = Quarantine()
        self._phrases: dict[str, None] = {}
        self._texts: list[str] = []
        self._beside: list[tuple[str | None, ...]] = []
        self._places: list[tuple[str, int | None]] = []
        self._size = 0

    def says(self, phrase: str) -> None:
        """Note what was recognised."""
        self._phrases[phrase] = None

    @property
    def content(self) -> str:
        """Return what was recognised, in one phrase."""
        return "; ".join(self._phrases)

    def choose(self, path: str, records: list[Mapping[str, object]]) -> Choice:
        """Return the column that holds the text, as far as the first records or a header show, and note it.

        Raises:
            ReadError: No record has a column that is recognised, or the one named.
        """
        choice = choose(path, records, self.text_column)
        self.says(choice.says)
        for record in records:
            self.saw(record)
        return choice

    def saw(self, record: Mapping[str, object]) -> None:
        """Note which of the columns asked for by name a document, or the header of a file, has."""
        if self._unseen:
            self._unseen -= {name for name in self._unseen if find(record, name) is not MISSING}
            self._columns.update(dict.fromkeys(known([record]) if len(self._columns) < MOST_COLUMNS else ()))

    def check(self, path: str) -> None:
        """Refuse, after the pass, the name of a column that no document had.

        Raises:
            ReadError: There is one; the message holds the columns that exist.
        """
        for name in self.by:
            if name in self._unseen and getattr(name, "needed", True):
                raise no_column(path, name, list(self._columns), getattr(name, "option", "--by"))

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
        beside = Beside(fields_of(choice, self.by))
        for line, record in chain(head, source):
            try:
                text = self._text(record, choice)
                said = beside.of(record)
            except Unfit as unfit:
                self.quarantine.add(path, line, str(unfit))
                continue
            size = _size(text, said)
            if self._texts and self._size + size > MOST_BYTES:
                yield from self.flush()
            self._keep(text, said, (path, line), size)
            if self._unseen and isinstance(record, dict):
                self.saw(record)
            if len(self._texts) >= MOST_DOCUMENTS:
                yield from self.flush()

    def _keep(self, text: str, said: tuple[str | None, ...], place: tuple[str, int | None], size: int) -> None:
        self._texts.append(text)
        self._beside.append(said)
        self._places.append(place)
        self._size += size

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
        if objects:
            return head, self.choose(path, objects)
        if head:
            self.says(says)
        return head, named(self.text_column or "text")

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

    def flush(self) -> Iterator[pa.RecordBatch]:
        """Yield what has been gathered as one batch, if anything has."""
        if not self._texts:
            return
        texts, said, places = self._texts, self._beside, self._places
        self._texts, self._beside, self._places, self._size = [], [], [], 0
        try:
            column = pa.array(texts, pa.string())
        except UnicodeEncodeError:
            sound = [index for index, text in enumerate(texts) if encodable(text)]
            for index in sorted({*range(len(texts))} - {*sound}):
                self.quarantine.add(places[index][0], places[index][1], _unsound(texts[index]))
            column = pa.array([texts[index] for index in sound], pa.string())
            said = [said[index] for index in sound]
        if len(column):
            yield batch_of(column, self._columns_of(said))

    def _columns_of(self, said: list[tuple[str | None, ...]]) -> dict[str, pa.Array]:
        """Return what was said of each document as columns by name; an empty tuple says nothing."""
        names = [field.name for field in fields_of(named("text"), self.by)]
        nothing = (None,) * len(names)
        columns = zip(*(one or nothing for one in said), strict=True) if any(said) else [[None] * len(said)] * len(names)
        return {name: pa.array(values, pa.string()) for name, values in zip(names, columns, strict=True)}


def _size(text: str, said: tuple[str | None, ...]) -> int:
    """Return an upper bound of the bytes that a document takes, exact for text that is ASCII."""
    size = len(text) if text.isascii() else 4 * len(text)
    return size + 4 * sum(map(len, filter(None, said))) if said else size


def batch_of(text: pa.Array, said: Mapping[str, pa.Array]) -> pa.RecordBatch:
    """Return a batch of documents, with those columns beside the text that say anything, and all labels that were asked for."""
    columns = {name: values for name, values in said.items() if name.startswith(BY) or values.null_count < len(values)}
    return pa.RecordBatch.from_pydict({"text": text, **columns})


def _unsound(text: str) -> str:
    """Say what is wrong; decoding with `surrogateescape` turned bytes that are not UTF-8 into U+DC80 to U+DCFF."""
    place = next(index for index, letter in enumerate(text) if "\ud800" <= letter <= "\udfff")
    code = ord(text[place])
    if 0xDC80 <= code <= 0xDCFF:
        return f"invalid UTF-8: byte 0x{code - 0xDC00:02x} at character {place + 1} of the text"
    return f"lone surrogate \\u{code:04x} at character {place + 1} of the text: not valid Unicode"
