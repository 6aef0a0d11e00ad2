"""Data sets to tag, and what is in them."""

import csv
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import xxhash

from longtail.ledger import Tags
from longtail.records import Origin

HUMAN = Tags(origin=Origin.HUMAN)


MADE = Tags(origin=Origin.SYNTHETIC, model="m@1", depth=2)


LINES = [
    '{"text": "plain", "n": 1, "f": 1.0, "e": 1e-07, "t": true}',
    '{"text":"caf\\u00e9 日本 \\ud83d\\ude00","nested":{"a":[1,null,{"b":"c"}]},"none":null,"empty":""}',
    '{ "text" : "spaced" , "big" : 123456789012345678901234567890 , "long" : 0.1000000000000000055511151231257827 }',
    '{"n": 1e400, "text": "out of range", "m": -0.0}',
    '{"text": "", "zero": 0}',
    '{"text": "python wrote this", "x": NaN, "y": -Infinity}',
]


def hashed(text):
    return xxhash.xxh3_128_hexdigest(json.dumps({"text": text}, ensure_ascii=False, separators=(",", ":")).encode())


def rows_of(path):
    return [json.loads(line) for line in Path(path).read_bytes().splitlines()]


def put(name, rows):
    if name.endswith(".jsonl"):
        Path(name).write_text("".join(json.dumps(row) + "\n" for row in rows))
    elif name.endswith(".csv"):
        names = list(dict.fromkeys(key for row in rows for key in row))
        with open(name, "w", newline="") as stream:
            writer = csv.DictWriter(stream, names)
            writer.writeheader()
            writer.writerows(rows)
    else:
        names = dict.fromkeys(key for row in rows for key in row)
        pq.write_table(pa.Table.from_pylist([dict.fromkeys(names) | row for row in rows]), name)


def take(name):
    """Return rows as text by column, without what is empty."""
    if name.endswith(".csv"):
        with open(name, newline="") as stream:
            rows = list(csv.DictReader(stream))
    else:
        rows = rows_of(name) if name.endswith(".jsonl") else pq.read_table(name).to_pylist()
    return [{key: str(value) for key, value in row.items() if value not in (None, "")} for row in rows]


def saved(folder, rows):
    """Write what `save_to_disk` of Hugging Face `datasets` 5.2 writes."""
    folder.mkdir(parents=True)
    features = {"text": {"dtype": "string", "_type": "Value"}, "label": {"names": ["p", "q"], "_type": "ClassLabel"}}
    info = {b"huggingface": json.dumps({"info": {"features": features}}).encode()}
    table = pa.table({"text": rows, "label": pa.array([0] * len(rows), pa.int64())}).replace_schema_metadata(info)
    with pa.ipc.new_stream(str(folder / "data-00000-of-00001.arrow"), table.schema) as writer:
        writer.write_table(table)
    (folder / "dataset_info.json").write_text(json.dumps({"citation": "", "features": features}))
    state = {"_data_files": [{"filename": "data-00000-of-00001.arrow"}], "_fingerprint": "acd5e73e4a33035c", "_split": None}
    (folder / "state.json").write_text(json.dumps(state))
    (folder / "cache-1.arrow").write_bytes(b"stale")
