"""The intake: records go in, batches of documents come out, what is unfit is set aside.

One intake serves one pass over a data set. It gathers the documents of row formats across parts, so that a folder of small
files does not become batches of one document.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, repeat
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from longtail.readers.beside import BY, Beside, Field, Said, Vector, encodable, fields_of
from longtail.readers.columns import MISSING, Choice, choose, find, for_role, kind, known, named, no_column, recognise, text_of
from longtail.readers.quarantine import Quarantine, Unfit
from longtail.readers.rows import text_of_row, with_vectors
from longtail.readers.vectors import VECTOR, Widths

MOST_DOCUMENTS = 8192
MOST_BYTES = 32 * 2**20
PEEK = 100
MOST_COLUMNS = 1000

ALWAYS = (BY, VECTOR)
"""How the names of columns begin that are told also where no document says anything there."""

POSITION = "position"
"""Column with the places of documents among all rows, where they are kept."""

Row = tuple[int | None, object]


Kind = Literal["text", "row", "vector", "picture", "sound"]
"""What documents are."""

_Held = tuple[str, tuple[Said, ...], str, int | None, int]  # a document that waits for its batch, its place and position


class Intake:
    """What one pass over a data set has taken in so far.

    Args:
        text_column: The column that the user named, or None to recognise it.
        by: The columns whose values are labels or vectors.
        rows: Whether a row is the document where no column with text is recognised.
        placed: Whether batches tell, in the column `position`, where among all rows a document stood.
        role: Whose messages are the text of a conversation; None for the assistant's, where it has any.

    Attributes:
        widths: The lengths of vectors in this pass.
        kind: What the documents are: `text` or `row`.
    """

    def __init__(
        self, text_column: str | None = None, by: Iterable[str] = (), *, rows: bool = False, placed: bool = False, role: str | None = None
    ) -> None:
        """Start with nothing taken in."""
        self.text_column = text_column
        self.by = tuple({(name, isinstance(name, Vector)): name for name in by}.values())
        self.widths = Widths()
        self.kind: Kind = "text"
        self.placed = placed
        self.role = role
        self._rows = rows
        self._taken = self._own = 0
        self._unseen = set(self.by)
        self._columns: dict[str, None] = {}
        self.quarantine = Quarantine()
        self._phrases: dict[str, None] = {}
        self._held: list[_Held] = []
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
        choice = for_role(path, choose(path, records, self.text_column, rows=self._rows), self.role)
        self.says(choice.says)
        self.kind = "row" if choice.row else self.kind
        for record in records:
            self.saw(record)
        return choice

    def fields(self, choice: Choice) -> tuple[Field, ...]:
        """Return the columns beside the text."""
        return fields_of(choice, self.by, self.widths)

    @property
    def position(self) -> int:
        """Return how many rows there have been so far, those set aside among them."""
        return self._taken + self.quarantine.count - self._own

    def take(self, rows: int) -> int:
        """Note that rows were taken out of their source, and return the position of the first."""
        first = self.position
        self._taken += rows
        return first

    def set_aside(self, path: str, line: int | None, reason: str) -> None:
        """Set aside a row that was taken."""
        self._own += 1
        self.quarantine.add(path, line, reason)

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
        source = self._counted(rows)
        head: list[tuple[int, Row]] = []
        if isinstance(form, Choice):
            choice = form
        else:
            head, choice = self._settle(path, source, form)
        beside = Beside(self.fields(choice))
        for position, (line, record) in chain(head, source):
            try:
                text = self._text(record, choice)
                said = beside.of(record)
                text = with_vectors(text, said) if choice.row else text
            except Unfit as unfit:
                self.set_aside(path, line, str(unfit))
                continue
            size = _size(text, said)
            if self._held and self._size + size > MOST_BYTES:
                yield from self.flush()
            self._held.append((text, said, path, line, position))
            self._size += size
            if self._unseen and isinstance(record, dict):
                self.saw(record)
            if len(self._held) >= MOST_DOCUMENTS:
                yield from self.flush()

    def _counted(self, rows: Iterable[Row]) -> Iterator[tuple[int, Row]]:
        """Return rows with their positions, which are 0 where nobody asks for them."""
        return ((self.take(1), row) for row in rows) if self.placed else zip(repeat(0), rows)

    def _settle(self, path: str, source: Iterator[tuple[int, Row]], says: str) -> tuple[list[tuple[int, Row]], Choice]:
        """Read records until one is recognised; return those read and the choice."""
        head: list[tuple[int, Row]] = []
        objects: list[Mapping[str, object]] = []
        for placed in source:
            head.append(placed)
            record = placed[1][1]
            if isinstance(record, dict):
                objects.append(record)
                if recognise(record, self.text_column):
                    break
            if len(head) >= PEEK:
                break
        if objects:
            return head, self.choose(path, objects)
        if head:
            for_role(path, Choice("text", says), self.role)
            self.says(says)
        return head, named(self.text_column or "text")

    def _text(self, record: object, choice: Choice) -> str:
        if isinstance(record, dict):
            if choice.row:
                return text_of_row(record)
            value = find(record, choice.key)
            if value is MISSING:
                raise Unfit(f"no column {choice.key!r}")
            text = value if type(value) is str and not choice.chat else text_of(value, chat=choice.chat, role=self.role)
        elif isinstance(record, (str, bytes)):
            text = text_of(record)
        else:
            raise Unfit(f"expected text or an object with columns, found {kind(record)}")
        if not text or text.isspace():
            raise Unfit("empty document")
        return text

    def flush(self) -> Iterator[pa.RecordBatch]:
        """Yield what has been gathered as one batch, if anything has."""
        if not self._held:
            return
        held = self._held
        self._held, self._size = [], 0
        try:
            text = pa.array([one[0] for one in held], pa.string())
        except UnicodeEncodeError:
            held = list(self._sound(held))
            text = pa.array([one[0] for one in held], pa.string())
        if len(text):
            yield batch_of(text, self._columns_of([one[1] for one in held]) | self.positions([one[4] for one in held]))

    def _sound(self, held: Iterable[_Held]) -> Iterator[_Held]:
        """Yield the documents whose text is valid Unicode, and set the others aside."""
        for one in held:
            if encodable(one[0]):
                yield one
            else:
                self.set_aside(one[2], one[3], _unsound(one[0]))

    def _columns_of(self, said: list[tuple[Said, ...]]) -> dict[str, pa.Array]:
        """Return what was said of each document as columns by name; an empty tuple says nothing."""
        fields = self.fields(named("text"))
        nothing = (None,) * len(fields)
        columns = zip(*(one or nothing for one in said), strict=True) if any(said) else [[None] * len(said)] * len(fields)
        kinds = [pa.binary() if field.is_vector else pa.string() for field in fields]
        return {field.name: pa.array(values, kind) for field, values, kind in zip(fields, columns, kinds, strict=True)}

    def positions(self, positions: Sequence[int] | npt.NDArray[np.int64]) -> dict[str, pa.Array]:
        """Return the column of positions where they are kept."""
        return {POSITION: pa.array(positions, pa.int64())} if self.placed else {}


def _size(text: str, said: tuple[Said, ...]) -> int:
    """Return an upper bound of the bytes that a document takes, exact for text that is ASCII."""
    size = len(text) if text.isascii() else 4 * len(text)
    return size + sum(len(each) if isinstance(each, bytes) else 4 * len(each) for each in said if each) if said else size


def batch_of(text: pa.Array, said: Mapping[str, pa.Array]) -> pa.RecordBatch:
    """Return a batch of documents, with those columns beside the text that say anything, and all that were asked for."""
    columns = {name: values for name, values in said.items() if name.startswith(ALWAYS) or values.null_count < len(values)}
    return pa.RecordBatch.from_pydict({"text": text, **columns})


def _unsound(text: str) -> str:
    """Say what is wrong; decoding with `surrogateescape` turned bytes that are not UTF-8 into U+DC80 to U+DCFF."""
    place = next(index for index, letter in enumerate(text) if "\ud800" <= letter <= "\udfff")
    code = ord(text[place])
    if 0xDC80 <= code <= 0xDCFF:
        return f"invalid UTF-8: byte 0x{code - 0xDC00:02x} at character {place + 1} of the text"
    return f"lone surrogate \\u{code:04x} at character {place + 1} of the text: not valid Unicode"
