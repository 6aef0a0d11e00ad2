"""Scores: the same rows from every kind of file, what is set aside, and what is refused."""

import hashlib
import json
import math
import subprocess
import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from longtail.errors import ReadError, UsageError
from longtail.readers.scores import id_hash, read_scores, scores_of

from .readers_help import squeeze

ROWS = [
    {"lt_id": "b", "nll": 20.5, "tokens": 10, "correct": 1, "split": "heldout"},
    {"lt_id": "a", "nll": 3.25, "tokens": 2, "correct": 0, "split": "heldout"},
    {"lt_id": "t", "nll": 1.5, "tokens": 4, "correct": 1, "split": "train"},
    {"lt_id": "é ü", "nll": 0.0, "tokens": 1, "correct": 1, "split": "heldout"},
]
PLAIN = [{name: row[name] for name in ("lt_id", "nll", "tokens")} for row in ROWS if row["split"] == "heldout"]


def lines(rows):
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def table(rows, mark=","):
    names = list(rows[0])
    return "".join(mark.join(map(str, cells)) + "\n" for cells in [names, *([row[name] for name in names] for row in rows)]).encode()


def parquet(rows):
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pylist(rows), sink, row_group_size=2)
    return sink.getvalue().to_pybytes()


WRITERS = {".jsonl": lines, ".json": lambda rows: json.dumps(rows).encode(), ".csv": table, ".tsv": lambda rows: table(rows, "\t")}
SUFFIXES = [*(suffix + packing for suffix in WRITERS for packing in ("", ".gz", ".zst")), ".parquet"]


def written(write, rows, suffix=".jsonl"):
    stem, _, packing = suffix.partition(".")[2].partition(".")
    data = parquet(rows) if suffix == ".parquet" else squeeze(WRITERS[f".{stem}"](rows), f".{packing}" if packing else "")
    return write("scores" + suffix, data)


def by_hand(name):
    """Return the hash of an id as BLAKE2b's RFC 7693 has it."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8, key=b"longtail scores").digest(), "little")


def by_name(scores):
    return {name: (nll, tokens) for name, nll, tokens in zip(scores.names, scores.nll.tolist(), scores.tokens.tolist(), strict=True)}


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_kind_of_file_gives_the_same_scores(write, suffix):
    scores = read_scores(written(write, ROWS, suffix))
    assert by_name(scores) == {"b": (20.5, 10), "a": (3.25, 2), "é ü": (0.0, 1)}
    assert dict(zip(scores.names, scores.correct.tolist(), strict=True)) == {"b": 1.0, "a": 0.0, "é ü": 1.0}
    assert (scores.train.nll.tolist(), scores.train.tokens.tolist()) == ([1.5], [4])
    assert scores.tokens.dtype == np.int64
    assert (scores.quarantined, scores.quarantine) == (0, ())
    assert scores.path == "scores" + suffix


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".parquet"])
def test_columns_that_may_be_left_out(write, suffix):
    scores = read_scores(written(write, PLAIN, suffix))
    assert (len(scores.ids), scores.correct, scores.train) == (3, None, None)


def test_documents_stand_in_the_order_of_a_hash_that_any_machine_gives(write):
    scores = read_scores(written(write, [{"lt_id": f"d{i}", "nll": 1.0, "tokens": 1} for i in range(50)]))
    assert scores.ids.tolist() == [by_hand(name) for name in scores.names] == sorted(map(by_hand, scores.names))
    assert scores.ids.dtype == np.uint64


def test_a_hash_does_not_depend_on_the_process():
    code = "import sys; from longtail.readers.scores import id_hash; sys.stdout.write(str(id_hash('d7')))"
    for seed in ("1", "2"):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env={"PYTHONHASHSEED": seed}, check=True)
        assert int(done.stdout) == id_hash("d7")


def test_the_order_of_the_rows_does_not_matter(write):
    rows = [{"lt_id": f"d{i}", "nll": float(i), "tokens": i + 1, "split": "train" if i % 3 == 0 else "heldout"} for i in range(40)]
    one, other = read_scores(write("a.jsonl", rows)), read_scores(write("b.jsonl", rows[::-1]))
    for name in ("ids", "nll", "tokens"):
        assert np.array_equal(getattr(one, name), getattr(other, name))
    assert np.array_equal(one.train.nll, other.train.nll)
    assert one.names == other.names


def test_a_whole_number_and_its_digits_are_one_id(write):
    text = read_scores(write("a.csv", "lt_id,nll,tokens\n7,1.0,2\n12345678901234567,1.0,2\n"))
    number = read_scores(write("b.jsonl", [{"lt_id": 7, "nll": 1, "tokens": 2}, {"lt_id": 12345678901234567, "nll": 1, "tokens": 2}]))
    double = read_scores(write("c.jsonl", [{"lt_id": 7.0, "nll": 1, "tokens": 2.0}]))
    assert text.ids.tolist() == number.ids.tolist()
    assert set(double.names) < set(number.names) == {"7", "12345678901234567"}


BAD = [
    ({"lt_id": "x", "nll": math.nan, "tokens": 2}, "nll is nan; expected a finite number"),
    ({"lt_id": "x", "nll": math.inf, "tokens": 2}, "nll is inf; expected a finite number"),
    ({"lt_id": "x", "nll": -0.5, "tokens": 2}, "nll is -0.5; minus a log-probability is 0 or more"),
    ({"lt_id": "x", "nll": None, "tokens": 2}, "nll: expected a number, found null"),
    ({"lt_id": "x", "nll": "low", "tokens": 2}, "nll: expected a number, found text"),
    ({"lt_id": "x", "nll": True, "tokens": 2}, "nll: expected a number, found boolean"),
    ({"lt_id": "x", "tokens": 2}, "nll: expected a number, found null"),
    ({"lt_id": "x", "nll": 1.0, "tokens": 0}, "tokens is 0; expected a whole number of at least 1"),
    ({"lt_id": "x", "nll": 1.0, "tokens": -3}, "tokens is -3; expected a whole number of at least 1"),
    ({"lt_id": "x", "nll": 1.0, "tokens": 2.5}, "tokens is 2.5; expected a whole number of at least 1"),
    ({"lt_id": None, "nll": 1.0, "tokens": 2}, "lt_id: expected text or a whole number, found null"),
    ({"lt_id": "", "nll": 1.0, "tokens": 2}, "lt_id: expected text or a whole number, found nothing"),
    ({"lt_id": 1.5, "nll": 1.0, "tokens": 2}, "lt_id: expected text or a whole number, found number"),
    ({"lt_id": False, "nll": 1.0, "tokens": 2}, "lt_id: expected text or a whole number, found boolean"),
    ({"lt_id": "x", "nll": 1.0, "tokens": 2, "correct": 0.5}, "correct is 0.5; expected 0, 1, true or false"),
    ({"lt_id": "x", "nll": 1.0, "tokens": 2, "tail": "rare"}, "tail is 'rare'; expected 0, 1, true or false"),
    ({"lt_id": "x", "nll": 1.0, "tokens": 2, "entropy": -0.1}, "entropy is -0.1; expected a number from 0"),
    ({"lt_id": "x", "nll": 1.0, "tokens": 2, "top1": 1.5}, "top1 is 1.5; expected a number from 0 to 1"),
    ({"lt_id": "x", "nll": 1.0, "tokens": 2, "top1": "high"}, "top1: expected a number, found text"),
    ({"lt_id": "x", "nll": 1.0, "tokens": 2, "split": "test"}, "split is 'test'; expected 'heldout', 'train' or 'own'"),
    (["x", 1.0, 2], "expected an object with columns, found list"),
]


@pytest.mark.parametrize(("row", "reason"), BAD, ids=[reason for _, reason in BAD])
def test_a_bad_row_is_set_aside_with_its_line_and_reason(write, row, reason):
    scores = read_scores(write("scores.jsonl", [PLAIN[0], row, PLAIN[1]]))
    assert len(scores.ids) == 2
    assert scores.quarantined == 1
    assert [(one.path, one.line, one.reason) for one in scores.quarantine] == [("scores.jsonl", 2, reason)]


def test_a_lone_surrogate_is_no_id(write):
    scores = read_scores(write("scores.jsonl", lines([PLAIN[0]]) + b'{"lt_id": "\\ud800", "nll": 1, "tokens": 1}\n'))
    assert [one.reason for one in scores.quarantine] == ["lt_id: not valid Unicode"]


def test_lines_that_are_no_records_are_set_aside_in_json_and_in_csv(write):
    broken = read_scores(write("a.jsonl", lines(PLAIN[:1]) + b"oops\n" + lines(PLAIN[1:])))
    short = read_scores(write("a.csv", "lt_id,nll,tokens\na,1.0,2\nb,1.0\n\nc,,2\nd,2.0,3\n"))
    assert [one.line for one in broken.quarantine] == [2]
    assert [(one.line, one.reason) for one in short.quarantine] == [
        (3, "the row has 2 fields, the header has 3"),
        (5, "nll: expected a number, found nothing"),
    ]
    assert sorted(short.names) == ["a", "d"]


def test_bad_rows_of_parquet_are_counted_from_one(tmp_path):
    bad = {1, 3, 65_536, 65_537, 70_000}
    rows = pa.table({"lt_id": range(1, 70_001), "nll": [-1.0 if row in bad else 1.0 for row in range(1, 70_001)], "tokens": [1] * 70_000})
    pq.write_table(rows, tmp_path / "a.parquet")
    scores = read_scores(tmp_path / "a.parquet")
    assert {one.line for one in scores.quarantine} == bad
    assert len(scores.ids) == 69_995


@pytest.mark.parametrize("said", [True, 1, 1.0, "True", "1"])
def test_a_right_answer_is_written_in_several_ways(write, said):
    scores = read_scores(write("a.jsonl", [{**PLAIN[0], "correct": said}, {**PLAIN[1], "correct": False}, PLAIN[2]]))
    found = dict(zip(scores.names, scores.correct.tolist(), strict=True))
    assert (found["b"], found["a"]) == (1.0, 0.0)
    assert math.isnan(found["é ü"])


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".parquet"])
def test_a_document_with_two_rows_in_a_split_is_named(write, suffix):
    rows = [*PLAIN, {**PLAIN[1], "nll": 9.0}]
    with pytest.raises(ReadError, match=r"the document 'a' has two rows in the split 'heldout', the first in .* \d; keep one row"):
        read_scores(written(write, rows, suffix))


def test_an_id_may_come_once_in_each_split(write):
    scores = read_scores(write("a.jsonl", [PLAIN[0], {**PLAIN[0], "split": "train"}]))
    assert (len(scores.ids), len(scores.train.nll)) == (1, 1)


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".parquet"])
def test_a_column_that_is_not_there_is_named_with_those_that_are(write, suffix):
    rows = [{"id": row["lt_id"], "loss": row["nll"], "tokens": row["tokens"]} for row in PLAIN]
    with pytest.raises(ReadError, match=r"no column 'lt_id', 'nll'; columns: id, loss, tokens; write one row for each document"):
        read_scores(written(write, rows, suffix))


def test_a_file_without_one_sound_row_gives_the_reasons(write):
    with pytest.raises(ReadError, match=r"all 2 rows were set aside \(a\.jsonl:1: nll is -1\.0.*a\.jsonl:2: tokens is 0"):
        read_scores(write("a.jsonl", [{"lt_id": "a", "nll": -1.0, "tokens": 1}, {"lt_id": "b", "nll": 1.0, "tokens": 0}]))


@pytest.mark.parametrize(("name", "content"), [("a.jsonl", b""), ("a.json", b"[]"), ("a.csv", b"lt_id,nll,tokens\n")])
def test_a_file_without_rows_says_so(write, name, content):
    with pytest.raises(ReadError, match=rf"{name}: no scores: the file has no rows"):
        read_scores(write(name, content))


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".parquet"])
def test_what_a_model_wrote_itself_and_what_it_thought_of_the_next_token_are_read(write, suffix):
    further = {"tail": 1, "entropy": 1.25, "top1": 0.5}
    rows = [{**PLAIN[0], "split": "heldout", **further}, {**PLAIN[0], "split": "own", **further}, {**PLAIN[1], "split": "", **further}]
    rows[2] |= {"tail": 0, "entropy": 0.0, "top1": 1.0}
    scores = read_scores(written(write, rows, suffix))
    assert (scores.own.nll.tolist(), scores.own.tokens.tolist()) == ([20.5], [10])
    at = [scores.names.index(name) for name in ("b", "a")]
    assert [column[at].tolist() for column in (scores.tail, scores.entropy, scores.top1)] == [[1.0, 0.0], [1.25, 0.0], [0.5, 1.0]]


def test_columns_that_say_nothing_of_a_document_are_not_a_number_there(write):
    scores = read_scores(write("a.jsonl", [{**PLAIN[0], "entropy": 2.0}, PLAIN[1], {**PLAIN[1], "split": "own", "top1": 0.5}]))
    assert sorted(map(str, scores.entropy.tolist())) == ["2.0", "nan"]
    assert (scores.tail, scores.top1) == (None, None)
    assert len(scores.own.nll) == 1


def test_scores_of_own_output_alone_are_not_enough(write):
    with pytest.raises(ReadError, match="all 2 scores are of split 'train' and 'own'; add scores of held-out documents"):
        read_scores(write("a.jsonl", [{**PLAIN[0], "split": "own"}, {**PLAIN[0], "split": "train"}]))


def test_scores_of_training_documents_alone_are_not_enough(write):
    with pytest.raises(ReadError, match="all 1 scores are of split 'train'; add scores of held-out documents"):
        read_scores(write("a.jsonl", [{**PLAIN[0], "split": "train"}]))


def test_a_file_that_is_not_there_or_of_another_kind_is_refused(write, tmp_path):
    with pytest.raises(ReadError, match=r"absent\.jsonl: no such file of scores"):
        read_scores("absent.jsonl")
    with pytest.raises(ReadError, match="no such file of scores"):
        read_scores(tmp_path)
    with pytest.raises(ReadError, match=r"a\.txt: scores cannot be read from a file of the format text; write JSON Lines, CSV or Parquet"):
        read_scores(write("a.txt", b"a text"))


@pytest.mark.parametrize("suffix", [".csv.gz", ".parquet"])
def test_a_file_cut_off_is_an_error_and_not_a_short_read(write, suffix):
    rows = [{"lt_id": f"document {i * 7919}", "nll": i * 1.1, "tokens": i + 1} for i in range(5000)]
    data = parquet(rows) if suffix == ".parquet" else squeeze(table(rows), ".gz")
    with pytest.raises(ReadError, match=r"cut.* cannot be read to its end"):
        read_scores(write("cut" + suffix, data[: len(data) // 2]))


def test_a_quote_that_is_never_closed_is_an_error(write):
    with pytest.raises(ReadError, match="malformed CSV: unexpected end of data"):
        read_scores(write("a.csv", 'lt_id,nll,tokens\n"a,1.0,2\nb,1.0,2\n'))


def test_arrays_in_memory_are_the_scores_of_the_same_file(tmp_path):
    columns = {"lt_id": [f"d{i}" for i in range(5)], "nll": np.linspace(1, 9, 5), "tokens": np.arange(1, 6), "correct": [1, 0, 1, 1, 0]}
    path = tmp_path / "scores.jsonl"
    rows = pa.table(columns).to_pylist()
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    given, read = scores_of(columns), read_scores(path)
    for field in ("ids", "nll", "tokens", "correct"):
        assert getattr(given, field).tolist() == getattr(read, field).tolist()
    assert scores_of(pa.table(columns)).names == read.names


@pytest.mark.parametrize(
    ("columns", "error", "said"),
    [
        ({"lt_id": ["a"], "nll": [1.0, 2.0], "tokens": [3]}, UsageError, "equal length"),
        ([1, 2], UsageError, "arrays of equal length by name"),
        ({"lt_id": ["a"], "nll": [1.0]}, ReadError, "no column 'tokens'"),
        ({"lt_id": ["a"], "nll": [float("nan")], "tokens": [3]}, ReadError, "set aside"),
    ],
)
def test_arrays_that_are_no_scores_say_why(columns, error, said):
    with pytest.raises(error, match=said):
        scores_of(columns)
