"""How many documents were sampled under which settings, as far as their `lt_decoding` column says."""

import hashlib
import json
from collections import Counter
from typing import Any, Self

import msgspec
import pyarrow as pa

STATED = ("temperature", "top_p", "top_k", "min_p", "max_tokens", "repetition_penalty")
SETTINGS_KEPT = 1000
RAW_LIMIT = 200

_WHOLE = 1 << 53  # below it every whole number has one float
_HASHES = 1 << 64


class Decodings:
    """Documents by sampling settings; those that state none are counted apart.

    At most `SETTINGS_KEPT` distinct settings are kept, those with the smallest hashes, with exact counts.
    """

    def __init__(self) -> None:
        self.untagged = 0
        self._counts: Counter[str] = Counter()
        self._bound = _HASHES

    @property
    def key(self) -> tuple[object, ...]:
        """Nothing to agree on: any two may merge."""
        return ("decodings",)

    @property
    def counts(self) -> dict[str, int]:
        """Return the documents of each setting kept, in the order of the settings."""
        return dict(sorted(self._counts.items()))

    def stated(self) -> tuple[str, ...]:
        """Return the distinct settings kept, sorted."""
        return tuple(sorted(self._counts))

    def add(self, batch: pa.RecordBatch) -> None:
        """Count one batch of documents."""
        if "lt_decoding" not in batch.schema.names:
            self.untagged += batch.num_rows
            return
        for entry in batch.column("lt_decoding").value_counts():
            setting, count = setting_of(entry["values"].as_py() or ""), entry["counts"].as_py()
            if setting is None:
                self.untagged += count
            elif _hash(setting) < self._bound:
                self._counts[setting] += count
        self._cut()

    def merge(self, other: Self) -> None:
        """Add the counts of `other`."""
        self.untagged += other.untagged
        self._counts.update(other._counts)
        self._bound = min(self._bound, other._bound)
        self._cut()

    def to_dict(self) -> dict[str, Any]:
        """Return the counts by setting, in the order of the settings, those without, and the bound of the hashes kept."""
        return {"counts": self.counts, "untagged": self.untagged, "bound": self._bound}

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        """Return the summary whose `to_dict` gave `state`."""
        decodings = cls()
        decodings._counts = Counter(state["counts"])
        decodings.untagged, decodings._bound = state["untagged"], state["bound"]
        return decodings

    def _cut(self) -> None:
        """Keep the settings below the (limit + 1)-th smallest hash seen; the bound never grows, so counts stay exact."""
        if len(self._counts) <= SETTINGS_KEPT and self._bound == _HASHES:
            return
        ranked = sorted((_hash(setting), setting) for setting in self._counts)
        if len(ranked) > SETTINGS_KEPT:
            self._bound = min(self._bound, ranked[SETTINGS_KEPT][0])
        self._counts = Counter({setting: self._counts[setting] for rank, setting in ranked if rank < self._bound})


def setting_of(stated: str) -> str | None:
    """Return a setting in one form: JSON with sorted keys, of the entries in `STATED`, 1.0 written as 1; None where none is stated.

    What is not a JSON object is its own setting, cut to `RAW_LIMIT` characters.
    """
    try:
        value = msgspec.json.decode(stated) if stated.strip() else {}
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        return stated.strip()[:RAW_LIMIT]
    known = {name: _plain(value[name]) for name in STATED if value.get(name) is not None}
    return json.dumps(known, sort_keys=True, separators=(",", ":"), ensure_ascii=False)[:RAW_LIMIT] if known else None


def _plain(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < _WHOLE else value


def _hash(setting: str) -> int:
    return int.from_bytes(hashlib.blake2b(setting.encode(), digest_size=8).digest(), "big")
