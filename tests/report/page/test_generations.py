import re
import xml.etree.ElementTree as ET

import pytest

from longtail.report.drawing import curves
from longtail.report.page import generations as picture

SERIES = (
    picture.Series("head", "common words", 0),
    picture.Series("rare", "rare words", 1),
    picture.Series("mass", "mass", picture.NOT_DRAWN),
)
NAMESPACE = "{http://www.w3.org/2000/svg}"


def kept(lineage, *rows):
    return [
        picture.Kept(lineage, generation, {"head": (1.0, 0.99, 1.01), "rare": (value, value - 0.05, value + 0.05), "mass": (0.9, 0.8, 1.0)})
        for generation, value in enumerate(rows, 2)
    ]


def told(rows, names=("replace", "accumulate"), **changed):
    lineages = [picture.Lineage(name, f"about {name}", "fail", f"became of {name}.", f"{name}.html") for name in names]
    plain = {
        "headline": "A headline",
        "sentence": "One sentence.",
        "kept": rows,
        "series": SERIES,
        "lineages": lineages,
        "commands": ["longtail list"],
    }
    return picture.Story(**(plain | changed))


@pytest.fixture
def story():
    return told(kept("replace", 0.8, 0.6) + kept("accumulate", 0.97, 0.96))


def parsed(drawn):
    return ET.fromstring(drawn.encode())


def texts(drawn):
    return [element.text for element in parsed(drawn).iter(f"{NAMESPACE}text")]


def drawn_of(story, kind):
    return [element for element in parsed(picture.generations_svg(story)).iter(f"{NAMESPACE}{kind}")]


def test_the_picture_is_well_formed_and_stands_alone(story):
    drawn = picture.generations_svg(story)
    assert parsed(drawn).tag == f"{NAMESPACE}svg"
    assert "prefers-color-scheme: dark" in drawn
    assert "var(--card)" in drawn
    assert not re.search(r"url\(|href|@import|<script", drawn)


def test_the_picture_has_a_title_and_says_the_last_numbers_in_words(story):
    root = parsed(picture.generations_svg(story))
    assert root.find(f"{NAMESPACE}title").text == "A headline"
    said = root.find(f"{NAMESPACE}desc").text
    assert "replace: kept from generation 1 in generation 3: common words 100% [99%, 101%]; rare words 60% [55%, 65%]." in said
    assert root.get("aria-labelledby") == "generations-title generations-desc"


def test_each_lineage_has_a_line_and_a_band_per_drawn_series(story):
    assert len(drawn_of(story, "polyline")) == 4
    assert len(drawn_of(story, "polygon")) == 4


def test_lines_are_told_apart_by_shape_as_well_as_by_colour(story):
    marks = {element.get("class"): re.sub(r"[-\d. ]", "", element.get("d")) for element in drawn_of(story, "path")}
    assert set(marks) == {"marker s0", "marker s1"}
    assert marks["marker s0"] != marks["marker s1"]


def test_every_line_begins_at_100_percent_in_generation_1(story):
    starts = {element.get("points").split()[0] for element in drawn_of(story, "polyline")}
    assert len(starts) == 1


def test_a_band_holds_its_line_and_lower_values_stand_lower():
    rows = told(kept("replace", 0.8, 0.6), names=("replace",))
    line = [float(point.split(",")[1]) for point in drawn_of(rows, "polyline")[1].get("points").split()]
    band = [float(point.split(",")[1]) for point in drawn_of(rows, "polygon")[1].get("points").split()]
    assert line == sorted(line)
    assert all(high <= at <= low for high, at, low in zip(band[:3], line, reversed(band[3:]), strict=True))


def test_the_axis_reaches_110_percent_and_further_where_the_data_do():
    assert picture._ceiling(told(kept("replace", 0.8))) == pytest.approx(1.1)
    assert picture._ceiling(told(kept("replace", 1.21))) == pytest.approx(1.3)
    assert picture._ceiling(told(kept("replace", 9.0))) == 2.0
    assert picture._ceiling(told([])) == pytest.approx(1.1)


def test_the_margin_is_drawn_and_named():
    assert "margin: 80%" in texts(picture.generations_svg(told(kept("replace", 0.8), margin=0.8)))


def test_twenty_generations_have_no_more_ticks_than_fit():
    shown = texts(picture.generations_svg(told(kept("replace", *(0.9,) * 19), names=("replace",))))
    ticks = [int(one) for one in shown if one.isdigit()]
    assert len(ticks) <= curves.MOST_TICKS
    assert (ticks[0], ticks[-1]) == (1, 20)


def test_the_page_holds_a_sentence_the_panels_their_table_the_links_and_the_commands(story):
    page = picture.generations_html(story)
    assert "<p>One sentence.</p>" in page
    assert len(re.findall(r'<svg viewBox[^>]*role="img"', page)) == 2
    assert re.findall(r'href="([^#][^"]*)"', page) == ["replace.html", "accumulate.html"]
    assert "became of replace." in page
    assert page.count("<tr>") == 1 + len(story.kept)
    assert "90% [80%, 100%]" in page
    assert "<span>longtail</span> <span>list</span>" in page


def test_ids_are_unique_and_what_is_pointed_to_exists(story):
    page = picture.generations_html(story)
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    pointed = {one for value in re.findall(r'aria-labelledby="([^"]+)"', page) for one in value.split()}
    assert pointed | set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)


def test_one_generation_is_no_loss_and_no_crash():
    page = picture.generations_html(told([]))
    assert "nothing was compared" in page
    assert "<polyline" not in page
    assert "nothing was compared." in picture.generations_svg(told([]))


def test_a_lineage_without_rows_is_an_empty_panel():
    assert "accumulate: nothing was compared." in picture.generations_svg(told(kept("replace", 0.8)))


def test_hostile_names_stay_text():
    name = "<script>\"'&\x00"
    rows = told(kept(name, 0.8), names=(name,), headline=name, sentence=name, commands=[name])
    assert "<script>" not in picture.generations_svg(rows) + picture.generations_html(rows)
    assert parsed(picture.generations_svg(rows)).find(f"{NAMESPACE}title").text.startswith("<script>")


def test_the_same_story_is_the_same_bytes(story):
    assert picture.generations_svg(story) == picture.generations_svg(story)
    assert picture.generations_html(story) == picture.generations_html(story)
