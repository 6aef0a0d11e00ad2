"""The provenance columns: their types, the id of a document, and how origins and depths combine.

The id is the XXH3-128 of the content columns alone, so that a document keeps it whatever else is known of it, in whatever
format it is stored.
"""

import json
import unicodedata
from collections.abc import Iterable, Mapping
from functools import reduce

import pyarrow as pa
import xxhash

from longtail.readers.columns import MISSING, find, kind
from longtail.readers.quarantine import Unfit
from longtail.records import Origin

WORDS = pa.dictionary(pa.int32(), pa.string())
SCHEMA = pa.schema(
    [
        pa.field("lt_id", pa.string(), nullable=False),
        pa.field("lt_origin", WORDS, nullable=False),
        pa.field("lt_evidence", WORDS),
        pa.field("lt_source", pa.string()),
        pa.field("lt_model", pa.string()),
        pa.field("lt_depth", pa.int16()),
        pa.field("lt_parents", pa.list_(pa.string())),
        pa.field("lt_time", pa.timestamp("us", tz="UTC")),
        pa.field("lt_decoding", pa.string()),
        pa.field("lt_license", pa.string()),
        pa.field("lt_weight", pa.float32()),
    ]
)
NAMES = tuple(SCHEMA.names)
CONTENT = ("text", "messages", "prompt", "completion", "chosen", "rejected", "instruction", "output", "conversations")
DEEPEST = 2**15 - 1

_CONTENT = frozenset(CONTENT)
_CHATS = frozenset({"messages", "conversations"})


def content_of(record: Mapping[str, object], text_column: str | None = None) -> dict[str, object]:
    """Return the content columns of a record by name, those that are null or absent left out.

    They are the column named, else all of `CONTENT` that the record has. A chat that is stored as JSON text is the same chat.

    Raises:
        Unfit: There are none.
    """
    if text_column is None:
        filled = {name: record[name] for name in _CONTENT.intersection(record) if record[name] is not None}
    else:
        value = find(record, text_column)
        filled = {} if value is MISSING or value is None else {text_column: value}
    if not filled:
        raise Unfit("no content: no column that holds text is filled" if text_column is None else f"no content in column {text_column!r}")
    for name in _CHATS.intersection(filled):
        filled[name] = _chat(filled[name])
    return filled


def _chat(value: object) -> object:
    if not isinstance(value, str) or not value.lstrip().startswith("["):
        return value
    try:
        turns: object = json.loads(value)
    except (ValueError, RecursionError):
        return value
    return turns


def canonical(content: Mapping[str, object]) -> bytes:
    """Return the canonical form: JSON in UTF-8 with sorted keys, no spaces, nothing escaped that need not be.

    All strings are in Unicode form NFC, members that are null are left out (Arrow cannot tell them from absent ones), and
    bytes are UTF-8.

    Raises:
        Unfit: A value has no such form: NaN, bytes or text that are no Unicode, a date.
    """
    try:
        text = json.dumps(_normal(content), ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
        return text.encode()
    except Unfit:
        raise
    except (UnicodeDecodeError, UnicodeEncodeError) as error:
        raise Unfit(f"not valid Unicode: {error.reason}") from None
    except RecursionError:
        raise Unfit("nested too deeply") from None
    except ValueError:
        raise Unfit("holds a number that JSON has no form for (NaN or infinity)") from None


def _normal(value: object) -> object:
    if isinstance(value, bytes):
        value = value.decode()
    if isinstance(value, str):
        return value if value.isascii() else unicodedata.normalize("NFC", value)
    if isinstance(value, Mapping):
        return {_normal(name): _normal(inner) for name, inner in value.items() if inner is not None}
    if isinstance(value, list | tuple):
        return [_normal(inner) for inner in value]
    if value is None or isinstance(value, int | float):
        return value
    raise Unfit(f"expected text, numbers, lists or objects as content, found {kind(value)}")


def identity(content: Mapping[str, object]) -> str:
    """Return `lt_id`: 32 hexadecimal digits, XXH3-128 with seed 0 of the canonical form.

    Raises:
        Unfit: The content has no canonical form.
    """
    return xxhash.xxh3_128_hexdigest(canonical(content))


def joined(parts: Iterable[Origin]) -> Origin:
    """Return the origin of several documents put one after another: theirs if they share it, else mixed.

    What is joined with something of unknown origin is unknown; so is a join of nothing. For a document *made from* others
    the rule is `Origin.merged`: the least human parent.
    """
    origins = set(parts)
    if not origins or Origin.UNKNOWN in origins:
        return Origin.UNKNOWN
    return origins.pop() if len(origins) == 1 else Origin.MIXED


def deeper(one: int | None, other: int | None) -> int | None:
    """Return the greater of two depths; unknown if either is."""
    return None if one is None or other is None else max(one, other)


def depth_of(origin: Origin, parents: Iterable[int | None]) -> int | None:
    """Return the depth of a document: 0 if human, else 1 + the greatest depth of `parents`.

    Args:
        origin: Where the document came from.
        parents: Depths of the documents it was made from, or of what its generator was trained on.

    Returns:
        None where a parent's depth is unknown or no parent is known.
    """
    if origin is Origin.HUMAN:
        return 0
    depths = list(parents)
    deepest = reduce(deeper, depths) if depths else None
    return None if deepest is None else deepest + 1
