"""A law over types, simulated by counts; sampling, joining and drawing without replacement keep to exact laws."""

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

import numpy

from longtail.errors import ConfigError
from longtail.gates import Bound
from longtail.gates.filters import Flags
from longtail.lab.learner import Floats, Rows
from longtail.lab.learners.catalogue import FAMILIES

CELLS = 200_000
MOST_TYPES = 10_000_000
"""Numbers held for a block of replicates."""
TAIL = 0.1
HEAD = 0.5


class Law(NamedTuple):
    """The true law and how a model samples.

    Args:
        truth: Probabilities of the types, (types,), the commonest first.
        temperature: A model samples from p^(1/temperature), renormalised.
        top_p: A model samples from its commonest types, up to this share of the mass.
        top_k: A model samples from this many of its commonest types; all if None.
        wrong: Share of what a model samples that is no valid type; such rows are counted beside the types.
        noise: False for infinite samples: counts come back as expected.
        rewards: What a row of each type is worth to a gate that chooses, (types,); None where there is no such gate.
    """

    truth: Floats
    temperature: float = 1.0
    top_p: float = 1.0
    top_k: int | None = None
    wrong: float = 0.0
    noise: bool = True
    rewards: Floats | None = None


class Categorical:
    """Models q over types and one more place for what is no valid type; data are counts, (replicates, types + 1)."""

    series: ClassVar[tuple[str, ...]] = ("support", "simpson", "entropy", "head_mass", "tail_mass", "tail_types", "correct")
    gates: ClassVar[frozenset[str]] = frozenset({"validity", "reward"})
    uneven: ClassVar[bool] = True

    def __init__(self, law: Law) -> None:
        self.law = law
        self.truth = numpy.append(law.truth, 0.0)
        self.right = numpy.append(numpy.ones(len(law.truth), dtype=bool), False)
        self.tail = tail(law.truth)
        self.head = numpy.cumsum(law.truth) <= HEAD

    def together(self, rows: int) -> int:
        """Return how many replicates are simulated side by side."""
        return max(1, CELLS // len(self.truth))

    def real(self, replicates: int, rows: Rows, rng: numpy.random.Generator, taken: int) -> Floats:
        """Return counts of real rows."""
        return self._counts(numpy.broadcast_to(self.truth, (replicates, len(self.truth))), rows, rng)

    def sample(self, model: Floats, rows: Rows, rng: numpy.random.Generator, gate: Bound | None = None) -> Floats:
        """Return counts of what a model writes; a gate that judges types lets the model write until `rows` passed."""
        law = self._sampled(model)
        if gate is None:
            return self._counts(law, rows, rng)
        if gate.judges == "reward":
            return self._chosen(law, rows, rng, gate)
        return self._counts(_scaled(law * gate.call(self.right)), rows, rng)

    def join(self, parts: Sequence[tuple[Floats, float]]) -> Floats:
        """Return summed counts, each part with the weight of its rows."""
        total = parts[0][0] * parts[0][1]
        for counts, weight in parts[1:]:
            total = total + (counts if weight == 1 else counts * weight)
        return total

    def take(self, data: Floats, rows: int, rng: numpy.random.Generator) -> Floats:
        """Return counts of `rows` rows drawn without replacement, or of all where a detector left fewer.

        Of infinite samples the shares stay the same.
        """
        if not self.law.noise:
            return numpy.asarray(_scaled(data) * rows)
        counts = data.astype(numpy.int64)
        drawn = [rng.multivariate_hypergeometric(each, min(rows, int(each.sum())), method="marginals") for each in counts]
        return numpy.stack(drawn).astype(numpy.float64)

    def edit(self, data: Floats, model: Floats, rows: int, rng: numpy.random.Generator) -> Floats:
        """Return counts after `rows` rows at random were rewritten by the model."""
        kept = self.take(data, int(data[0].sum()) - rows, rng)
        return kept + self.sample(model, rows, rng)

    def fit(self, data: Floats, before: Floats | None, rng: numpy.random.Generator) -> Floats:
        """Return frequencies; a replicate without rows keeps the model it had."""
        total = data.sum(axis=1, keepdims=True)
        model = data / numpy.where(total > 0, total, 1.0)
        return model if before is None else numpy.where(total > 0, model, before)

    def alive(self, model: Floats) -> Flags:
        """Tell where more than one type is left."""
        return numpy.asarray(numpy.count_nonzero(model, axis=1) > 1)

    def measure(self, model: Floats, wanted: frozenset[str], rng: numpy.random.Generator) -> dict[str, Floats]:
        """Return the series that are wanted; those of the tail speak of the types that hold the last tenth of the truth."""
        valid = model[:, :-1]
        found: dict[str, Floats] = {}
        if "support" in wanted:
            found["support"] = numpy.count_nonzero(valid, axis=1).astype(numpy.float64)
        if "simpson" in wanted:
            found["simpson"] = numpy.einsum("rk,rk->r", model, model)
        if "entropy" in wanted:
            found["entropy"] = -numpy.sum(model * numpy.log(numpy.where(model > 0, model, 1.0)), axis=1)
        if "head_mass" in wanted:
            found["head_mass"] = valid[:, self.head].sum(axis=1)
        if "tail_mass" in wanted:
            found["tail_mass"] = valid[:, self.tail].sum(axis=1)
        if "tail_types" in wanted:
            found["tail_types"] = numpy.count_nonzero(valid[:, self.tail], axis=1).astype(numpy.float64)
        if "correct" in wanted:
            found["correct"] = valid.sum(axis=1)
        return found

    def _sampled(self, model: Floats) -> Floats:
        """Return the law that a model samples from: its own, sharpened, cut, and with its share of wrong rows."""
        how, law = self.law, model
        if how.temperature != 1:
            law = _scaled(numpy.power(law / numpy.maximum(law.max(axis=1, keepdims=True), 1e-300), 1 / how.temperature))
        if how.top_k is not None or how.top_p < 1:
            law = _cut(law, how.top_k, how.top_p)
        if how.wrong:
            law = law * (1 - how.wrong)
            law[:, -1] += how.wrong
        return law

    def _counts(self, law: Floats, rows: Rows, rng: numpy.random.Generator) -> Floats:
        if not self.law.noise:
            return numpy.asarray(law * (rows if isinstance(rows, int) else rows[:, None]))
        return rng.multinomial(rows, law).astype(numpy.float64)

    def _chosen(self, law: Floats, rows: Rows, rng: numpy.random.Generator, gate: Bound) -> Floats:
        """Return counts of rows each chosen from several."""
        if self.law.rewards is None or not isinstance(rows, int):
            raise ConfigError("the gate 'choose' needs --rewards, one number for each type, and draws of an exact size")
        worth = numpy.append(self.law.rewards, self.law.rewards.min())
        several = int(gate.candidates)
        chosen = numpy.empty_like(law)
        ceiling = numpy.cumsum(law, axis=1)
        for at, steps in enumerate(ceiling):
            types = numpy.searchsorted(steps / steps[-1], rng.random((rows, several)), side="right")
            winner = gate.call(worth[types], rng)
            chosen[at] = numpy.bincount(numpy.take_along_axis(types, winner[:, None], axis=1)[:, 0], minlength=law.shape[1])
        return chosen


def tail(truth: Floats) -> Flags:
    """Return which types hold the last tenth of the mass: the rarest, ties in whole, up to the first that goes beyond."""
    order = numpy.argsort(truth, kind="stable")
    reached = numpy.cumsum(truth[order]) <= TAIL + 1e-12
    border = truth[order][min(int(reached.sum()), len(truth) - 1)]
    found = numpy.zeros(len(truth), dtype=bool)
    found[order[reached]] = True
    found |= (truth == border) & (truth[truth <= border].sum() <= TAIL + 1e-12)
    return found


def _scaled(law: Floats) -> Floats:
    total = law.sum(axis=1, keepdims=True)
    return numpy.asarray(law / numpy.where(total > 0, total, 1.0))


def _cut(law: Floats, top_k: int | None, top_p: float) -> Floats:
    """Keep the commonest types: at most `top_k`, and no more than are needed to hold `top_p` of the mass."""
    order = numpy.argsort(-law, axis=1, kind="stable")
    mass = numpy.take_along_axis(law, order, axis=1)
    before = numpy.cumsum(mass, axis=1) - mass
    kept = before < top_p * law.sum(axis=1, keepdims=True) - 1e-12
    if top_k is not None:
        kept[:, top_k:] = False
    cut = numpy.zeros_like(law)
    numpy.put_along_axis(cut, order, mass * kept, axis=1)
    return _scaled(cut)


def law_of(name: str, types: int) -> Floats:
    """Return a law over types: "uniform", "harmonic", or "zipf:S[:Q]" with probabilities proportional to (i + Q)^−S.

    Raises:
        ConfigError: The name is none of these, or a number is out of range.
    """
    if not 2 <= types <= MOST_TYPES:
        raise ConfigError(f"types is {types}; take 2 to {MOST_TYPES:,}")
    kind, *numbers = name.split(":")
    try:
        powers = {"uniform": (0.0, 0.0), "harmonic": (1.0, 0.0)}.get(kind) or _zipf(kind, [float(each) for each in numbers])
    except ValueError:
        raise ConfigError(f"law {name!r} is not understood; take uniform, harmonic or zipf:S[:Q], such as zipf:1:2.7") from None
    weights = (numpy.arange(1, types + 1) + powers[1]) ** -powers[0]
    return numpy.asarray(weights / weights.sum())


def _zipf(kind: str, numbers: list[float]) -> tuple[float, float]:
    if kind != "zipf" or len(numbers) not in (1, 2) or not all(0 <= each < float("inf") for each in numbers):
        raise ValueError(kind)
    return numbers[0], numbers[1] if len(numbers) == 2 else 0.0


@FAMILIES.add(models="a law over types", cost="light", source="Shumailov et al., arXiv:2305.17493; Wright-Fisher resampling")
def categorical(
    rows: bool,
    *,
    types: int = 100,
    law: str = "zipf:1",
    temperature: float = 1.0,
    top_p: float = 1.0,
    top_k: int | None = None,
    wrong: float = 0.0,
    sampling_error: bool = True,
    rewards: str = "",
) -> Categorical:
    """Types with frequencies: the law of a vocabulary, of labels or of any other set of categories.

    Args:
        rows: Of no effect; counts are simulated.
        types: Number of types.
        law: Law of the truth: uniform, harmonic (the law of Zipf), or zipf:S[:Q] with shares proportional to (i + Q)^-S.
        temperature: A model samples from p^(1/temperature), renormalised.
        top_p: A model samples from its likeliest types that hold this share together.
        top_k: A model samples from its likeliest types, this many.
        wrong: Share of what a model samples that is no valid type.
        sampling_error: With false, samples are infinite: shares come back as they are.
        rewards: What a row of each type is worth to the gate "choose": a number for each type, by comma.

    Raises:
        ConfigError: An option is out of range.
    """
    for name, value, holds in (
        ("temperature", temperature, 0 < temperature < float("inf")),
        ("top_p", top_p, 0 < top_p <= 1),
        ("top_k", top_k, top_k is None or top_k >= 1),
        ("wrong", wrong, 0 <= wrong < 1),
    ):
        if not holds:
            raise ConfigError(
                f"categorical: {name} is {value!r}; temperature is above 0, top_p in (0, 1], top_k 1 or more, wrong in [0, 1)"
            )
    truth = law_of(law, types)
    return Categorical(Law(truth, temperature, top_p, top_k, wrong, sampling_error, _rewards(rewards, types)))


def _rewards(text: str, types: int) -> Floats | None:
    if not text:
        return None
    try:
        found = numpy.array([float(word) for word in text.split(",")])
    except ValueError:
        raise ConfigError(f"rewards {text!r} are no list of numbers; write 0,1,2") from None
    if len(found) != types:
        raise ConfigError(f"{len(found)} rewards for {types} types; give one for each")
    return found
