"""Direct looks at the parts that read what has no text."""

import math

import numpy as np
import pyarrow as pa
import pytest

from longtail.errors import ReadError
from longtail.readers.media import medium_of
from longtail.readers.quarantine import Unfit
from longtail.readers.rows import names_of, text_of_row, texts_of_rows, with_vectors
from longtail.readers.selecting import without_text
from longtail.readers.tables import table_columns


def test_a_row_is_its_columns_in_order_without_what_it_lacks():
    row = {"b": 2, "a": "x", "none": None, "blank": " ", "lt_id": "1", "vector": [1.0, 2.0], "odd": math.inf}
    assert text_of_row(row) == '{"a":"x","b":2,"odd":"inf"}'
    table = pa.record_batch({"b": [2], "a": ["x"], "none": pa.nulls(1), "vector": [[1.0, 2.0]]})
    assert texts_of_rows(table)[0].to_pylist() == ['{"a":"x","b":2}']


def test_rows_alike_are_told_apart_by_the_vectors_that_were_asked_for():
    one, other = (np.array(values, "<f4").tobytes() for values in ([1, 2], [1, 3]))
    assert with_vectors("{}", [one]) != with_vectors("{}", [other]) == with_vectors("{}", [other, None])
    assert with_vectors("{}", []) == "{}"
    with pytest.raises(Unfit, match="empty row"):
        with_vectors("", [None])


def test_rows_of_equal_numbers_have_one_name():
    names = names_of(np.array([[0.0, np.nan], [-0.0, np.nan], [1.0, 2.0]], np.float32))
    assert names[0] == names[1] != names[2] and all(name.startswith("row ") for name in names)


@pytest.mark.parametrize(
    ("path", "medium"), [("a.PNG", "picture"), ("b.jpeg", "picture"), ("c.wav", "sound"), ("d.txt", None), ("e.npy", None)]
)
def test_the_suffix_tells_pictures_from_sound(path, medium):
    assert medium_of(path) == medium


def test_kinds_are_not_mixed_and_texts_are_left_to_others(tmp_path):
    (tmp_path / "a.png").write_bytes(b"x")
    assert without_text([str(tmp_path)]) is not None
    (tmp_path / "b.wav").write_bytes(b"x")
    with pytest.raises(ReadError, match="pictures"):
        without_text([str(tmp_path)])
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / "a.txt").write_text("words")
    assert without_text([str(tmp_path / "text")]) is None


def test_columns_of_a_table_are_categories_numbers_or_vectors():
    n = 200
    table = pa.table({
        "state": ["ab"[i % 2] for i in range(n)], "size": [i * 0.37 % 5 for i in range(n)], "emb": [[float(i), 1.0] for i in range(n)],
        "name": [f"row number {i}" for i in range(n)], "lt_origin": ["human"] * n,
    })  # fmt: skip
    assert table_columns(table) == (("state",), ("size",), ("emb",))
