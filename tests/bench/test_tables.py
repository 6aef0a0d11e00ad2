"""Tables are put between the markers of their name and nowhere else."""

import pytest

from bench import tables

ROWS = [{"a": 0.12345, "b": None, "holds": False}, {"a": 1, "b": "x", "holds": True}]
TABLE = "| a | b | holds |\n| --- | --- | --- |\n| 0.123 |  | **no** |\n| 1 | x | yes |\n"


def test_numbers_absences_and_answers_have_their_forms():
    assert tables.table(ROWS) + "\n" == TABLE
    assert tables.cell(-0.0001) == "0.000"


def test_rows_without_a_bound_are_not_counted():
    assert tables.held([{"holds": None}, {"holds": True}, {"holds": False}, {"holds": True}]) == "\n2 of 3 rows hold.\n"
    assert tables.held([{"a": 1}, {"holds": None}]) == ""


def test_a_page_keeps_everything_outside_the_markers(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- null -->\nold\n<!-- /null -->\nafter\n")
    tables.write("null", ROWS, page)
    assert page.read_text() == f"before\n<!-- null -->\n{TABLE}\n1 of 2 rows hold.\n<!-- /null -->\nafter\n"


@pytest.mark.parametrize("text", ["nothing", "<!-- power -->\n", "<!-- /power -->"])
def test_a_page_without_the_markers_is_left_alone(tmp_path, text):
    page = tmp_path / "page.md"
    page.write_text(text)
    with pytest.raises(ValueError, match=r"no place for the table 'power': add the lines <!-- power --> and <!-- /power -->"):
        tables.write("power", ROWS, page)
    assert page.read_text() == text
