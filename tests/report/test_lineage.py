import math
import re
import xml.etree.ElementTree as ET

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from longtail.records import GenerationRecord, LeadTime, Neutral
from longtail.report import leads, to_html
from longtail.report import lineage as lineages
from longtail.report.drawing import curves, svg

NAMESPACE = "{http://www.w3.org/2000/svg}"
MARKED = {"tail_types_retained": 1, "tail_mass_retained": 3, "hill_1": 0, "hill_2": 2}


def changed(report, **fields):
    return msgspec.structs.replace(report, lineage=msgspec.structs.replace(report.lineage, **fields))


def section(report):
    return to_html(report).split('<section id="lineage"')[1].split("</section>")[0]


def drawing(report):
    found = re.search(r'<svg viewBox[^>]*id="over-generations".*?</svg>', section(report), re.DOTALL)
    return ET.fromstring(found[0].replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def lines(report):
    """Return the points of each line, by its look."""
    found = {}
    for element in drawing(report).iter(f"{NAMESPACE}polyline"):
        look = int(element.get("class")[-1])
        found[look] = [tuple(float(number) for number in point.split(",")) for point in element.get("points").split()]
    return found


def test_one_data_set_has_no_section_of_generations(full):
    assert lineages.page(full) is None
    assert 'id="lineage"' not in to_html(full)


def test_the_strip_has_a_cell_for_each_generation_with_its_phase_and_what_decided_it(lineage):
    cells = re.findall(r'<li class="(\w+)"><span class="quiet">generation (\d)</span> (.*?)</li>', section(lineage))
    assert [(status, number) for status, number, _ in cells] == [
        ("unjudged", "1"),
        ("warn", "2"),
        ("fail", "3"),
        ("fail", "4"),
        ("fail", "5"),
    ]
    said = [re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", cell)).strip() for *_, cell in cells]
    assert said[0] == "start runs/gen1.jsonl , 4,000 documents"
    assert said[1].startswith("watch decided by how many rare items are left (single words)")
    assert "rare things went first (tail-first); only some groups are affected (partial)" in said[4]


def test_a_first_generation_that_was_judged_shows_its_phase(lineage):
    judged = GenerationRecord(generation=1, path="a", documents=1, phase="healthy")
    cells = lineages.strip(changed(lineage, baseline="reference", generations=(judged,)).lineage)
    assert [(cell.name, cell.status) for cell in cells] == [("healthy", "pass")]
    blank = msgspec.structs.replace(judged, phase=None)
    assert lineages.strip(changed(lineage, baseline="reference", generations=(blank,)).lineage)[0].name == "not judged"


def test_each_metric_is_a_line_that_begins_at_100_percent_in_generation_1(lineage):
    found = lines(lineage)
    assert set(found) == set(MARKED.values())
    assert {len(points) for points in found.values()} == {5}
    assert len({points[0] for points in found.values()}) == 1


def test_the_line_is_where_its_numbers_put_it(lineage):
    """The margin (90%) and generation 1 (100%) give the scale; every other value must follow from them."""
    margin = next(float(one.get("y1")) for one in drawing(lineage).iter(f"{NAMESPACE}line") if one.get("class") == "margin")
    rare = lines(lineage)[MARKED["tail_types_retained"]]
    whole = rare[0][1]
    read = [1 - (y - whole) / (margin - whole) * 0.1 for _, y in rare[1:]]
    assert read == pytest.approx([0.912, 0.834, 0.747, 0.652], abs=0.003)
    steps = [right - left for (left, _), (right, _) in zip(rare, rare[1:], strict=False)]
    assert steps == pytest.approx([steps[0]] * 4, abs=0.11)


def test_against_the_reference_a_line_begins_with_its_own_first_value(lineage):
    estimates = tuple(
        msgspec.structs.replace(each, baseline="reference") if each.baseline == "generation_1" else each for each in lineage.estimates
    )
    report = changed(msgspec.structs.replace(lineage, estimates=estimates), baseline="reference")
    assert {len(points) for points in lines(report).values()} == {4}
    assert "Against the reference, which is 100%" in section(report)


def test_what_belongs_elsewhere_is_not_drawn(lineage):
    kept = lineages.followed(lineage, lineage.lineage)
    assert [line.metric for line in kept] == list(MARKED)
    assert all(
        each.view == "words_1" and each.slice is None and each.baseline == "generation_1" for line in kept for each in line.estimates
    )
    foreign = tuple(msgspec.structs.replace(each, slice="label=recipe") for each in lineage.estimates)
    assert lineages.followed(msgspec.structs.replace(lineage, estimates=foreign), lineage.lineage) == []


def test_hollow_marks_are_those_that_nothing_was_decided_for(lineage):
    inside = [element.get("class") for element in drawing(lineage).iter(f"{NAMESPACE}path")]
    assert inside.count("marker s3 undecided") == 2
    assert sum("undecided" in style for style in inside) == 2
    assert "Hollow marks" in section(lineage)
    decided = tuple(msgspec.structs.replace(each, decision="ok") for each in lineage.estimates)
    assert "Hollow marks" not in section(msgspec.structs.replace(lineage, estimates=decided))


def test_without_estimates_by_generation_there_is_a_strip_and_no_chart(lineage):
    shown = section(msgspec.structs.replace(lineage, estimates=()))
    assert 'class="strip"' in shown
    assert "over-generations" not in shown


def test_the_picture_is_told_in_words_and_in_a_table(lineage):
    said = drawing(lineage).find(f"{NAMESPACE}desc").text
    assert "How many rare items are left: generation 2 91.2%, generation 3 83.4%, generation 4 74.7%, generation 5 65.2%." in said
    table = section(lineage).split("Kept by each generation, against generation 1</caption>")[1].split("</table>")[0]
    assert table.count("<tr>") == 1 + 16
    assert "[62.4%, 68.0%]" in table


def test_the_trend_table_tells_change_halving_and_chance(lineage):
    rows = lineages.page(lineage)["trend"].rows
    assert rows[0] == ["how many rare items are left (single words)", "loss", "−10.1%", "6.5 generations", "0.0005", "0.0005"]
    assert rows[3][1:4] == ["no loss shown", "+0.3%", "–"]


@given(st.floats(0.01, 3.0))
def test_a_slope_of_log_ratios_is_the_change_per_generation(ratio):
    told = lineages.change(math.log(ratio)).replace("−", "-").replace(",", "").removesuffix("%")
    assert float(told) == pytest.approx(100 * (ratio - 1), abs=0.051)


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (1.1, 1.5, "This is more than sampling alone explains."),
        (0.8, 1.2, "The loss is within what sampling alone would explain."),
        (0.2, 0.9, "This is less, so something held the loss back."),
        (None, None, "would lose 25.0%."),
    ],
)
def test_the_loss_is_set_beside_that_of_sampling_alone(lineage, low, high, said):
    row = Neutral(generation=5, expected_loss=0.25, observed_loss=0.3, excess=1.2, low=low, high=high)
    earlier = Neutral(generation=2, expected_loss=0.1, observed_loss=0.1)
    told = lineages.sampling(changed(lineage, neutral=(row, earlier)).lineage)
    assert told.startswith("Of the rare items, 30.0% are gone by generation 5;")
    assert told.endswith(said)


def test_the_earliest_sign_is_named_and_silence_is_no_sign(lineage):
    assert lineages.signs(lineage.lineage).startswith(
        "The first sign came in generation 2: different phrases among all phrases (word pairs), how"
    )
    silent = (LeadTime(signal="hill_1", first_alarm=None, generations_before_last=None),)
    assert lineages.signs(changed(lineage, lead_times=silent).lineage) == "No signal reported a loss in any generation."
    assert lineages.signs(changed(lineage, lead_times=()).lineage) == ""


def test_the_order_of_signs_is_that_of_their_alarms(lineage):
    turned = changed(lineage, lead_times=lineage.lineage.lead_times[::-1])
    assert [row.first_alarm for row in leads.alarms(turned.lineage)] == [2, 2, 4, None, None, None]


@pytest.mark.parametrize(("earlier", "said"), [(0, "the last one"), (1, "1 generation earlier"), (3, "3 generations earlier"), (None, "–")])
def test_how_long_before_the_last_generation_a_sign_came(earlier, said):
    assert leads.ahead(LeadTime(signal="hill_1", first_alarm=None, generations_before_last=earlier)) == said


def test_steps_that_hide_a_loss_together_are_pointed_out(lineage):
    assert "No single step counts as a failure; together they do." in section(lineage)
    steep = (msgspec.structs.replace(lineage.lineage.steps[0], decision="shrunk"),)
    assert lineages.summed(lineage, changed(lineage, steps=steep).lineage) == ""
    kept = tuple(msgspec.structs.replace(each, decision="ok") for each in lineage.estimates)
    assert lineages.summed(msgspec.structs.replace(lineage, estimates=kept), lineage.lineage) == ""


def test_a_long_lineage_is_cut_and_the_count_is_said(lineage):
    many = tuple(GenerationRecord(generation=at, path="p", documents=1, phase="watch") for at in range(1, 101))
    steps = tuple(msgspec.structs.replace(lineage.lineage.steps[0], generation=at) for at in range(2, 401))
    shown = section(changed(lineage, generations=many, steps=steps))
    assert shown.count('<li class="warn">') == 39
    assert "generation 100</span>" in shown
    assert "60 generations between these are in the JSON report" in shown
    assert "199 more in the JSON report" in shown


@given(st.lists(st.floats(0, 300), max_size=6))
def test_labels_are_moved_apart_in_their_order(heights):
    placed = curves.apart(heights, 15, 300)
    order = sorted(range(len(heights)), key=lambda at: heights[at])
    gaps = [placed[below] - placed[above] for above, below in zip(order, order[1:], strict=False)]
    assert all(gap >= 15 - 1e-9 for gap in gaps)
    assert max(placed, default=0) <= 300


def test_labels_that_are_apart_stay_where_they_are():
    assert curves.apart([100, 20, 60], 15, 300) == [100, 20, 60]


def test_the_band_holds_the_line():
    plot = curves.Plot(svg.Scale(1, 3, 0, 100), svg.Scale(0, 1.1, 110, 0))
    drawn = ET.fromstring(f"<g>{curves.curve([curves.START, curves.Point(3, 0.5, 0.4, 0.7)], 1, plot)}</g>")
    assert drawn.find("polygon").get("points") == "0.0,10.0 100.0,40.0 100.0,70.0 0.0,10.0"
    assert drawn.find("polyline").get("points") == "0.0,10.0 100.0,60.0"
