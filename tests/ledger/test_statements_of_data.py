"""What tagged data sets say of where they came from is the same columns in every format, and what is odd is counted."""

import csv
import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from longtail.errors import ReadError, UsageError
from longtail.ledger import Tags, tag
from longtail.ledger.columns import NAMES, SCHEMA, content_of, identity
from longtail.ledger.statements import Statements, Tally, corrected, statements
from longtail.ledger.stored import Stored
from longtail.ledger.values import TYPES
from longtail.readers.quarantine import Quarantine
from longtail.records import Origin

FULL = {
    "lt_id": "x",
    "lt_origin": "synthetic",
    "lt_evidence": "signed",
    "lt_source": "here",
    "lt_model": "m@1",
    "lt_depth": 3,
    "lt_parents": ["a", "b"],
    "lt_time": "2024-05-01T00:00:00Z",
    "lt_decoding": '{"temperature":1.0}',
    "lt_license": "MIT",
    "lt_weight": 0.5,
}
ROWS = [
    {"text": "full"} | FULL,
    {"text": "bare"},
    {"text": "human one", "lt_origin": "human", "lt_depth": 0},
    {"text": "nul \0 in it", "lt_origin": "human"},
    {"text": "odd", "lt_origin": "robot", "lt_depth": "deep", "lt_evidence": "hearsay", "lt_weight": -1},
]


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def table_of(rows):
    names = list(dict.fromkeys(key for row in rows for key in row))
    columns = {}
    for name in names:
        values = [row.get(name) for row in rows]
        written = [value if isinstance(value, str | list | None) or name == "lt_parents" else str(value) for value in values]
        columns[name] = values if name != "lt_depth" and name != "lt_weight" else written
    return pa.table(columns)


def write(name, rows):
    if name.endswith(".csv") or name.endswith(".tsv"):
        names = list(dict.fromkeys(key for row in rows for key in row))
        with open(name, "w", newline="") as stream:
            writer = csv.DictWriter(stream, names, delimiter="\t" if name.endswith(".tsv") else ",")
            writer.writeheader()
            writer.writerows([{key: json.dumps(value) if isinstance(value, list) else value for key, value in row.items()} for row in rows])
    elif name.endswith(".parquet"):
        pq.write_table(table_of(rows), name)
    elif name.endswith(".arrow"):
        table = table_of(rows)
        with pa.ipc.new_file(name, table.schema) as writer:
            writer.write_table(table, max_chunksize=2)
    else:
        lines = "".join(json.dumps(row) + "\n" for row in rows) if ".jsonl" in name else json.dumps(rows, indent=1)
        Path(name).write_bytes(gzip.compress(lines.encode()) if name.endswith(".gz") else lines.encode())


def said(names, **more):
    batches = list(statements(names if isinstance(names, list) else [names], **more))
    return [row for batch in batches for row in batch.to_pylist()]


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.json", "a.csv", "a.tsv", "a.parquet", "a.arrow"])
def test_every_format_says_the_same(here, name):
    write(name, ROWS)
    tally, quarantine = Tally(), Quarantine()
    rows = said(name, tally=tally, quarantine=quarantine)
    assert quarantine.count == 0
    assert rows[0] == FULL | {"lt_time": datetime(2024, 5, 1, tzinfo=UTC), "lt_decoding": '{"temperature":1.0}'}
    assert [row["lt_id"] for row in rows[1:]] == [identity(content_of({"text": row["text"]})) for row in ROWS[1:]]
    assert [row["lt_origin"] for row in rows] == ["synthetic", "unknown", "human", "human", "unknown"]
    assert [row["lt_depth"] for row in rows] == [3, None, 0, None, None]
    assert {name: value for name, value in rows[1].items() if value is not None}.keys() == {"lt_id", "lt_origin"}
    assert (tally.documents, tally.computed, tally.untold) == (5, 4, 1)
    assert dict(tally.not_origins) == {"robot": 1}
    assert dict(tally.not_understood) == {"lt_depth": 1, "lt_evidence": 1, "lt_weight": 1}


def test_columns_have_the_types_of_the_contract(here):
    write("a.jsonl", ROWS)
    (batch,) = statements(["a.jsonl"])
    assert tuple(batch.schema.names) == NAMES
    assert {field.name: field.type for field in batch.schema} == TYPES
    assert {name for name, kind in TYPES.items() if kind != SCHEMA.field(name).type} == {"lt_origin", "lt_evidence"}


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".parquet"])
def test_what_tagging_writes_is_read_back(here, suffix):
    texts = [f"text number {n}" for n in range(40)]
    write("a" + suffix, [{"text": text, "when": "2020-01-02"} for text in texts])
    tag("a" + suffix, "b" + suffix, Tags(origin=Origin.SYNTHETIC, model="m@1", depth=2, source="s", license="MIT", time_column="when"))
    wanted = {"lt_origin": "synthetic", "lt_evidence": "asserted", "lt_model": "m@1", "lt_depth": 2, "lt_source": "s", "lt_license": "MIT"}
    rows = said("b" + suffix)
    assert [row["lt_id"] for row in rows] == [identity({"text": text}) for text in texts]
    assert {tuple(row[name] for name in wanted) for row in rows} == {tuple(wanted.values())}
    assert {row["lt_time"] for row in rows} == {datetime(2020, 1, 2, tzinfo=UTC)}


@pytest.mark.parametrize("name", ["a.parquet", "a.arrow"])
def test_only_narrow_columns_are_read_unless_an_id_is_missing(here, name, monkeypatch):
    rows = [{"text": f"t{n}", "lt_id": f"i{n}", "lt_origin": "human", "wide": "w" * 100} for n in range(10)]
    seen = set()
    plain = Statements.of

    def watched(self, chunk):
        seen.update(chunk.batch.schema.names)
        return plain(self, chunk)

    monkeypatch.setattr(Statements, "of", watched)
    write(name, rows)
    assert [row["lt_id"] for row in said(name)] == [row["lt_id"] for row in rows]
    assert seen == {"lt_id", "lt_origin"}
    del rows[3]["lt_id"]
    rows[4]["lt_id"] = "  "
    write(name, rows)
    assert [row["lt_id"] for row in said(name)][3:5] == [identity({"text": "t3"}), identity({"text": "t4"})]
    assert seen == {"lt_id", "lt_origin", "text"}


def test_what_has_neither_id_nor_content_is_set_aside(here):
    (here / "a.jsonl").write_text(
        '{"text": "one"}\nnonsense\n[1]\n\n{"other": 1}\n{"lt_id": "known"}\n{"text": "\\ud800"}\n{"text": null}\n'
    )
    quarantine = Quarantine()
    assert [row["lt_id"] for row in said("a.jsonl", quarantine=quarantine)] == [identity({"text": "one"}), "known"]
    assert [(one.line, one.reason.partition(":")[0]) for one in quarantine.kept] == [
        (2, "malformed JSON"),
        (3, "expected an object with columns, found list"),
        (5, "no content"),
        (7, "not valid Unicode"),
        (8, "no content"),
    ]


def test_bytes_that_are_no_text_are_set_aside_and_nothing_else(here):
    bad = pa.array([b"good", b"\xff\xfe", b"fine"], pa.binary()).view(pa.string())
    pq.write_table(pa.table({"text": bad, "lt_origin": ["human"] * 3}), "a.parquet")
    quarantine = Quarantine()
    rows = said("a.parquet", quarantine=quarantine)
    assert [row["lt_id"] for row in rows] == [identity({"text": "good"}), identity({"text": "fine"})]
    assert [one.line for one in quarantine.kept] == [2]


def test_further_columns_are_carried_as_text(here):
    for name in ("a.jsonl", "a.parquet"):
        write(
            name, [{"text": "a", "n": 1, "meta": {"lang": "de"}, "flag": "x"}, {"text": "b", "n": 2, "meta": {"lang": "en"}, "flag": None}]
        )
        rows = said(name, extra=["n", "meta.lang", "flag", "nowhere"])
        assert [[row[key] for key in ("n", "meta.lang", "flag", "nowhere")] for row in rows] == [
            ["1", "de", "x", None],
            ["2", "en", None, None],
        ]


def test_a_content_column_that_is_named_is_what_ids_come_from(here):
    write("a.parquet", [{"body": "a", "lt_origin": "human"}])
    assert [row["lt_id"] for row in said("a.parquet", text_column="body")] == [identity({"body": "a"})]
    with pytest.raises(ReadError, match="no column with text was recognised; columns: body, lt_origin"):
        said("a.parquet")


def test_many_files_are_read_in_the_order_of_their_paths(here):
    (here / "d").mkdir()
    write("d/b.jsonl", [{"text": "b"}])
    write("d/a.parquet", [{"text": "a"}])
    write("c.csv", [{"text": "c"}])
    assert [row["lt_id"] for row in said(["d", "c.csv"])] == [identity({"text": text}) for text in "cab"]


def test_sampling_settings_that_are_objects_become_sorted_text(here):
    write("a.jsonl", [{"text": "a", "lt_decoding": {"top_p": 1, "temperature": 0.5}}])
    assert said("a.jsonl")[0]["lt_decoding"] == '{"temperature":0.5,"top_p":1}'


@pytest.mark.parametrize(
    ("name", "error", "words"),
    [
        ("none.jsonl", ReadError, "no such file"),
        ("-", UsageError, "more than once"),
        ("a.txt", UsageError, "without room for provenance columns"),
    ],
)
def test_what_cannot_be_read_is_refused(here, name, error, words):
    Path("a.txt").write_text("text")
    with pytest.raises(error, match=words):
        said(name)


def test_a_file_that_changes_between_two_passes_is_refused(here):
    write("a.jsonl", ROWS)
    stored = Stored(["a.jsonl"])
    assert sum(map(len, stored.chunks())) == 5
    write("a.jsonl", ROWS[:3])
    with pytest.raises(ReadError, match="changed while it was read"):
        list(stored.chunks())


def test_a_file_that_is_cut_off_is_refused(here):
    write("a.parquet", ROWS)
    whole = Path("a.parquet").read_bytes()
    Path("a.parquet").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ReadError, match="cannot be read to its end"):
        said("a.parquet")


def test_every_pass_sees_the_same_documents_in_the_same_order(here):
    rows = [{"text": f"{n} " + "x" * (n % 7) * 1000, "lt_id": str(n)} for n in range(3000)]
    for name in ("a.jsonl", "a.json", "a.csv", "a.parquet", "a.arrow"):
        write(name, rows)
        stored = Stored([name])
        for columns in (None, lambda path, schema: ["lt_id"]):
            seen = [record["lt_id"] for chunk in stored.chunks(columns) for record in chunk.records]
            assert seen == [row["lt_id"] for row in rows]


def test_statements_are_corrected_by_what_is_known(here):
    write("a.jsonl", ROWS)
    (batch,) = statements(["a.jsonl"])
    found = pa.RecordBatch.from_pydict(
        {"lt_id": ["x"], "lt_origin": pa.array(["human"]).dictionary_encode(), "lt_depth": pa.array([0], pa.int16())}
    )
    after = corrected(batch, lambda names: [found]).to_pylist()
    assert after[0] == batch.to_pylist()[0] | {"lt_origin": "human", "lt_depth": 0}
    assert after[1:] == batch.to_pylist()[1:]
    assert corrected(batch, lambda names: []) is batch
    silent = pa.RecordBatch.from_pydict({"lt_id": ["x"], "lt_origin": ["synthetic"], "lt_depth": pa.nulls(1, pa.int16())})
    assert corrected(batch, lambda names: [silent]).to_pylist() == batch.to_pylist()
    other = silent.set_column(1, "lt_origin", pa.array(["unknown"]))
    assert corrected(batch, lambda names: [other]).to_pylist()[0] == batch.to_pylist()[0] | {"lt_origin": "unknown", "lt_depth": None}


def test_a_hole_in_a_column_of_numbers_is_no_value(here):
    pq.write_table(pa.table({"text": ["a", "b"], "lt_origin": ["synthetic"] * 2, "lt_depth": [float("nan"), 2.0]}), "a.parquet")
    tally = Tally()
    assert [row["lt_depth"] for row in said("a.parquet", tally=tally)] == [None, 2]
    assert not tally.not_understood


def test_memory_does_not_grow_with_a_file(here):
    import numpy as np

    rng = np.random.default_rng(0)
    with pq.ParquetWriter("a.parquet", pa.schema([("text", pa.string())])) as writer:
        for _ in range(40):
            letters = rng.integers(97, 123, 2**20, dtype=np.uint8).tobytes().decode()
            writer.write_table(pa.table({"text": [letters[at : at + 1024] for at in range(0, 2**20, 1024)]}))
    assert Path("a.parquet").stat().st_size > 20 * 2**20
    before = pa.total_allocated_bytes()
    most = max(pa.total_allocated_bytes() - before for _ in Stored(["a.parquet"]).chunks())
    assert most < 20 * 2**20
