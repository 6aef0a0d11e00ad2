"""A report in a notebook, and as a table."""

import os
import sys
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pyarrow as pa
import pytest

from longtail.records import Estimate

ROOT = Path(__file__).parents[3]


class Table(HTMLParser):
    """The texts of the cells of a fragment; every tag must be closed."""

    def __init__(self, fragment):
        super().__init__()
        self.open, self.cells = [], []
        self.feed(fragment)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        assert attrs == []
        self.open.append(tag)
        self.cells += [""] if tag == "td" else []

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open[-1] == "td":
            self.cells[-1] += data


def test_the_fragment_is_small_and_shows_verdict_findings_and_tally(full):
    fragment = full._repr_html_()
    assert len(fragment) < 2000
    assert Table(fragment).cells[:3] == ["LT301", "fail", f"{full.findings[1].title}: {full.findings[1].because}"]
    assert "<strong>EARLY</strong>" in fragment
    assert "fail 1 (LT301), warn 1 (LT402), pass 4, not measured 3" in fragment


def test_more_findings_than_a_fragment_holds_are_counted(full):
    fragment = msgspec.structs.replace(full, findings=full.findings * 10)._repr_html_()
    assert "8 more findings" in fragment
    assert len(Table(fragment).cells) == 12 * 4


def test_the_table_holds_the_estimates(report):
    frame = report.to_frame()
    assert isinstance(frame, pa.Table)
    assert tuple(frame.column_names) == Estimate.__struct_fields__
    assert frame.to_pylist() == [msgspec.to_builtins(each) for each in report.estimates]


def test_columns_have_their_types_without_a_row_too(full, empty):
    assert empty.to_frame().schema == full.to_frame().schema
    kinds = {field.name: str(field.type) for field in full.to_frame().schema}
    assert (kinds["metric"], kinds["value"], kinds["n"], kinds["p"], kinds["slice"]) == ("string", "double", "int64", "double", "string")
    assert str(empty.to_frame("findings").schema.field("evidence").type) == "list<item: string>"


@pytest.mark.parametrize(("part", "columns"), [("findings", {"code", "because", "remedy"}), ("not_measured", {"code", "reason", "enable"})])
def test_findings_and_absences_are_tables_too(full, part, columns):
    frame = full.to_frame(part)
    assert columns <= set(frame.column_names)
    assert frame["code"].to_pylist() == [each.code for each in getattr(full, part)]


@pytest.mark.slow
def test_a_notebook_shows_the_fragment(tmp_path, monkeypatch):
    nbformat = pytest.importorskip("nbformat", reason="nbformat writes notebooks")
    nbclient = pytest.importorskip("nbclient", reason="nbclient runs notebooks")
    pytest.importorskip("ipykernel", reason="ipykernel runs Python in notebooks")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT / "src"), *sys.path]))
    cells = [
        "import longtail\nreport = longtail.audit([f'a <b>text</b> on matter {at % 11}' for at in range(50)])",
        "report",
        "report.to_frame()",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}).execute()
    nbformat.validate(notebook)
    shown, frame = (cell["outputs"][0]["data"] for cell in notebook.cells[1:])
    assert shown["text/html"].startswith("<div><p><strong>NOT MEASURED</strong>")
    assert "<b>" not in shown["text/html"]
    assert "pyarrow.Table" in frame["text/plain"]
