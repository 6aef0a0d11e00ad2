import json
import math

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest

from longtail.errors import ReadError
from longtail.readers.judged import read_judged

ROWS = [
    {"kept": True, "right": True, "value": 1.5},
    {"kept": False, "right": False, "value": -2.0},
    {"kept": True, "right": None, "value": 0.25},
]


def written(folder, suffix):
    path = folder / f"judged{suffix}"
    table = pa.Table.from_pylist(ROWS)
    match suffix:
        case ".jsonl":
            path.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
        case ".json":
            path.write_text(json.dumps(ROWS))
        case ".csv":
            pyarrow.csv.write_csv(table, path)
        case ".parquet":
            pyarrow.parquet.write_table(table, path)
    return path


@pytest.mark.parametrize("suffix", [".jsonl", ".json", ".csv", ".parquet"])
def test_every_format_gives_the_same_columns(tmp_path, suffix):
    found = read_judged(written(tmp_path, suffix))
    assert found.kept.tolist() == [True, False, True]
    assert found.right[:2].tolist() == [1.0, 0.0] and math.isnan(found.right[2])
    assert found.value.tolist() == [1.5, -2.0, 0.25]
    assert found.human is None and found.quarantined == 0


def test_flags_may_be_numbers_or_words_and_the_number_any_column(tmp_path):
    path = tmp_path / "judged.csv"
    path.write_text("kept,right,reward\n1,yes,2\n0,no,3\nTrue,,4\n")
    found = read_judged(path, "reward")
    assert found.kept.tolist() == [True, False, True] and found.value.tolist() == [2, 3, 4]


def test_rows_that_are_unfit_are_set_aside_with_their_place(tmp_path):
    path = tmp_path / "judged.jsonl"
    path.write_text(
        '{"kept": true, "value": 1}\n{"value": 1}\n{"kept": "maybe"}\n[1]\nnonsense\n{"kept": false, "value": NaN}\n{"kept": 0}\n'
    )
    found = read_judged(path)
    assert found.kept.tolist() == [True, False]
    assert found.quarantined == 5
    assert [each.line for each in found.quarantine] == [2, 3, 4, 5, 6]


def test_strata_are_texts_or_numbers_of_a_column_or_path(tmp_path):
    path = tmp_path / "judged.jsonl"
    path.write_text('{"kept": 1, "m": {"f": "a"}}\n{"kept": 0, "m": {"f": 2}}\n{"kept": 0}\n{"kept": 1, "m": {"f": ["x"]}}\n')
    found = read_judged(path, by="m.f")
    assert found.stratum == ("a", "2", None) and found.kept.tolist() == [True, False, False]
    assert found.quarantined == 1 and found.quarantine[0].reason == "m.f is list; expected a text or a number"
    assert read_judged(path).stratum is None
    with pytest.raises(ReadError, match="no row has a value in the column 'other'; columns: kept, m"):
        read_judged(path, by="other")


@pytest.mark.parametrize(
    ("text", "value", "told"),
    [
        ('{"keep": true}\n', "value", "no column 'kept'; columns: keep"),
        ('{"kept": true}\n', "reward", "no column 'reward'; columns: kept"),
        ('{"kept": "maybe"}\n', "value", "1 set aside"),
        ("\n", "value", "the file is empty"),
    ],
)
def test_a_file_without_judged_rows_is_refused(tmp_path, text, value, told):
    path = tmp_path / "judged.jsonl"
    path.write_text(text)
    with pytest.raises(ReadError, match=told):
        read_judged(path, value)


def test_a_file_that_is_absent_or_of_another_kind_is_refused(tmp_path):
    with pytest.raises(ReadError, match="no such file of judged rows"):
        read_judged(tmp_path / "absent.jsonl")
    (tmp_path / "notes.txt").write_text("a text\n")
    with pytest.raises(ReadError, match="cannot be read from a file of the format"):
        read_judged(tmp_path / "notes.txt")
