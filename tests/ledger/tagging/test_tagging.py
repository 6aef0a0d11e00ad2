"""A tagged data set is the data set that went in, plus provenance."""

import csv
import gzip
import io
import json
import os
import random
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from longtail.ledger import Tags, tag
from longtail.ledger.columns import NAMES, SCHEMA
from longtail.ledger.tagging.csv_rows import Layout
from longtail.ledger.tagging.json_rows import spliced
from longtail.records import Origin

from .tagging_help import HUMAN, LINES, MADE, hashed, put, rows_of, saved

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=3),
    max_leaves=8,
)


WRITTEN = 'text,n,empty,note\r\nplain,007,,"quoted"\r\n"a, ""b""",1.50,"","two\r\nlines"\r\n café ,1e5,null,\t日本\r\n'


def without(row):
    return {name: value for name, value in row.items() if name not in NAMES}


def table_of():
    kinds = {
        "text": ["plain", "café 日本", "", "more"],
        "i": pa.array([2**63 - 1, None, -1, 0], pa.int64()),
        "u": pa.array([2**64 - 1, 0, None, 1], pa.uint64()),
        "f": pa.array([float("nan"), float("inf"), -0.0, None], pa.float64()),
        "h": pa.array([0.1, None, 3.0, 4.0], pa.float32()),
        "d": pa.array(["1.10", "2.20", None, "0.00"]).cast(pa.decimal128(5, 2)),
        "b": pa.array([b"\xff\x00", b"", None, b"x"]),
        "w": pa.array(["a", None, "a", "b"]).dictionary_encode(),
        "l": pa.array([[1, None], [], None, [2]], pa.list_(pa.int32())),
        "s": pa.array([{"a": 1, "b": None}, None, {"a": None, "b": "x"}, {"a": 2, "b": ""}]),
        "t": pa.array(
            [datetime(2020, 1, 2, tzinfo=UTC), None, datetime(1969, 1, 1, tzinfo=UTC), None], pa.timestamp("ns", tz="Europe/Paris")
        ),
    }
    return pa.table(kinds).replace_schema_metadata({"made by": "hand"})


def test_every_byte_of_a_json_line_stays_and_columns_follow_it(here):
    Path("a.jsonl").write_text("\n".join(LINES))
    made = tag("a.jsonl", "b.jsonl", HUMAN)
    assert (made.documents, made.quarantined, made.origins, made.duplicates) == (6, 0, {"human": 6}, 0)
    for before, after in zip(LINES, Path("b.jsonl").read_text().splitlines(), strict=True):
        assert after.startswith(before.rstrip("} ") if before.startswith("{ ") else before[:-1])
        row = json.loads(after)
        added = {name: row[name] for name in NAMES if name in row}
        assert added == {"lt_id": hashed(row["text"]), "lt_origin": "human", "lt_evidence": "asserted", "lt_depth": 0}


def test_every_field_of_a_csv_keeps_its_quotes_and_its_bytes(here):
    Path("a.csv").write_bytes(WRITTEN.encode())
    made = tag("a.csv", "b.csv", Tags(origin=Origin.SYNTHETIC, source="here, there"))
    assert made.documents == 3
    text = Path("b.csv").read_bytes().decode()
    tail = ',{},synthetic,asserted,"here, there"'
    expected = WRITTEN.replace("note\r\n", "note,lt_id,lt_origin,lt_evidence,lt_source\r\n")
    for end, content in (('"quoted"', "plain"), ('two\r\nlines"', 'a, "b"'), ("\t日本", " café ")):
        expected = expected.replace(end + "\r\n", end + tail.format(hashed(content)) + "\r\n")
    assert text == expected


@given(
    st.lists(st.text(st.sampled_from('ab",;\n\r\t é'), max_size=8), min_size=1, max_size=6),
    st.sampled_from(",;\t|"),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
)
def test_the_written_fields_of_a_row_are_those_that_the_csv_module_reads(row, delimiter, quoting):
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter, quoting=quoting, lineterminator="\r\n").writerow(row)
    written = file.getvalue().removesuffix("\r\n")
    fields = Layout([], delimiter, ()).fields(written)
    assert delimiter.join(fields) == written
    read = [next(csv.reader(io.StringIO(f"{field}{delimiter}x", newline=""), delimiter=delimiter))[0] for field in fields]
    assert read == row


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), VALUES, max_size=5), st.booleans())
def test_any_json_row_keeps_all_it_held_when_columns_are_added_or_replaced(row, said):
    row = {"text": "x", **row, **({"lt_source": None} if said else {})}
    line = json.dumps(row).encode()
    changes = {"lt_id": "1", "lt_source": "s"}
    assert list(json.loads(spliced(line, json.loads(line), changes)).items()) == list((row | changes).items())


def test_a_tsv_stays_a_tsv(here):
    Path("a.tsv").write_text('text\tn\na,b\t"x\ty"\n"q ""q"""\t\n')
    tag("a.tsv", "b.tsv", MADE)
    with open("b.tsv", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    assert [without(row) for row in rows] == [{"text": "a,b", "n": "x\ty"}, {"text": 'q "q"', "n": ""}]
    assert [row["lt_id"] for row in rows] == [hashed("a,b"), hashed('q "q"')]
    assert {row["lt_depth"] for row in rows} == {"2"}


def same(one, other):
    """Equal with types, order and metadata; NaN equals NaN."""
    return one.schema.equals(other.schema, check_metadata=True) and repr(one.to_pylist()) == repr(other.to_pylist())


@pytest.mark.parametrize("codec", ["snappy", "zstd", "none"])
def test_every_column_of_a_parquet_file_stays_with_its_type(here, codec):
    table = table_of()
    pq.write_table(table, "a.parquet", compression=codec)
    tag("a.parquet", "b.parquet", MADE)
    after = pq.read_table("b.parquet")
    assert same(after.select(table.schema.names), pq.read_table("a.parquet"))
    assert after.schema.names == [*table.schema.names, *NAMES]
    assert pa.schema([after.schema.field(name).remove_metadata() for name in NAMES]).equals(SCHEMA)
    assert after.column("lt_id").to_pylist() == [hashed(text) for text in table.column("text").to_pylist()]
    assert set(after.column("lt_model").to_pylist()) == {"m@1"} and set(after.column("lt_depth").to_pylist()) == {2}
    assert after.column("lt_parents").null_count == 4
    before = pq.read_metadata("a.parquet").row_group(0).column(0).compression
    assert pq.read_metadata("b.parquet").row_group(0).column(0).compression == before


@pytest.mark.parametrize("layout", [pa.ipc.new_stream, pa.ipc.new_file])
def test_an_arrow_file_keeps_its_layout_and_its_columns(here, layout):
    table = table_of()
    with layout("a.arrow", table.schema) as writer:
        writer.write_table(table, max_chunksize=3)
    tag("a.arrow", "b.arrow", MADE)
    opener = pa.ipc.open_file if layout is pa.ipc.new_file else pa.ipc.open_stream
    assert same(opener(pa.OSFile("b.arrow")).read_all().select(table.schema.names), table)


def test_a_saved_hugging_face_data_set_stays_one_with_its_features_and_splits(here):
    saved(here / "a" / "train", ["one", "two"])
    saved(here / "a" / "test", ["one"])
    (here / "a" / "dataset_dict.json").write_text('{"splits": ["train", "test"]}')
    made = tag("a", "b", MADE)
    assert (made.documents, made.ids, made.duplicates) == (3, 2, 1)
    assert sorted(str(p.relative_to("b")) for p in Path("b").rglob("*") if p.is_file()) == sorted(
        [
            "dataset_dict.json",
            *(f"{s}/{n}" for s in ("train", "test") for n in ("data-00000-of-00001.arrow", "dataset_info.json", "state.json")),
        ]
    )
    table = pa.ipc.open_stream(pa.OSFile("b/train/data-00000-of-00001.arrow")).read_all()
    features = json.loads(Path("b/train/dataset_info.json").read_text())["features"]
    assert list(features) == table.schema.names == ["text", "label", *NAMES]
    assert json.loads(table.schema.metadata[b"huggingface"])["info"]["features"] == features
    assert features["lt_time"] == {"dtype": "timestamp[us, tz=UTC]", "_type": "Value"} and features["label"]["names"] == ["p", "q"]
    assert table.column("lt_origin").type == pa.string()
    assert json.loads(Path("b/train/state.json").read_text())["_fingerprint"] != "acd5e73e4a33035c"
    assert not any(name.endswith(".tmp") for name in os.listdir())


def test_ids_are_the_same_in_every_format(here):
    texts = ["plain", "cafe\u0301", 'quotes " and, commas', "two\nlines", "日本"]
    Path("a.jsonl").write_text("".join(json.dumps({"n": 1, "text": text}) + "\n" for text in texts))
    with open("a.csv", "w", newline="") as stream:
        csv.writer(stream).writerows([["n", "text"], *([1, text] for text in texts)])
    pq.write_table(pa.table({"text": texts}), "a.parquet")
    for name in ("a.jsonl", "a.csv", "a.parquet"):
        tag(name, "b" + name[1:], HUMAN)
    with open("b.csv", newline="") as stream:
        in_csv = [row["lt_id"] for row in csv.DictReader(stream)]
    assert [row["lt_id"] for row in rows_of("b.jsonl")] == in_csv == pq.read_table("b.parquet").column("lt_id").to_pylist()


def test_tagging_again_changes_nothing(here):
    Path("a.jsonl").write_text("\n".join(LINES[:3]))
    Path("a.csv").write_bytes(WRITTEN.encode())
    pq.write_table(table_of(), "a.parquet")
    for name in ("a.jsonl", "a.csv", "a.parquet"):
        kind = name[1:]
        tag(name, "b" + kind, MADE)
        made = tag("b" + kind, "c" + kind, MADE)
        assert Path("b" + kind).read_bytes() == Path("c" + kind).read_bytes()
        assert (made.contradictions, made.foreign_ids) == ((), 0)


def test_equal_input_gives_equal_bytes(here):
    pick = random.Random(0)
    Path("a.jsonl").write_text("".join(json.dumps({"text": f"w{pick.random()}"}) + "\n" for _ in range(3000)))
    pq.write_table(pa.table({"text": [f"w{pick.random()}" for _ in range(3000)]}), "a.parquet")
    for first, second in (("b.jsonl", "c.jsonl"), ("b.jsonl.gz", "c.jsonl.gz"), ("b.parquet", "c.parquet")):
        source = "a.parquet" if first.endswith("parquet") else "a.jsonl"
        tag(source, first, HUMAN)
        tag(source, second, HUMAN)
        assert Path(first).read_bytes() == Path(second).read_bytes()


def test_text_formats_may_be_compressed_and_decompressed(here):
    Path("a.jsonl").write_text(LINES[0] + "\n")
    tag("a.jsonl", "b.jsonl", HUMAN)
    tag("a.jsonl", "b.jsonl.gz", HUMAN)
    tag("b.jsonl.gz", "c.jsonl", HUMAN)
    assert gzip.decompress(Path("b.jsonl.gz").read_bytes()) == Path("b.jsonl").read_bytes() == Path("c.jsonl").read_bytes()


def test_what_cannot_be_read_is_set_aside_and_counted_and_all_else_is_there(here):
    bad = ["nonsense", '"a string"', '{"text": null}', '{"n": 1}', "[1]", '{"text": "\\ud800"}', '{"text": "\udcff"}', '{"text": "cut']
    lines = [*LINES, "", "  ", *bad]
    Path("a.jsonl").write_text("\n".join(lines), errors="surrogateescape")
    made = tag("a.jsonl", "b.jsonl", HUMAN)
    assert (made.documents, made.quarantined) == (len(LINES), len(bad))
    assert [one.line for one in made.quarantine] == list(range(len(LINES) + 3, len(lines) + 1))
    assert len(rows_of("b.jsonl")) == len(LINES)


def test_rows_of_a_csv_with_too_many_or_too_few_fields_are_set_aside(here):
    Path("a.csv").write_text("text,n\na,1\nb\n\nc,1,2\nd,4\n")
    made = tag("a.csv", "b.csv", HUMAN)
    assert made.documents == 2
    assert [(one.line, one.reason) for one in made.quarantine] == [
        (3, "the row has 1 fields, the header has 2"),
        (5, "the row has 3 fields, the header has 2"),
    ]


def test_a_field_that_is_too_long_is_set_aside_and_the_rows_after_it_are_read(here):
    Path("a.csv").write_text('text,n\na,1\n"' + "x\n" * 9_000_000 + '",2\nb,3\n')
    made = tag("a.csv", "b.csv", HUMAN)
    assert (made.documents, made.quarantined) == (2, 1)


def test_rows_of_a_parquet_file_without_text_are_set_aside(here):
    pq.write_table(pa.table({"text": ["a", None, "c"], "n": [1, 2, 3]}), "a.parquet")
    made = tag("a.parquet", "b.parquet", HUMAN)
    assert (made.documents, [one.line for one in made.quarantine]) == (2, [2])
    assert pq.read_table("b.parquet").column("n").to_pylist() == [1, 3]


def test_bytes_that_are_no_text_set_one_row_of_a_parquet_file_aside_and_keep_the_others(here):
    texts = pa.array([b"a", b"\xff\xfe", b"c"]).view(pa.string())
    nanoseconds = pa.array([1, 1_600_000_000_000_000_001, None]).cast(pa.timestamp("ns"))
    pq.write_table(pa.table({"text": texts, "when": nanoseconds}), "a.parquet")
    made = tag("a.parquet", "b.parquet", Tags(origin=Origin.HUMAN, time_column="when"))
    assert [(one.line, one.reason) for one in made.quarantine] == [(2, "invalid UTF-8: invalid start byte at byte 1 of a value")]
    after = pq.read_table("b.parquet")
    assert after.column("text").to_pylist() == ["a", "c"]
    assert after.column("when").equals(pq.read_table("a.parquet").column("when").take([0, 2]))
    assert after.column("lt_time").to_pylist() == [datetime(1970, 1, 1, tzinfo=UTC), None]
    pq.write_table(pa.table({"text": ["a"], "lt_time": nanoseconds.slice(1, 1)}), "a.parquet")
    tag("a.parquet", "b.parquet", MADE)
    assert pq.read_table("b.parquet").column("lt_time").to_pylist() == [datetime(2020, 9, 13, 12, 26, 40, tzinfo=UTC)]


def test_thirty_thousand_documents_need_no_more_memory_than_a_thousand(here):
    def peak(count):
        put("a.jsonl", [{"text": f"a text of its own, number {n}"} for n in range(count)])
        tracemalloc.start()
        tag("a.jsonl", "b.jsonl", HUMAN)
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    peak(10)
    assert peak(30_000) < peak(1000) + 2 * 2**20
