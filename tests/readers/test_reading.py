import hashlib
import io
import sys

import numpy as np
import pyarrow as pa
import pytest

from longtail.errors import ConfigError, ReadError, UsageError
from longtail.readers import Vector, read, vectors_of
from longtail.readers.files import Files
from longtail.readers.memory import Memory, Stdin
from longtail.readers.npy import ArrayFiles, Arrays
from longtail.readers.reading import source_of

from .readers_help import texts


def stdin(monkeypatch, data):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


def test_what_the_user_hands_over_decides_where_data_come_from(write):
    write("a.txt", "one")
    np.save("a.npy", np.zeros((2, 2)))
    cases = {
        Files: ["a.txt", ["a.txt"], ("a.txt", "a.txt")], ArrayFiles: ["a.npy", ["a.npy"]], Stdin: ["-", ["-"]],
        Arrays: [np.zeros((2, 2)), np.zeros(3), np.zeros((2, 2), "i2")],
        Memory: [["a text of words"], [], [{"text": "x"}], iter(["x"]), pa.table({"text": ["x"]}), np.array(["x", "y"])],
    }  # fmt: skip
    assert [(kind, type(source_of(data, None))) for kind, given in cases.items() for data in given] == [
        (kind, kind) for kind, given in cases.items() for _ in given
    ]


@pytest.mark.parametrize(
    ("data", "error", "says"),
    [
        (3, UsageError, "cannot read a int; give a path, an Arrow table, or an iterable of strings or records"),
        (None, UsageError, "cannot read a NoneType"),
        ({"text": "x"}, UsageError, "cannot read a dict"),
        (b"text", UsageError, "cannot read a bytes"),
        ("", UsageError, "'' is not a path; give a file, a folder, a glob or -"),
        ("a\0b", UsageError, "is not a path"),
        (["a.txt", ""], UsageError, "'' is not a path"),
        (["-", "a.txt"], UsageError, r"standard input \(-\) cannot be read together with files"),
        ("nowhere.jsonl", ReadError, "nowhere.jsonl: no such file or folder"),
        ("nowhere-*.jsonl", ReadError, "the pattern matches no file"),
        (np.array([[1 + 2j]]), ReadError, "holds complex128 and not real numbers"),
        (np.zeros((2, 2, 2)), ReadError, r"has the shape \(2, 2, 2\)"),
    ],
)
def test_what_is_no_data_is_refused_before_anything_is_read(write, data, error, says):
    write("a.txt", "one")
    with pytest.raises(error, match=says):
        read(data)


@pytest.mark.parametrize(
    ("data", "options", "says"),
    [
        ("-", {"table": "t"}, "standard input has no tables; leave --table out"),
        ([{"text": "x"}], {"table": "t"}, "data in memory has no tables"),
        ("a.txt", {"table": "t"}, "a.txt is not SQLite; leave --table out"),
        ("a.txt", {"by": "kind"}, r"by='kind' is text, not a list of columns; write by=\['kind'\]"),
        ("a.npy", {"text_column": "body"}, "text_column='body' was given, and a.npy holds no text and no tables"),
        ("a.npy", {"table": "t"}, "table='t' was given, and a.npy holds no text"),
        ("p", {"text_column": "body"}, "text_column='body' was given, and p holds no text"),
        ("a.npy", {"features": "a.npy"}, "features were given, and a.npy holds features itself; leave them out"),
        ("a.txt", {"features": "a.npy", "by": [Vector("features")]}, "the column 'features' and features are both vectors of that name"),
    ],
)
def test_options_that_do_not_fit_the_data_are_refused(write, data, options, says):
    write("a.txt", "one")
    write("p/a.png", b"x")
    np.save("a.npy", np.zeros((1, 2)))
    with pytest.raises(UsageError, match=says):
        read(data, **options)


def test_features_of_no_known_kind_are_refused(write):
    with pytest.raises(ConfigError, match=r"features=3 \(int\): expected a \.npy file, an array, a function or 'module:function'"):
        read(write("a.txt", "one"), features=3)


def test_each_pass_over_a_file_counts_anew(write):
    reading = read(write("a.jsonl", [{"text": "a"}, {"text": ""}, {"text": "b"}]))
    assert (reading.documents, reading.quarantined, reading.quarantine) == (0, 0, ())
    for _ in range(2):
        assert texts(reading) == ["a", "b"]
        assert (reading.documents, reading.quarantined, len(reading.quarantine)) == (2, 1, 1)


def test_what_can_be_read_once_is_refused_the_second_time(monkeypatch):
    stdin(monkeypatch, b"one\ntwo\n")
    for reading, says in ((read("-"), "standard input can be read once"), (read(iter(["a", "b"])), "list_iterator can be read once")):
        assert len(texts(reading)) == 2
        with pytest.raises(UsageError, match=says):
            reading.batches()
    again = read(["a text", "another text"])
    assert texts(again) == texts(again) == ["a text", "another text"]


def test_nothing_to_read_is_an_error_that_says_why(write):
    with pytest.raises(ReadError, match="a.jsonl: no documents; check that the right file was named"):
        texts(read(write("a.jsonl", "")))
    with pytest.raises(ReadError, match=r"b\.jsonl: no documents: all 2 were set aside \(b\.jsonl:1: empty document; b\.jsonl:2: "):
        texts(read(write("b.jsonl", [{"text": ""}, {"text": " "}])))


def test_progress_is_told_after_every_batch_with_the_documents_so_far():
    told = []
    texts(read(pa.table({"text": ["x"] * 8193}), on_progress=told.append))
    assert [(step.stage, step.done) for step in told] == [("reading", 8192), ("reading", 8193)]


def test_path_parts_size_and_hash_are_those_of_the_files(write):
    write("a.txt", "one")
    write("b.txt", "twos")
    one, both = read("a.txt"), read(["b.txt", "a.txt"])
    assert (one.path, one.parts, one.bytes, one.sha256) == ("a.txt", ("a.txt",), 3, hashlib.sha256(b"one").hexdigest())
    hashes = "".join(sorted(hashlib.sha256(data).hexdigest() for data in (b"one", b"twos")))
    assert (both.path, both.parts, both.bytes) == ("b.txt, a.txt", ("a.txt", "b.txt"), 7)
    assert both.sha256 == hashlib.sha256(hashes.encode()).hexdigest()
    memory = read(["a text"])
    assert (memory.path, memory.parts, memory.sha256) == ("<memory>", (), None)


def test_the_kind_of_documents_is_told(write):
    write("p/a.png", b"x")
    write("s/a.wav", b"x")
    rows = read([{"n": 1}], rows=True)
    texts(rows)
    kinds = [read("p").kind, read("s").kind, read(np.zeros((1, 2))).kind, read([{"text": "x"}]).kind, rows.kind]
    assert kinds == ["picture", "sound", "vector", "text", "row"]


def test_a_function_gets_texts_of_texts_and_paths_of_pictures(write):
    write("p/a.png", b"x")
    write("p/b.png", b"")
    write("p/c.png", b"z")
    seen = []

    def lengths(given):
        seen.extend(given)
        return np.array([[len(each), 0.0] for each in given])

    for data in ("p", [{"text": "one"}, {"text": ""}, {"text": "three"}]):
        (batch,) = read(data, features=lengths).batches()
        assert vectors_of(batch["vector:features"]).shape == (2, 2) and "position" not in batch.schema.names
    assert seen == ["p/a.png", "p/c.png", "one", "three"]


def test_rows_of_features_go_with_their_documents_past_those_set_aside():
    rows = np.arange(6, dtype=np.float32).reshape(3, 2)
    (batch,) = read([{"text": "a"}, {"text": ""}, {"text": "c"}], features=rows).batches()
    assert vectors_of(batch["vector:features"]).tolist() == [[0, 1], [4, 5]]
    with pytest.raises(ReadError, match="has 2 documents, .*have 3 rows"):
        texts(read([{"text": "a"}, {"text": "b"}], features=rows))


def test_texts_only_passes_over_pictures_and_arrays_in_a_folder(write):
    write("d/a.txt", "words")
    write("d/b.png", b"x")
    assert texts(read("d", texts_only=True)) == ["words"]
    with pytest.raises(ReadError, match="holds 1 pictures"):
        read("d")
