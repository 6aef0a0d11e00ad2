"""A tagged data set with everything in it that is hard to carry, and plain readers and writers of each format."""

import csv
import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from longtail.ledger.columns import NAMES, identity
from longtail.ledger.statements import Tally, statements
from longtail.ledger.values import TYPES
from longtail.records import Origin

TEXTS = [
    "plain words of a first document",
    "cafe\u0301 and \u00e9, ＡＢ 日本 🦊",
    "nul \0 inside",
    'quotes " and, commas; tabs\t and \\ bars',
    "two\nlines\r\nthree\rfour",
    "  blanks around  ",
    "",
    "w " * 2**19,
    "\ufeffa mark, then \u2028 \x85 \x1c \x0b ends of lines that are none",
    '["not", "a list"]',
]
OTHERS = pa.schema(
    [
        pa.field("n", pa.int64()),
        pa.field("score", pa.float64()),
        pa.field("flag", pa.bool_()),
        pa.field("tags", pa.list_(pa.string())),
        pa.field("meta", pa.struct([("lang", pa.string()), ("k", pa.int64())])),
        pa.field("note", pa.string()),
    ]
)
SCHEMA = pa.schema([("text", pa.string()), *OTHERS, *TYPES.items()])
TIMES = [
    datetime(2024, 5, 1, 12, 30, 15, 123456, UTC),
    datetime(1972, 2, 29, tzinfo=UTC),
    datetime(1666, 9, 2, 1, 2, 3, tzinfo=UTC),
    datetime(2021, 1, 1, 3, 0, 0, 5, timezone(timedelta(hours=5, minutes=30))),
]
ORIGINS = list(Origin)
DECODING = '{"prompt_id":"a\\u0000é\\"b","seed":null,"temperature":0.7}'


def rows():
    """Rows with all eleven columns of provenance: filled in most, in some as empty as the contract lets them be."""
    return [_row(n, text) for n, text in enumerate(TEXTS)]


def _row(n, text):
    origin = ORIGINS[n % len(ORIGINS)]
    made = origin not in (Origin.HUMAN, Origin.UNKNOWN)
    return {
        "text": text,
        "n": n - 3,
        "score": n / 3,
        "flag": n % 2 == 0,
        "tags": [f"t{n}", text[:3]] if n % 3 else [],
        "meta": {"lang": "日本" if n % 2 else "de", "k": 2**53 + n},
        "note": f"note, {n}" if n % 3 else None,
        "lt_id": identity({"text": text}),
        "lt_origin": origin.value,
        "lt_evidence": ["signed", "asserted", "watermark", "measured", "inherited", "none"][n % 6],
        "lt_source": "https://example.org/é?a=1,2",
        "lt_model": "org/m@3f2c" if made else None,
        "lt_depth": {Origin.HUMAN: 0, Origin.UNKNOWN: None}.get(origin, n),
        "lt_parents": [identity({"text": f"parent {n} {k}"}) for k in range(n % 4)] if made else None,
        "lt_time": TIMES[n % 4].astimezone(UTC),
        "lt_decoding": DECODING if made else None,
        "lt_license": "CC-BY-4.0",
        "lt_weight": [1.0, 0.25, 0.0, 3.5][n % 4],
    }


def _plain(value):
    return value.isoformat() if isinstance(value, datetime) else value


def _field(value):
    if isinstance(value, list | dict | bool):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(_plain(value))


def _cast(name, field):
    """Return a field of a CSV as the type that its column is known to have."""
    kind = SCHEMA.field(name).type
    if name == "text" or (field and pa.types.is_string(kind)):
        return field
    if not field:
        return None
    return datetime.fromisoformat(field) if pa.types.is_timestamp(kind) else json.loads(field)


def write(path, data):
    """Write rows with what is usual for the format, nothing of ours."""
    path = Path(path)
    if path.suffix == ".jsonl":
        lines = (json.dumps({name: _plain(value) for name, value in row.items()}, ensure_ascii=False) for row in data)
        path.write_text("".join(line + "\n" for line in lines), newline="")
    elif path.suffix == ".csv":
        with path.open("w", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(data[0])
            writer.writerows([_field(value) for value in row.values()] for row in data)
    else:
        _write_table(path, pa.Table.from_pylist(data, schema=pa.schema([SCHEMA.field(name) for name in data[0]])))


def _write_table(path, table):
    if path.suffix == ".parquet":
        pq.write_table(table, path, row_group_size=4)
    elif path.suffix == ".arrow":
        with pa.ipc.new_file(str(path), table.schema) as writer:
            writer.write_table(table, max_chunksize=3)
    else:
        import datasets

        datasets.Dataset(table).save_to_disk(str(path))


def read(path):
    """Read rows back, again with nothing of ours."""
    path = Path(path)
    if path.suffix == ".jsonl":
        found = [json.loads(line) for line in path.read_bytes().split(b"\n") if line]
        return [row | ({"lt_time": datetime.fromisoformat(row["lt_time"])} if row.get("lt_time") else {}) for row in found]
    if path.suffix == ".csv":
        return _rows_of_csv(path)
    return _table(path).to_pylist()


def _rows_of_csv(path):
    before = csv.field_size_limit(2**24)
    try:
        with path.open(newline="") as stream:
            return [{name: _cast(name, field) for name, field in row.items()} for row in csv.DictReader(stream)]
    finally:
        csv.field_size_limit(before)


def _table(path):
    if path.suffix == ".parquet":
        return pq.read_table(path)
    if path.suffix == ".arrow":
        return pa.ipc.open_file(pa.OSFile(str(path))).read_all()
    import datasets

    return datasets.load_from_disk(str(path)).data.table


def stated(*paths):
    """Return what longtail reads of provenance, and what it counted as odd."""
    tally = Tally()
    found = [row for batch in statements(list(map(str, paths)), tally=tally) for row in batch.to_pylist()]
    odd = {**tally.not_origins, **tally.not_understood}
    return found, odd


def provenance(row):
    return {name: row.get(name) for name in NAMES}
