"""Surface measures of one sample: what they say, when they say nothing, and that their errors are honest."""

import numpy as np
import pytest

from longtail import merge, profile
from longtail.metrics.catalogue import VALUES
from longtail.metrics.repetition import distinct_n
from longtail.metrics.surface import excerpts_of, form, lexical, overlap, surface_values
from longtail.records import Estimate, NotMeasured

from .made import excerpts, prose


def test_every_measure_of_a_sample_is_an_estimate_of_a_registered_metric():
    found = surface_values(excerpts(prose(450)))
    assert all(isinstance(each, Estimate) for each in found)
    assert all(each.metric in VALUES and each.unit == VALUES[each.metric].facts["unit"] for each in found)
    assert all(each.low < each.value < each.high for each in found if each.metric not in ("template_share",))
    assert len({each.metric for each in found}) == len(found) == 13


@pytest.mark.parametrize(
    "texts", [[], ["one document"], [""] * 1, ["only one word"] * 1, ["", "a", "b c"]], ids=lambda texts: str(len(texts))
)
def test_few_documents_are_not_measured_and_say_why(texts):
    found = surface_values(excerpts(texts))
    assert all(isinstance(each, NotMeasured) and each.enable and each.metric for each in found)


def test_identical_words_everywhere_have_defined_values():
    found = {each.metric: each for each in surface_values(excerpts(["the same words here " * 20 + str(n % 2) for n in range(450)]))}
    assert found["self_bleu"].value > 0.97 and found["template_share"].value == 1.0
    assert found["commonest_template"].slice.startswith("the same words here")
    assert found["openings"].value == pytest.approx(0.01) and found["opening_share"].slice == "the same words"


def test_any_sharding_and_order_gives_the_same_numbers():
    texts = prose(450)
    parts = [profile(texts[at::3][::-1]) for at in (2, 0, 1)]
    assert surface_values(excerpts_of(merge(parts))) == surface_values(excerpts_of(profile(texts)))


def test_doubling_a_file_leaves_its_rarefied_distinct_ngrams():
    texts = prose(300)
    once, twice = (distinct_n(profile(each).frequencies["words_1"]) for each in (texts, texts + texts))
    assert abs(once.value - twice.value) < 0.01 and "rarefied to 10000" in once.method
    assert [each.texts for each in map(excerpts_of, map(profile, (texts, texts + texts)))][0] == excerpts_of(profile(texts + texts)).texts


@pytest.mark.parametrize(
    "measure", [overlap.self_bleu, overlap.self_repetition, lexical.mtld, form.openings], ids=lambda each: each.__name__
)
def test_the_error_of_a_measure_is_that_of_fresh_samples(measure):
    found = [measure(excerpts(prose(120 if measure is not form.openings else 210, seed, 300, 60), seed)) for seed in range(60)]
    spread = np.std([each.value for each in found], ddof=1)
    claimed = np.mean([(each.high - each.low) / 2 for each in found]) / 2
    assert 0.7 < claimed / spread < 1.7
