"""The value of human documents, against counting by hand and against draws from a known law."""

import math
from collections import Counter
from itertools import combinations, islice, pairwise, permutations

import numpy as np
import pytest

from longtail.errors import UnknownName
from longtail.metrics.incidence import GROUPS, Incidence, incidence_of, spread_of
from longtail.metrics.value import OTHERS, UNSTATED, counted, grid_of, value
from longtail.readers import read
from longtail.views.batch import texts_in
from longtail.views.keys import half_of


def incidence(documents, sources, types, groups=None):
    """Documents as sets of types 0 to types - 1, each with its source."""
    groups = groups or [at % GROUPS for at in range(len(documents))]
    rows = Counter((each, source, group) for held, source, group in zip(documents, sources, groups, strict=True) for each in held)
    sizes = np.zeros((max(sources) + 1, GROUPS), np.int64)
    for source, group in zip(sources, groups, strict=True):
        sizes[source, group] += 1
    columns = [np.array([key[at] for key in rows], np.int64) for at in range(3)]
    return Incidence(types, *columns, np.array(list(rows.values()), np.int64), sizes)


@pytest.fixture
def small():
    rng = np.random.default_rng(1)
    documents = [set(np.flatnonzero(rng.random(12) < 0.2).tolist()) for _ in range(9)]
    return documents, [at % 3 for at in range(9)], 15  # three types occur nowhere


def test_the_share_covered_is_the_mean_over_all_choices_of_documents(small):
    documents, sources, types = small
    found = incidence(documents, sources, types)
    for drawn in range(1, 10):
        every = [len(set().union(*chosen)) / types for chosen in combinations(documents, drawn)]
        assert found.covered(drawn) == pytest.approx(sum(every) / len(every), rel=1e-12)
    assert found.covered(50) == found.covered(9)


def test_what_only_one_source_holds_is_counted_as_by_hand(small):
    documents, sources, types = small
    found = incidence(documents, sources, types)
    for source in range(3):
        inside = Counter(each for held, of in zip(documents, sources, strict=True) if of == source for each in held)
        outside = set().union(*(held for held, of in zip(documents, sources, strict=True) if of != source))
        alone = [count for each, count in inside.items() if each not in outside]
        assert sorted(found.only(source).tolist()) == sorted(alone)
        for further in (1, 2, 3, 9):
            times = min(1, further / 3)
            series = sum((-1) ** (x + 1) * times**x * alone.count(x) for x in range(1, 10))
            assert found.forecast(source, further) == pytest.approx(series / (times * 3), abs=1e-12)


def test_one_group_less_is_the_same_as_never_having_had_it(small):
    documents, sources, types = small
    whole = incidence(documents, sources, types)
    for group in range(9):
        kept = [at for at in range(9) if at != group]
        less = incidence([documents[at] for at in kept], [sources[at] for at in kept], types, [at % GROUPS for at in kept])
        one = whole.without(group)
        assert [one.covered(4), one.forecast(0, 1), one.forecast(1, 2)] == pytest.approx(
            [less.covered(4), less.forecast(0, 1), less.forecast(1, 2)]
        )
        assert one.size == 8


LAW = 0.6 / (np.arange(800) + 15.0)


def drawn(rng, law, size):
    return rng.random((size, len(law))) < law


def test_forecasts_are_right_in_the_mean_and_intervals_hold():
    rng = np.random.default_rng(5)
    laws = [np.where(rng.random(800) < 0.5, LAW, 0), np.where(rng.random(800) < 0.3, LAW, 0)]
    sizes, runs = (160, 96), 150
    errors, hits = np.zeros((runs, 2)), np.zeros((runs, 3))
    expected = (1 - (1 - laws[0]) ** 120 * (1 - laws[1]) ** 72).mean()
    for run in range(runs):
        held = [drawn(rng, law, size) for law, size in zip(laws, sizes, strict=True)]
        documents = [set(np.flatnonzero(row).tolist()) for part in held for row in part]
        groups = [at % GROUPS for size in sizes for at in range(size)]
        found = incidence(documents, [0] * 160 + [1] * 96, 800, groups)
        unseen = ~np.vstack(held).any(axis=0)
        for source, (law, size) in enumerate(zip(laws, sizes, strict=True)):
            truth = float((unseen * (1 - (1 - law) ** size)).sum()) / size
            forecast, spread = found.forecast(source, size), spread_of(found, lambda each, s=source, n=size: each.forecast(s, n))
            errors[run, source] = forecast - truth
            hits[run, source] = abs(forecast - truth) <= 2.13 * spread.error
        spread = spread_of(found, lambda each: each.covered(192))
        hits[run, 2] = abs(found.covered(192) - expected) <= 2.13 * spread.error
    z = errors.mean(axis=0) / (errors.std(axis=0) / math.sqrt(runs))
    assert np.abs(z).max() < 3.5, z
    assert (hits[:, :2].mean(axis=0) >= 0.93).all(), hits.mean(axis=0)


def words_of(rng, size, vocabulary, stem):
    return " ".join(f"{stem}{word}" for word in (rng.zipf(1.3, size) % vocabulary).tolist())


@pytest.fixture
def rows():
    rng = np.random.default_rng(2)
    common = [{"text": words_of(rng, 20, 3000, "c"), "lt_source": "common"} for _ in range(200)]
    rare = [{"text": words_of(rng, 20, 3000, "c") + " " + words_of(rng, 20, 5000, "r"), "lt_source": "rare"} for _ in range(200)]
    orders = islice(permutations(["c1", "c2", "c3", "c4", "c5", "c6"]), 200)
    dull = [{"text": " ".join(order), "lt_source": "dull"} for order in orders]
    return [each for three in zip(common, rare, dull, strict=True) for each in three]


def report(rows, **options):
    return value(read(rows, by=("lt_source",)), **options)


def by_hand(rows, chooser):
    """The tail of one half and, of the other, in how many documents each of its words occurs."""
    batch = next(read(rows).batches())
    half = half_of(texts_in(batch, 0).cells.astype(np.uint16))
    texts = batch.column("text").to_pylist()
    tokens = Counter(word for text, of in zip(texts, half, strict=True) if of == chooser for word in text.split())
    total, reached, cut = sum(tokens.values()), 0, 0
    for count in sorted(set(tokens.values())):
        reached, cut = reached + count * sum(1 for each in tokens.values() if each == count), count
        if reached >= 0.1 * total:
            break
    other = [set(text.split()) for text, of in zip(texts, half, strict=True) if of != chooser]
    tail = {word for word, count in tokens.items() if count <= cut}
    return len(tail), reached / total, Counter(word for each in other for word in each & tail), len(other)


def test_the_curve_is_that_of_counting_by_hand(rows):
    found, halves = report(rows), [by_hand(rows, chooser) for chooser in (0, 1)]
    assert found.tail_types == sum(each[0] for each in halves) / 2
    assert found.tau == pytest.approx(sum(each[1] for each in halves) / 2)
    assert found.measured == min(each[3] for each in halves) and found.documents == 600
    for point in found.curve:
        n = point.documents
        shares = [sum(1 - math.comb(size - x, n) / math.comb(size, n) for x in held.values()) / tail for tail, _, held, size in halves]
        assert point.covered == pytest.approx(sum(shares) / 2, rel=1e-9)
        assert point.low <= point.covered <= point.high


def test_the_curve_flattens(rows):
    found = report(rows)
    assert len(found.curve) == 10 and found.curve[-1].documents == found.measured and found.step == found.measured // 10
    for one, following in pairwise(found.curve):
        assert following.covered >= one.covered and following.added <= one.added + 1e-9
    assert found.curve[0].added == pytest.approx(found.curve[0].covered)


def test_the_source_that_holds_what_no_other_does_comes_first(rows):
    sources = report(rows).sources
    assert [each.source for each in sources] == ["rare", "common", "dull"]
    assert sources[0].low > sources[1].high and sources[0].only > sources[1].only
    assert (sources[2].added, sources[2].types, sources[2].only) == (0, 0, 0)
    assert [each.documents for each in sources] == [200, 200, 200]
    assert all(each.low <= each.added <= each.high and 80 <= each.further <= 120 for each in sources)


def test_the_unseen_is_chao_s(rows):
    found = report(rows).unseen
    held = Counter(word for row in rows for word in set(row["text"].split()))
    once, twice, size = (sum(1 for x in held.values() if x == k) for k in (1, 2)), None, 600
    once, twice = once
    total = sum(held.values())
    share = (size - 1) * once / ((size - 1) * once + 2 * twice)
    assert found.seen == len(held)
    assert found.mass == pytest.approx(once / total * share)
    assert found.types == pytest.approx((size - 1) / size * once**2 / (2 * twice))
    assert found.low < found.types < found.high


def test_order_and_batches_change_nothing(rows):
    assert report(rows) == report(rows[::-1])


def test_documents_without_a_source_are_one_and_the_fiftieth_is_the_last_by_name():
    rows = [{"text": f"w{n} w{n + 1}", "lt_source": None if n < 5 else f"s{n}"} for n in range(80)]
    found = counted(read(rows, by=("lt_source",)), "words_1", 0)
    assert len(found) == 51 and {UNSTATED, OTHERS} <= found.keys()
    assert {name: int(each.documents.sum()) for name, each in found.items() if name in (UNSTATED, OTHERS)} == {UNSTATED: 5, OTHERS: 26}
    assert counted(read([{"text": "a b"}]), "words_1", 0).keys() == {UNSTATED}


def test_too_few_documents_are_not_measured():
    found = report([{"text": f"w{n} w{n + 1}", "lt_source": "s"} for n in range(20)])
    assert (found.curve, found.sources, found.measured) == ((), (), 0)
    assert "20 documents are too few" in found.not_measured[0].reason
    assert found.unseen.seen == 21


def test_a_source_of_few_documents_is_not_measured_and_the_others_are(rows):
    found = report([*rows, {"text": "c1 lone", "lt_source": "lone"}])
    assert [each.reason for each in found.not_measured] == ["too few documents of source 'lone' for a forecast (1)"]
    assert [each.source for each in found.sources] == ["rare", "common", "dull"]


def test_views_are_named(rows):
    assert report(rows, view="words_2").view == "words_2"
    with pytest.raises(UnknownName, match="unknown view 'words_9': did you mean"):
        report(rows, view="words_9")


def test_an_empty_tail_is_none():
    counts = counted(read([{"text": "!!"}]), "words_1", 0)
    assert incidence_of(list(counts.values()), 0, 0.1) is None


@pytest.mark.parametrize(
    ("documents", "grid"),
    [(5, [1, 2, 3, 4, 5]), (1000, [100 * n for n in range(1, 11)]), (1001, [1000, 1001]), (12_345, [1000, 2000, 5000, 10_000, 12_345])],
)
def test_the_grid_is_fine_below_a_thousand_and_coarse_above(documents, grid):
    assert grid_of(documents) == grid
