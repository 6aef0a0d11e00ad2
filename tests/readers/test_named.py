from datetime import UTC, date, datetime

import pyarrow as pa
import pytest

from longtail.errors import ReadError
from longtail.readers import BY, Named, read

ROWS = [
    {"text": "one", "number": 1.5, "day": "2020-01-02", "odd": [1]},
    {"text": "two", "number": None, "day": 2021, "odd": {"a": 1}},
    {"text": "three", "number": True, "day": " "},
]


def columns(data, *names):
    (batch,) = read(data, by=names).batches()
    return {name: batch.column(BY + name).to_pylist() for name in names}


def test_a_named_column_is_told_as_written_and_sets_nothing_aside():
    found = columns(ROWS, Named("number"), Named("day"), Named("odd"))
    assert found == {"number": ["1.5", None, "True"], "day": ["2020-01-02", "2021", None], "odd": [None, None, None]}


def test_arrow_numbers_and_dates_are_told_as_text():
    table = pa.table(
        {"text": ["a", "b"], "number": [0.1, None], "time": [datetime(2020, 1, 2, tzinfo=UTC), None], "day": [date(2021, 3, 4), None]}
    )
    found = columns(table, Named("number"), Named("time"), Named("day"))
    assert found == {"number": ["0.1", None], "time": ["2020-01-02T00:00:00+00:00", None], "day": ["2021-03-04", None]}


@pytest.mark.parametrize("data", [ROWS, pa.table({"text": ["a"], "number": [1]})])
def test_one_that_is_not_there_is_an_error_that_names_its_option_or_is_empty(data):
    with pytest.raises(ReadError, match="no column 'elsewhere'.*--score-column NAME"):
        columns(data, Named("elsewhere", "--score-column"))
    assert set(columns(data, Named("elsewhere", needed=False))["elsewhere"]) == {None}
