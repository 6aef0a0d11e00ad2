"""The table of estimates."""

import csv
import io

import msgspec
import pytest

from longtail.report.formats.csv import cell, to_csv


def test_the_table_has_every_field_of_every_estimate_and_lines_end_as_the_standard_says(report):
    written = to_csv(report)
    assert written.count("\r\n") == written.count("\n") == 1 + len(report.estimates)
    rows = list(csv.DictReader(io.StringIO(written, newline="")))
    for row, estimate in zip(rows, report.estimates, strict=True):
        plain = msgspec.to_builtins(estimate)
        assert {name: "" if value is None else str(value) for name, value in plain.items()} == row


def test_a_spreadsheet_reads_the_same_numbers(full):
    pyarrow_csv = pytest.importorskip("pyarrow.csv")
    read = pyarrow_csv.read_csv(io.BytesIO(to_csv(full).encode()))
    assert read["value"].to_pylist() == [each.value for each in full.estimates]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "\t=", "\r=", " =", "\u202e="])
def test_a_text_is_no_formula(start):
    assert cell(f"{start}1+1")[0] not in "=+-@＝＋－＠\t\r"


@pytest.mark.parametrize("value", [-0.41, -3, 1e-9, 0])
def test_a_number_stays_a_number(value):
    assert cell(value) == value
