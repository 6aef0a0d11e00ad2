"""What stands beside the text of a document: where it came from, its prompt and id, and the labels that make slices.

Pure functions over decoded values: each returns what is written there, or None where nothing is. Only a label can be unfit.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import partial
from typing import NamedTuple, Self

import msgspec

from longtail.readers.columns import MISSING, Choice, find, kind, recognise, text_of
from longtail.readers.moments import moment
from longtail.readers.quarantine import Unfit
from longtail.readers.turns import turns_of
from longtail.readers.vectors import VECTOR, Widths

BY = "by:"
CHATS = ("messages", "conversations")
ASKED = {"text": ("prompt",), "output": ("instruction", "input", "prompt")}
"""Columns of what a document answers, by the column of its text; the first holds for all that are not named."""

ALSO = {"lt_source": ("url", "source_url")}
"""Columns that say the same where a document has none of ours: an address is a source."""

Said = str | bytes | None
Rule = Callable[[object], Said]


class Field(NamedTuple):
    """One column beside the text: its name in batches, where it may stand in a record, and the rule for its values.

    Where `is_parsed`, the rule applies to text as well; elsewhere text that is not blank stands as it is.
    """

    name: str
    keys: tuple[str, ...]
    rule: Rule
    is_parsed: bool = False

    @property
    def is_vector(self) -> bool:
        """Tell whether its values are bytes of numbers."""
        return self.name.startswith(VECTOR)

    @property
    def is_asked(self) -> bool:
        """Tell whether the user asked for it by name."""
        return self.name.startswith((BY, VECTOR))

    def of(self, record: Mapping[str, object]) -> Said:
        """Return the first value that the record has.

        Raises:
            Unfit: It cannot be a label, or a vector.
        """
        for key in self.keys:
            value = find(record, key)
            said = None if value is MISSING or value is None else self.rule(value)
            if said is not None:
                return said
        return None


class Named(str):
    """Name of a column that is told as it is written, whatever it holds; numbers and dates as text.

    Attributes:
        option: What the user named it with.
        needed: Whether it is an error that no document has it.
    """

    option: str
    needed: bool

    def __new__(cls, name: str, option: str = "--by", *, needed: bool = True) -> Self:
        """Return the name."""
        made = super().__new__(cls, name)
        made.option, made.needed = option, needed
        return made


class Vector(Named):
    """Name of a column whose values are lists of numbers, such as an embedding; one of another length than the first is set aside."""

    def __new__(cls, name: str, option: str = "--vector", *, needed: bool = True) -> Self:
        """Return the name."""
        return super().__new__(cls, name, option, needed=needed)


def fields_of(choice: Choice, by: Iterable[str], widths: Widths | None = None) -> tuple[Field, ...]:
    """Return the columns beside the text that `choice` names; the text itself is not its own prompt.

    Args:
        choice: Where the text is.
        by: Names of the columns that the user asked for.
        widths: The lengths of vectors in this pass.
    """
    widths = Widths() if widths is None else widths
    prompts = ("prompt", "instruction") if choice.key == "output" else ("prompt",)
    return (
        Field("lt_origin", ("lt_origin",), written),
        Field("prompt", tuple(key for key in prompts if key != choice.key), prompt),
        Field("lt_decoding", ("lt_decoding",), decoding),
        Field("lt_id", ("lt_id",), identity),
        *(Field(name, (name, *ALSO.get(name, ())), written) for name in ("lt_evidence", "lt_source", "lt_model")),
        *(Field(name, (name,), rule, is_parsed=True) for name, rule in (("lt_depth", whole), ("lt_time", time), ("lt_weight", weight))),
        Field("turns", (choice.key,) if choice.chat or choice.key in CHATS else (), turns_of, is_parsed=True),
        *(_asked(name, widths) for name in by),
    )


def _asked(name: str, widths: Widths) -> Field:
    if isinstance(name, Vector):
        return Field(VECTOR + name, (str(name),), partial(widths.packed, column=str(name)))
    if isinstance(name, Named):
        return Field(BY + name, (str(name),), plainly, is_parsed=True)
    return Field(BY + name, (name,), partial(label, name=name))


class Beside:
    """What records say in some columns beside the text; quick for the records that say nothing there."""

    def __init__(self, fields: tuple[Field, ...]) -> None:
        """Note in which columns of a record anything may stand."""
        self.fields = fields
        self._columns = {part for field in fields for key in field.keys for part in (key, key.split(".")[0])}

    def of(self, record: object) -> tuple[Said, ...]:
        """Return what a record says in each field, or an empty tuple where it has none of the columns.

        Raises:
            Unfit: A value cannot be a label, or a vector.
        """
        if not isinstance(record, dict) or record.keys().isdisjoint(self._columns):
            return ()
        return tuple([field.of(record) for field in self.fields])


def written(value: object) -> str | None:
    """Return text, also of UTF-8 bytes; None where it is blank, not valid Unicode or no text."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "surrogateescape")
    return value if isinstance(value, str) and value and not value.isspace() and encodable(value) else None


def prompt(value: object) -> str | None:
    """Return a prompt: text, or the turns of a list of messages."""
    if isinstance(value, str | bytes):
        return written(value)
    try:
        return written(text_of(value, everyone=True))
    except Unfit:
        return None


def whole_in(record: Mapping[str, object], text_column: str | None = None) -> str | None:
    """Return the text of a document with what it answers before it: all turns of a chat, prompt and completion; None without a text.

    Two documents with one answer to unlike prompts differ in it.
    """
    choice = recognise(record, text_column)
    if choice is None:
        return None
    try:
        said = text_of(find(record, choice.key), chat=choice.chat, everyone=choice.chat)
    except Unfit:
        return None
    asked = () if choice.chat or not said.strip() else ASKED.get(choice.key, ASKED["text"])
    before = [prompt(find(record, name)) for name in asked if name != choice.key]
    return "\n".join([each for each in before if each] + [said])


def decoding(value: object) -> str | None:
    """Return sampling settings: text, or an object as JSON without what is null (Arrow fills up settings that a row leaves out)."""
    if not isinstance(value, Mapping):
        return written(value)
    return msgspec.json.encode({name: each for name, each in value.items() if each is not None}, order="sorted").decode()


def identity(value: object) -> str | None:
    """Return an id: text, or a whole number as text."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else written(value)


def whole(value: object) -> str | None:
    """Return a whole number from 0 on, also one written as text, as text."""
    number = number_of(value)
    return str(int(number)) if number is not None and number >= 0 and number.is_integer() else None


def time(value: object) -> str | None:
    """Return a moment in UTC as ISO 8601, whose first ten characters are the day."""
    found = moment(value)
    return None if found is None else found.isoformat()


def weight(value: object) -> str | None:
    """Return a number from 0 on, also one written as text, as text."""
    number = number_of(value)
    return repr(number) if number is not None and number >= 0 else None


def number_of(value: object) -> float | None:
    """Return a finite number, also one written as text; None for anything else, truths among it."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def plainly(value: object) -> str | None:
    """Return text, a number, a truth or a date as text; None for anything else."""
    if isinstance(value, bool | int | float):
        return str(value)
    return value.isoformat() if isinstance(value, date) else written(value)


def label(value: object, name: str) -> str | None:
    """Return a label: text, or a whole number or boolean as Python writes it.

    Raises:
        Unfit: It is something else, which names no slice.
    """
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str | bytes):
        return written(value)
    found = f"the fraction {value!r}" if isinstance(value, float) else kind(value)
    raise Unfit(f"expected a label in column {name!r} (text, a whole number or a boolean), found {found}")


def encodable(text: str) -> bool:
    """Tell whether the text can be written as UTF-8: it holds no lone surrogate."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
