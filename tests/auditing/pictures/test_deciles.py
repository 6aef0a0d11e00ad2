"""Deciles against a count by hand in whole documents."""

from math import comb

import numpy as np
import pytest

import longtail
from longtail.auditing.pictures.deciles import deciles_of, wilson
from longtail.metrics.comparison import Comparison, reference_pairing
from longtail.metrics.pairing import Settings
from longtail.summaries.reference import Reference
from longtail.summaries.rows import type_counts
from tests.auditing.made import against, prose


def compared(candidate, reference, **options):
    _, pairing = against(longtail.profile(candidate, **options), longtail.profile(reference, **options))
    return Comparison(pairing, pairing.principal)


@pytest.fixture(scope="module")
def same():
    return deciles_of(compared(prose(600, 1), prose(1200, 2)))[0]


@pytest.fixture(scope="module")
def narrowed():
    return deciles_of(compared(prose(600, 1, kinds=120), prose(1200, 2)))[0]


def test_ten_rows_from_the_part_with_what_they_are_held_against(same):
    assert (same["view"], same["baseline"]) == ("words_1", "reference")
    assert [row["decile"] for row in same["rows"]] == list(range(1, 11))
    assert sum(row["items"] for row in same["rows"]) > 400


def test_without_change_no_interval_lies_below_the_reference(same):
    drawn = [row for row in same["rows"] if row["items"]]
    assert all(row["low"] <= row["candidate"] <= row["high"] <= 1 for row in drawn)
    assert sum(row["high"] < row["baseline"] for row in drawn) <= 1


def test_a_lost_tail_shows_in_the_last_deciles_and_not_in_the_first(narrowed):
    first, last = narrowed["rows"][0], narrowed["rows"][8]
    assert first["candidate"] == pytest.approx(first["baseline"], abs=0.01)
    assert last["high"] < last["baseline"]


def test_the_reference_bar_is_the_share_of_its_other_half_by_a_count_of_whole_units():
    texts, other = prose(2100, 2), prose(400, 3)
    comparison = compared(other, texts)
    found = deciles_of(comparison)[0]["rows"]
    (fold,) = comparison.folds
    chooser = comparison.pairing.roles[0][0]
    table = chooser.profile.frequencies["words_1"]
    types, tokens, _ = type_counts(table, 0, comparison.theta)
    order = np.argsort(-tokens, kind="stable")
    row = next(row for row in found if row["items"] > 10)
    before = sum(each["items"] for each in found[: row["decile"] - 1])
    part = {int(types[at]) for at in order[before : before + row["items"]]}
    first, size = fold.rows.sizes[0], min(fold.rows.sizes)
    holders = {kind: set() for kind in part}
    for at, kind in enumerate(fold.rows.types.tolist()):
        if kind in holders:
            holders[kind] = {int(u) for u in fold.rows.unit[fold.rows.starts[at] : fold.rows.starts[at + 1]] if u >= first}
    units = fold.rows.sizes[1]
    seen = sum(1 - comb(units - len(of), size) / comb(units, size) for of in holders.values())
    assert row["baseline"] == pytest.approx(seen / len(part))


def test_classes_are_cut_too_where_there_are_enough_of_them():
    def rows(n, seed, kinds):
        drawn = np.random.default_rng(seed).integers(0, kinds, n)
        return [{"text": text, "few": f"f{kind % 5}", "many": f"m{kind}"} for text, kind in zip(prose(n, seed), drawn, strict=True)]

    found = deciles_of(compared(rows(300, 1, 60), rows(600, 2, 60), by=["few", "many"]))
    assert [each["view"] for each in found] == ["words_1", "labels:many"]


def test_a_view_of_sampled_or_of_too_sparse_types_is_left_out():
    sparse = [f"only{seed}x{at} word" for seed in (1, 2) for at in range(400)]
    half = longtail.profile(sparse[:400]), longtail.profile(sparse[400:])
    pairing = reference_pairing(half[0], Reference(half[1]), Settings(permutations=199))
    assert deciles_of(Comparison(pairing, "words_1")) == []


@pytest.mark.parametrize(("share", "items", "bounds"), [(0.0, 10, (0.0, 0.2775)), (1.0, 10, (0.7225, 1.0)), (0.5, 10, (0.2366, 0.7634))])
def test_the_interval_of_a_share_of_items_is_that_of_the_tables(share, items, bounds):
    assert wilson(share, items) == pytest.approx(bounds, abs=1e-4)


def test_a_decile_of_few_items_has_a_wide_range_and_p_values_count_all_deciles(narrowed):
    few = min((row for row in narrowed["rows"] if row["items"]), key=lambda row: row["items"])
    assert few["high"] - few["low"] >= 0.3 and few["items"] < 10
    tested = [row for row in narrowed["rows"] if row["p"] is not None]
    assert all(row["p_adjusted"] == min(row["p"] * len(tested), 1.0) for row in tested)
    assert narrowed["rows"][8]["p_adjusted"] <= 0.05
