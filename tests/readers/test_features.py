import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from longtail.errors import ConfigError, ReadError, UsageError
from longtail.readers import FEATURES, Vector, features, read, vectors_of

from .readers_help import texts

BAD = '{"text": "bad'


def lines(count):
    return "".join(f'{{"text": "d{i}"}}\n' for i in range(count))


def numbered(given):
    """A function of texts: the number in each."""
    return np.array([[float(text[1:]), 1.0] for text in given])


def vectors(reading):
    return np.concatenate([vectors_of(batch[FEATURES]) for batch in reading.batches()])


def indices(count):
    return np.arange(count, dtype=np.float32)[:, None]


def told(reading):
    """Documents with the first number of their vector."""
    batches = list(reading.batches())
    assert all("position" not in batch.schema.names for batch in batches)
    return {
        text: float(row[0]) for batch in batches for text, row in zip(batch["text"].to_pylist(), vectors_of(batch[FEATURES]), strict=True)
    }


def as_lines(write):
    return write("a.jsonl", '{"text": "d0"}\nbroken\n{"text": "d2"}\n\n{"text": ""}\n{"text": "\\ud800"}\n{"text": "d5"}\nbroken\n')


def as_lines_with_much_broken_before(write):
    return write("a.jsonl", "broken\n" * 150 + lines(3) + "broken\n")


def as_parquet(write):
    pq.write_table(pa.table({"text": ["d0", None, "d2", "", "d4"]}), write("a.parquet", ""), row_group_size=2)
    return "a.parquet"


def as_csv(write):
    return write("a.csv", "text,more\nd0,1\nx\nd2,1\n ,1\nd4,1\n")


def as_chats(write):
    said = [[{"role": "user", "content": text}] for text in ("d0", "", "d2")]
    pq.write_table(pa.table({"messages": said}), write("a.parquet", ""))
    return "a.parquet"


def as_several(write):
    write("d/a.jsonl", '{"text": "d0"}\nbroken\n')
    pq.write_table(pa.table({"text": ["d2", None]}), write("d/b.parquet", ""))
    write("d/c.txt", "d4")
    write("d/e.jsonl", '{"text": ""}\n{"text": "d6"}\n')
    return "d"


@pytest.mark.parametrize(
    ("stored", "rows", "expected"),
    [
        (as_lines, 7, {"d0": 0, "d2": 2, "d5": 5}),
        (as_lines_with_much_broken_before, 154, {"d0": 150, "d1": 151, "d2": 152}),
        (as_parquet, 5, {"d0": 0, "d2": 2, "d4": 4}),
        (as_csv, 5, {"d0": 0, "d2": 2, "d4": 4}),
        (as_chats, 3, {"d0": 0, "d2": 2}),
        (as_several, 7, {"d0": 0, "d2": 2, "d4": 4, "d6": 6}),
        (lambda write: ["d0", "", None, "d3"], 4, {"d0": 0, "d3": 3}),
        (lambda write: pa.table({"text": ["d0", "", "d2"]}), 3, {"d0": 0, "d2": 2}),
    ],
)
def test_every_row_has_its_vector_and_those_set_aside_skip_theirs(write, stored, rows, expected):
    data = stored(write)
    reading = read(data, features=indices(rows))
    assert told(reading) == expected
    for other in (rows - 1, rows + 1, 1):
        with pytest.raises(ReadError, match=rf"has {rows} documents, those set aside among them, and the features .* have {other} rows"):
            told(read(data, features=indices(other)))


def test_batches_and_their_pieces_keep_vectors_in_place(write, monkeypatch):
    monkeypatch.setattr(features, "MOST_BYTES", 5000)
    rows = np.random.default_rng(0).standard_normal((20_000, 2)).astype(np.float32)
    reading = read(write("a.jsonl", lines(20_000)), features=rows)
    np.testing.assert_array_equal(vectors(reading), rows)
    assert texts(reading) == [f"d{i}" for i in range(20_000)]
    assert max(batch.num_rows for batch in reading.batches()) * 8 <= 8192 * 8


def test_an_array_file_and_its_name(write):
    np.save("f.npy", np.arange(6.0).reshape(3, 2))
    reading = read(write("a.jsonl", lines(3)), features="f.npy")
    assert vectors(reading).tolist() == [[0, 1], [2, 3], [4, 5]]
    assert reading.content == "features: f.npy, 3 rows of 2; text column `text`"
    with pytest.raises(ReadError, match=r"g\.npy: no such file"):
        read("a.jsonl", features="g.npy")


def test_a_function_gets_texts_at_most_256_at_a_time():
    sizes = []

    def counted(given):
        sizes.append(len(given))
        return numbered(given)

    data = [f"d{i}" for i in range(10_000)]
    reading = read([{"text": text} for text in data], features=counted)
    np.testing.assert_array_equal(vectors(reading)[:, 0], np.arange(10_000))
    assert max(sizes) == 256
    assert len(sizes) == 32 + 8
    assert "features: made by " in reading.content
    assert reading.content.endswith("counted; text column `text`")


def test_a_function_gets_the_paths_of_pictures(write):
    write("p/cat/1.png", b"one")
    write("p/2.png", b"")
    write("p/dog/33.png", b"three")

    def sizes(paths):
        assert all(isinstance(path, str) for path in paths)
        return [[len(path)] for path in paths]

    assert vectors(read("p", features=sizes)).tolist() == [[len("p/cat/1.png")], [len("p/dog/33.png")]]
    assert vectors(read("p", features=indices(3))).tolist() == [[1], [2]]


def test_a_function_is_found_by_name_in_the_current_folder(write, monkeypatch):
    write("theirs_for_features.py", "def made(texts):\n    return [[len(text)] for text in texts]\n\nnumber = 3\n")
    before = list(sys.path)
    reading = read(["a b", "cc d"], features="theirs_for_features:made")
    assert vectors(reading).tolist() == [[3], [4]]
    assert reading.content.startswith("features: made by theirs_for_features:made")
    assert sys.path == before
    with pytest.raises(ConfigError, match="has no function 'other'"):
        read(["a b"], features="theirs_for_features:other")
    with pytest.raises(ConfigError, match="has no function 'number'"):
        read(["a b"], features="theirs_for_features:number")
    monkeypatch.delitem(sys.modules, "theirs_for_features")


@pytest.mark.parametrize("given", ["absent_module:made", "words", ":made", "absent_module:", 3, ""])
def test_what_is_no_source_of_features_is_an_error(given):
    with pytest.raises(ConfigError, match="features="):
        read(["a b"], features=given)


def _crash(given):
    raise RuntimeError("theirs")


@pytest.mark.parametrize(
    ("function", "says"),
    [
        (_crash, r"_crash: failed on 2 documents, the first 'd0': RuntimeError: theirs"),
        (lambda given: np.zeros((1, 3)), r"returned float64 of shape \(1, 3\), expected numbers of shape \(2, numbers\)"),
        (lambda given: np.zeros(2), r"returned float64 of shape \(2,\)"),
        (lambda given: np.zeros((2, 0)), r"returned float64 of shape \(2, 0\)"),
        (lambda given: [["a"], ["b"]], r"returned <U1"),
        (lambda given: [[1], [1, 2]], "failed on 2 documents"),
        (lambda given: None, "returned object"),
    ],
)
def test_a_function_that_fails_or_returns_another_shape_is_an_error(function, says):
    with pytest.raises(ReadError, match=says):
        vectors(read([{"text": "d0"}, {"text": "d1"}], features=function))


def test_a_function_whose_rows_change_their_length_is_an_error():
    with pytest.raises(ReadError, match=r"returned float64 of shape \(44, 2\), expected numbers of shape \(44, 1\)"):
        vectors(read([{"text": "x"}] * 300, features=lambda given: np.zeros((len(given), 1 if len(given) == 256 else 2))))


def test_vectors_that_are_no_number_stay():
    found = vectors(read([{"text": "a"}, {"text": "b"}], features=np.array([[np.nan, 1], [np.inf, 1e300]])))
    np.testing.assert_array_equal(found, np.array([[np.nan, 1], [np.inf, np.inf]], np.float32))


def test_features_beside_a_column_of_that_name_are_refused():
    with pytest.raises(UsageError, match="both vectors of that name"):
        read([{"text": "a", "features": [1]}], by=(Vector("features"),), features=indices(1))


def test_features_beside_other_vectors_and_rows_of_a_table():
    table = pa.table({"a": [1, None, 3], "emb": [[1.0], [2.0], [3.0]]})
    (batch,) = read(table, by=(Vector("emb"),), rows=True, features=indices(3)).batches()
    assert vectors_of(batch["vector:emb"]).tolist() == [[1], [2], [3]]
    assert vectors_of(batch[FEATURES]).tolist() == [[0], [1], [2]]


def test_data_without_documents_say_so_first(write):
    with pytest.raises(ReadError, match="no documents"):
        vectors(read(write("a.jsonl", "\n"), features=indices(3)))
    with pytest.raises(ReadError, match="no documents: all 1 were set aside"):
        vectors(read(write("a.jsonl", "broken\n"), features=indices(3)))
