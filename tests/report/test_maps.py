import pytest

from longtail.report.maps import MOST_POINTS, maps

CELL = {
    "region": 7, "documents": 26, "expected": 26.0, "chance": 1e-8, "is_lost": True, "at": [0.5, 0.5], "terms": ["maps", "coast", "x"],
    "examples": ["d1", "d2"],
}  # fmt: skip
MAP = {
    "column": "features", "explained": 0.58, "baseline": "reference", "reference": "0,0 1,1 0.2,0.8", "candidate": "0.1,0.1",
    "regions": 106, "cells_total": 1, "cells": [CELL, CELL | {"region": 9, "is_lost": False, "chance": 0.2, "terms": [], "examples": []}],
}  # fmt: skip


def test_only_what_chance_hardly_explains_is_outlined_and_labelled(holding):
    (shown,) = maps(holding(maps=[MAP]))
    assert shown["chart"].count('class="ring"') == 1 and "maps, coast" in shown["chart"] and "region 9" not in shown["chart"]
    assert shown["told"].startswith("1 of 106 regions is reached by documents of")
    assert shown["cells"] == [
        ["region 7: maps, coast, x", "d1, d2", "26", "26.0", "1e-08", "lost"], ["region 9", "–", "26", "26.0", "0.2", "may be chance"],
    ]  # fmt: skip
    assert shown["explained"] == "58.0%" and shown["drawn"] == "4"


def test_without_a_lost_region_none_is_claimed(holding):
    (shown,) = maps(holding(maps=[MAP | {"cells": [], "cells_total": 0}]))
    assert "is empty beyond what chance would leave empty" in shown["told"] and 'class="ring"' not in shown["chart"]


def test_a_map_that_could_not_be_made_says_why(holding):
    (shown,) = maps(holding(maps=[{"column": "x", "not_measured": "fewer than three documents with vectors"}]))
    assert shown["chart"] is None and shown["why"] == "fewer than three documents with vectors"


def test_points_are_capped_and_what_is_no_point_is_left_out(holding):
    points = " ".join(f"{at},{at}" for at in range(3000))
    (shown,) = maps(holding(maps=[MAP | {"reference": points, "candidate": "0,0 nan,1 x 1 1,2,3 ,"}]))
    assert shown["drawn"] == f"{MOST_POINTS + 1:,}"


@pytest.mark.parametrize("held", [None, {}, [], "x", [3]])
def test_what_is_no_list_of_maps_is_not_shown(holding, held):
    assert maps(holding(maps=held)) == []
