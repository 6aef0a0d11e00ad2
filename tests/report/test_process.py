"""The mix, the graph, the first signs and the filter on the page: numbers as they were given, hostile text as text, absent as absent."""

import re
import xml.etree.ElementTree as ET

import msgspec
import pytest

from longtail.report import filters, leads, to_html
from longtail.report import graph as graphs
from longtail.report import mix as mixes
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


def test_each_signal_says_what_it_said_at_each_generation_and_its_first_alarm_is_framed(lineage):
    found = leads.grid(lineage)
    assert found["generations"] == [2, 3, 4, 5]
    (row,) = [row for row in found["rows"] if row["name"] == "how many rare items are left (single words)"]
    assert [cell.says for cell in row["cells"]] == ["a loss", *["a loss past the margin"] * 3]
    assert [cell.is_first for cell in row["cells"]] == [True, False, False, False]
    marked = section(lineage, "lineage").count('<td class="first">')
    assert marked == sum(each.first_alarm is not None for each in lineage.lineage.lead_times)


def test_generations_are_days_where_the_manifests_are_dated(lineage):
    dated = shown(lineage, cadence={"days": 14.0, "source": "manifests"})
    assert leads.grid(dated)["rows"][0]["ahead"] == "3 generations earlier, about 42 days"
    assert "came 2 generations later, about 28 days." in section(dated, "lineage")
    assert "days" not in leads.grid(lineage)["apart"]


LOSS = {"ratio": {"value": 0.62, "low": 0.55, "high": 0.7}, "rare_loss": 0.4, "common_loss": 0.1, "removed": 0.5}


@pytest.mark.parametrize(
    ("change", "marked"),
    [({}, True), ({"rare_loss": 0.19}, False), ({"ratio": {"value": 0.9, "low": 0.7, "high": 1.1}}, False), ({"rare_loss": None}, False)],
)
def test_a_filter_is_marked_where_it_takes_rare_words_twice_as_often_beyond_chance(full, change, marked):
    told = shown(full, filter=LOSS | change)
    assert filters.of_audit(told)["rows"][0][-1] == ("yes" if marked else "no")
    assert ("▲ took 40.0%" in section(told, "filter")) == marked


@pytest.mark.parametrize(
    ("decision", "said"), [("shrunk", "a loss past the margin"), ("watch", "inside the margin"), ("ok", ""), (None, "")]
)
def test_a_loss_that_the_rule_finds_is_said_although_no_stage_is_marked(full, decision, said):
    mild = LOSS | {"rare_loss": 0.15, "ratio": LOSS["ratio"] | {"decision": decision}}
    told = filters.of_audit(shown(full, filter=mild))["sentence"]
    assert said in told and told.startswith("It takes more of the rare words") == bool(said)


def test_the_funnel_is_as_wide_as_the_documents(full):
    widths = {}
    for rect in drawn(shown(full, filter=LOSS), "filter").iter("rect"):
        widths.setdefault(rect.get("class"), []).append(float(rect.get("width")))
    assert widths["funnel kept"][0] == widths["funnel dropped"][0] == widths["funnel kept"][1] > 0
    row = filters.of_audit(shown(full, filter=LOSS))["rows"][0]
    assert row == ["the filter", "8,000", "4,000", "0", "4,000", "40.0%", "10.0%", "yes"]


def test_why_a_filter_was_not_measured_is_said(full):
    absent = {"ratio": {"reason": "40 documents before the filter"}, "rare_loss": None, "common_loss": None, "removed": 0.5}
    told = section(shown(full, filter=absent), "filter")
    assert "Rare and common words were not compared: 40 documents before the filter." in told and "not measured" in told
    assert not section(full, "filter")


@pytest.mark.parametrize(
    ("names", "marks"),
    [(("kept", "kept"), []), (("replaced", "none"), ["replaced"]), (("kept", "thinned"), ["thinned"]), (("unknown", "unknown"), [])],
)
def test_the_picture_of_the_generations_marks_where_real_rows_ceased_to_be_kept(lineage, names, marks):
    segments = [{"generation": at, "name": name} for at, name in enumerate(names, start=2)]
    told = section(shown(lineage, mix={"floor": None, "rows": [SET], "segments": segments}), "lineage")
    assert re.findall(r">real rows (\w+)<", told) == marks and told.count('class="turn"') == len(marks)
