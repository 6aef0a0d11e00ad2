"""Whatever is altered after it was added is found, and named."""

import hashlib
import json
import os
import stat
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from longtail.errors import ReadError
from longtail.ledger.columns import identity


@pytest.fixture
def pool(here, reservoir, human):
    reservoir.add([human("a.jsonl", [{"text": f"text {n}", "topic": "t", "lt_source": "s"} for n in range(50)])])
    reservoir.freeze("v1")
    reservoir.add([human("b.jsonl", [f"late {n}" for n in range(5)])])
    return reservoir


def rewritten(path, change):
    """Write a Parquet file again with its rows changed, as somebody would who means no harm."""
    table = pq.read_table(path)
    os.unlink(path)
    pq.write_table(pa.Table.from_pylist(change(table.to_pylist()), schema=table.schema), path)


def file_of(reservoir, text):
    return next(path for path in reservoir.paths() if text in pq.read_table(path).column("text").to_pylist())


def set_row(at, **values):
    def change(rows):
        rows[at] |= values
        return rows

    return change


def found(reservoir, name=None):
    return [(fault.kind, fault.lt_id) for fault in reservoir.verify(name).faults]


ROW = identity({"text": "text 7"})
OTHER = identity({"text": "text 8"})
NEW = identity({"text": "changed"})


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        (set_row(7, text="changed"), [("altered", ROW)]),
        (set_row(7, text="changed", lt_id=NEW), [("surplus", NEW), ("missing", ROW)]),
        (set_row(7, lt_id="f" * 32), [("altered", ROW)]),
        (set_row(7, text=None), [("altered", ROW)]),
        (set_row(7, lt_evidence="signed"), [("altered", ROW)]),
        (set_row(7, lt_source=None), [("altered", ROW)]),
        (set_row(7, topic="u"), [("altered", None)]),
        (lambda rows: rows[:7] + rows[8:], [("missing", ROW)]),
        (lambda rows: [*rows, rows[7]], [("surplus", ROW)]),
        (lambda rows: [*rows, rows[0] | {"text": "changed", "lt_id": NEW}], [("surplus", NEW)]),
        (lambda rows: rows[::-1], [("altered", None)]),
        (lambda rows: set_row(8, lt_depth=1)(set_row(7, text="changed")(rows)), [("altered", ROW), ("altered", OTHER)]),
    ],
    ids=[
        "content",
        "content and id",
        "id",
        "content emptied",
        "evidence",
        "source",
        "another column",
        "lost",
        "twice",
        "added",
        "order",
        "two",
    ],
)
def test_a_document_that_was_altered_is_named(pool, change, faults):
    path = file_of(pool, "text 7")
    rewritten(path, change)
    assert found(pool) == faults == found(pool, "v1")
    assert all(fault.file == f"documents/{os.path.basename(path)}" for fault in pool.verify().faults)


def test_nothing_is_found_where_all_is_well(pool):
    assert [(one.count, one.files, one.documents) for one in (pool.verify(), pool.verify("v1"))] == [(0, 2, 55), (0, 1, 50)]
    assert pool.verify("v1").sha256 == pool.snapshot("v1").sha256


def test_another_file_does_not_matter_to_a_snapshot(pool):
    rewritten(file_of(pool, "late 0"), set_row(0, text="changed"))
    assert found(pool) == [("altered", identity({"text": "late 0"}))] and found(pool, "v1") == []


def told(reservoir, name=None):
    return [(fault.kind, fault.file.partition("/")[0], fault.because) for fault in reservoir.verify(name).faults]


def test_a_file_that_is_gone_or_cut_off_is_named(pool):
    path = file_of(pool, "text 7")
    whole = Path(path).read_bytes()
    os.unlink(path)
    assert told(pool) == [("missing", "documents", "the file is gone, and 50 documents with it")]
    assert pool.verify().sha256 is None
    with open(path, "wb") as stream:
        stream.write(whole[:-100])
    assert [each[:2] for each in told(pool)] == [("unreadable", "documents")]
    with pytest.raises(OSError, match="cannot be read to its end"):
        list(pool.documents())


def test_a_single_bit_is_enough(pool):
    path = file_of(pool, "text 7")
    whole = bytearray(Path(path).read_bytes())
    for at in range(4, len(whole) - 8, len(whole) // 40):
        whole[at] ^= 1
        os.unlink(path)
        with open(path, "wb") as stream:
            stream.write(whole)
        assert pool.verify().count > 0, at
        whole[at] ^= 1


def test_what_was_never_added_is_named(pool, here):
    pq.write_table(pa.table({"text": ["planted"]}), "pool/documents/planted.parquet")
    assert told(pool) == [("surplus", "documents", "no addition names this file")]
    os.unlink("pool/documents/planted.parquet")
    pq.write_table(pa.table({"text": ["planted"]}), "pool/__frozen/v1/planted.parquet")
    assert told(pool) == told(pool, "v1") == [("surplus", "__frozen", "the snapshot does not name this file")]


def replaced(path, data):
    path.unlink()
    path.write_bytes(data)


def test_commits_lists_of_ids_and_snapshots_are_looked_at_too(pool, here):
    root = here / "pool"
    addition = next(path for path in (root / "__additions").iterdir() if b'"rows": 50' in path.read_bytes())
    index = root / "__index" / (json.loads(addition.read_bytes())["files"][0]["index"] + ".index")
    snapshot = root / "__frozen" / "v1" / "_snapshot.json"
    for path, data, kinds in [
        (
            addition,
            addition.read_bytes().replace(b"20", b"19"),
            [("altered", "__additions"), ("surplus", "documents"), ("missing", "documents")],
        ),
        (addition, b"{", [("altered", "__additions"), ("surplus", "documents"), ("missing", "documents")]),
        (index, index.read_bytes()[:-32], [("altered", "__index")]),
        (index, index.read_bytes()[:-5], [("altered", "__index")]),
        (snapshot, snapshot.read_bytes().replace(b'"sha256": "', b'"sha256": "0', 1), [("altered", "__frozen")]),
        (snapshot, b"", [("unreadable", "__frozen")]),
    ]:
        whole = path.read_bytes()
        replaced(path, data)
        assert [each[:2] for each in told(pool)] == kinds, (path, data)
        replaced(path, whole)
    addition.unlink()
    assert [each[:2] for each in told(pool)] == [("surplus", "documents"), ("missing", "documents")]
    assert pool.verify().count == 2


def test_without_the_list_of_ids_content_is_still_looked_at(pool, here):
    for path in (here / "pool" / "__index").iterdir():
        path.unlink()
    rewritten(file_of(pool, "text 7"), set_row(7, text="changed"))
    assert sorted(found(pool), key=str) == sorted([("missing", None), ("missing", None), ("altered", ROW)], key=str)


def test_a_snapshot_keeps_its_documents_when_the_file_beside_it_is_lost(pool):
    os.unlink(file_of(pool, "text 7"))
    assert pq.read_table(next(iter((pool.root / "__frozen" / "v1").glob("*.parquet")))).num_rows == 50


def test_files_cannot_be_written_by_mistake(pool):
    assert all(not path.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH) for path in pool.root.rglob("*") if path.is_file())


def test_nothing_is_added_by_a_list_of_ids_that_was_altered(pool, here, human):
    index = next(iter((here / "pool" / "__index").iterdir()))
    replaced(index, index.read_bytes()[32:])
    with pytest.raises(ReadError, match=f"{index.name}: was altered: its name is not its SHA-256"):
        pool.add([human("c.jsonl", ["text 7", "new"])])


@pytest.mark.parametrize(
    "change", [{"file": "../../a"}, {"file": "a.parquet"}, {"index": "../a"}, {"sha256": "../a"}, {"drafts": ["../../a"]}, {"drafts": []}]
)
def test_a_commit_that_names_places_elsewhere_is_refused(pool, here, change):
    path = next(iter((here / "pool" / "__additions").iterdir()))
    held = json.loads(path.read_bytes())
    held = held | change if "drafts" in change else held | {"files": [held["files"][0] | change]}
    data = json.dumps(held).encode()
    path.unlink()
    path.with_name(f"{hashlib.sha256(data).hexdigest()}.json").write_bytes(data)
    with pytest.raises(ReadError, match="is damaged"):
        pool.paths()
    assert ("altered", "__additions") in [each[:2] for each in told(pool)]
