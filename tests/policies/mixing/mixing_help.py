"""Small data sets to mix, and a mix in plain Python to compare with."""

import csv
import json
import math
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import xxhash


def human(count, start=0):
    return [{"text": f"human {n}", "lt_id": f"h{n}", "lt_origin": "human", "source": "web"} for n in range(start, start + count)]


def written(generation, count, **more):
    depth = {} if generation is None else {"lt_depth": generation}
    return [
        {"text": f"model {generation} {n}", "lt_id": f"s{generation}-{n}", "lt_origin": "synthetic"} | depth | more for n in range(count)
    ]


def put(name, rows):
    """Write rows in the format of the suffix; absent values are empty or null."""
    names = list(dict.fromkeys(key for row in rows for key in row))
    if name.endswith(".jsonl"):
        Path(name).write_text("".join(json.dumps(row) + "\n" for row in rows))
    elif name.endswith(".json"):
        Path(name).write_text(json.dumps(rows))
    elif name.endswith(".csv"):
        with open(name, "w", newline="") as stream:
            writer = csv.DictWriter(stream, names)
            writer.writeheader()
            writer.writerows(rows)
    elif name.endswith(".arrow"):
        table = pa.Table.from_pylist([dict.fromkeys(names) | row for row in rows])
        with pa.ipc.new_stream(name, table.schema) as writer:
            writer.write_table(table, max_chunksize=7)
    else:
        pq.write_table(pa.Table.from_pylist([dict.fromkeys(names) | row for row in rows]), name, row_group_size=50)
    return name


def take(name):
    return (
        pq.read_table(name).to_pylist()
        if str(name).endswith(".parquet")
        else [json.loads(line) for line in Path(name).read_bytes().splitlines()]
    )


def ids(name):
    return sorted(row["lt_id"] for row in take(name))


def key(name, seed=0):
    """The key of a row: XXH3-64 of its id under FNV-1a of seed and purpose."""
    state = 0xCBF29CE484222325
    for byte in f"{seed}:mix".encode():
        state = ((state ^ byte) * 0x100000001B3) % 2**64
    return xxhash.xxh3_64_intdigest(name.encode(), state)


def draw(count, *pools, seed=0):
    """The ids of smallest key of some pools together."""
    return sorted((name for pool in pools for name in pool), key=lambda name: key(name, seed))[:count]


def golden(k):
    return (math.sqrt(k * k + 4 * k) - k) / 2
