"""What audits can find: foreseen errors and powers against those of audits of documents whose law, and so whose loss, is known."""

import dataclasses
import math
from functools import lru_cache

import msgspec
import numpy as np
import pytest

from bench.synthetic import drawn, profiled, shards, thinned, zipf
from longtail.auditing.families import tail_family
from longtail.auditing.options import Options
from longtail.auditing.power import BY_WHOLE, DECIDING, LOSSES, Calibration, Trial, calibrated
from longtail.auditing.pseudo import Fitted, Pseudo, Sizes, columns, fitted, nearest, pseudo_audits, sizes_of
from longtail.errors import ConfigError, UsageError
from longtail.metrics.comparison import Comparison, reference_pairing
from longtail.metrics.endpoint import Endpoint
from longtail.metrics.pairing import Pairing, Settings
from longtail.metrics.richness import smooth_endpoint
from longtail.metrics.tails import mass_endpoint, types_endpoint
from longtail.stats.permutation import MaxT
from longtail.summaries.profiling import merge
from longtail.summaries.reference import Reference
from longtail.summaries.units import plan

OPTIONS = Options(views=("words_1",))
REFERENCES = (3000, 1200)


def stream(*numbers):
    return np.random.default_rng(numbers)


@lru_cache
def sample(size, seed=1, classes=0):
    return profiled(drawn(zipf(classes=classes), size, stream(seed, size)), 0)


@lru_cache
def calibration(size, level=0.05, documents=1500):
    return calibrated(sample(size), OPTIONS, documents, level)


@lru_cache
def pseudos(size):
    return tuple(pseudo_audits(Reference(sample(size)), 0.1, 0.05))


def by_metric(found):
    return {each.metric: each for each in found.endpoints}


def endpoint(error, metric="tail_mass_retained", tau=None):
    return Endpoint(
        metric=metric, view="words_1", baseline="reference", statistics=np.zeros(2), error=error, method="made up", n=1, tau=tau
    )


def pseudo(sizes, error, metric="tail_mass_retained", tau=None):
    return Pseudo(0, 0.5, sizes, {(metric, "words_1", None): endpoint(error, metric, tau)}, {}, ())


# ------------------------------------------------------------------------------------------------------------- errors


@pytest.mark.parametrize(
    "sizes", [Sizes(1500, 1500), Sizes(300, 1500), Sizes(7500, 1500), Sizes(100, 1500), Sizes(90_000, 1500), Sizes(99, 100)]
)
def test_units_and_documents_used_are_those_of_the_test(sizes):
    cut = plan([sizes.candidate, sizes.measured], int(min(sizes.candidate, sizes.measured)))
    assert sizes.units == tuple(units.count for units in cut)
    used = [size * (units.of_bin >= 0).mean() for size, units in zip((sizes.candidate, sizes.measured), cut, strict=True)]
    assert sizes.used == pytest.approx(used, rel=0.07)
    assert dataclasses.replace(sizes, halves=2).units == (cut[0].count, 2 * cut[1].count)


@pytest.mark.parametrize("metric", ["tail_mass_retained", "tail_types_retained"])
def test_a_law_of_errors_is_recovered_and_used_at_other_sizes(metric):
    depth = 800 if metric == "tail_types_retained" else math.inf
    sizes = [Sizes(n, 1600 - n) for n in (100, 200, 400, 800, 1200)]
    factor = [math.exp(-min(each.candidate, each.measured) / depth) for each in sizes]
    errors = [math.sqrt((3 / each.candidate + 5 / each.measured) * f) for each, f in zip(sizes, factor, strict=True)]
    found = fitted([pseudo(each, error, metric) for each, error in zip(sizes, errors, strict=True)], (metric, "words_1", None), None)
    true = (3 / 600 + 5 / 1600) * math.exp(-600 / depth)
    assert found.squared(Sizes(600, 1600)) == pytest.approx(true, rel=0.06)


def test_errors_are_brought_to_the_tail_of_the_whole_reference():
    """A tail of twice the mass has half the squared error."""
    key = ("tail_mass_retained", "words_1", None)
    audits = [pseudo(Sizes(n, 1000 - n), math.sqrt(2 / n + 2 / (1000 - n)), tau=0.1) for n in (100, 300, 500, 700)]
    at = Sizes(400, 500)
    assert fitted(audits, key, 0.2).squared(at) == pytest.approx(fitted(audits, key, 0.1).squared(at) / 2)


def test_sides_that_were_seen_at_one_ratio_alone_are_taken_to_vary_alike():
    found = fitted([pseudo(Sizes(200, 400), math.sqrt(2 / 200 + 2 / 400))] * 3, ("tail_mass_retained", "words_1", None), None)
    assert (found.candidate, found.measured) == pytest.approx((2, 2), rel=0.02)


def test_depth_lessens_the_error_no_further_than_the_reference_could_tell():
    found = Fitted(2.0, 2.0, 500.0, 1000.0, is_cut=False)
    here, far = found.squared(Sizes(1000, 1000)), found.squared(Sizes(10_000, 10_000))
    assert here == pytest.approx(4 / 1000 * math.exp(-2))
    assert far == pytest.approx(here / 10)


def test_cut_endpoints_are_as_large_as_the_smaller_side():
    assert columns(Sizes(300, 1000, 2), True, 0.0) == (1 / 300, 1 / 300)
    assert columns(Sizes(9000, 1000, 2), True, 0.0) == (1 / 2000, 1 / 2000)
    assert columns(Sizes(9000, 1000, 1), False, 0.0) == (1 / 8000, 1 / 1000)


def test_the_pseudo_audit_nearest_in_ratio_is_found():
    audits = [pseudo(Sizes(n, 1600 - n), 1.0) for n in (100, 400, 800, 1200)]
    assert nearest(audits, Sizes(5000, 5000)).sizes.candidate == 800
    assert nearest(audits, Sizes(500, 5000)).sizes.candidate == 100


@pytest.mark.parametrize("size", REFERENCES)
@pytest.mark.parametrize("documents", [200, 3000])
def test_the_errors_foreseen_are_those_of_audits(size, documents):
    """Root mean square over audits of other references of that size and other candidates."""
    whole = Reference(sample(size))
    at = sizes_of(documents, size, is_small=whole.is_small)
    squares = {}
    for seed in range(10, 15):
        pairing = reference_pairing(sample(documents, 100 + seed), Reference(sample(size, seed)), Settings(permutations=399))
        words = Comparison(pairing, "words_1")
        for found in (types_endpoint(words), mass_endpoint(words), smooth_endpoint(words, 1), smooth_endpoint(words, 2)):
            squares.setdefault(found.metric, []).append(found.error**2)
    for metric, found in squares.items():
        tau = None
        if metric in DECIDING:
            tau = float(np.mean([chooser.strata("words_1", 0.1, 1 << 52).realised_tau for chooser, _ in whole.folds()]))
        foreseen = math.sqrt(fitted(pseudos(size), (metric, "words_1", None), tau).squared(at))
        assert 0.8 <= foreseen / math.sqrt(np.mean(found)) <= 1.25, metric


# -------------------------------------------------------------------------------------------------------------- power


@pytest.mark.parametrize(("loss", "aim"), [(0.1, "watch"), (0.3, "shrunk")])
def test_the_power_is_that_of_simulated_decisions(loss, aim):
    """At the fewest documents that are enough, a normal estimate with the error stated passes its bar in 80 of 100 draws."""
    test = Trial(Fitted(0.4, 0.4, math.inf, 1e9, is_cut=False), MaxT(2.0, 2.0), 0.9, is_permuted=False)
    enough = next(n for n in range(96, 100_000) if test.finds(loss, Sizes(n, n), aim))
    log, units = math.log(1 - loss), sum(Sizes(enough, enough).units)
    error = math.sqrt(0.4 / enough / (1 - loss) + 0.4 / enough)
    values = np.random.default_rng(0).normal(log, error, 200_000)
    if aim == "watch":
        power = (values < -2.0 * math.hypot(error, log / math.sqrt(units))).mean()
    else:
        power = (values + 2.0 * error < math.log(0.9)).mean()
    assert power == pytest.approx(0.8, abs=0.01)


def test_a_mixture_of_unlike_samples_spreads_as_far_as_foreseen():
    """Relabelled differences of two groups of units whose means differ: error² + difference² / units."""
    rng = np.random.default_rng(1)
    values = np.concatenate([rng.normal(0, 0.1, 32), rng.normal(0.7, 0.1, 64)])
    relabelled = [(order := rng.permutation(96), values[order[:32]].mean() - values[order[32:]].mean())[1] for _ in range(20_000)]
    assert np.var(relabelled) == pytest.approx(0.01 / 32 + 0.01 / 64 + 0.7**2 / 96, rel=0.1)


def ends_in(reference, loss, documents, repetition):
    """Return the decisions of the tail family on a candidate that has lost a share of its rare types."""
    rng = stream(repetition, documents, round(1000 * loss))
    candidate = profiled(drawn(thinned(zipf(), 1 - loss, rng), documents, rng), reference.seed)
    pairing = reference_pairing(candidate, Reference(reference), Settings())
    return {estimate.metric: estimate.decision for estimate in tail_family(Comparison(pairing, "words_1"), OPTIONS, 0.05)}


def share_found(references, loss, candidates):
    """Return for each endpoint the share of losses found at the documents that its own reference asked for."""
    told = {metric: [] for metric in DECIDING}
    for reference in references:
        for each in calibrated(reference, OPTIONS, None, 0.05).deciding:
            wanted = {"shrunk", each.aim[loss]}
            for repetition in range(candidates if each.needed[loss] is not None else 0):
                told[each.metric].append(ends_in(reference, loss, each.needed[loss], repetition)[each.metric] in wanted)
    return {metric: float(np.mean(found)) for metric, found in told.items() if len(found) >= candidates}


@pytest.mark.parametrize("loss", [0.1, 0.3])
def test_losses_are_found_at_the_documents_asked_for(loss):
    """Twelve candidates; with a power of .8 fewer than 6 losses are found in 4 of 1,000 such tests, with one of .3 in 88 of 100."""
    found = share_found([sample(3000)], loss, 12)
    assert set(found) == set(DECIDING)
    assert all(share >= 0.5 for share in found.values()), found


@pytest.mark.slow
@pytest.mark.parametrize("size", REFERENCES)
@pytest.mark.parametrize("loss", LOSSES[1:])
def test_four_in_five_losses_are_found_at_the_documents_asked_for(size, loss):
    """The bar is the lower end of the 99 % band of .8 in 100 audits."""
    found = share_found([sample(size, seed) for seed in range(200, 225)], loss, 4)
    assert found and all(share >= 0.69 for share in found.values()), found


# -------------------------------------------------------------------------------------------------------- calibrations


@pytest.mark.parametrize("size", REFERENCES)
def test_a_greater_loss_with_one_aim_needs_no_more_documents(size):
    for each in calibration(size).endpoints:
        for numbers in (each.needed, each.baseline_needed):
            asked = [numbers[loss] or math.inf for loss in LOSSES]
            assert asked[0] >= asked[1] >= 96
            assert asked[2] >= asked[3] >= asked[4] >= 96
        assert list(each.aim.values()) == ["watch", "watch", "shrunk", "shrunk", "shrunk"]


def test_a_later_audit_of_a_series_needs_more_documents():
    first, later = (by_metric(calibration(3000, level)) for level in (0.05, 0.01))
    for metric, each in first.items():
        assert later[metric].noticed > each.noticed
        assert later[metric].null_low < each.null_low < 1 < each.null_high < later[metric].null_high
        assert (later[metric].needed[0.2] or math.inf) > each.needed[0.2]
        assert later[metric].error_now == pytest.approx(each.error_now)


@pytest.mark.parametrize("size", REFERENCES)
def test_a_loss_that_the_reference_is_too_small_for_says_how_large_it_would_have_to_be(size):
    seen = 0
    for each in calibration(size).endpoints:
        assert set(each.reference_needed) == {loss for loss in LOSSES if each.needed[loss] is None}
        for asked in each.reference_needed.values():
            assert asked > size
            seen += 1
    assert seen


def test_a_larger_reference_finds_smaller_losses():
    small, large = (by_metric(calibration(size, documents=1500)) for size in (400, 3000))
    assert all(large[metric].noticed < small[metric].noticed for metric in small if metric != "tail_types_retained")


def test_the_smallest_loss_found_is_found_at_the_documents_that_were_asked_about():
    """Documents asked for hold a fifth more than the power needs, so the same loss needs no fewer."""
    at = by_metric(calibration(3000))["tail_mass_retained"]
    again = by_metric(calibrated(sample(3000), OPTIONS, at.needed[0.1], 0.05))["tail_mass_retained"]
    assert 0.08 < again.noticed < 0.1


def test_the_documents_for_a_loss_are_those_of_the_endpoint_that_needs_most():
    found = calibration(3000)
    own = by_metric(found)
    assert found.documents_for(0.3) == max(own[metric].needed[0.3] for metric in DECIDING)
    assert {each.metric for each in found.deciding} == set(DECIDING)
    lacking = msgspec.structs.replace(own["tail_mass_retained"], needed=dict.fromkeys(LOSSES))
    assert msgspec.structs.replace(found, endpoints=(own["tail_types_retained"], lacking)).documents_for(0.3) is None
    with pytest.raises(UsageError, match=r"a loss of 0\.15 were not worked out; ask for one of 0\.05, 0\.1, 0\.2, 0\.3, 0\.5"):
        found.documents_for(0.15)


def test_margins_decide_what_a_loss_ends_in():
    strict = calibrated(sample(400), Options(views=("words_1",), margin={"tail": 0.75}), 1000, 0.05)
    assert list(strict.endpoints[0].aim.values()) == ["watch", "watch", "watch", "shrunk", "shrunk"]
    assert strict.endpoints[0].margin == 0.75


def test_classes_have_their_own_documents():
    reference = sample(3000, classes=4)
    found = calibrated(reference, Options(views=("words_1",), by=("class",)), 1500, 0.05)
    classes = [each for each in found.endpoints if each.metric == "class_share"]
    assert [each.slice for each in classes] == [f"class {number}" for number in range(4)]
    assert classes[3].error_now > classes[0].error_now
    assert (classes[3].needed[0.3] or math.inf) > classes[0].needed[0.3]


def test_a_class_is_not_found_by_fewer_documents_than_let_it_be_audited():
    """One of twelve classes of shares 1 / k is expected three times, or ln(12 / .05) times, only in more documents than a test needs."""
    found = calibrated(sample(2400, classes=12), Options(views=("words_1",), by=("class",)), 1500, 0.05)
    last = next(each for each in found.endpoints if each.slice == "class 11")
    share = (1 / 12) / sum(1 / rank for rank in range(1, 13))
    least = math.log(12 / 0.05) / share
    assert least > 150
    assert all(number is None or number > least for number in last.needed.values())
    assert all(number > least for number in last.baseline_needed.values())


def test_errors_are_larger_as_stated_where_the_whole_reference_chooses_the_tail():
    whole, squares = Reference(sample(3000)), {}
    for seed in range(20, 28):
        for chooser in (whole.chooser, whole.whole):
            words = Comparison(
                Pairing(sample(800, seed), "generation_1", [(chooser, sample(801, seed))], Settings(permutations=99)), "words_1"
            )
            for found in (types_endpoint(words), mass_endpoint(words)):
                squares.setdefault((found.metric, chooser.half), []).append(found.error**2)
    for metric in DECIDING:
        assert np.mean(squares[metric, None]) / np.mean(squares[metric, 0]) == pytest.approx(BY_WHOLE, rel=0.25), metric


def test_the_same_reference_in_parts_or_again_gives_the_same_numbers():
    documents = drawn(zipf(), 900, stream(5))
    whole = calibrated(profiled(documents, 2), OPTIONS, 800, 0.05)
    parts = calibrated(merge([profiled(part, 2) for part in reversed(list(shards(documents, 5)))]), OPTIONS, 800, 0.05)
    assert msgspec.json.encode(whole) == msgspec.json.encode(parts)


def test_it_is_kept_as_json_with_its_version():
    found = calibration(3000)
    stored = msgspec.json.decode(msgspec.json.encode(found), type=Calibration)
    assert stored == found
    assert (stored.schema_version, stored.power, stored.reference_documents, stored.documents) == ("1.0", 0.8, 3000, 1500)


def test_without_a_number_the_candidate_is_as_large_as_the_reference():
    assert calibrated(sample(400), OPTIONS, None, 0.05).documents == 400


@pytest.mark.parametrize(
    ("size", "documents", "says"),
    [
        (250, 1000, r"the reference has 250 distinct documents, too few .* give one of at least 330"),
        (400, 95, r"a candidate of 95 documents is below the 96 that a test needs"),
        (400, 12_801, r"12,801 documents is more than 64 times half of the reference.* plan for at most 12,800"),
    ],
)
def test_too_few_documents_are_refused_with_what_to_do(size, documents, says):
    with pytest.raises(UsageError, match=says):
        calibrated(sample(size), OPTIONS, documents, 0.05)


def test_the_reference_that_is_asked_for_is_enough():
    assert calibrated(sample(330), OPTIONS, 500, 0.05).endpoints


def test_a_level_beyond_what_relabellings_show_is_refused():
    with pytest.raises(ConfigError, match=r"alpha exhausted: a level of 1e-05 .*399,999 relabellings"):
        calibrated(sample(400), OPTIONS, 500, 1e-5)
