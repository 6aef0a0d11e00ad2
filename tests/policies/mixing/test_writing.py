"""Training sets as files: every column is kept, formats and columns may differ, and what fails leaves nothing behind."""

import errno
import gzip
import json
import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from longtail.errors import ReadError, UsageError
from longtail.ledger.manifest import read_manifest
from longtail.policies.mixing import Asked, making, mix, mixture, writing

from .mixing_help import human, ids, put, take, written

BOTH = ["human.jsonl", "model.parquet"]


@pytest.fixture
def data(here):
    put("human.jsonl", human(20))
    put("model.parquet", [row | {"score": 0.5, "n": 3} for row in written(1, 20)])
    return here


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


def test_lines_keep_their_bytes_and_gain_what_they_lack(here):
    line = '{"text":"caf\\u00e9","n":1e400,"big":123456789012345678901234567890,"f":1.0,"x":NaN, "lt_origin":"human"}'
    plain = '{ "text" : "spaced out" , "lt_origin" : "human" }'
    weighed = '{"text":"caf\\u00e9 again","lt_weight":7,"f":1.0,"big":123456789012345678901234567890, "lt_origin":"human"}'
    Path("a.jsonl").write_text(f"{line}\n{plain}\n{weighed}\n")
    mix("a.jsonl", "accumulate", output="out.jsonl")
    first, second, third = Path("out.jsonl").read_text().splitlines()
    for kept in ('"text":"caf\\u00e9"', '"n":1e400', '"big":123456789012345678901234567890', '"f":1.0', '"x":NaN', '"lt_weight":1.0'):
        assert kept in first
    assert third.startswith('{"text":"caf\\u00e9 again","lt_weight":1.0,"f":1.0,"big":123456789012345678901234567890,')
    assert second.startswith('{ "text" : "spaced out" , "lt_origin" : "human"')
    assert json.loads(second)["lt_weight"] == 1
    assert len(json.loads(second)["lt_id"]) == 32


def test_formats_and_columns_that_differ_become_one_table(data):
    made = mixture(Asked(policy="accumulate", discount=0.25), BOTH, output="out.parquet")
    table = pq.read_table("out.parquet")
    assert table.schema.names == ["text", "score", "n", "source", "lt_id", "lt_origin", "lt_depth", "lt_weight"]
    assert (table.schema.field("score").type, table.schema.field("n").type) == (pa.float64(), pa.int64())
    rows = table.to_pylist()
    assert rows[0] == human(1)[0] | {"score": None, "n": None, "lt_depth": None, "lt_weight": 1.0}
    assert rows[20] == written(1, 1)[0] | {"source": None, "score": 0.5, "n": 3, "lt_weight": 0.25}
    assert (len(rows), made.as_text) == (40, ())


def test_formats_and_columns_that_differ_stay_as_they_are_in_lines(data):
    mix(BOTH, "accumulate", output="out.jsonl")
    rows = take("out.jsonl")
    assert rows[0] == human(1)[0] | {"lt_weight": 1.0}
    assert rows[20] == written(1, 1)[0] | {"score": 0.5, "n": 3, "lt_weight": 1.0}


def test_types_that_do_not_go_together_become_text_and_are_named(here):
    put("a.jsonl", [row | {"mark": {"a": 1}, "n": 1, "deep": {"x": 1}} for row in human(3)])
    put("b.parquet", [row | {"mark": "plain", "n": 1.5, "deep": {"y": "z"}} for row in written(1, 3)])
    put("c.jsonl", [row | {"mark": None, "n": None, "only": [1, 2]} for row in human(2, start=9)])
    made = mixture(Asked(policy="accumulate"), ["a.jsonl", "b.parquet", "c.jsonl"], output="out.parquet")
    rows = pq.read_table("out.parquet").to_pylist()
    assert made.as_text == ("mark",)
    assert [row["mark"] for row in rows] == ['{"a":1}'] * 3 + ["plain"] * 3 + [None] * 2
    assert [row["n"] for row in rows] == [1.0] * 3 + [1.5] * 3 + [None] * 2
    assert [row["deep"] for row in rows] == [{"x": 1, "y": None}] * 3 + [{"x": None, "y": "z"}] * 3 + [None] * 2
    assert rows[-1]["only"] == [1, 2]


def test_a_table_of_text_becomes_rows_without_empty_provenance(here):
    put("a.csv", human(2) + [row | {"lt_model": "m"} for row in written(3, 2)])
    mix("a.csv", "accumulate", output="out.jsonl")
    rows = take("out.jsonl")
    assert rows[0] == human(1)[0] | {"lt_weight": 1.0}
    assert rows[2] == written(3, 1)[0] | {"source": "", "lt_model": "m", "lt_weight": 1.0}


@pytest.mark.parametrize("suffix", [".jsonl.gz", ".jsonl.zst", ".parquet", ".ndjson"])
def test_the_suffix_chooses_the_format_and_the_manifest_holds_the_hash(data, suffix):
    import hashlib

    made = mix(BOTH, "accumulate", output=f"out{suffix}")
    assert made.sha256 == hashlib.sha256(Path(f"out{suffix}").read_bytes()).hexdigest()
    assert read_manifest(f"out{suffix}.manifest.json") == made
    if suffix == ".jsonl.gz":
        assert len(gzip.decompress(Path("out.jsonl.gz").read_bytes()).splitlines()) == 40
    assert mix([f"out{suffix}"], "accumulate", output="again.jsonl").rows == 40


def test_zero_bytes_dates_bytes_and_lone_surrogates_survive(here):
    put("a.jsonl", [row | {"text": f"nul \0 {row['text']}"} for row in human(2)])
    Path("b.jsonl").write_text('{"text": "fine", "lt_origin": "human", "odd": "\\ud800", "deep": ["\\ud800"]}\n')
    table = pa.table(
        {
            "text": ["of a table"],
            "lt_origin": ["human"],
            "when": pa.array([1_700_000_000_123_456_789], pa.timestamp("ns")),
            "raw": pa.array([b"\x00\xff"], pa.binary()),
        }
    )
    pq.write_table(table, "c.parquet")
    data = ["a.jsonl", "b.jsonl", "c.parquet"]
    mix(data, "accumulate", output="out.jsonl")
    rows = take("out.jsonl")
    assert [row["text"] for row in rows] == ["nul \0 human 0", "nul \0 human 1", "fine", "of a table"]
    assert rows[2]["odd"] == "\ud800"
    assert rows[3]["when"].startswith("2023-11-14T22:13:20.123456")
    mix(data, "accumulate", output="out.parquet")
    back = pq.read_table("out.parquet")
    assert back.column("text").to_pylist() == [row["text"] for row in rows]
    assert back.column("raw").to_pylist() == [None] * 3 + [b"\x00\xff"]
    assert back.column("when").type == pa.timestamp("ns")
    assert back.column("odd").to_pylist()[2] == "?"


def test_a_row_of_twenty_megabytes_passes_through(here):
    big = "x" * 20_000_000
    put("a.jsonl", [{"text": big, "lt_origin": "human"}, *human(3)])
    put("b.parquet", [{"text": big + "y", "lt_origin": "synthetic"}, *written(1, 3)])
    for output in ("out.jsonl", "out.parquet"):
        made = mix(["a.jsonl", "b.parquet"], "accumulate", output=output)
        assert made.rows == 8
        assert sorted(len(row["text"]) for row in take(output))[-2:] == [20_000_000, 20_000_001]


def test_a_dry_run_writes_nothing(data):
    made = mixture(Asked(policy="fixed_budget", min_real=None, allow_replace=True), BOTH)
    assert (made.written, made.manifest.sha256, made.manifest.output) == (False, None, None)
    assert (made.manifest.rows, sum(made.manifest.origins.values())) == (20, 20)
    assert names_in(data) == ["human.jsonl", "model.parquet"]


def test_a_dry_run_and_the_run_agree(data):
    asked = Asked(policy="fixed_budget", allow_replace=True, discount=0.5)
    dry, real = (mixture(asked, BOTH, output=output).manifest for output in (None, "out.jsonl"))
    for name in dry.__struct_fields__:
        if name not in ("output", "sha256", "created_at"):
            assert getattr(dry, name) == getattr(real, name)


def test_a_full_disk_leaves_the_old_file_and_no_draft(data, monkeypatch):
    mix(BOTH, "accumulate", output="out.jsonl")
    before = {name: (data / name).read_bytes() for name in names_in(data)}
    plain = writing.open_sink

    class Full:
        def __init__(self, sink):
            self.sink = sink

        def __enter__(self):
            return self

        def __exit__(self, *error):
            self.sink.close()

        def write(self, block):
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(writing, "open_sink", lambda *paths: Full(plain(*paths)))
    with pytest.raises(UsageError, match=r"cannot write 'out.jsonl': No space left on device"):
        mix(BOTH, "accumulate", output="out.jsonl", discount=0.5)
    assert {name: (data / name).read_bytes() for name in names_in(data)} == before


def test_a_manifest_that_cannot_be_written_takes_the_training_set_with_it(data, monkeypatch):
    def full(self, block):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(UsageError, match=r"cannot write 'out.jsonl.manifest.json': No space left on device"):
        mix(BOTH, "accumulate", output="out.jsonl")
    assert names_in(data) == ["human.jsonl", "model.parquet"]


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("out.txt", "JSON Lines .* or Parquet"),
        ("out.csv", "JSON Lines .* or Parquet"),
        ("out.parquet.gz", "JSON Lines .* or Parquet"),
        ("nowhere/out.jsonl", "there is no folder 'nowhere'"),
        ("human.jsonl", "is one of the inputs"),
        ("d/out.jsonl", "is one of the inputs, or lies in one"),
        ("a\0b.jsonl", "cannot write"),
    ],
)
def test_an_output_that_cannot_be_is_refused_before_the_work(data, output, words):
    (data / "d").mkdir()
    put("d/more.jsonl", human(1, start=77))
    with pytest.raises(UsageError, match=words):
        mix([*BOTH, "d"], "accumulate", output=output)
    with pytest.raises(UsageError, match="name another place"):
        mix([*BOTH, "d"], "accumulate", output="fine.jsonl", manifest="human.jsonl")
    assert names_in(data) == ["d", "human.jsonl", "model.parquet"]


def test_a_folder_that_may_not_be_written_to_is_one_error(data, monkeypatch):
    def refuse(draft, output):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(writing, "open_sink", refuse)
    with pytest.raises(UsageError, match="cannot write 'out.jsonl': Permission denied"):
        mix(BOTH, "accumulate", output="out.jsonl")


def test_data_that_change_between_the_passes_are_refused(data, monkeypatch):
    plain = making.chosen

    def meddling(*given):
        put("human.jsonl", human(25))
        return plain(*given)

    monkeypatch.setattr(making, "chosen", meddling)
    with pytest.raises(ReadError, match="changed while it was read"):
        mix(BOTH, "accumulate", output="out.jsonl")
    assert not os.path.exists("out.jsonl")


def test_data_without_a_single_document_are_refused(here):
    for text, words in (("", "no documents"), ("nonsense\n", "no documents: all 1 were set aside .*malformed JSON")):
        Path("a.jsonl").write_text(text)
        with pytest.raises(ReadError, match=words):
            mix("a.jsonl", "accumulate", output="out.jsonl")
    put("a.jsonl", [{"text": "who", "n": 1}])
    with pytest.raises(UsageError, match="LT201"):
        mix("a.jsonl", "accumulate", output="out.jsonl")


@pytest.mark.parametrize("data", [[], [{"text": "a"}], pa.table({"text": ["a"]}), 7])
def test_what_is_no_list_of_files_is_refused(here, data):
    with pytest.raises(UsageError, match="name .*files"):
        mix(data, "accumulate", output="out.jsonl")


def test_what_is_set_aside_is_counted_and_not_written(here):
    Path("a.jsonl").write_text('{"text": "one", "lt_origin": "human"}\nbroken\n\n{"n": 1}\n{"text": "two", "lt_origin": "human"}\n')
    made = mixture(Asked(policy="accumulate"), "a.jsonl", output="out.jsonl")
    assert (made.documents, made.quarantined, [one.line for one in made.quarantine]) == (2, 2, [2, 4])
    assert [row["text"] for row in take("out.jsonl")] == ["one", "two"]
    Path("b.csv").write_text("text,lt_origin\none,human\na,b,c\ntwo,human\n")
    made = mixture(Asked(policy="accumulate"), "b.csv", output="out.jsonl")
    assert (made.documents, made.quarantined, [one.line for one in made.quarantine]) == (2, 1, [3])


def test_one_set_is_the_next_one_is_data_again(data):
    mix(BOTH, "accumulate", discount=0.5, output="one.jsonl")
    put("gen2.jsonl", written(2, 30))
    made = mix(["one.jsonl", "gen2.jsonl"], "accumulate", discount=0.1, previous="one.jsonl.manifest.json", output="two.jsonl")
    assert made.weights == {"human": 1.0, "synthetic": 0.1}
    assert (made.generation, made.rows, made.settings["found"]["retained_real_share"]) == (3, 70, 1.0)
    assert len(set(ids("two.jsonl"))) == 70
