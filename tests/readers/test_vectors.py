import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from longtail.errors import ReadError
from longtail.readers import BY, VECTOR, Vector, arrow, intake, read, vectors, vectors_of

from .readers_help import set_aside

RNG = np.random.default_rng(0)
NAN = float("nan")


def vectors_in(data, name="emb", **options):
    """Texts and vectors of all batches."""
    reading = read(data, by=(Vector(name),), **options)
    batches = list(reading.batches())
    width = max(vectors_of(batch[VECTOR + name]).shape[1] for batch in batches)
    texts = [text for batch in batches for text in batch["text"].to_pylist()]
    return texts, np.concatenate([vectors_of(batch[VECTOR + name], width) for batch in batches]), reading


def as_lines(write, texts, lists, kind):
    return write("a.jsonl", [{"text": text, "emb": each} for text, each in zip(texts, lists, strict=True)])


def as_parquet(write, texts, lists, kind):
    pq.write_table(pa.table({"text": texts, "emb": pa.array(lists, kind)}), write("a.parquet", ""))
    return "a.parquet"


def as_table(write, texts, lists, kind):
    return pa.table({"text": texts, "emb": pa.array(lists, kind)})


def as_slice(write, texts, lists, kind):
    return pa.table({"text": ["before", *texts], "emb": pa.array([None, *lists], kind)}).slice(1)


FORMS = pytest.mark.parametrize("stored", [as_lines, as_parquet, as_table, as_slice])
KINDS = [
    pa.list_(pa.float32()),
    pa.list_(pa.float64()),
    pa.large_list(pa.float32()),
    pa.list_(pa.float32(), 3),
    pa.list_(pa.float16()),
    pa.list_(pa.int8()),
    pa.list_view(pa.float32()),
]


@FORMS
@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_lists_of_numbers_are_vectors_and_null_where_there_is_none(write, stored, kind):
    lists = [[1, 2, 3], None, [-4, 5, 0], [7, 8, 9]]
    if stored is as_parquet and kind in (pa.list_view(pa.float32()), pa.list_(pa.float32(), 3)):
        pytest.skip("Parquet has no list views, and Arrow cannot read lists of fixed size from it where one is null")
    texts, found, reading = vectors_in(stored(write, list("abcd"), lists, kind))
    assert texts == list("abcd")
    np.testing.assert_array_equal(found, [[1, 2, 3], [NAN] * 3, [-4, 5, 0], [7, 8, 9]])
    assert found.dtype == np.float32
    assert reading.quarantined == 0


@FORMS
def test_a_list_of_another_length_than_the_first_or_of_none_is_set_aside(write, stored):
    data = stored(write, list("abcde"), [None, [1.0, 2.0], [3.0], [], [5.0, 6.0]], pa.list_(pa.float64()))
    texts, found, reading = vectors_in(data)
    assert texts == ["a", "b", "e"]
    np.testing.assert_array_equal(found, [[NAN, NAN], [1, 2], [5, 6]])
    assert set_aside(reading) == [
        (3, "expected 2 numbers in vector column 'emb', as in the first, found 1"),
        (4, "expected a list of numbers in vector column 'emb', found an empty one"),
    ]


@FORMS
def test_a_document_without_text_is_not_the_first(write, stored):
    texts, found, _ = vectors_in(stored(write, ["", "b"], [[1.0], [2.0, 3.0]], pa.list_(pa.float64())))
    assert texts == ["b"]
    np.testing.assert_array_equal(found, [[2, 3]])


@FORMS
def test_parts_that_are_missing_or_none_or_infinite_stay(write, stored):
    lists = [[1.0, None], [float("inf"), -2.0]]
    _, found, reading = vectors_in(stored(write, list("ab"), lists, pa.list_(pa.float64())))
    np.testing.assert_array_equal(found, [[1, NAN], [np.inf, -2]])
    assert reading.quarantined == 0


def test_numbers_beyond_32_bits_become_infinite_and_those_beyond_64_are_set_aside():
    _, found, reading = vectors_in([{"text": "a", "emb": [1e300]}, {"text": "b", "emb": [10**400]}])
    np.testing.assert_array_equal(found, [[np.inf]])
    assert set_aside(reading) == [(2, "expected numbers in vector column 'emb', found one beyond the range of 64-bit floats")]
    np.testing.assert_array_equal(vectors_in(pa.table({"text": ["a"], "emb": [[1e300]]}))[1], [[np.inf]])


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ([1.0, "2"], "expected numbers in vector column 'emb', found text"),
        ([True], "expected numbers in vector column 'emb', found boolean"),
        (3.5, "expected a list of numbers in vector column 'emb', found number"),
        ("words", "expected a list of numbers in vector column 'emb', found text"),
        ({"a": 1}, "expected a list of numbers in vector column 'emb', found object"),
        ([[1.0]], "expected numbers in vector column 'emb', found list"),
    ],
)
def test_what_is_no_list_of_numbers_is_set_aside_with_what_was_found(value, says):
    rows = [{"text": "a", "emb": [1.0]}, {"text": "b", "emb": value}]
    assert set_aside(vectors_in(rows)[2]) == [(2, says)]
    table = pa.table({"text": ["b", "c"], "emb": [[True], [False]] if isinstance(value, list) else [value, value]})
    with pytest.raises(ReadError, match="all 2 were set aside"):
        vectors_in(table)


def test_tuples_arrays_and_lists_written_as_json_are_vectors(write):
    rows = [{"text": text, "emb": emb} for text, emb in zip("abcd", [(1, 2), np.array([3, 4], ">f8"), "[5, 6]", " "], strict=True)]
    np.testing.assert_array_equal(vectors_in(rows)[1], [[1, 2], [3, 4], [5, 6], [NAN, NAN]])
    assert vectors_in([{"text": "a", "emb": [np.float32(1.5), np.int8(2)]}])[1].tolist() == [[1.5, 2.0]]
    path = write("a.csv", 'text,emb\na,"[1, 2.5]"\nb,\n')
    np.testing.assert_array_equal(vectors_in(path)[1], [[1, 2.5], [NAN, NAN]])


@pytest.mark.parametrize("form", ["records", "table"])
def test_a_dotted_path_is_followed(form):
    rows = [{"text": "a", "meta": {"emb": [1.0, 2.0]}}, {"text": "b", "meta": None}]
    data = rows if form == "records" else pa.Table.from_pylist(rows)
    np.testing.assert_array_equal(vectors_in(data, "meta.emb")[1], [[1, 2], [NAN, NAN]])


def test_a_column_that_is_not_there_is_an_error_with_its_option():
    with pytest.raises(ReadError, match="no column 'emb'; columns: text, e.*--vector NAME"):
        vectors_in([{"text": "a", "e": [1.0]}])
    assert vectors_in([{"text": "a"}, {"text": "b", "emb": [1.0]}])[1].shape == (2, 1)
    (batch,) = read(pa.table({"text": ["a"]}), by=(Vector("emb", needed=False),)).batches()
    assert vectors_of(batch["vector:emb"]).shape == (1, 0)


def test_one_column_may_be_asked_for_as_a_label_and_as_a_vector():
    (batch,) = read([{"text": "a", "emb": "[1]"}], by=("emb", Vector("emb"))).batches()
    assert batch[BY + "emb"].to_pylist() == ["[1]"]
    assert vectors_of(batch[VECTOR + "emb"]).tolist() == [[1.0]]


def test_arrow_vectors_do_not_pass_through_python_objects(monkeypatch):
    def refuse(*_):
        raise AssertionError("a Python loop over the rows")

    monkeypatch.setattr(intake.Intake, "rows", refuse)
    monkeypatch.setattr(vectors, "_one_by_one", refuse)
    flat = RNG.standard_normal(300).astype(np.float32)
    column = pa.FixedSizeListArray.from_arrays(pa.array(flat), 3)
    _, found, _ = vectors_in(pa.table({"text": [f"d{i}" for i in range(100)], "emb": column}))
    np.testing.assert_array_equal(found, flat.reshape(100, 3))


@FORMS
def test_batches_hold_at_most_32_mib_of_text_and_vectors(write, stored, monkeypatch):
    for module in (arrow, intake):
        monkeypatch.setattr(module, "MOST_BYTES", 1000)
    lists = RNG.integers(0, 9, (100, 20)).astype(float).tolist()
    data = stored(write, [f"d{i:02}" for i in range(100)], lists, pa.list_(pa.float32()))
    batches = list(read(data, by=(Vector("emb"),)).batches())
    assert max(batch["vector:emb"].nbytes for batch in batches) <= 1000 + 8
    np.testing.assert_array_equal(np.concatenate([vectors_of(batch["vector:emb"]) for batch in batches]), lists)


def test_vectors_are_read_back_from_slices_and_columns_with_nulls():
    rows = RNG.standard_normal((50, 4)).astype(np.float32)
    column = vectors.binary_of(rows)
    np.testing.assert_array_equal(vectors_of(column.slice(7, 9)), rows[7:16])
    mask = np.arange(50) % 3 == 0
    holed = pa.array([None if gone else row.tobytes() for gone, row in zip(mask, rows, strict=True)], pa.binary())
    expected = np.where(mask[:, None], NAN, rows)
    np.testing.assert_array_equal(vectors_of(holed), expected)
    np.testing.assert_array_equal(vectors_of(holed.slice(1, 5)), expected[1:6])
    assert vectors_of(column.slice(0, 0)).shape == (0, 0)
    assert vectors_of(column.slice(0, 0), 4).shape == (0, 4)


@pytest.mark.parametrize("seed", range(20))
def test_any_lists_come_out_as_they_went_in_from_every_form(write, seed):
    rng = np.random.default_rng(seed)
    lists = [None if rng.random() < 0.2 else rng.standard_normal(rng.choice([3, 3, 3, 0, 2])).tolist() for _ in range(40)]
    texts = [rng.choice(["", "x"], p=[0.1, 0.9]) + "" for _ in lists]
    first = next((len(each) for text, each in zip(texts, lists, strict=True) if text and each), 0)
    kept = [(t, e) for t, e in zip(texts, lists, strict=True) if t and (e is None or len(e) == first > 0)]
    expected = np.array([[NAN] * first if e is None else e for _, e in kept], np.float32).reshape(len(kept), first)
    for stored in (as_lines, as_parquet, as_slice):
        found_texts, found, _ = vectors_in(stored(write, [str(text) for text in texts], lists, pa.list_(pa.float64())))
        assert found_texts == [text for text, _ in kept]
        np.testing.assert_array_equal(found, expected)


def test_json_numbers_are_the_nearest_32_bit_floats(write):
    numbers = RNG.standard_normal(50).tolist()
    path = write("a.jsonl", json.dumps({"text": "a", "emb": numbers}))
    np.testing.assert_array_equal(vectors_in(path)[1][0], np.array(numbers, np.float32))


def test_lists_of_fixed_size_with_nulls_in_parquet_are_read_or_an_error_with_the_way_out(write):
    pq.write_table(pa.table({"text": ["a", "b"], "emb": pa.array([[1.0], None], pa.list_(pa.float32(), 1))}), write("a.parquet", ""))
    try:
        found = vectors_in("a.parquet")[1]
    except ReadError as error:
        assert "write the column as lists of any length" in str(error)
    else:
        np.testing.assert_array_equal(found, [[1], [NAN]])
