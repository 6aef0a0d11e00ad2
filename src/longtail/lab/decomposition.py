"""Three sources of error in recursive training, each switched on and off, and how much each brings to the deviation.

The family is one Gaussian. *Statistical*: a training set has finitely many rows. *Expressivity*: the truth has two modes and
the family one. *Approximation*: training covers a part of the way from 0 to the sample mean. With the source off, samples are
infinite, the truth is a Gaussian of the same mean and variance, and training covers the whole way (Shumailov et al.,
arXiv:2305.17493).

The deviation is E KL(truth‖model), in nats. It does not depend on the unit of the data, is 0 with all sources off, and for a
truth f of mean m and variance v it is KL(f‖N(m, v)) + KL(N(m, v)‖model): what the family cannot represent adds to all else. The
sources on together bring more than one by one, since noise shrinks the variance that a shifted mean is divided by. The whole
is shared out by Shapley values over the eight combinations, whose sum is the whole by construction.
"""

import math
from itertools import combinations

import numpy
from scipy.integrate import quad

from longtail.errors import ConfigError
from longtail.lab.learner import Floats
from longtail.lab.learners import make
from longtail.lab.loop import trajectory
from longtail.lab.script import script, strict
from longtail.lab.settings import Settings
from longtail.records import Record

SOURCES = ("statistical", "expressivity", "approximation")
FEWEST_ROWS = 10
"""Below it the expected divergence is carried by rare replicates; under 4 rows it is infinite."""
MOST_ROWS = 10**12


class World(Record, frozen=True):
    """What is simulated.

    Args:
        policy: How training sets are put together.
        generations: How many are trained.
        samples: Rows N of a training set, with the statistical source on.
        replicates: Lineages.
        seed: Seed of all chance.
        modes: Half the distance of the truth's two modes, in their standard deviations, with the expressivity source on.
        pull: Share of the way from 0 to the sample mean that training covers, with the approximation source on.
        mean: Mean of the truth, in its standard deviations.
    """

    policy: str = "replace"
    generations: int = 10
    samples: int = 100
    replicates: int = 2000
    seed: int = 0
    modes: float = 2.0
    pull: float = 0.9
    mean: float = 1.0

    def __post_init__(self) -> None:
        """Refuse worlds in which a source could not be switched on."""
        for name, holds, need in (
            ("samples", FEWEST_ROWS <= self.samples <= MOST_ROWS, f"{FEWEST_ROWS} to {MOST_ROWS:,}; few make the divergence infinite"),
            ("modes", 0 < self.modes <= 20, "a number above 0, up to 20"),
            ("pull", 0 < self.pull < 1, "a number between 0 and 1"),
            ("mean", 0 < abs(self.mean) < math.inf, "a number other than 0, so that a wrong start can be seen"),
            ("replicates", self.replicates >= 2, "2 or more"),
        ):
            if not holds:
                raise ConfigError(f"{name} is {getattr(self, name)!r}; take {need}")


class Source(Record, frozen=True):
    """One source: its part of the deviation in each generation, what goes with it alone on, and what goes when it alone is off."""

    name: str
    part: tuple[float, ...]
    alone: tuple[float, ...]
    removed: tuple[float, ...]


class Decomposition(Record, frozen=True):
    """The deviation with all sources on and what each brings.

    Args:
        world: What was simulated.
        generations: From 1 up.
        total: Deviation with all sources on, in nats, in each generation.
        se: Its standard error over replicates.
        sources: The parts.
        removed_sum: Sum of what goes when each source alone is off, over the total.
        combinations: Deviation under each combination, named by the sources that are on, joined by "+"; "none" for none.
    """

    world: World
    generations: tuple[int, ...]
    total: tuple[float, ...]
    se: tuple[float, ...]
    sources: tuple[Source, ...]
    removed_sum: tuple[float, ...]
    combinations: dict[str, tuple[float, ...]]


def decomposed(world: World) -> Decomposition:
    """Simulate the eight combinations and share the deviation out.

    Raises:
        UnknownName: No policy of that name.
        ConfigError: A setting is out of range.
    """
    every = [frozenset(chosen) for many in range(4) for chosen in combinations(SOURCES, many)]
    runs = {on: deviations(world, on) for on in every}
    means = {on: found.mean(axis=1) for on, found in runs.items()}
    whole, full = means[frozenset(SOURCES)], runs[frozenset(SOURCES)]
    sources = tuple(_source(name, means) for name in SOURCES)
    removed = numpy.sum([each.removed for each in sources], axis=0)
    return Decomposition(
        world=world,
        generations=tuple(range(1, world.generations + 1)),
        total=_plain(whole),
        se=_plain(full.std(axis=1, ddof=1) / math.sqrt(full.shape[1])),
        sources=sources,
        removed_sum=_plain(removed / whole),
        combinations={"+".join(sorted(on)) or "none": _plain(each) for on, each in means.items()},
    )


def deviations(world: World, on: frozenset[str]) -> Floats:
    """Return KL(truth‖model) of every replicate, (generations, replicates), with some sources on.

    All combinations draw from the same streams.

    Raises:
        UnknownName: No policy of that name.
        ConfigError: A setting is out of range.
    """
    modes = world.modes if "expressivity" in on else 0.0
    mean, variance = world.mean * math.sqrt(1 + modes**2), 1 + modes**2
    options = {
        "modes": modes,
        "true_mean": mean,
        "pull": world.pull if "approximation" in on else 1.0,
        "sampling_error": "statistical" in on,
    }
    replicates = world.replicates if "statistical" in on else 1
    told = Settings(
        family="gaussian", policy=world.policy, generations=world.generations, samples=world.samples, replicates=replicates, options=options
    )
    steps = script(told)
    if strict(steps):
        raise ConfigError(
            f"policy {world.policy!r} draws rows from among others, which infinite samples do not have; take replace, accumulate, "
            "fresh:SHARE, window:WIDTH or another policy that takes pools whole"
        )
    floor = mixture_divergence(modes=modes) if modes else 0.0
    learner = make("gaussian", options, rows=False)
    models = [each.model for each in trajectory(learner, steps, replicates, world.seed)]
    return numpy.array([floor + divergence(mean, variance, each.mean, each.variance) for each in models])


def divergence(mean: float, variance: float, model_mean: Floats, model_variance: Floats) -> Floats:
    """Return KL(N(mean, variance)‖N(model_mean, model_variance)) in nats."""
    ratio = variance / model_variance
    return numpy.asarray((ratio - 1 - numpy.log(ratio) + numpy.square(mean - model_mean) / model_variance) / 2)


def mixture_divergence(*, modes: float) -> float:
    """Return KL(truth‖N(0, 1 + modes²)) for a truth of two equal modes at ±modes of variance 1, in nats, by quadrature.

    0.172000 at modes 2.
    """

    def density(x: float) -> float:
        return (math.exp(-((x - modes) ** 2) / 2) + math.exp(-((x + modes) ** 2) / 2)) / math.sqrt(8 * math.pi)

    def entropy(x: float) -> float:
        held = density(x)
        return -held * math.log(held) if held > 0 else 0.0

    half, _ = quad(entropy, 0, modes + 12, points=[modes], epsabs=1e-12, limit=200)
    return math.log(2 * math.pi * math.e * (1 + modes**2)) / 2 - 2 * float(half)


def _source(name: str, means: dict[frozenset[str], Floats]) -> Source:
    """Return the Shapley value of a source: what it adds, averaged over the orders in which sources come on."""
    others = [each for each in SOURCES if each != name]
    none, both = frozenset[str](), frozenset(others)
    middle = sum((_added(name, frozenset([each]), means) for each in others), start=numpy.zeros_like(means[none]))
    first, last = _added(name, none, means), _added(name, both, means)
    return Source(name=name, part=_plain(first / 3 + middle / 6 + last / 3), alone=_plain(first), removed=_plain(last))


def _added(name: str, before: frozenset[str], means: dict[frozenset[str], Floats]) -> Floats:
    return means[before | {name}] - means[before]


def _plain(values: Floats) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
