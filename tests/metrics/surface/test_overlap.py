"""What documents share, against nltk, rouge-score and counts by hand."""

import math
from collections import Counter

import numpy as np
import pytest

from longtail.metrics.surface import Excerpts, overlap
from longtail.metrics.surface.means import parts_of
from longtail.stats.surface import repetition

from .made import collapsed, excerpts, prose


def test_references_are_others_of_the_same_part_and_each_is_one_equally_often():
    part = np.array([0] * 7 + [1] * 5 + [2] * 6)[np.random.default_rng(0).permutation(18)]
    found = overlap.inside_parts(part, 4, 3)
    assert found.shape == (18, 4) and (part[found] == part[:, None]).all()
    assert all(len({at, *row}) == 5 for at, row in enumerate(found.tolist()))
    assert np.bincount(found.ravel()).tolist() == [4] * 18
    assert (overlap.inside_parts(part, 4, 3) == found).all() and (overlap.inside_parts(part, 4, 4) != found).any()


def test_self_bleu_is_nltk_s_mean_against_references_of_the_same_part():
    bleu = pytest.importorskip("nltk.translate.bleu_score")
    made = excerpts(prose(90, 1, 60, 20))
    found = overlap.self_bleu(made, seed=5)
    part = parts_of(made.cells, 8)
    references = overlap.inside_parts(part, 10, 5)
    words, smooth = [text.split() for text in made.texts], bleu.SmoothingFunction().method1
    scores = [bleu.sentence_bleu([words[at] for at in row], words[one], smoothing_function=smooth) for one, row in enumerate(references)]
    means = np.array([np.mean(np.array(scores)[part == each]) for each in range(8)])
    assert found.value == pytest.approx(np.mean(scores), rel=1e-9)
    half = 2.3646242510102993 * means.std(ddof=1) / math.sqrt(8)
    assert found.high - found.value == pytest.approx(half, rel=1e-9) == found.value - found.low
    assert found.method.startswith("10 drawn references each") and "over 8 parts" in found.method


@pytest.mark.parametrize(("documents", "references"), [(88, 10), (407, 10), (408, 50)])
def test_self_bleu_takes_as_many_references_as_the_documents_allow(documents, references):
    assert overlap.self_bleu(excerpts(prose(documents, 1, 50, 8))).method.startswith(f"{references} drawn references")


def test_few_documents_and_a_single_prompt_have_no_self_bleu():
    assert overlap.self_bleu(excerpts(prose(87))).reason == "87 distinct documents, fewer than 88"
    for cells in (np.full(88, 9), np.arange(88) % 2, np.array([0] + [9] * 87)):
        found = overlap.self_bleu(Excerpts(tuple(prose(88)), cells.astype(np.uint16)))
        assert found.reason == "too few prompts" and found.enable == "documents of more prompts"
    assert overlap.self_repetition(Excerpts(tuple(prose(88)), np.full(88, 9, np.uint16))).reason == "too few prompts"


def test_self_repetition_counts_the_other_documents_that_hold_each_gram():
    texts = prose(40, 1, 5, 9)
    grams = [{tuple(text.split()[at : at + 4]) for at in range(len(text.split()) - 3)} for text in texts]
    held = Counter(gram for each in grams for gram in each)
    by_hand = [math.log1p(sum(held[gram] - 1 for gram in each)) for each in grams]
    found = overlap.self_repetition(excerpts(texts))
    assert found.value == pytest.approx(np.mean(by_hand)) and found.value > 1 and found.n == 40
    assert overlap.self_repetition(excerpts([f"a{at} b c{at} d e{at}" for at in range(40)])).value == 0


def test_self_repetition_looks_at_the_first_five_hundred_documents():
    texts = prose(510, 1, 20, 8)
    found = overlap.self_repetition(excerpts(texts))
    assert found == overlap.self_repetition(excerpts(texts).first(500)) and "among 500 documents" in found.method


def test_homogenisation_is_rouge_score_s_mean_over_the_same_pairs():
    scorer = pytest.importorskip("rouge_score.rouge_scorer").RougeScorer(["rougeL"])
    texts = prose(40, 2, 30, 12)
    pairs = repetition.circle_pairs(40, 5, 7)
    expected = np.mean([scorer.score(texts[one], texts[other])["rougeL"].fmeasure for one, other in pairs.tolist()])
    found = overlap.homogenisation(excerpts(texts), seed=7)
    assert found.value == pytest.approx(expected, rel=1e-9) and found.method.startswith("200 random pairs")


def test_the_same_words_everywhere_are_all_alike_and_no_common_word_is_none():
    same = excerpts(["a b c d e"] * 90)
    unlike = excerpts([" ".join(f"{word}{at}" for word in "abcde") for at in range(90)])
    assert [measure(same).value for measure in (overlap.self_bleu, overlap.homogenisation)] == pytest.approx([1.0, 1.0])
    assert [measure(unlike).value for measure in (overlap.self_bleu, overlap.homogenisation, overlap.self_repetition)] == [0.0] * 3
    assert overlap.self_repetition(same).value == pytest.approx(math.log1p(2 * 89))


@pytest.mark.parametrize("measure", [overlap.self_repetition, overlap.homogenisation])
def test_fewer_than_thirty_documents_are_too_few(measure):
    assert measure(excerpts(prose(29))).reason == "29 distinct documents, fewer than 30"
    assert measure(excerpts(prose(30))).n == 30


def test_paraphrases_of_a_few_documents_raise_what_documents_share_beyond_the_intervals():
    texts = prose(450)
    for measure in (overlap.self_bleu, overlap.self_repetition, overlap.homogenisation):
        assert measure(excerpts(collapsed(texts))).low > measure(excerpts(texts)).high, measure.__name__
