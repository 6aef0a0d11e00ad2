import math
import sys

import numpy
import pytest
from scipy.stats import norm

from longtail.errors import ConfigError, MissingExtra
from longtail.lab.learners import make
from longtail.lab.learners.torch import diffusion
from longtail.lab.learners.torch.digits import LEVELS, digits, drawn
from longtail.lab.run import run
from longtail.lab.settings import Settings

torch = pytest.importorskip("torch", reason="needs the extra torch")
pytest.importorskip("sklearn", reason="needs the extra torch")

SMALL = diffusion.Shape(levels=10, hidden=64, epochs=60, batch=32, step=0.01)
CPU = torch.device("cpu")
LAW = diffusion.Writing("ddpm", 1.0)


@pytest.fixture(scope="module")
def images():
    return drawn(digits(1.0), replicates=2, rows=200, taken=0)


@pytest.fixture(scope="module")
def fitted(images):
    return diffusion.fitted(SMALL, images, CPU, numpy.random.default_rng(1))


def blank(levels, centre, errors):
    sizes = (80, 4), (1, 4), (20, 4), (1, 4), (20, 64), (1, 64)
    return (*(torch.zeros(1, *size) for size in sizes), centre.reshape(1, 1, 64), errors.expand(1, levels, 64))


def test_the_same_seed_gives_the_same_bytes(images, fitted):
    again = diffusion.fitted(SMALL, images, CPU, numpy.random.default_rng(1))
    assert [each.numpy().tobytes() for each in again] == [each.numpy().tobytes() for each in fitted]
    written = [diffusion.written(each, 20, LAW, numpy.random.default_rng(2)).tobytes() for each in (fitted, again)]
    assert written[0] == written[1]


def test_replicates_side_by_side_do_not_touch_each_other(images):
    short, other = SMALL._replace(epochs=3), images.copy()
    other[1] = other[1, ::-1] / 2
    one, two = (diffusion.fitted(short, each, CPU, numpy.random.default_rng(1)) for each in (images, other))
    for before, after in zip(one, two, strict=True):
        assert torch.allclose(before[0], after[0], atol=1e-5)
    assert not torch.allclose(one[0][1], two[0][1], atol=1e-3)


def test_the_likelihood_bound_falls_with_training(images):
    held, means = digits(1.0).held, []
    for epochs in (1, 8, 60):
        weights = diffusion.fitted(SMALL._replace(epochs=epochs), images, CPU, numpy.random.default_rng(3))
        means.append(diffusion.bounds(weights, held, numpy.random.default_rng(4)).mean(axis=1))
    assert (means[0] > means[1] + 4).all()
    assert (means[1] > means[2] + 4).all()


def test_the_rounded_normal_law_is_a_law_of_grey_levels():
    greys = torch.arange(LEVELS + 1).double() / LEVELS
    for mean, deviation in ((0.3, 0.02), (0.01, 0.3), (0.97, 0.001)):
        unit = diffusion.UNIT
        found = diffusion._rounded((greys - mean) / unit, greys, torch.tensor((deviation / unit) ** 2, dtype=torch.float64)).numpy()
        assert numpy.exp(found).sum() == pytest.approx(1)
        edges = numpy.concatenate([[-numpy.inf], (numpy.arange(LEVELS) + 0.5) / LEVELS, [numpy.inf]])
        assert numpy.exp(found) == pytest.approx(numpy.diff(norm.cdf(edges, mean, deviation)), abs=1e-9)
        assert numpy.isfinite(found).all()


def test_the_schedule_composes_to_the_law_of_the_noise():
    plan = diffusion.schedule(30)
    assert 1 - plan.kept[0] == pytest.approx(diffusion.FAINTEST**2)
    assert plan.kept[-1] < 1e-4
    mean = plan.image + plan.noisy * numpy.sqrt(plan.kept)
    assert mean == pytest.approx(numpy.sqrt(plan.before))
    assert plan.spread + plan.noisy**2 * (1 - plan.kept) == pytest.approx(1 - plan.before)


def test_the_bound_of_a_chain_of_normal_laws_lies_just_above_its_likelihood(monkeypatch):
    monkeypatch.setattr(diffusion, "UNIT", 0.1)
    monkeypatch.setattr(diffusion, "LEVELS", fine := 100)
    rng, levels = numpy.random.default_rng(5), 40
    plan = diffusion.schedule(levels)
    centre = torch.from_numpy(rng.uniform(0.4, 0.6, 64).astype(numpy.float32))
    left = torch.from_numpy((1 - plan.kept).astype(numpy.float32))[None, :, None]
    weights = blank(levels, centre, left)
    deviation = diffusion.UNIT
    held = numpy.rint(numpy.clip(rng.normal(centre.numpy(), 0.1, (200, 64)), 0, 1) * fine) / fine
    found = diffusion.bounds(weights, held.astype(numpy.float32), rng)[0]
    low = numpy.where(held == 0, -numpy.inf, held - 0.5 / fine)
    high = numpy.where(held == 1, numpy.inf, held + 0.5 / fine)
    truth = -numpy.log(norm.cdf(high, centre, deviation) - norm.cdf(low, centre, deviation)).sum(axis=1)
    gap = found - truth
    assert -4 * gap.std() / math.sqrt(200) < gap.mean() < 2


def test_a_chain_of_normal_laws_writes_their_mean_and_spread(monkeypatch):
    monkeypatch.setattr(diffusion, "UNIT", 0.1)
    levels, rows = 40, 20_000
    plan = diffusion.schedule(levels)
    left = torch.from_numpy((1 - plan.kept).astype(numpy.float32))[None, :, None]
    weights = blank(levels, torch.full((64,), 0.5), left)
    deviation = diffusion.UNIT
    edges = numpy.concatenate([[-numpy.inf], (numpy.arange(LEVELS) + 0.5) / LEVELS, [numpy.inf]])
    truth = numpy.diff(norm.cdf(edges, 0.5, deviation))
    for sampler in ("ddpm", "ddim"):
        images = diffusion.written(weights, rows, diffusion.Writing(sampler, 1.0), numpy.random.default_rng(6))[0]
        counts = numpy.bincount(numpy.rint(images[:, :8] * LEVELS).astype(int).ravel(), minlength=LEVELS + 1)
        n = 8 * rows
        assert (numpy.abs(counts - n * truth) < 4 * numpy.sqrt(n * truth) + 0.002 * n).all(), sampler


def test_a_trained_model_is_recognised_more_often_than_an_untrained_one(images, fitted):
    data, shares = digits(1.0), []
    untrained = diffusion.fitted(SMALL._replace(epochs=1, step=1e-6), images, CPU, numpy.random.default_rng(1))
    for weights in (fitted, untrained):
        one = diffusion.written(weights, 300, LAW, numpy.random.default_rng(7))[0]
        assert (numpy.rint(one * LEVELS) == one * LEVELS).all()
        shares.append(data.shares(one, data.distances(one)).sum())
    assert shares[0] > 0.2
    assert shares[1] < 0.05


def test_a_lower_temperature_writes_nearer_to_real_images_and_varies_less(fitted):
    data, found = digits(1.0), []
    for writing in (LAW, LAW._replace(temperature=0.6)):
        images = diffusion.written(fitted, 400, writing, numpy.random.default_rng(8))[0]
        found.append((data.distances(images).mean(), images.var(axis=0).sum()))
    assert found[1][0] < found[0][0] - 0.1
    assert found[1][1] < 0.9 * found[0][1]


def test_a_deterministic_sampler_draws_the_first_noise_alone(fitted):
    rng, other = numpy.random.default_rng(9), numpy.random.default_rng(9)
    diffusion.written(fitted, 5, diffusion.Writing("ddim", 1.0), rng)
    other.standard_normal((2, 5, 64), dtype=numpy.float32)
    assert rng.random() == other.random()


def test_a_run_has_every_series_and_depends_on_the_seed_alone():
    options = {"epochs": "2", "hidden": 16, "levels": 5, "device": "cpu"}
    settings = Settings(family="diffusion", policy="fresh:0.5", samples=100, generations=3, replicates=2, options=options)
    one, two = run(settings), run(settings)
    assert {"heldout_nll", "classes_alive", "class_share", "effective_rank", "alive"} <= set(one.series)
    assert "latent_spread" not in one.series
    assert one.series == two.series
    assert all(None not in series.mean and not any(series.left_out) for series in one.series.values())


def test_a_model_taught_by_itself_alone_gets_worse_than_one_that_keeps_everything():
    options = {"epochs": 60, "hidden": 64, "levels": 15, "batch": 32, "device": "cpu"}
    last = {}
    for policy in ("replace", "accumulate"):
        found = run(Settings(family="diffusion", policy=policy, samples=150, generations=3, replicates=4, options=options))
        last[policy] = {name: (series.mean[-1], series.se[-1]) for name, series in found.series.items()}
    for name, sign in (("heldout_nll", 1), ("recognised", -1)):
        (mean, se), (other, error) = last["replace"][name], last["accumulate"][name]
        assert sign * (mean - other) > 4 * math.hypot(se, error), name


def test_weights_are_refused():
    with pytest.raises(ConfigError, match="diffusion: images count once each"):
        run(Settings(family="diffusion", policy="weighted:0.8", samples=40, generations=2, replicates=1, options={"epochs": 1}))


def test_bad_options_are_refused_before_torch_is_looked_for(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    for options, complaint in (
        ({"levels": 1}, "diffusion: levels is 1; take a whole number from 2 to 1000"),
        ({"hidden": 0}, "diffusion: hidden is 0; take a whole number from 1 up"),
        ({"temperature": 0}, "diffusion: temperature is 0.0; take a number above 0, up to 2"),
        ({"sampler": "euler"}, "diffusion: sampler is 'euler'"),
        ({"imbalance": 3}, "diffusion: imbalance is 3.0; take a number from 0.5 to 2"),
    ):
        with pytest.raises(ConfigError, match=complaint) as caught:
            make("diffusion", options, rows=False)
        assert "\n" not in str(caught.value)


def test_without_torch_it_names_the_line_that_installs_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(MissingExtra, match=r"^the family diffusion needs an optional part; run: pip install 'longtail\[torch\]'$"):
        make("diffusion", {}, rows=False)
