"""Surface measures against a baseline: level where nothing changed, finding where something did, silence where they cannot tell."""

from collections import defaultdict

import numpy as np
import pytest

from longtail.metrics.catalogue import RATIOS
from longtail.metrics.surface import Excerpts, surface_ratios
from longtail.metrics.surface.pair import Pair
from longtail.metrics.surface.ratios import MEASURES, ORDERS, self_bleu_ratio, template_difference
from longtail.records import Estimate, NotMeasured

from .made import collapsed, excerpts, prose


def measured(found):
    return {(each.metric, each.view): each for each in found}


def test_every_comparison_is_an_estimate_of_a_registered_metric_with_its_baseline():
    found = surface_ratios(excerpts(prose(200)), excerpts(prose(200, 1)), permutations=99)
    assert len(found) == len(MEASURES) + len(ORDERS) and all(isinstance(each, Estimate) for each in found)
    assert all(each.metric in RATIOS and RATIOS[each.metric].facts["unit"] == each.unit for each in found)
    assert {each.baseline for each in found} == {"reference"} and {each.n for each in found} == {200}
    assert all((each.kind, each.expected) == (("ratio", 1.0) if each.unit == "ratio" else ("value", 0.0)) for each in found)
    assert all(each.p >= 0.01 and each.baseline_value is not None and each.low <= each.value <= each.high for each in found)


def test_the_larger_sample_is_cut_to_the_smaller():
    large = excerpts(prose(600, 1))
    pair = Pair(excerpts(prose(200)), large, "generation_1")
    assert pair.documents == 200 and pair.both.texts[200:] == large.texts[:200]
    assert pair.sizes.sum() == 400 and len(pair.sizes) == 64 and np.ptp(pair.sizes) <= 3


def test_paraphrases_of_a_few_documents_are_found_by_each_measure_between_documents():
    texts = prose(300)
    found = measured(surface_ratios(excerpts(collapsed(texts)), excerpts(prose(300, 5)), permutations=199))
    assert found["self_bleu", "words_4"].low > 1.5 and found["template_share", "words_6"].low > 0.7
    for metric in (
        ("self_bleu", "words_4"),
        ("self_repetition", "words_4"),
        ("template_share", "words_6"),
        ("compression_ratio", "documents"),
    ):
        assert found[metric].p == 1 / 200
    assert found["openings", "words_3"].high < 0.1 and found["distinct_n", "words_2"].high < 0.9


def test_fewer_words_are_found_inside_documents():
    found = measured(surface_ratios(excerpts(prose(200, types=100)), excerpts(prose(200, 1)), permutations=199))
    for metric in ("mattr", "hdd", "mtld", "distinct_n"):
        assert found[metric, "words_1"].high < 1 and found[metric, "words_1"].p == 1 / 200


def test_more_variety_than_the_baseline_is_no_loss():
    found = surface_ratios(excerpts(prose(200)), excerpts(collapsed(prose(200, 1))), permutations=99)
    between = [each for each in found if each.metric in ("self_bleu", "self_repetition", "openings", "template_share", "compression_ratio")]
    assert {each.p for each in between} == {1.0}


def test_no_template_on_either_side_leaves_room_for_three_in_n():
    found = template_difference(Pair(excerpts(prose(200)), excerpts(prose(200, 1)), "reference", 99))
    assert (found.value, found.low, found.high, found.p) == (0.0, -3 / 200, 3 / 200, 1.0)


def test_few_documents_and_few_prompts_are_refused():
    few = surface_ratios(excerpts(prose(95)), excerpts(prose(400, 1)))
    assert {each.reason for each in few} == {"95 distinct documents on the smaller side, fewer than the 96 that a test needs"}
    same = Excerpts(tuple(prose(200)), np.zeros(200, np.uint16))
    assert {each.reason[:15] for each in surface_ratios(same, excerpts(prose(200, 1)))} == {"too few prompts"}
    assert all(isinstance(each, NotMeasured) and each.enable for each in few)


@pytest.mark.parametrize("text", ["", "one", "the same words again and again"])
def test_samples_of_one_text_have_no_ratio(text):
    found = surface_ratios(excerpts([text] * 200), excerpts([text] * 200), permutations=19)
    assert all(isinstance(each, NotMeasured) or each.low <= each.expected <= each.high for each in found)


def test_the_same_seed_gives_the_same_numbers():
    sides = excerpts(prose(120)), excerpts(prose(120, 1))
    assert surface_ratios(*sides, seed=3, permutations=49) == surface_ratios(*sides, seed=3, permutations=49)
    assert self_bleu_ratio(Pair(*sides, "reference", 49, 3)) != self_bleu_ratio(Pair(*sides, "reference", 49, 4))


@pytest.mark.slow
def test_where_nothing_changed_a_twentieth_is_called_a_loss():
    ps, covered = defaultdict(list), defaultdict(list)
    for seed in range(300):
        sizes = (120, 120) if seed % 2 else (120, 360)
        for each in surface_ratios(
            *(excerpts(prose(size, 2 * seed + at), seed) for at, size in enumerate(sizes)), seed=seed, permutations=99
        ):
            if isinstance(each, NotMeasured):
                assert each.metric == "openings"  # no two documents begin alike
                continue
            ps[each.metric, each.view].append(each.p)
            covered[each.metric, each.view].append(each.low <= each.expected <= each.high)
    for name, values in ps.items():
        assert np.mean(np.array(values) <= 0.05) < 0.05 + 2.6 * (0.05 * 0.95 / 300) ** 0.5, name
        assert np.mean(covered[name]) > 0.95 - 2.6 * (0.05 * 0.95 / 300) ** 0.5, name
