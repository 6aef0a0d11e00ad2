"""What a filter left, by decile of rarity."""

from collections import Counter

import msgspec
import numpy as np
import pyarrow as pa
import pytest
from scipy import stats

from longtail import profile
from longtail.errors import UsageError
from longtail.metrics.filtering import filter_loss
from longtail.metrics.funnel import Funnel
from longtail.metrics.rarity import Rarity
from longtail.metrics.retention import Retention, interval, retention
from longtail.stats.jackknife import Spread
from longtail.views.batch import texts_of
from longtail.views.keys import half_of
from tests.metrics.corpora import clustered, written

VIEW = ("words_1",)


def counted(texts):
    return profile(texts, views=VIEW)


def rare_last(texts):
    return sorted(texts, key=lambda text: np.mean([int(word[1:]) for word in text.split()]))


def halves(texts):
    return half_of(texts_of(pa.array(texts), 0).cells.astype(np.uint16))


def brute_deciles(texts):
    """Decile of each word, 1 to 10, by filling deciles from the rarest count up, a count at a time."""
    counts = Counter(word for text in texts for word in text.split())
    total, running, decile = sum(counts.values()), 0, {}
    for count in sorted(set(counts.values())):
        words = [word for word in counts if counts[word] == count]
        decile |= dict.fromkeys(words, 10 - min(9, int(10 * running / total + 1e-9)))
        running += count * len(words)
    return decile


def brute_kept(texts, kept):
    """Tokens before and after by decile, 11 for words that the other half never saw."""
    before, after, half = Counter(), Counter(), halves(texts)
    for measured in (0, 1):
        decile = brute_deciles([text for text, which in zip(texts, half, strict=True) if which != measured])
        for text, which, is_kept in zip(texts, half, kept, strict=True):
            if which == measured:
                found = Counter(decile.get(word, 11) for word in text.split())
                before += found
                after += found if is_kept else Counter()
    return before, after


def test_the_deciles_are_those_of_brute_force():
    texts = written(clustered(300, 1))
    kept = np.random.default_rng(2).random(300) < 0.6
    before, after = brute_kept(texts, kept)
    found = retention(counted(texts), counted([text for text, is_kept in zip(texts, kept, strict=True) if is_kept]))
    assert {line.decile: line.tokens for line in found.deciles if line.tokens} == dict(before)
    assert {line.decile: line.kept.value for line in found.deciles if line.kept} == pytest.approx(
        {decile: after[decile] / before[decile] for decile in before}
    )
    assert found.rare.value == pytest.approx(after[10] / before[10])
    common = range(1, 6)
    assert found.common.value == pytest.approx(sum(after[at] for at in common) / sum(before[at] for at in common))


@pytest.mark.parametrize("documents", [400, 2400])
def test_the_ratio_and_the_losses_are_those_of_the_filter_rule(documents):
    texts = rare_last(written(clustered(documents, 3)))
    sides = counted(texts), counted(texts[: documents * 9 // 10])
    found, told = retention(*sides), filter_loss(*sides, "words_1", 0.1, 0.9)
    assert (found.ratio.value, found.ratio.low, found.ratio.high) == pytest.approx((told.ratio.value, told.ratio.low, told.ratio.high))
    assert 1 - found.rare.value == pytest.approx(told.rare_loss) and 1 - found.common.value == pytest.approx(told.common_loss)
    assert found.rare.value < found.common.value and found.ratio.high < 1


def test_one_pass_over_the_texts_gives_every_stage_what_profiles_of_each_stage_give():
    texts = written(clustered(500, 4))
    passed = np.random.default_rng(5).integers(0, 4, 500)
    funnel = Funnel(Rarity(counted(texts)), 3)
    for start in range(0, 500, 150):
        funnel.add(pa.array(texts[start : start + 150]), passed[start : start + 150])
    for number in (1, 2, 3):
        reached, left = (
            counted([text for text, many in zip(texts, passed, strict=True) if many >= least]) for least in (number - 1, number)
        )
        line = funnel.stage(number)
        assert (line.documents, line.documents_kept) == (reached.documents, left.documents)
    whole, told = funnel.whole(), retention(counted(texts), left)
    assert (whole.rare, whole.common, whole.ratio) == (told.rare, told.common, told.ratio)
    assert [line.kept for line in whole.deciles] == [line.kept for line in told.deciles]


def test_documents_that_hold_a_rare_word_are_counted_one_by_one():
    texts, kept = written(clustered(300, 6)), np.arange(300) % 3 > 0
    funnel = Funnel(Rarity(counted(texts)), 1)
    funnel.add(pa.array(texts), kept.astype(int))
    half, expected = halves(texts), [0, 0]
    for measured in (0, 1):
        decile = brute_deciles([text for text, which in zip(texts, half, strict=True) if which != measured])
        for text, which, is_kept in zip(texts, half, kept, strict=True):
            holds = which == measured and any(decile.get(word) == 10 for word in text.split())
            expected = [expected[0] + holds, expected[1] + (holds and is_kept)]
    line = funnel.whole().deciles[9]
    assert [line.documents, line.documents_kept] == expected


@pytest.mark.parametrize("keep", [0.5, 0.95])
def test_a_random_filter_keeps_the_same_of_every_decile_within_the_intervals(keep):
    """12 numbers in 60 filters at 95 %; those of one filter go together, so the bounds are wide."""
    covered, ratios, rng = [], [], np.random.default_rng(7)
    for seed in range(60):
        texts = written(clustered(200, seed))
        funnel = Funnel(Rarity(counted(texts)), 1)
        funnel.add(pa.array(texts), (rng.random(200) < keep).astype(int))
        found = funnel.whole()
        covered += [each.low <= keep <= each.high for each in [found.rare, found.common, *(line.kept for line in found.deciles)] if each]
        ratios.append(found.ratio.low <= 1 <= found.ratio.high)
    assert 0.9 <= np.mean(covered) <= 0.99 and np.mean(ratios) >= 0.85


def test_what_is_kept_whole_or_not_at_all_has_an_interval_too():
    texts = written(clustered(200, 8))
    kept = retention(counted(texts), counted(texts))
    assert kept.rare.value == 1 and 0.95 < kept.rare.low < 1 and kept.ratio.value == 1
    funnel = Funnel(Rarity(counted(texts)), 1)
    funnel.add(pa.array(texts), np.zeros(200, int))
    none = funnel.whole()
    assert none.rare.value == 0 < none.rare.high and none.ratio is None
    assert [absent.metric for absent in none.not_measured] == ["tail_kept_ratio"]


@pytest.mark.parametrize(("hits", "of"), [(3, 40), (20, 40), (39, 40)])
def test_the_interval_of_independent_draws_is_that_of_scipy(hits, of):
    share = hits / of
    expected = stats.binomtest(hits, of).proportion_ci(0.95, method="exact")
    found = interval(share, Spread((share * (1 - share) / of) ** 0.5, of - 1), (of, of), 0.95)
    assert found == pytest.approx((expected.low, expected.high), abs=1e-9)


def test_draws_in_clusters_have_a_wider_interval_and_never_more_units_than_documents():
    narrow, wide = (interval(0.5, Spread(error, 63), (400, 400), 0.95) for error in (0.025, 0.05))
    assert wide[1] - wide[0] > 1.8 * (narrow[1] - narrow[0])
    assert interval(0.5, Spread(1e-6, 63), (100, 100), 0.95)[0] < 0.41


def test_a_record_can_be_read_back():
    texts = written(clustered(200, 9))
    found = retention(counted(texts), counted(texts[:150]))
    assert msgspec.json.decode(msgspec.json.encode(found), type=Retention) == found


def test_a_small_set_of_rare_words_is_too_sparse_for_a_rare_tenth():
    texts = [" ".join(f"w{at}x{word}" for word in range(5)) for at in range(200)]
    found = retention(counted(texts), counted(texts[:100]))
    assert "too sparse" in found.not_measured[0].reason and found.rare is None is found.ratio


def test_words_of_one_count_go_together_so_that_a_half_may_be_empty_and_is_told():
    texts = [f"the same words and a name{at}" for at in range(200)]
    found = retention(counted(texts), counted(texts[:100]))
    assert found.common is None and {"common_kept", "tail_kept_ratio"} <= {absent.metric for absent in found.not_measured}
    assert sum(line.mass for line in found.deciles) == pytest.approx(1)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [(50, 40, "96 are needed"), (200, 300, "no part of the other"), (200, -100, "not in what it was kept from")],
)
def test_what_cannot_be_measured_says_why(before, after, told):
    texts, others = written(clustered(300, 10)), written(clustered(100, 11))
    found = retention(counted(texts[:before]), counted(others if after < 0 else texts[:after]))
    assert found.rare is None is found.ratio and found.deciles == ()
    assert all(told in absent.reason for absent in found.not_measured)


def test_a_funnel_needs_the_prompts_that_decided_on_the_halves():
    texts = written(clustered(200, 12))
    prompts = [f"prompt {at // 4}" for at in range(200)]
    before = profile([{"prompt": prompt, "completion": text} for prompt, text in zip(prompts, texts, strict=True)], views=VIEW)
    passed = (np.arange(200) % 2).astype(int)
    with_prompts, without = (Funnel(Rarity(before), 1) for _ in range(2))
    with_prompts.add(pa.array(texts), passed, pa.array(prompts))
    without.add(pa.array(texts), passed)
    assert with_prompts.whole().rare is not None
    assert "not those that were profiled" in without.whole().not_measured[0].reason


def test_a_text_that_is_absent_has_no_words_and_mistakes_are_told():
    texts = [*written(clustered(150, 13)), ""]
    rarity = Rarity(counted(texts))
    assert rarity.of(pa.array([None, texts[0]])).tokens.sum(axis=1).tolist() == [0, len(texts[0].split())]
    with pytest.raises(UsageError, match="stages passed from 0 to 2"):
        Funnel(rarity, 1).add(pa.array(texts[:2]), np.array([0, 2]))
    with pytest.raises(UsageError, match="give one for each"):
        Funnel(rarity, 1).add(pa.array(texts[:2]), np.array([0]))
    with pytest.raises(UsageError, match="count the view words_1 too"):
        Rarity(profile(texts, views=("words_2",)))
