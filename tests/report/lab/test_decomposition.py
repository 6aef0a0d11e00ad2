import json
import re
from xml.etree import ElementTree

import numpy
import pytest

from longtail.errors import UsageError
from longtail.lab.decomposition import World, decomposed
from longtail.report.lab.decomposition import chart, to_json, write

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def found():
    return decomposed(World(replicates=300, generations=6))


def areas(picture):
    """Heights of each band, top and bottom, over the generations, from the bottom band up."""
    shapes = [each for each in ElementTree.fromstring(picture).iter(f"{SVG}polygon") if "area" in each.get("class")]
    told = {}
    for shape in shapes:
        places = [tuple(map(float, pair.split(","))) for pair in shape.get("points").split()]
        half = len(places) // 2
        told[shape.get("class").removeprefix("area ")] = ([y for _, y in places[:half]], [y for _, y in places[half:]][::-1])
    return told


def test_each_source_has_a_band_and_the_bands_lie_on_each_other(found):
    bands = areas(chart(found))
    assert list(bands) == ["expressivity", "approximation", "statistical"]
    assert bands["expressivity"][0] == pytest.approx(bands["approximation"][1], abs=0.11)
    assert bands["approximation"][0] == pytest.approx(bands["statistical"][1], abs=0.11)


def test_the_height_of_a_band_is_the_part_of_its_source(found):
    bands = areas(chart(found))
    parts = {source.name: numpy.array(source.part) for source in found.sources}
    heights = {name: numpy.array(low) - numpy.array(high) for name, (high, low) in bands.items()}
    unit = heights["expressivity"][0] / parts["expressivity"][0]
    for name, height in heights.items():
        assert height == pytest.approx(parts[name] * unit, abs=0.25)


def test_the_top_of_the_stack_is_the_line_of_the_total(found):
    picture = chart(found)
    line = next(each for each in ElementTree.fromstring(picture).iter(f"{SVG}polyline"))
    tops = [float(pair.split(",")[1]) for pair in line.get("points").split()]
    assert areas(picture)["statistical"][0] == pytest.approx(tops, abs=0.11)


def test_the_picture_tells_its_numbers_to_those_who_hear_it_and_how_it_was_made(found):
    picture = chart(found, command="longtail lab errors")
    assert re.search(r"<desc[^>]*>Gaussian loop.*Shapley values", picture)
    assert "command: longtail lab errors" in picture
    for words in ("statistical: finite samples", "expressivity: the family is too small", "approximation: training stops short"):
        assert words in picture


def test_one_generation_has_a_picture_too():
    assert areas(chart(decomposed(World(replicates=50, generations=1))))["statistical"][0]


def test_files_hold_what_their_suffix_names(found, tmp_path):
    write(found, tmp_path / "errors.svg", command="c")
    write(found, tmp_path / "errors.json")
    assert (tmp_path / "errors.svg").read_text(encoding="utf-8") == chart(found, command="c")
    told = json.loads((tmp_path / "errors.json").read_text(encoding="utf-8"))
    assert told == json.loads(to_json(found)) and told["total"] == list(found.total)
    with pytest.raises(UsageError, match="suffix"):
        write(found, tmp_path / "errors.pdf")
