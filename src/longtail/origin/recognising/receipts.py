"""Receipts of what was written with a watermark, and the rate of green tokens that they show."""

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from longtail.errors import ReadError, UsageError
from longtail.ledger.store import Ledger
from longtail.ledger.store.reading import quoted
from longtail.origin.watermarks.detection import Detection
from longtail.origin.watermarks.key import Key
from longtail.readers.files import guarded
from longtail.records import Record

NAME = "watermark"
MOMENT = "generation"


class Receipt(Record, frozen=True):
    """What was written with a watermark, and under which key; it holds no secret and no text.

    Attributes:
        lt_id: Id of the document.
        scheme: How the watermark is made.
        key_id: The key.
        tokenizer: SHA-256 of its tokenizer.
        tokens: Tokens of the text.
        scored: Distinct pairs of context and token.
        green: Those of them that are green.
        sha256: SHA-256 of the text in UTF-8.
    """

    lt_id: str
    scheme: str
    key_id: str
    tokenizer: str
    tokens: int
    scored: int
    green: int
    sha256: str


def receipt_of(row: Mapping[str, Any], text: str, key: Key, found: Detection) -> Receipt:
    """Return the receipt of a row that was recorded."""
    return Receipt(
        lt_id=str(row["lt_id"]),
        scheme=key.scheme,
        key_id=key.key_id,
        tokenizer=key.tokenizer,
        tokens=found.tokens,
        scored=found.scored,
        green=found.green,
        sha256=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
    )


def receipt_row(receipt: Receipt) -> dict[str, Any]:
    """Return a receipt as a verdict, as a ledger keeps it: its score is the rate of green, its reason the receipt as JSON."""
    return {
        "lt_id": receipt.lt_id,
        "moment": MOMENT,
        "name": NAME,
        "version": f"{receipt.scheme} {receipt.key_id}",
        "status": "pass",
        "score": receipt.green / receipt.scored if receipt.scored else None,
        "reason": msgspec.json.encode(receipt).decode(),
        "matched_id": None,
        "time": datetime.now(UTC),
    }


def receipts(source: Ledger | str | os.PathLike[str], key_id: str | None = None) -> Iterator[Receipt]:
    """Yield the receipts in a ledger, or in the JSON Lines file that `generate` wrote beside its rows.

    Args:
        source: An open ledger, or the path of the receipts.
        key_id: Only those of one key.

    Raises:
        ReadError: The file cannot be read, or holds something else.
        LedgerError: The ledger cannot be read.
    """
    for found in _in_ledger(source) if isinstance(source, Ledger) else _in_file(os.fspath(source)):
        if key_id in (None, found.key_id):
            yield found


def green_rate(key: Key, given: Iterable[Receipt]) -> float:
    """Return the rate of green among the scored tokens of all receipts of a key: what `Key.green_rate` holds.

    Raises:
        UsageError: No receipt is of that key, or the rate is no higher than without a watermark.
    """
    counts = [(each.green, each.scored) for each in given if each.key_id == key.key_id]
    green, scored = (sum(each) for each in zip(*counts, strict=True)) if counts else (0, 0)
    if not scored:
        raise UsageError(f"no receipt of key {key.key_id} has a scored token; generate text with it first")
    if green <= key.gamma * scored:
        raise UsageError(
            f"{green:,} of {scored:,} scored tokens are green, no more than without a watermark; is the sampler handed the favour?"
        )
    return green / scored


def _in_ledger(ledger: Ledger) -> Iterator[Receipt]:
    sql = f"SELECT reason FROM {{}} WHERE name = {quoted(NAME)} AND moment = {quoted(MOMENT)}"
    for batch in ledger.query(lambda tables: sql.format(tables["verdicts"]), "verdicts"):
        yield from (msgspec.json.decode(reason, type=Receipt) for reason in batch.column(0).to_pylist())


def _in_file(path: str) -> Iterator[Receipt]:
    with guarded(path), open(path, "rb") as lines:
        for number, line in enumerate(lines, 1):
            try:
                yield msgspec.json.decode(msgspec.json.decode(line)["reason"], type=Receipt)
            except (msgspec.DecodeError, UnicodeDecodeError, KeyError, TypeError):
                raise ReadError(path, "is no receipt", line=number, fix="name the file that generate wrote beside its rows") from None
