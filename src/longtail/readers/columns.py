"""Which column holds the text, and how the text is taken out of a record.

The text of a document is what the model writes or learns to write. Pure functions over decoded records: no files here.
"""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

import msgspec
from msgspec.structs import replace

from longtail.errors import ReadError
from longtail.readers.quarantine import Unfit

ASSISTANTS = frozenset({"assistant", "gpt", "chatgpt", "model"})
ROLES = {"assistant": ASSISTANTS, "user": frozenset({"user", "human"})}
"""Names that a role goes by, where it has several; any other goes by its own."""
EVERYONE = "all"
MISSING = object()


class Choice(msgspec.Struct, frozen=True):
    """The column that holds the text; `chat` where it must be a list of messages, `row` where the whole row is the document."""

    key: str
    says: str
    needs: tuple[str, ...] = ()
    chat: bool = False
    row: bool = False


RULES = (
    Choice("text", "text column `text`"),
    Choice("messages", "chat data: `messages`, assistant turns (choose with --text-column)", chat=True),
    Choice("conversations", "chat data: `conversations`, turns of the assistant (choose with --text-column)", chat=True),
    Choice("completion", "prompts and completions: `completion` (choose with --text-column)", ("prompt",)),
    Choice("chosen", "preferences: `chosen` (choose with --text-column)", ("rejected",)),
    Choice("output", "instructions and outputs: `output` (choose with --text-column)", ("instruction",)),
)


def for_role(path: str, choice: Choice, role: str | None) -> Choice:
    """Return a choice as it is where a role's messages are asked for.

    Raises:
        ReadError: A role was asked for, and there are no messages.
    """
    if role is None or choice.key in ("messages", "conversations") or choice.says.endswith("as named"):
        return replace(choice, says=f"{choice.says.partition(',')[0]}, messages of {role} (as asked)") if role else choice
    raise ReadError(
        path, f"role {role!r} was asked for, and there are no messages", fix="leave the role out, or name the messages with --text-column"
    )


def find(record: Mapping[str, object], key: str) -> object:
    """Return the value under `key`, else at `key` taken as a dotted path, else `MISSING`."""
    if key in record:
        return record[key]
    if "." not in key:
        return MISSING
    value: object = record
    for name in key.split("."):
        if not isinstance(value, Mapping) or name not in value:
            return MISSING
        value = value[name]
    return value


def named(text_column: str) -> Choice:
    """Return the choice of a column that the user named."""
    return Choice(text_column, f"text column `{text_column}`, as named")


def recognise(record: Mapping[str, object], text_column: str | None, *, filled: bool = True) -> Choice | None:
    """Return the column of this record that holds the text; with `filled`, only one that is not null."""
    rules = RULES if text_column is None else (named(text_column),)
    empty = (MISSING, None) if filled else (MISSING,)
    for rule in rules:
        if find(record, rule.key) not in empty and all(need in record for need in rule.needs):
            return rule
    return None


def of_rows(records: Iterable[Mapping[str, object]]) -> Choice:
    """Return the choice of whole rows, in words with the columns of the first records."""
    names = [name for name in dict.fromkeys(name for record in records for name in record) if not name.startswith("lt_")]
    return Choice("", f"rows of a table: {_listed(names)}", row=True)


def choose(path: str, records: Iterable[Mapping[str, object]], text_column: str | None, *, rows: bool = False) -> Choice:
    """Return the column that the first recognisable record of `records` settles; with `rows`, whole rows where none does.

    Raises:
        ReadError: No record has a column that is recognised, or the one named; the message holds the columns that exist.
    """
    seen = list(records)
    for filled in (True, False):
        for record in seen:
            if choice := recognise(record, text_column, filled=filled):
                return choice
    if text_column is None and rows:
        return of_rows(seen)
    if text_column is None:
        supported = ", ".join("/".join((*rule.needs, rule.key)) for rule in RULES)
        reason = f"no column with text was recognised; columns: {_listed(known(seen))}"
        fix = f"name one with --text-column NAME (recognised by themselves: {supported}); the views of a table: --view table"
        raise ReadError(path, reason, fix=fix)
    raise no_column(path, text_column, known(seen), "--text-column")


def no_column(path: str, name: str, columns: list[str], option: str) -> ReadError:
    """Return the error of a column that the user named and no document has; its message holds those that exist."""
    near = get_close_matches(name, columns, n=1, cutoff=0.6)
    hint = f"did you mean {near[0]!r}?" if near else f"name one of them with {option} NAME"
    return ReadError(path, f"no column {name!r}; columns: {_listed(columns)}", fix=hint)


def _listed(columns: list[str]) -> str:
    return ", ".join(columns[:20]) + (", …" if len(columns) > 20 else "") or "none"


def known(records: Iterable[Mapping[str, object]]) -> list[str]:
    """Return the names of the columns in order of appearance, those one level down as dotted paths."""
    names: dict[str, None] = {}
    for record in records:
        for name, value in record.items():
            names[str(name)[:60]] = None
            if isinstance(value, Mapping):
                names.update(dict.fromkeys(f"{name}.{inner}" for inner in value))
    return list(names)


def text_in(record: Mapping[str, object], text_column: str | None = None) -> str | None:
    """Return the text of a document, None where none is recognised."""
    choice = recognise(record, text_column)
    if choice is None:
        return None
    try:
        return text_of(find(record, choice.key), chat=choice.chat)
    except Unfit:
        return None


def text_of(value: object, *, chat: bool = False, everyone: bool = False, role: str | None = None) -> str:
    """Return the text of a value: a string, UTF-8 bytes or a list of messages.

    Args:
        value: What stands in the record.
        chat: Whether it must be a list of messages; a string is then one as JSON.
        everyone: Take all turns of the messages; by default the assistant's, where there are any.
        role: Take the turns of one role, such as "user"; "all" takes everyone's.

    Raises:
        Unfit: It is none of these, or a list of messages in which the role says nothing; the message names what was found.
    """
    messages = messages_of(value, chat=chat)
    return messages if isinstance(messages, str) else _turns(messages, EVERYONE if everyone else role)


def messages_of(value: object, *, chat: bool = False) -> str | list[Mapping[str, object]]:
    """Return the text of a string or of UTF-8 bytes, or a list of messages; a string is one as JSON where `chat`.

    Raises:
        Unfit: It is none of these; the message names the type found.
    """
    if isinstance(value, bytes):
        value = _decoded(value)
    if isinstance(value, str):
        return _parsed(value) if chat else value
    if isinstance(value, Mapping):
        value = _transposed(value)
    if isinstance(value, list) and value and all(isinstance(turn, Mapping) for turn in value):
        return value
    raise Unfit(f"expected {'a list of messages' if chat else 'text'}, found {kind(value)}")


def kind(value: object) -> str:
    """Return the type of a value in the words of JSON."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    names = {str: "text", bytes: "bytes", int: "number", float: "number", list: "list", tuple: "list", dict: "object"}
    return names.get(type(value), type(value).__name__)


def _decoded(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError as error:
        raise Unfit(f"invalid UTF-8: byte 0x{value[error.start]:02x} at byte {error.start + 1} of the text") from None


def _parsed(value: str) -> str | list[Mapping[str, object]]:
    if not value or value.isspace():
        return ""
    try:
        turns = msgspec.json.decode(value)
    except ValueError:
        raise Unfit("expected a list of messages, found text that is not JSON") from None
    if isinstance(turns, str):
        raise Unfit("expected a list of messages, found text")
    return messages_of(turns, chat=True)


def _transposed(value: Mapping[str, object]) -> object:
    """Turn {role: […], content: […]}, as older Hugging Face data sets store it, into a list of messages."""
    lists = [column for column in value.values() if isinstance(column, list)]
    if not lists or len(lists) != len(value) or len({len(column) for column in lists}) != 1:
        return value
    return [dict(zip(value, row, strict=True)) for row in zip(*lists, strict=True)]


def _turns(turns: list[Mapping[str, object]], role: str | None) -> str:
    need_messages(turns)
    names = ASSISTANTS if role is None else ROLES.get(role, frozenset({role}))
    spoken = [turn for turn in turns if role == EVERYONE or role_of(turn) in names]
    if not spoken and role is not None:
        raise Unfit(f"no message of the role {role!r}")
    contents = (content_of(said_in(turn)) for turn in spoken or turns)
    return "\n".join(content for content in contents if content)


def need_messages(turns: list[Mapping[str, object]]) -> None:
    """Refuse a list of objects that say nothing.

    Raises:
        Unfit: None of them is a message.
    """
    if not any("content" in turn or "value" in turn for turn in turns):
        raise Unfit("expected text, found a list of objects without `content` or `value`")


def role_of(turn: Mapping[str, object]) -> object:
    """Return the role of a message, under either name that it has in chat data."""
    return turn.get("role", turn.get("from"))


def said_in(turn: Mapping[str, object]) -> object:
    """Return what a message says, under either name that it has in chat data."""
    return turn.get("content", turn.get("value"))


def content_of(content: object) -> str:
    """Return the text of what a message says: a string, or a list of parts of which those that are no text are passed over.

    Raises:
        Unfit: It is something else.
    """
    if content is None or isinstance(content, str):
        return content or ""
    if isinstance(content, list):
        texts = (part if isinstance(part, str) else part.get("text") for part in content if isinstance(part, (str, Mapping)))
        return "\n".join(text for text in texts if isinstance(text, str))
    raise Unfit(f"expected text in a message, found {kind(content)}")
