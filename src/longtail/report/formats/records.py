"""A record as JSON: indented by two, ending in a newline."""

import msgspec

from longtail.records import Record


def to_json(record: Record) -> str:
    """Return a record as JSON, deterministic for one record."""
    return msgspec.json.format(msgspec.json.encode(record), indent=2).decode() + "\n"
