"""Which pictures there are, that they can be written, and that shards do not change them."""

import json

import msgspec
import pytest

import longtail
from longtail.report import to_html
from tests.auditing.made import prose, scored


@pytest.fixture(scope="module")
def lineage(tmp_path_factory):
    first, second, third = prose(300, 1), prose(300, 2, kinds=250), prose(300, 3, kinds=150)
    scores = [scored(seed, own=True) for seed in (1, 2, 3)]
    return longtail.audit(lineage=[first, second, third], reference=prose(700, 9), scores=scores)


def test_a_lineage_has_all_pictures_of_texts(lineage):
    drawn = {"rank_frequency", "losses", "copies", "deciles", "usual", "common", "fading"}
    assert drawn <= lineage.panels.keys()
    assert json.loads(json.dumps(lineage.panels, allow_nan=False))["common"]["rows"][-1]["generation"] == 3
    assert [line["name"] for line in lineage.panels["rank_frequency"]["lines"]] == [
        "reference",
        "generation 1",
        "generation 2",
        "candidate",
    ]


def test_common_items_are_all_left_where_only_rare_ones_went(lineage):
    common = lineage.panels["common"]
    assert all(row["ratio"] == pytest.approx(1, abs=0.02) for row in common["rows"]) and common["baseline"] == "generation_1"


def test_what_is_usual_holds_no_difference_for_most_measures(lineage):
    usual = [row for row in lineage.panels["usual"] if row["unit"] == "ratio"]
    assert len(usual) > 5 and sum(row["low"] <= 1 <= row["high"] for row in usual) >= len(usual) - 1


def test_the_page_shows_each_of_them(lineage):
    page = to_html(lineage)
    assert all(f'<section id="{name}"' in page for name in ("hero", "deciles", "ranks", "diversity", "losses", "copies"))


def test_a_data_set_alone_has_ranks_only_where_nothing_repeats():
    found = longtail.audit([f"w{at}a w{at}b w{at}c" for at in range(30)]).panels
    assert not found.keys() & {"deciles", "maps", "usual", "common", "fading", "losses", "copies"}


@pytest.mark.slow
def test_shards_do_not_change_them(tmp_path):
    texts, reference = prose(400, 1), prose(600, 2)
    whole = longtail.audit(longtail.profile(texts), longtail.profile(reference))
    parts = [longtail.profile(texts[:150]), longtail.profile(texts[150:])]
    for at, part in enumerate(parts):
        longtail.save(part, tmp_path / f"{at}.ltp")
    sharded = longtail.audit([str(tmp_path / f"{at}.ltp") for at in (1, 0)], longtail.profile(reference))
    names = ("deciles", "rank_frequency", "usual", "copies", "fading")
    assert [msgspec.json.encode(whole.panels.get(name)) for name in names] == [
        msgspec.json.encode(sharded.panels.get(name)) for name in names
    ]


def test_every_picture_stands_with_its_table_in_a_section_that_is_small(lineage):
    page = to_html(lineage)
    sections = {part.split('"')[0]: part.split("</section>")[0] for part in page.split('<section id="')[1:]}
    drawn = [sections[name] for name in ("hero", "deciles", "diversity", "losses", "ranks")]
    assert all('role="img"' in section and "<table" in section and len(section.encode()) <= 40_000 for section in drawn)
