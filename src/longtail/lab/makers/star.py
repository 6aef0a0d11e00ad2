"""A policy that learns from what it wrote itself: from all of it, from what a verifier accepts, or from that within a quota.

Generation 1 was taught right answers in three formats until it was right so and so often. Each later generation begins untrained and is
taught what the one before it wrote, as many rows as there are places. With a gate a policy writes on, round by round, until the places
are filled or the last of `ROUNDS` is over; with a quota the places go to the formats in the mix that generation 1 wrote.
"""

from collections import Counter
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from longtail.errors import ConfigError, MissingExtra
from longtail.gates import Batch, Gate
from longtail.gates.audit import audit
from longtail.gates.judged import judged_of
from longtail.guards import Monitor, Settings
from longtail.lab.learners.torch.door import EXTRA, Device, need, steady
from longtail.lab.makers.catalogue import AskedOf
from longtail.lab.worlds.arithmetic import FORMATS, OTHER, Ids, Sums, format_of, named, scores, sum_of
from longtail.lab.worlds.base import MIX, base
from longtail.lab.worlds.policy import Policy, completions_of, fresh, taught, written
from longtail.lab.worlds.watching import CLASSIFIER, Noted, by_format, narrowed, noted

Floats = npt.NDArray[np.float64]
Arm = Literal["ungated", "verified", "quota"]

ROUNDS: dict[Arm, tuple[int, ...]] = {"ungated": (1,), "verified": (3, 6, 12), "quota": (3, 6, 12)}
"""Completions that have been written after each round, in multiples of the places."""
GUARD = "format_mix"
GONE = 0.02
"""Share of the answers below which a format is out of reach."""


class Asked(AskedOf, frozen=True):
    """How a policy is taught by itself.

    Args:
        generations: The first was taught right answers.
        arm: What each generation is taught: all that the one before wrote, what the verifier accepts, or that within a quota.
        places: Rows that a generation is taught.
        lessons: Steps of teaching a generation, of `batch` rows each.
        batch: Rows of a step.
        width: Of the network, a multiple of 16.
        accuracy: Share of right answers at which the teaching of generation 1 ends.
        cap: Most steps of it.
        device: "auto" takes a GPU where there is one.
    """

    generations: int = 4
    arm: Arm = "ungated"
    places: int = 2_000
    lessons: int = 800
    batch: int = 64
    width: int = 48
    accuracy: float = 0.5
    cap: int = 1_000
    device: Device = "auto"

    def __post_init__(self) -> None:
        """Refuse a width that no head fits, and a set that nothing can be learned from."""
        if self.width < 16 or self.width % 16:
            raise ConfigError(f"width is {self.width!r}; take a multiple of 16")
        if min(self.places, self.lessons, self.batch) < 1:
            raise ConfigError(f"places is {self.places}, lessons {self.lessons}, batch {self.batch}; take 1 or more of each")


class Lesson(NamedTuple):
    """What a generation is taught.

    Attributes:
        rows: Prompts and completions, shape (rows, signs).
        noise: Share of them that is wrong; NaN where there is none.
        shares: Of the formats in them, and of what is none, shape (4,).
        narrowed: 1 where the audit of the gate says that a format lost its place, 0 where not, NaN where nothing was kept.
        written: Completions that were written, in multiples of the places.
    """

    rows: Ids
    noise: float
    shares: Floats
    narrowed: float
    written: float


class Offered(NamedTuple):
    """What a policy wrote: the problems, the rows of prompts and completions, and the completions as texts."""

    sums: Sums
    rows: Ids
    said: list[str]


@steady()
def values(asked: Asked, replicate: int) -> dict[str, list[float]]:
    """Return the series of one seed, a number for each generation.

    `pass_1`, `share_X` and `right_X` are of answers to problems held out; `noise`, `taught_share_X`, `filled` and `written` of what the
    generation was taught. `least_share` is the least share of any format so far, `least_held` the least ratio of a format's share to that
    in generation 1. `narrowed` is 1 where the audit of the gate says that a format lost its place, `failed` 1 from where the guard on
    formats failed the run; `warned_at` and `failed_at` are how many generations had been taught by then, `steps` is of teaching the first.
    """
    seed = asked.seed + replicate
    policy, train, held_out, steps = base(seed, asked.width, accuracy=asked.accuracy, cap=asked.cap, device=asked.device)
    seen: list[Noted] = []
    taught_first = Lesson(np.zeros((asked.places, 0), np.int64), 0.0, np.array([*MIX, 0.0]), np.nan, np.nan)
    lessons, mix = [taught_first], dict[str, float]()
    monitor = Monitor(Settings(formats=CLASSIFIER, horizon=max(1, asked.generations - 1)), (GUARD,))
    for number in range(1, asked.generations + 1):
        rng = np.random.default_rng([seed, 3, number])
        seen.append(noted(policy, held_out, np.random.default_rng([seed, 4, number])))
        first = _offered(policy, train, asked.places, rng)
        monitor.observe(number, first.sums.prompts, first.said, scores(first.sums, first.said).tolist())
        mix = mix or _mix(first.said)
        if number < asked.generations:
            lessons.append(_lesson(policy, first, train, asked, gate_of(asked.arm, mix, asked.places), rng))
            policy = _retrained(policy, lessons[-1].rows, asked, rng)
    monitor.close()
    return (
        _answers(seen)
        | _lessons(lessons, asked.places)
        | _guarded(monitor, asked.generations)
        | {"steps": [float(steps)] * asked.generations}
    )


def lacks(asked: Asked) -> str | None:
    """Return the optional part that the world takes and this machine has not."""
    try:
        need("this world")
    except MissingExtra:
        return EXTRA
    return None


def gate_of(arm: Arm, mix: dict[str, float], places: int) -> Gate | None:
    """Return the gate of an arm, None where there is none; the places of a quota follow the mix.

    Args:
        arm: What each generation is taught.
        mix: Share of each format.
        places: Rows that a generation is taught.
    """
    verifier = {"name": "exact_match", "answer": "named"}
    if arm == "ungated":
        return None
    if arm == "verified":
        return Gate(("exact_match", {"answer": "named"}))
    return Gate(("quota", {"by": named, "mix": mix, "size": places, "verifier": verifier}), unsure="hold")


def judged(gate: Gate | None, offered: Offered) -> npt.NDArray[np.bool_]:
    """Return which completions a gate lets in, shape (n,); all where there is none."""
    if gate is None:
        return np.ones(len(offered.said), np.bool_)
    rows = zip(offered.said, (offered.sums.left + offered.sums.right).tolist(), strict=True)
    documents = [{"lt_id": f"{at}", "text": said, "named": sum_of(said), "expected": total} for at, (said, total) in enumerate(rows)]
    return gate.passes(gate(Batch.of(documents)))


def _lesson(policy: Policy, first: Offered, train: Sums, asked: Asked, gate: Gate | None, rng: np.random.Generator) -> Lesson:
    """Return what the next generation is taught, from what this one has written and goes on to write."""
    offered, kept = first, np.zeros(0, np.bool_)
    for many in ROUNDS[asked.arm]:
        offered = _more(policy, offered, train, many * asked.places, rng)
        kept = judged(gate, offered)
        if kept.sum() >= asked.places:
            break
    chosen = np.flatnonzero(kept)[: asked.places]
    right, kinds = scores(offered.sums, offered.said), np.array([format_of(said) for said in offered.said])
    return Lesson(
        offered.rows[chosen],
        float(1 - right[chosen].mean()) if len(chosen) else np.nan,
        np.bincount(kinds[chosen], minlength=OTHER + 1) / max(1, len(chosen)),
        narrowed(audit(judged_of(kept, stratum=[named(said) for said in offered.said]))),
        len(offered.said) / asked.places,
    )


def _offered(policy: Policy, train: Sums, many: int, rng: np.random.Generator) -> Offered:
    """Return what a policy writes to problems drawn with replacement."""
    sums = train.take(rng.integers(len(train.left), size=many))
    rows = written(policy, sums, rng)
    return Offered(sums, rows, completions_of(rows))


def _more(policy: Policy, offered: Offered, train: Sums, many: int, rng: np.random.Generator) -> Offered:
    """Return what was written with as much more as makes so many completions."""
    lacking = many - len(offered.said)
    if not lacking:
        return offered
    more = _offered(policy, train, lacking, rng)
    sums = Sums(np.concatenate([offered.sums.left, more.sums.left]), np.concatenate([offered.sums.right, more.sums.right]))
    return Offered(sums, np.concatenate([offered.rows, more.rows]), offered.said + more.said)


def _retrained(policy: Policy, rows: Ids, asked: Asked, rng: np.random.Generator) -> Policy:
    """Return an untrained policy taught some rows; where there is none, the policy before."""
    if not len(rows):
        return policy
    batches = (rows[rng.integers(len(rows), size=asked.batch)] for _ in range(asked.lessons))
    return taught(fresh(asked.width, rng, policy.weights[0].device), batches, asked.lessons)


def _mix(said: list[str]) -> dict[str, float]:
    """Return the share of each format that was written."""
    counts = Counter(kind for kind in map(named, said) if kind is not None)
    return {kind: counts[kind] / counts.total() for kind in sorted(counts)}


def _answers(seen: list[Noted]) -> dict[str, list[float]]:
    shares = np.array([each.shares[:OTHER] for each in seen])
    held = np.where(shares[0] > 0, shares / np.where(shares[0] > 0, shares[0], 1.0), np.nan)
    plain = {
        "pass_1": [each.pass_1 for each in seen],
        "format_entropy": [each.format_entropy for each in seen],
        "alive": (shares >= GONE).sum(axis=1).astype(np.float64).tolist(),
        "least_share": np.minimum.accumulate(shares.min(axis=1)).tolist(),
        "least_held": np.minimum.accumulate(np.nanmin(held, axis=1)).tolist(),
    }
    return plain | by_format(seen)


def _lessons(lessons: list[Lesson], places: int) -> dict[str, list[float]]:
    return {
        "noise": [each.noise for each in lessons],
        "filled": [len(each.rows) / places for each in lessons],
        "written": [each.written for each in lessons],
        "narrowed": [each.narrowed for each in lessons],
        **{f"taught_{name}": [float(each.shares[at]) for each in lessons] for at, name in enumerate(FORMATS)},
    }


def _guarded(monitor: Monitor, generations: int) -> dict[str, list[float]]:
    """Return how many generations had been taught when the guard first warned or failed, and whether it had failed by each."""
    warned, failed = (
        min((alarm.last - 1.0 for alarm in monitor.alarms if alarm.verdict.status in statuses), default=np.nan)
        for statuses in (("warn", "fail"), ("fail",))
    )
    since = [float(number >= failed) for number in range(generations)]
    return {"warned_at": [warned] * generations, "failed_at": [failed] * generations, "failed": since}
