import math

import numpy
import pytest
from scipy.stats import binom

from longtail.errors import ConfigError, UsageError
from longtail.lab.learners import make
from longtail.lab.learners.images import _rank
from longtail.lab.learners.torch import vae
from longtail.lab.learners.torch.chance import normal
from longtail.lab.learners.torch.digits import LEVELS, digits, drawn
from longtail.lab.run import run
from longtail.lab.settings import Settings

torch = pytest.importorskip("torch", reason="needs the extra torch")
pytest.importorskip("sklearn", reason="needs the extra torch")

SMALL = vae.Shape(latent=3, hidden=16, epochs=4, batch=32, step=0.01)
CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def images():
    return drawn(digits(1.0), replicates=3, rows=200, taken=0)


@pytest.fixture(scope="module")
def fitted(images):
    return vae.fitted(SMALL, images, CPU, numpy.random.default_rng(1))


def learner(**options):
    return make("vae", {"hidden": 16, "latent": 3, "epochs": 2, "device": "cpu"} | options, rows=False)


def test_the_same_seed_gives_the_same_bytes(images, fitted):
    again = vae.fitted(SMALL, images, CPU, numpy.random.default_rng(1))
    assert [each.numpy().tobytes() for each in again] == [each.numpy().tobytes() for each in fitted]
    written = [vae.written(each, 20, True, numpy.random.default_rng(2)).tobytes() for each in (fitted, again)]
    assert written[0] == written[1]


def test_replicates_side_by_side_do_not_touch_each_other(images, fitted):
    other = images.copy()
    other[1] = 0.5
    changed = vae.fitted(SMALL, other, CPU, numpy.random.default_rng(1))
    for one, two in zip(changed, fitted, strict=True):
        assert torch.allclose(one[0], two[0], atol=1e-5)
        assert torch.allclose(one[2], two[2], atol=1e-5)
    assert not torch.allclose(changed[0][1], fitted[0][1], atol=1e-3)


def test_the_likelihood_bound_falls_with_training(images):
    held = digits(1.0).held
    means = []
    for epochs in (1, 4, 16):
        weights = vae.fitted(SMALL._replace(epochs=epochs), images, CPU, numpy.random.default_rng(3))
        means.append(vae.bounds(weights, held, numpy.random.default_rng(4)).mean(axis=1))
    assert (means[0] > means[1] + 10).all()
    assert (means[1] > means[2] + 10).all()


def test_the_likelihood_of_a_decoder_that_ignores_its_latents_is_binomial():
    rng = numpy.random.default_rng(5)
    weights = [torch.zeros(1, *size) for size in ((64, 4), (1, 4), (4, 4), (1, 4), (2, 4), (1, 4), (4, 64))]
    logits = rng.standard_normal(64).astype(numpy.float32)
    weights.append(torch.from_numpy(logits).reshape(1, 1, 64))
    levels = rng.integers(0, LEVELS + 1, (3, 64))
    found = vae.bounds(tuple(weights), (levels / LEVELS).astype(numpy.float32), rng)
    truth = -binom.logpmf(levels, LEVELS, 1 / (1 + numpy.exp(-logits.astype(float)))).sum(axis=1)
    assert found[0] == pytest.approx(truth, rel=1e-5)


def test_the_bound_lies_above_the_likelihood_by_importance_sampling(fitted):
    image = digits(1.0).held[:1].repeat(4000, axis=0)
    rng = numpy.random.default_rng(6)
    bounds = vae.bounds(fitted, image, rng)[0]
    logits = vae._decoded(fitted, normal((3, 200_000, 3), CPU, rng))[0].double()
    levels = torch.from_numpy(image[0]).double() * LEVELS
    ways = sum(math.lgamma(LEVELS + 1) - math.lgamma(k + 1) - math.lgamma(LEVELS - k + 1) for k in levels.tolist())
    logs = ways + (levels * logits - LEVELS * torch.nn.functional.softplus(logits)).sum(dim=1)
    truth = -float(torch.logsumexp(logs, dim=0) - math.log(len(logs)))
    assert truth < bounds.mean() < truth + 15


def test_drawn_pixels_are_grey_levels_and_mean_pixels_are_their_expectation(fitted):
    levels = vae.written(fitted, 50, True, numpy.random.default_rng(7)) * LEVELS
    expected = vae.written(fitted, 50, False, numpy.random.default_rng(7)) * LEVELS
    assert (levels == numpy.round(levels)).all()
    errors = (levels - expected) / numpy.sqrt((expected * (1 - expected / LEVELS)).sum(axis=2, keepdims=True))
    assert numpy.abs(errors.sum(axis=2)).max() < 5


def test_real_images_are_never_handed_out_twice_in_a_lineage():
    data = digits(1.0)
    first, second = drawn(data, 2, 600, 0), drawn(data, 2, 595, 600)
    for replicate in range(2):
        rows = numpy.concatenate([first[replicate], second[replicate]])
        assert sorted(row.tobytes() for row in rows) == sorted(row.tobytes() for row in data.pool)
    assert not numpy.array_equal(first[0], first[1])


def test_more_real_images_than_there_are_is_refused_with_the_sum():
    with pytest.raises(UsageError, match="200 real images are wanted after 1000 were taken, in all 1200; there are 1195"):
        learner().real(1, 200, numpy.random.default_rng(0), 1000)


def test_nothing_held_out_is_learnt_from():
    data = digits(1.0)
    assert len(data.pool) + len(data.held) == 1797
    assert data.accuracy > 0.97


def test_imbalance_thins_the_classes_geometrically():
    counts, full = (numpy.bincount(digits(decay).labels) for decay in (0.7, 1.0))
    assert counts.tolist() == [round(count * 0.7**each) for each, count in enumerate(full)]
    data = digits(0.7)
    shares = numpy.bincount(data.held_labels, weights=data.weights)
    assert shares == pytest.approx(counts / counts.sum())
    assert (data.held_labels[data.common()] < 5).all()
    other = digits(1.25)
    assert numpy.bincount(other.labels).tolist() == [round(count * 1.25 ** (each - 9)) for each, count in enumerate(full)]
    assert (other.held_labels[other.common()] >= 5).all()


def test_an_image_unlike_every_digit_is_in_no_class():
    data = digits(1.0)
    assert data.distances(data.held[:5]) == pytest.approx(numpy.zeros(5), abs=1e-2)
    assert (data.distances(data.pool) <= data.limit).mean() == pytest.approx(0.99, abs=0.001)
    assert data.labelled.sum() == pytest.approx(0.99, abs=0.001)
    grey = numpy.full((4, 64), 0.5, dtype=numpy.float32)
    assert data.shares(grey, data.distances(grey)).sum() == 0


def test_the_effective_rank_of_independent_equal_pixels_is_their_number():
    rng = numpy.random.default_rng(8)
    flat = numpy.zeros((20_000, 64), dtype=numpy.float32)
    flat[:, :5] = rng.standard_normal((20_000, 5))
    assert _rank(flat) == pytest.approx(5, abs=0.01)
    assert math.isnan(_rank(numpy.zeros((10, 64), dtype=numpy.float32)))


def test_the_first_encoder_stays_the_measure_of_a_lineage(images):
    family, rng = learner(), numpy.random.default_rng(9)
    first = family.fit(images[:, :64], None, rng)
    second = family.fit(family.sample(first, 64, rng), first, rng)
    third = family.fit(family.sample(second, 64, rng), second, rng)
    assert first.first is first.weights
    assert third.first is first.weights
    assert third.weights is not first.weights


def test_weights_and_gates_are_refused():
    for change, complaint in (
        ({"policy": "weighted:0.8"}, "images count once each"),
        ({"gate": "top:0.5"}, "rows of this family show nothing"),
    ):
        with pytest.raises(ConfigError, match=complaint):
            run(Settings(family="vae", samples=40, generations=2, replicates=1, options={"epochs": 1}, **change))


def test_a_run_has_every_series_and_depends_on_the_seed_alone():
    settings = Settings(
        family="vae", policy="fresh:0.5", samples=100, generations=3, replicates=2, options={"epochs": "2", "hidden": 16, "device": "cpu"}
    )
    one, two = run(settings), run(settings)
    assert set(one.series) == {*learner().series, "alive"}
    assert one.series == two.series
    assert all(None not in series.mean and not any(series.left_out) for series in one.series.values())


def test_an_autoencoder_taught_by_itself_alone_gets_worse_than_one_that_keeps_everything():
    options = {"epochs": 15, "device": "cpu"}
    last = {}
    for policy in ("replace", "accumulate"):
        found = run(Settings(family="vae", policy=policy, samples=300, generations=5, replicates=6, options=options))
        last[policy] = {name: (series.mean[-1], series.se[-1]) for name, series in found.series.items()}
    for name, sign in (("heldout_nll", 1), ("classes_alive", -1), ("variance", -1), ("latent_spread", -1)):
        (mean, se), (other, error) = last["replace"][name], last["accumulate"][name]
        assert sign * (mean - other) > 4 * math.hypot(se, error), name
