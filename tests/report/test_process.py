"""The mix, the graph, the first signs and the filter on the page: numbers as they were given, hostile text as text, absent as absent."""

import re
import xml.etree.ElementTree as ET

import msgspec
import pytest

from longtail.report import graph as graphs
from longtail.report import mix as mixes
from longtail.report import to_html
from longtail.report.drawing import graph as drawing
from longtail.report.drawing.hatch import hatched

from .page.test_html import HOSTILE, Page

SET = {"generation": 1, "rows": 1000, "human": 1000, "edited": 0, "synthetic": 0, "unknown": 0, "retained": 1.0, "reservoir": 1000}
LATER = SET | {"generation": 2, "rows": 2000, "human": 400, "edited": 100, "synthetic": 1200, "unknown": 300, "retained": 0.4}
MIX = {"floor": 0.3, "rows": [SET, LATER], "segments": [{"generation": 2, "name": "thinned"}]}
NODE = {
    "name": "real",
    "kind": "dataset",
    "rows": 100,
    "origins": {"human": 90, "synthetic": 0, "unknown": 10},
    "sha256": "ab" * 32,
    "owner": "library",
}
GRAPH = {
    "nodes": [NODE, NODE | {"name": "set"}, NODE | {"name": "web", "kind": "unknown", "origins": {}, "rows": None}],
    "edges": [{"source": "real", "target": "set", "role": "mixed_from", "loops": False}, {"source": "web", "target": "set", "loops": True}],
    "hidden": 7,
    "source": "ledger",
}  # fmt: skip


def shown(report, **panels):
    return msgspec.structs.replace(report, panels=report.panels | panels)


def section(report, name):
    found = re.search(rf'<section id="{name}".*?</section>', to_html(report), re.DOTALL)
    return found[0] if found else ""


def drawn(report, name):
    found = re.search(r'<svg viewBox[^>]*role="img".*?</svg>', section(report, name), re.DOTALL)
    return ET.fromstring(found[0])


def test_without_manifests_or_a_ledger_there_is_no_section(report):
    assert not section(report, "mix") and not section(report, "graph")


def test_a_bar_is_as_high_as_its_share(alone):
    heights = {}
    for rect in drawn(shown(alone, mix=MIX), "mix").iter("rect"):
        heights.setdefault(rect.get("class"), []).append(float(rect.get("height")))
    whole = heights["mix human"][0]
    assert [round(height / whole, 2) for height in heights["mix human"]] == [1.0, 0.2]
    assert round(heights["mix edited"][0] / whole, 2) == 0.05 and round(heights["mix unknown"][0] / whole, 2) == 0.15


def test_the_sentence_and_the_table_have_the_numbers_of_the_manifests(alone):
    found = mixes.page(shown(alone, mix=MIX))
    assert found["sentence"] == (
        "In generation 2, 20.0% of 2,000 rows are human, 100.0% in generation 1. The floor of 30.0% real rows is not held in generation 2."
    )
    assert found["rows"][1] == ["2", "2,000", "400", "100", "1,200", "300", "40.0%", "1,000", "thinned"]
    assert "floor of the policy: 30% real" in section(shown(alone, mix=MIX), "mix")


def test_the_graph_has_a_box_for_each_node_and_the_loop_is_dashed(alone):
    picture = drawn(shown(alone, graph=GRAPH), "graph")
    classes = [each.get("class") for each in picture.iter()]
    assert classes.count("node dataset") == 2 and classes.count("node unknown") == 1 and "hatch" in classes
    assert classes.count("edge loop") == 1 and classes.count("edge") == 1
    told = section(shown(alone, graph=GRAPH), "graph")
    assert "along 1 edge: that is the loop. 1 stretch of it is unknown" in told and "7 older nodes are not shown" in told


def test_the_table_of_nodes_says_what_each_was_made_from(alone):
    rows = {row[0]: row[1:] for row in graphs.page(shown(alone, graph=GRAPH))["rows"]}
    assert rows["set"] == ["data", "100", "90.0% human, 10.0% unknown", "abababababab…", "library", "real, web (loop)"]
    assert rows["web"][:3] == ["unknown", "–", "not stated"]


@pytest.mark.parametrize("edges", [[("a", "b"), ("b", "c"), ("a", "c"), ("c", "d")], [("a", "b"), ("b", "a"), ("c", "c"), ("c", "d")]])
def test_every_edge_but_those_that_close_a_circle_leads_to_the_right_and_no_two_boxes_share_a_place(edges):
    links = [drawing.Link(source, target, False) for source, target in edges]
    columns, places = drawing.layers("abcd", links), drawing.places("abcd", links)
    assert len(set(places.values())) == 4
    if ("b", "a") not in edges:
        assert columns == {"a": 0, "b": 1, "c": 2, "d": 3}  # the longest way, by hand


def test_strokes_stay_inside_their_rectangle():
    found = re.findall(r"[ML]([\d.]+) ([\d.]+)", hatched(10, 20, 50, 8))
    assert found and all(10 <= float(x) <= 60 and 20 <= float(y) <= 28 for x, y in found)


@pytest.mark.parametrize(
    "panel", [{"mix": 3}, {"mix": {"rows": [{"rows": "x"}]}}, {"graph": {"nodes": [{}]}}, {"graph": {"nodes": [NODE], "edges": [{}]}}]
)
def test_a_panel_of_another_shape_breaks_nothing(alone, panel):
    Page(to_html(shown(alone, **panel)))


def test_hostile_names_are_shown_as_text(alone):
    nodes = [NODE | {"name": HOSTILE, "owner": HOSTILE, "sha256": HOSTILE, "kind": HOSTILE}]
    panels = {
        "graph": GRAPH | {"nodes": nodes, "edges": [{"source": HOSTILE, "target": HOSTILE, "loops": True}], "source": HOSTILE},
        "mix": MIX | {"segments": [{"generation": 2, "name": HOSTILE}]},
        "cadence": {"days": 3, "source": HOSTILE},
    }
    page = Page(to_html(shown(alone, **panels)))
    assert page.tags.count("script") == 1 and "img" not in page.tags
    assert "onerror" not in {name for _, name, _ in page.attributes}
