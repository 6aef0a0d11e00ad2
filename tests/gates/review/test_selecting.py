"""Which documents a person should see."""

from collections import Counter

import numpy as np
import pytest
from msgspec.structs import replace

from longtail.errors import ConfigError
from longtail.gates.review.selecting import Settings, draw, lone, rarest, survey


def drawn(items, **given):
    settings = Settings(**given)
    return draw(survey(items, settings.seed), settings)


@pytest.mark.parametrize("seed", range(5))
def test_half_of_a_queue_of_fifty_is_rare_and_so_is_half_of_every_beginning(pool, seed):
    cells, shown = drawn(pool(), seed=seed)
    rare = [cells[one.cell].is_tail for one in shown]
    assert len(shown) == 50 and sum(rare) >= 25
    firsts = [cells[one.cell].is_tail for one in shown if one.kind == "first"]
    assert len(firsts) == 45 and sum(firsts) >= 23
    assert all(sum(rare[:stop]) >= 0.5 * stop - 1 for stop in range(1, 51))


def test_every_kind_of_document_and_every_decision_is_shown(pool):
    cells, shown = drawn(pool(), size=100)
    assert {cell.decision for cell in cells} == {"keep", "review", "reject"} and {cell.kind for cell in cells} >= {"uncertain", "plain"}
    assert all(cell.drawn >= 2 for cell in cells if cell.population >= 2)
    assert Counter(one.cell for one in shown if one.kind == "first") == {at: cell.drawn for at, cell in enumerate(cells)}


def test_a_tenth_is_shown_twice_later_on_under_another_key_and_masked(pool):
    _, shown = drawn(pool(), size=200)
    place = {one.position: at for at, one in enumerate(shown) if one.kind == "first"}
    repeats = [(at, one) for at, one in enumerate(shown) if one.kind == "repeat"]
    assert len(repeats) == 20 and len({one.key for one in shown}) == 200
    assert all(at - place[one.position] >= 5 and one.masked for at, one in repeats)
    masked = sum(one.masked for one in shown if one.kind == "first")
    assert 25 <= masked <= 65  # so that a hidden decision does not give a repeat away


def test_the_order_of_candidates_does_not_matter_and_the_seed_does(pool):
    items = pool()
    assert drawn(items) == drawn(items) and drawn(items)[1] == drawn(items[::-1])[1]
    assert drawn(items)[1] != drawn(items, seed=1)[1]


def test_a_small_folder_is_shown_whole(pool):
    cells, shown = drawn(pool(20))
    assert sum(cell.drawn for cell in cells) == 20 == sum(one.kind == "first" for one in shown)


def test_rare_places_go_to_others_where_nothing_is_rare(pool):
    cells, shown = drawn([replace(item, rarity=1.0) for item in pool()])
    assert len(shown) == 50 and not any(cell.is_tail for cell in cells)


def test_ties_in_rarity_go_in_whole_and_the_commonest_never_do():
    assert rarest(np.array([0.0, 1, 1, 1, np.nan]), 0.1).tolist() == [False, True, True, True, False]
    assert not rarest(np.array([2.0, 2, 2]), 1.0).any()


def test_the_only_kept_answer_of_four_is_a_lone_success(pool):
    said = ["keep", "reject", "reject", "reject", "keep", "reject", "keep", "keep", "reject", "reject"]
    groups = ["a"] * 4 + ["b"] * 3 + ["c"] * 3
    items = [replace(item, decision=one, group=group) for item, one, group in zip(pool(10), said, groups, strict=True)]
    assert np.flatnonzero(lone(survey(items, 0))).tolist() == [0]


def test_each_candidate_of_a_cell_is_as_likely_as_any_other(pool):
    items, rounds = pool(300), 200
    hits, chance = np.zeros(300), np.ones(300)
    for seed in range(rounds):
        cells, shown = drawn(items, seed=seed, repeats=0.0)
        assert sum(1 / (cells[one.cell].drawn / cells[one.cell].population) for one in shown) == pytest.approx(300)
        for one in shown:
            hits[one.position] += 1
            chance[one.position] = cells[one.cell].drawn / cells[one.cell].population
    unsure = chance < 1
    z = (hits - rounds * chance)[unsure] / np.sqrt(rounds * chance * (1 - chance))[unsure]
    assert hits.min() > 0 and (hits[~unsure] == rounds).all()
    assert np.abs(z).max() < 4.5 and 0.8 < z.std() < 1.2


@pytest.mark.parametrize("given", [{"size": 0}, {"repeats": 0.6}, {"tail": 1.5}, {"masked": -0.1}])
def test_settings_out_of_range_are_refused(given):
    with pytest.raises(ConfigError, match="give a s"):
        Settings(**given)
