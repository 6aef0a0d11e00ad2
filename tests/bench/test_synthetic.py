"""Synthetic documents follow the law that they say they follow."""

from collections import Counter

import numpy as np
import pyarrow as pa
import pytest
from scipy.stats import binom, chisquare, kendalltau

from bench import synthetic
from bench.synthetic import drawn, profiled, zipf
from longtail.summaries.profile import Profile
from longtail.summaries.profiling import merge
from longtail.summaries.rows import type_counts
from longtail.views.keys import CELLS, cells_of, types_of


def rng(seed=0):
    return np.random.default_rng(seed)


def anova_icc(hits, owner, lengths):
    """One-way ANOVA estimator of the intra-class correlation for groups of unlike size (Donner & Koval 1980)."""
    groups, total = len(lengths), lengths.sum()
    sums = np.bincount(owner, weights=hits, minlength=groups)
    means, grand = sums / lengths, hits.mean()
    between = (lengths * (means - grand) ** 2).sum() / (groups - 1)
    within = (sums - sums**2 / lengths).sum() / (total - groups)
    typical = (total - (lengths**2).sum() / total) / (groups - 1)
    return (between - within) / (between + (typical - 1) * within)


def correlation_by_bursts(length, bursts):
    """Chance that two random tokens of a document stem from one draw, by recursion over positions."""
    same = np.eye(length)
    for later in range(1, length):
        for earlier in range(later):
            same[earlier, later] = same[later, earlier] = bursts * same[earlier, :later].sum() / later
    return (same.sum() - length) / (length * (length - 1))


@pytest.mark.parametrize("bursts", [0.0, 0.4])
def test_documents_vary_in_their_tail_share_with_the_intra_class_correlation_of_the_law(bursts, monkeypatch):
    monkeypatch.setattr(synthetic, "SHAPE", 10**6)  # lengths nearly alike, so that the recursion has one length
    law = zipf(icc=0.05, bursts=bursts)
    found = []
    for seed in range(10):
        documents = drawn(law, 2000, rng(seed))
        found.append(anova_icc(law.tail[documents.types].astype(float), documents.owner, documents.lengths))
    repeated = correlation_by_bursts(40, bursts)
    expected = repeated + (1 - repeated) * 0.05
    assert np.mean(found) == pytest.approx(expected, abs=4 * np.std(found, ddof=1) / np.sqrt(10))
    assert np.std(found, ddof=1) < 0.006, "an estimate this loose could not tell .05 from 0"


def test_independent_tokens_follow_the_shares():
    law = zipf(types=50, icc=0.0, bursts=0.0)
    counts = np.bincount(drawn(law, 3000, rng(1)).types, minlength=50)
    assert chisquare(counts, counts.sum() * law.shares).pvalue > 1e-3


def test_neither_clusters_nor_bursts_move_the_expected_share_of_a_type():
    law = zipf(types=200)
    shares = [np.bincount(d.types, minlength=200) / len(d.types) for d in (drawn(law, 500, rng(seed)) for seed in range(200))]
    error = np.std(shares, axis=0, ddof=1) / np.sqrt(200)
    z = (np.mean(shares, axis=0) - law.shares) / error
    assert np.abs(z).max() < 4.5
    assert np.mean(z**2) == pytest.approx(1, abs=0.4)


def test_lengths_have_the_mean_and_spread_of_their_negative_binomial():
    lengths = drawn(zipf(types=10), 50_000, rng(2)).lengths
    assert lengths.min() >= 1
    assert lengths.mean() == pytest.approx(40, abs=0.4)
    assert lengths.std() == pytest.approx(np.sqrt(39 + 39**2 / 4), rel=0.02)


def test_bursts_repeat_tokens_of_their_own_document_only():
    lengths = np.array([1, 30, 2, 7])
    starts = np.repeat(np.cumsum(lengths) - lengths, lengths)
    source = synthetic._sources(starts, 0.9, rng(3))
    assert (source <= np.arange(40)).all()
    assert (source >= starts).all()
    assert (source[source] == source).all()
    assert 0.5 < (source != np.arange(40)).mean() < 0.95


def test_a_profile_of_numbers_counts_what_a_profile_of_the_same_words_counts():
    documents = drawn(zipf(types=300), 200, rng(4))
    texts = [" ".join(f"w{number}" for number in part) for part in np.split(documents.types, np.cumsum(documents.lengths)[:-1])]
    words = Profile(("words_1",), 0)
    words.add(pa.record_batch({"text": pa.array(texts)}))
    made = profiled(documents, 0)
    counts = [sorted(zip(*(found.tolist() for found in type_counts(of.frequencies["words_1"], None, 1 << 52)[1:]), strict=True))
              for of in (made, words)]  # fmt: skip
    assert counts[0] == counts[1]
    assert (made.documents, made.words, made.distinct()) == (words.documents, words.words, words.distinct())


def test_every_type_of_a_document_and_the_document_itself_lie_in_one_cell():
    documents = drawn(zipf(types=300), 50, rng(5))
    made, hashes = profiled(documents, 9), synthetic.type_hashes(np.arange(300), 9)
    run = made.frequencies["words_1"].run()
    pairs = zip(types_of(run.keys).tolist(), cells_of(run.keys).tolist(), strict=True)
    cell, alone = [], []
    for at in range(50):
        alone.append(profiled(documents.taken(np.array([at])), 9).frequencies["documents"].run())
        cell.append(int(cells_of(alone[-1].keys)[0]))
    expected = Counter((int(hashes[number]), cell[own]) for number, own in zip(documents.types, documents.owner, strict=True))
    assert dict(zip(pairs, run.tokens.tolist(), strict=True)) == expected
    assert sorted(int(found.keys[0]) for found in alone) == made.frequencies["documents"].run().keys.tolist()
    totals = np.bincount(cell, weights=documents.lengths, minlength=CELLS)
    assert np.array_equal(made.frequencies["words_1"].tokens, totals)
    assert np.array_equal(made.frequencies["words_1"].documents, np.bincount(cell, minlength=CELLS))


def test_hashes_of_types_are_in_random_order_and_differ():
    hashes = synthetic.type_hashes(np.arange(20_000), 3)
    assert len(np.unique(hashes)) == 20_000
    assert abs(kendalltau(np.arange(20_000), hashes).statistic) < 0.02
    low, high = binom.ppf([0.0005, 0.9995], 20_000, 0.5)
    assert low < (hashes < 1 << 51).sum() < high
    assert not np.array_equal(hashes, synthetic.type_hashes(np.arange(20_000), 4))


def test_documents_are_taken_whole_and_in_order():
    documents = drawn(zipf(types=30), 20, rng(6))
    parts = np.split(documents.types, np.cumsum(documents.lengths)[:-1])
    order = np.array([7, 0, 19, 3])
    taken = documents.taken(order)
    assert taken.types.tolist() == [number for at in order for number in parts[at]]
    assert taken.content.tolist() == documents.content[order].tolist()
    assert taken.lengths.tolist() == [len(parts[at]) for at in order]


def test_shards_merge_to_the_whole():
    documents = drawn(zipf(), 500, rng(7))
    whole, sharded = profiled(documents, 1), merge(profiled(shard, 1) for shard in synthetic.shards(documents, 7))
    for name in ("words_1", "documents"):
        left, right = (found.frequencies[name].to_dict() for found in (whole, sharded))
        assert all(np.array_equal(left[key], right[key]) for key in left)


# ------------------------------------------------------------------------------------------------------- ways to lose


def test_the_effective_number_of_equal_types_is_their_number():
    law = synthetic.replace(zipf(types=64), shares=np.full(64, 1 / 64))
    assert [law.hill(order) for order in (0, 1, 2)] == pytest.approx([64, 64, 64])


def test_tail_and_rare_types_hold_the_last_tenth_and_third():
    law = zipf(types=20_000)
    assert law.tail_mass == pytest.approx(0.10, abs=1e-3)
    assert law.shares[law.rare].sum() == pytest.approx(0.35, abs=1e-3)
    assert not (law.tail & ~law.rare).any()


@pytest.mark.parametrize("ratio", [0.9, 0.5])
def test_scaling_multiplies_the_mass_of_rare_types_exactly(ratio):
    law, lost = zipf(), synthetic.scaled(zipf(), ratio)
    assert lost.shares[law.rare] == pytest.approx(ratio * law.shares[law.rare])
    assert lost.shares.sum() == pytest.approx(1)
    assert np.ptp(lost.shares[~law.rare] / law.shares[~law.rare]) < 1e-12


@pytest.mark.parametrize("ratio", [0.9, 0.7, 0.5])
def test_thinning_keeps_the_ratio_of_types_and_of_mass_and_the_share_of_what_stays(ratio):
    law, lost = zipf(), synthetic.thinned(zipf(), ratio, rng(8))
    kept = lost.shares[law.rare] > 0
    assert kept.mean() == pytest.approx(ratio, abs=1.01 / law.rare.sum())
    assert lost.shares[law.rare][kept] == pytest.approx(law.shares[law.rare][kept])
    assert lost.tail_mass / law.tail_mass == pytest.approx(ratio, abs=1e-3)
    assert lost.shares.sum() == pytest.approx(1)
    assert not np.array_equal(lost.shares > 0, synthetic.thinned(zipf(), ratio, rng(9)).shares > 0)


@pytest.mark.parametrize("ratio", [0.9, 0.7])
def test_a_tilted_head_has_the_effective_number_asked_for_and_leaves_the_others_alone(ratio):
    law, head = zipf(), synthetic.head_of(zipf())
    for order, number in ((2, lambda p: 1 / (p**2).sum()), (1, lambda p: np.prod(p**-p))):
        lost = synthetic.concentrated(law, order, ratio)
        assert number(lost.shares) / number(law.shares) == pytest.approx(ratio)
        assert np.array_equal(lost.shares[~head], law.shares[~head])
        assert lost.shares[head].sum() == pytest.approx(law.shares[head].sum())


def test_one_generation_of_resampling_loses_as_many_types_as_the_multinomial_expects():
    law = zipf()
    expected = ((1 - law.shares) ** synthetic.GENERATION_TOKENS).sum()
    lost = [(synthetic.resampled(law, 1, rng(seed)).shares == 0).sum() for seed in range(30)]
    assert np.mean(lost) == pytest.approx(expected, abs=4 * np.std(lost, ddof=1) / np.sqrt(30))
    assert (synthetic.resampled(law, 3, rng(0)).shares == 0).sum() > 1.5 * expected


def test_a_cut_leaves_the_commonest_types():
    law = synthetic.cut(zipf(), 0.8)
    assert np.array_equal(law.shares > 0, np.arange(8000) < 1600)
    assert law.shares[0] / law.shares[1] == pytest.approx(2)


def test_a_temperature_raises_ratios_of_shares_to_its_inverse():
    shares = synthetic.tempered(zipf(), 0.8).shares
    assert shares[0] / shares[15] == pytest.approx(16**1.25)


def test_a_boosted_head_has_three_times_the_odds():
    law, head = zipf(), synthetic.head_of(zipf())
    before, after = law.shares[head].sum(), synthetic.boosted(law, 3.0).shares[head].sum()
    assert after / (1 - after) == pytest.approx(3 * before / (1 - before))


def test_swapping_gives_half_of_the_types_new_numbers_and_the_same_shares():
    law, after = zipf(types=100), synthetic.swapped(zipf(types=100), rng(10))
    assert (after.shares[100:] > 0).sum() == 50
    assert after.shares[:100] + after.shares[100:] == pytest.approx(law.shares)
    assert [after.hill(order) for order in (0, 1, 2)] == pytest.approx([law.hill(order) for order in (0, 1, 2)])
    assert after.tail_mass == pytest.approx(law.tail_mass)


def test_an_underrepresented_class_has_its_share_times_the_ratio_and_the_others_keep_their_proportions():
    law = synthetic.replace(zipf(types=10), classes=np.array([0.5, 0.3, 0.2]))
    after = synthetic.underrepresented(law, 1, 0.5)
    assert after.classes == pytest.approx([0.5 * 0.85 / 0.7, 0.15, 0.2 * 0.85 / 0.7])
    classes = drawn(after, 20_000, rng(11)).classes
    assert chisquare(np.bincount(classes), 20_000 * after.classes).pvalue > 1e-3
    with pytest.raises(ValueError, match="no class 3; make it with zipf"):
        synthetic.underrepresented(law, 3, 0.5)


def test_classes_are_counted_by_name_and_lie_in_the_cell_of_their_document():
    documents = drawn(zipf(types=10, classes=3), 300, rng(12))
    made = profiled(documents, 2)
    types, counts, _ = type_counts(made.frequencies["labels:class"], None, 1 << 52)
    named = {made.labels["labels:class"].names[kind]: count for kind, count in zip(types.tolist(), counts.tolist(), strict=True)}
    assert named == Counter(f"class {number}" for number in documents.classes)
    assert np.array_equal(made.frequencies["labels:class"].documents, made.frequencies["documents"].documents)
    assert profiled(drawn(zipf(types=10), 5, rng(13)), 2).by == ()


def test_lengths_are_counted_in_the_buckets_of_real_documents():
    documents = drawn(zipf(types=10), 100, rng(14))
    words = Profile(("words_1",), 2)
    words.add(pa.record_batch({"text": pa.array([f"{at} " + "w " * (length - 1) for at, length in enumerate(documents.lengths)])}))
    found = [type_counts(of.frequencies["lengths"], None, 1 << 52)[:2] for of in (profiled(documents, 2), words)]
    assert all(np.array_equal(*pair) for pair in zip(*found, strict=True))
