import io
from pathlib import Path

import numpy as np
import pytest
import xxhash

from longtail.errors import ReadError, UsageError
from longtail.readers import FEATURES, Vector, npy, read, vectors_of

from .readers_help import texts

ROWS = np.random.default_rng(0).standard_normal((10, 3)).astype(np.float32)
NAN = float("nan")


@pytest.fixture
def save(write):
    def put(name, array):
        stored = io.BytesIO()
        np.save(stored, array)
        return write(name, stored.getvalue())

    return put


def vectors(data, **options):
    return np.concatenate([vectors_of(batch[FEATURES]) for batch in read(data, **options).batches()])


@pytest.mark.parametrize("form", ["file", "memory"])
def test_rows_are_documents_named_after_their_numbers(save, form):
    reading = read(save("a.npy", ROWS) if form == "file" else ROWS)
    assert reading.kind == "vector"
    assert texts(reading) == [f"row {xxhash.xxh3_64_hexdigest(row.tobytes())}" for row in ROWS]
    np.testing.assert_array_equal(vectors(save("a.npy", ROWS)), ROWS)
    assert reading.content == "arrays of numbers: rows of 3"
    assert reading.documents == 10
    assert reading.quarantined == 0


@pytest.mark.parametrize("kind", ["<f4", ">f4", "<f8", ">f8", "f2", "i1", ">i4", "u8", "<i8"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_numbers_of_any_kind_and_order_are_the_same_documents(save, kind, order):
    whole = np.arange(12).reshape(4, 3)
    path = save("a.npy", np.array(whole, kind, order=order))
    assert texts(read(path)) == texts(read(whole.astype(np.float32)))
    np.testing.assert_array_equal(vectors(path), whole)


def test_a_single_dimension_is_rows_of_one_number(save):
    assert vectors(save("a.npy", np.arange(4))).tolist() == [[0], [1], [2], [3]]


def test_equal_rows_are_equal_documents_whatever_the_sign_of_zero_or_the_bits_of_a_nan():
    other = np.array([0x7FC00001], np.uint32).view(np.float32)[0]
    rows = np.array([[0.0, NAN], [-0.0, NAN], [0.0, other], [0.0, -NAN], [1.0, NAN]], np.float32)
    assert len(set(texts(read(rows))[:4])) == 1
    assert len(set(texts(read(rows)))) == 2


def test_several_files_are_one_data_set_in_the_order_of_their_paths(save):
    save("d/b.npy", ROWS[5:])
    save("d/deep/c.npy", ROWS[:1])
    save("d/a.npy", ROWS[:5])
    for named in ("d", "d/**/*.npy", ["d/deep/c.npy", "d/b.npy", "d/a.npy"]):
        reading = read(named)
        assert reading.parts == ("d/a.npy", "d/b.npy", "d/deep/c.npy")
        assert texts(reading) == texts(read(np.concatenate([ROWS, ROWS[:1]])))
    assert reading.sha256 is not None
    assert reading.bytes > ROWS.nbytes


def test_rows_of_several_widths_are_an_error(save):
    names = [save("a.npy", ROWS), save("b.npy", ROWS[:, :2])]
    with pytest.raises(ReadError, match=r"b\.npy: has rows of 2 numbers, those before it have 3"):
        texts(read(names))


def test_a_large_array_comes_in_bounded_batches(save, monkeypatch):
    monkeypatch.setattr(npy, "MOST_BYTES", 100)
    batches = list(read(save("a.npy", ROWS)).batches())
    assert [batch.num_rows for batch in batches] == [8, 2]
    assert max(batch.num_rows for batch in read(np.zeros((20_000, 1))).batches()) <= 8192


@pytest.mark.parametrize(
    ("array", "says"),
    [
        (np.array(["a", "b"]), "holds <U1 and not real numbers"),
        (np.array([1j]), "holds complex128 and not real numbers"),
        (np.array([True]), "holds bool and not real numbers"),
        (np.zeros((2, 2, 2)), r"has the shape \(2, 2, 2\); a document is one row; reshape it"),
        (np.array(3.0), r"has the shape \(\); a document is one row"),
        (np.zeros((3, 0)), r"has rows of no numbers: shape \(3, 0\)"),
        (np.zeros((0, 4)), "no documents"),
        (np.zeros(0), "no documents"),
        (np.array([(1, 2.0)], dtype="i4,f4"), "not real numbers"),
    ],
    ids=str,
)
def test_what_is_no_table_of_numbers_is_refused(save, array, says):
    with pytest.raises(ReadError, match=r"a\.npy: .*" + says):
        texts(read(save("a.npy", array)))
    if array.ndim != 1 or array.dtype.kind in "fiu":
        with pytest.raises(ReadError, match=r"<memory>: .*" + says):
            texts(read(array))


def test_an_array_of_objects_is_never_unpickled(write):
    stored = io.BytesIO()
    np.save(stored, np.array([{"a": 1}], object), allow_pickle=True)
    with pytest.raises(ReadError, match=r"a\.npy: cannot be read as an array of numbers: .*save real numbers"):
        texts(read(write("a.npy", stored.getvalue())))


@pytest.mark.parametrize("data", [b"", b"\x93NUMPY", b"words", None])
def test_a_file_that_is_no_array_or_is_cut_off_is_an_error(save, write, data):
    whole = Path(save("a.npy", ROWS)).read_bytes()
    with pytest.raises(ReadError, match=r"a\.npy: cannot be read as an array of numbers"):
        texts(read(write("a.npy", whole[:-1] if data is None else data)))


def test_an_archive_is_refused_with_the_way_out(write):
    stored = io.BytesIO()
    np.savez(stored, a=ROWS)
    write("a.npz", stored.getvalue())
    with pytest.raises(ReadError, match=r"a\.npz: is an archive of several arrays; save the one array: numpy\.save"):
        read("a.npz")


def test_a_missing_array_is_an_error(write):
    with pytest.raises(ReadError, match=r"a\.npy: no such file"):
        read("a.npy")


def test_arrays_beside_texts_are_left_alone_in_a_folder_and_refused_by_name(save, write):
    write("d/a.jsonl", [{"text": "one"}])
    save("d/features.npy", ROWS)
    assert texts(read("d")) == ["one"]
    with pytest.raises(ReadError, match=r"holds 1 arrays .*and 1 texts or tables.*name one kind"):
        read(["d/a.jsonl", "d/features.npy"])


def test_what_arrays_do_not_have_cannot_be_asked_for(save):
    path = save("a.npy", ROWS)
    with pytest.raises(ReadError, match="no column 'label'; columns: features"):
        texts(read(path, by=("label",)))
    for options in ({"text_column": "a"}, {"table": "t"}, {"features": ROWS}):
        with pytest.raises(UsageError, match=r"a\.npy holds"):
            read(path, **options)
    np.testing.assert_array_equal(vectors(path, by=(Vector("features"),)), ROWS)


def test_only_texts_are_read_where_only_texts_are_wanted(save):
    save("d/a.npy", ROWS)
    with pytest.raises(ReadError, match="the folder holds no data"):
        read("d", texts_only=True)
