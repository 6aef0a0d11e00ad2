"""Surface measures of one sample: what they say, when they say nothing, and that their errors are honest."""

import numpy as np
import pytest

from longtail import merge, profile
from longtail.metrics.catalogue import VALUES
from longtail.metrics.repetition import distinct_n
from longtail.metrics.surface import Excerpts, excerpts_of, form, lexical, overlap, surface_values
from longtail.metrics.surface.means import cluster_error, parts_of
from longtail.records import Estimate, NotMeasured


def prose(documents, seed=0, types=400, length=80):
    """Documents of a Zipf law."""
    rng = np.random.default_rng(seed)
    law = 1 / np.arange(1, types + 1)
    return [" ".join(f"w{word}" for word in rng.choice(types, length, p=law / law.sum())) for _ in range(documents)]


def excerpts(texts, seed=0):
    return Excerpts(tuple(texts), np.random.default_rng(seed).permutation(4096)[: len(texts)].astype(np.uint16))


def collapsed(texts, moulds=3, words=40):
    """The documents with their first words replaced by one of a few beginnings, one word of them changed."""
    rng, made = np.random.default_rng(1), []
    for number, text in enumerate(texts):
        head = texts[number % moulds].split()[:words]
        head[rng.integers(20, words)] = f"n{number}"
        made.append(" ".join(head + text.split()[words:]))
    return made


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


def test_documents_that_are_too_short_are_left_out_and_counted():
    found = lexical.hdd(excerpts(prose(40) + ["too short"] * 60))
    assert found.n == 40 and "60 of 100 documents left out, which have not at least 42 words" in found.method
    assert lexical.mattr(excerpts(["too short"] * 60)).reason == "0 distinct documents with at least 50 words, fewer than 30"


def test_the_sampled_documents_of_a_profile_are_split_into_the_words_of_its_views():
    texts = ["Don't stop", "ＡＢＣ x", "", "日本語 text", "rock'", "'n roll", "e\u0301te\u0301", "line\nbreak"]
    made = profile([text for text in texts if text])
    found = excerpts_of(made)
    assert int(found.corpus.lengths.sum()) == int(made.frequencies["words_1"].tokens.sum())
    assert found.corpus.types == len(made.frequencies["words_1"].run().keys)
    at = found.texts.index("Don't stop")
    assert found.corpus.lengths[at] == 2 and found.phrase(at, 0, 2) == "Don't stop"


def test_any_sharding_and_order_gives_the_same_numbers():
    texts = prose(450)
    parts = [profile(texts[at::3][::-1]) for at in (2, 0, 1)]
    assert surface_values(excerpts_of(merge(parts))) == surface_values(excerpts_of(profile(texts)))


def test_emoji_and_scripts_from_the_right_and_without_spaces_are_words_too():
    made = excerpts(["😀 😀 مرحبا بالعالم 日本 ไทย " + " ".join(f"w{n * at}" for at in range(60)) for n in range(450)])
    assert made.phrase(0, 0, 4) == "😀 😀 مرحبا بالعالم" and made.corpus.lengths.min() > 60
    assert all(isinstance(each, Estimate) for each in surface_values(made))


def test_halves_of_the_sample_are_told_apart():
    made = profile(prose(400))
    halves = [excerpts_of(made, half) for half in (0, 1)]
    assert sorted(halves[0].texts + halves[1].texts) == sorted(excerpts_of(made).texts)
    assert {int(cell) >> 11 for cell in halves[1].cells} == {1}


def test_paraphrases_of_a_few_documents_raise_self_bleu_and_templates_beyond_their_intervals():
    texts = prose(450)
    before, after = excerpts(texts), excerpts(collapsed(texts))
    for measure in (overlap.self_bleu, overlap.self_repetition, form.template_share, overlap.homogenisation, form.compression_ratio):
        assert measure(after).low > measure(before).high, measure.__name__
    assert form.openings(after).high < form.openings(before).low


def test_doubling_a_file_leaves_its_rarefied_distinct_ngrams():
    texts = prose(300)
    once, twice = (distinct_n(profile(each).frequencies["words_1"]) for each in (texts, texts + texts))
    assert abs(once.value - twice.value) < 0.01 and "rarefied to 10000" in once.method
    assert [each.texts for each in map(excerpts_of, map(profile, (texts, texts + texts)))][0] == excerpts_of(profile(texts + texts)).texts


def test_the_commonest_moulds_are_listed_as_they_are_written():
    texts = [f"Once upon a time, there was a small {n} fox who {n}" for n in range(60)] + prose(60)
    found = form.top_templates(excerpts(texts))
    assert found[0] == ("Once upon a time, there was", 60, 0.5) and len(found) < 3
    assert form.top_openings(excerpts(texts))[0] == ("Once upon a", 60, 0.5)
    assert form.commonest_template(excerpts(texts)).slice == "Once upon a time, there was"


def test_documents_of_one_prompt_are_taken_together_in_an_error():
    values, cells = np.repeat(np.random.default_rng(0).normal(size=50), 4), np.repeat(np.arange(50), 4).astype(np.uint16)
    apart = cluster_error(values, np.arange(200).astype(np.uint16))[0]
    assert apart == pytest.approx(values.std(ddof=1) / 200**0.5)
    assert cluster_error(values, cells)[0] == pytest.approx(values[::4].std(ddof=1) / 50**0.5)


def test_parts_hold_equally_many_documents_and_whole_prompts():
    cells = np.random.default_rng(0).integers(0, 4096, 640).astype(np.uint16)
    parts = parts_of(cells, 32)
    assert np.abs(np.bincount(parts) - 20).max() <= 4
    assert all(len(set(parts[cells % 2048 == each].tolist())) == 1 for each in np.unique(cells % 2048))


@pytest.mark.parametrize(
    "measure", [overlap.self_bleu, overlap.self_repetition, lexical.mtld, form.openings], ids=lambda each: each.__name__
)
def test_the_error_of_a_measure_is_that_of_fresh_samples(measure):
    found = [measure(excerpts(prose(120 if measure is not form.openings else 210, seed, 300, 60), seed)) for seed in range(60)]
    spread = np.std([each.value for each in found], ddof=1)
    claimed = np.mean([(each.high - each.low) / 2 for each in found]) / 2
    assert 0.7 < claimed / spread < 1.7
