"""Shares of formats and their effective number: closed forms, counts by hand, and a planted convergence."""

import math

import numpy as np
import pyarrow as pa
import pytest

from longtail.metrics.catalogue import RATIOS, VALUES
from longtail.metrics.comparison import Comparison, against_baseline, against_reference
from longtail.metrics.formats import effective_formats, effective_formats_ratio, format_share, format_share_ratio, format_shares, hill_1
from longtail.metrics.pairing import Settings
from longtail.metrics.validity import validity_rate
from longtail.records import NotMeasured
from longtail.summaries.frequencies import Frequencies
from longtail.summaries.profile import Profile
from longtail.summaries.reference import Reference
from longtail.views import formats as view
from longtail.views import validity as valid_view
from longtail.views.batch import texts_of
from longtail.views.validity import lettered

FORMS = {"prose": "The number of the day is {}.", "code": "x = f({});", "list": "- a {}\n- b\n- c"}


def documents(seed=0, **counts):
    order = np.random.default_rng(seed).permutation(sum(counts.values()))
    made = [FORMS[name].format(f"{seed}{at}") for name, count in counts.items() for at in range(count)]
    return [made[at] for at in order]


def counted(texts):
    frequencies = Frequencies("formats", view.VERSION, 0)
    frequencies.add(view.formats(texts_of(pa.array(texts, pa.string()), 0)))
    return frequencies


def profiled(texts):
    made = Profile(("words_1",))
    made.add(pa.RecordBatch.from_pydict({"text": pa.array(texts, pa.string())}))
    made.frequencies["formats"] = counted(texts)
    return made


def test_shares_are_those_counted_by_hand_and_their_intervals_hold_them():
    found = format_shares(counted(documents(prose=60, code=30, list=10)))
    assert [(each.slice, each.value) for each in found] == [("prose", 0.6), ("code", 0.3), ("list", 0.1)]
    assert all(0 < each.low < each.value < each.high < 1 and each.n == 100 for each in found)
    assert format_share(counted(documents(prose=5)), "code").value == 0


def test_wilsons_interval_is_the_least_width():
    lone = format_share(counted(documents(prose=100)), "prose")
    assert lone.low == pytest.approx(100 / (100 + 1.959963984540054**2), rel=1e-9)
    assert lone.high == 1.0


def test_intervals_cover_the_share_of_the_law():
    hits = 0
    for seed in range(200):
        code = int((np.random.default_rng(seed).random(150) < 0.3).sum())
        found = format_share(counted(documents(seed, code=code, prose=150 - code)), "code")
        hits += found.low <= 0.3 <= found.high
    assert hits >= 186


@pytest.mark.parametrize(
    ("counts", "value"), [([5], 1.0), ([7, 7, 7], 3.0), ([1, 0, 3], math.exp(-0.25 * math.log(0.25) - 0.75 * math.log(0.75)))]
)
def test_the_effective_number_is_the_closed_form(counts, value):
    assert hill_1(counts) == pytest.approx(value, rel=1e-12)


def test_three_even_formats_are_three_and_one_is_one():
    even, one = effective_formats(counted(documents(prose=100, code=100, list=100))), effective_formats(counted(documents(code=100)))
    assert even.value == pytest.approx(3.0)
    assert (one.value, one.low, one.high) == (1.0, 1.0, 1.0)
    assert even.low < 3 <= even.high


def test_no_documents_have_no_shares():
    assert isinstance(format_shares(counted([]))[0], NotMeasured)
    assert isinstance(effective_formats(counted([])), NotMeasured)
    assert isinstance(effective_formats(counted(["one text"])), NotMeasured)
    assert format_share(counted([]), "code").slice == "code"


def test_a_convergence_shows_against_a_baseline_and_the_same_mix_does_not():
    reference = Reference(profiled(documents(1, prose=400, code=400, list=400)))
    settings = Settings(permutations=199)
    narrow = profiled(documents(2, prose=20, code=570, list=10))
    same = profiled(documents(3, prose=200, code=200, list=200))
    lost = effective_formats_ratio(against_reference(narrow, reference, "formats", settings))
    kept = effective_formats_ratio(against_reference(same, reference, "formats", settings))
    assert lost.metric == "effective_formats"
    assert lost.value == pytest.approx(hill_1([20, 570, 10]) / 3, rel=0.02)
    assert lost.high < 0.9 < kept.high
    grown = format_share_ratio(against_baseline(narrow, same, reference, "formats", settings), "code")
    assert (grown.slice, grown.metric) == ("code", "format_share")
    assert grown.value == pytest.approx(0.95 * 3, rel=0.05)
    assert grown.baseline_value == pytest.approx(1 / 3, abs=0.01)


def test_one_format_everywhere_has_a_ratio_of_one():
    reference = Reference(profiled(documents(1, prose=400)))
    found = effective_formats_ratio(against_reference(profiled(documents(2, prose=300)), reference, "formats", Settings(permutations=99)))
    assert isinstance(found, NotMeasured) or found.value == pytest.approx(1.0)


def test_a_refused_comparison_is_not_measured():
    small = Reference(profiled(documents(1, prose=3)))
    comparison = Comparison(against_reference(profiled(documents(2, code=3)), small, "formats", Settings()).pairing, "formats")
    assert isinstance(effective_formats_ratio(comparison), NotMeasured)
    assert isinstance(format_share_ratio(comparison, "code"), NotMeasured)


def test_both_catalogues_have_them():
    assert {"format_share", "effective_formats", "validity_rate"} <= {entry.name for entry in VALUES}
    assert {"format_share", "effective_formats"} <= {entry.name for entry in RATIOS}


def random_strings(count):
    rng = np.random.default_rng(5)
    return ["".join(map(chr, rng.integers(33, 65, 40))) for _ in range(count)]


def test_strings_at_random_change_no_view_of_the_valid_and_lower_their_rate():
    sound, rule = documents(prose=300), lettered(5)
    mixed = sound + random_strings(100)
    valid = rule.of(mixed)
    kept = [text for text, is_valid in zip(mixed, valid, strict=True) if is_valid]
    whole, unmixed, unguarded = profiled(kept), profiled(sound), profiled(mixed)
    assert (whole.frequencies["words_1"].run().keys == unmixed.frequencies["words_1"].run().keys).all()
    assert len(unguarded.frequencies["words_1"].run().keys) > len(unmixed.frequencies["words_1"].run().keys)
    rate = Frequencies("validity", valid_view.VERSION, 0)
    rate.add(valid_view.validity(texts_of(pa.array(mixed), 0), valid))
    assert validity_rate(rate).value == 0.75
    assert isinstance(validity_rate(Frequencies("validity", valid_view.VERSION, 0)), NotMeasured)
