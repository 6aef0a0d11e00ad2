"""A policy that stopped early answers problems of its own, and gates on the agreement of its samples choose what it may learn.

Each problem has a claimed answer, the first sample, and a vote of further samples. Every run of one seed judges the same answers.
"""

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from longtail.errors import ConfigError, MissingExtra
from longtail.gates import Batch, Gate
from longtail.gates.audit import GateAudit, audit
from longtail.gates.consistency.answers import majority, number
from longtail.gates.judged import judged_of
from longtail.gates.strata import SHARE
from longtail.lab.learners.torch.door import EXTRA, Device, need, steady
from longtail.lab.makers.catalogue import AskedOf
from longtail.lab.worlds.arithmetic import FORMATS, carries, named, sum_of
from longtail.lab.worlds.base import ACCURACY, CAP, Base, base
from longtail.lab.worlds.policy import completions_of, written
from longtail.lab.worlds.watching import narrowed

Flags = npt.NDArray[np.bool_]
Rule = Literal["majority", "agreement", "quota"]
Answered = tuple[dict[str, Any], ...]
"""Documents: a problem and its claimed answer in `text`, the sums that the claim and the samples name, and what is true of them."""

MOST_CARRIES = 2


class Asked(AskedOf, frozen=True):
    """How a policy answers, and what chooses among its answers.

    Args:
        generations: Before the gate, and behind it.
        rule: "majority" keeps every problem with the sum that most samples name in place of the claim, "agreement" the claims that
            most samples agree with, "quota" those of them that fill the formats in the mix of all claims.
        least: Share of the samples that must agree, for the last two.
        problems: How many there are.
        samples: Of each problem, besides the claim.
        width: Of the network, a multiple of 16.
        accuracy: Share of right answers at which the teaching ends.
        cap: Most steps of it.
        device: "auto" takes a GPU where there is one.
    """

    generations: int = 2
    rule: Rule = "agreement"
    least: float = 0.0
    problems: int = 600
    samples: int = 12
    width: int = 48
    accuracy: float = ACCURACY
    cap: int = CAP
    device: Device = "auto"

    def __post_init__(self) -> None:
        """Refuse more generations than there are."""
        if self.generations != 2:
            raise ConfigError(f"generations is {self.generations}; take 2, before the gate and behind it")


@steady()
def values(asked: Asked, replicate: int) -> dict[str, list[float]]:
    """Return the series of one seed, two numbers each: before the gate, where every claim is kept, and behind it.

    `kept` is the share of the problems, `precision` the share of right labels among them, `retained_N` the share kept of problems with
    N carries, `share_X` that of a format and `best_share` that of the format whose claims are right most often, `divergence` the
    Jensen-Shannon divergence of the formats from those before in bits, `narrowed` 1 where the audit of the gate says that a format lost
    its place, `place_low_X` and `place_high_X` the ends of its interval of a format's share over that before.
    """
    seed = asked.seed + replicate
    start = base(seed, asked.width, accuracy=asked.accuracy, cap=asked.cap, device=asked.device)
    found = _answered(start, seed, asked.problems, asked.samples)
    every = np.ones(len(found), np.bool_)
    claims, labels = ([_label(rule, each) for each in found] for rule in ("agreement", asked.rule))
    before, behind = _noted(found, every, claims), _noted(found, _kept(asked, found), labels)
    return {name: [before[name], behind[name]] for name in behind}


def lacks(asked: Asked) -> str | None:
    """Return the optional part that the world takes and this machine has not."""
    try:
        need("this world")
    except MissingExtra:
        return EXTRA
    return None


def _answered(start: Base, seed: int, problems: int, samples: int) -> Answered:
    """Return the answers of a policy to problems that are drawn without replacement."""
    rng = np.random.default_rng([seed, 5])
    sums = start.train.take(rng.permutation(len(start.train.left))[:problems])
    each = samples + 1
    said = completions_of(written(start.policy, sums.take(np.repeat(np.arange(len(sums.left)), each)), rng))
    hard, totals = carries(sums).tolist(), (sums.left + sums.right).tolist()
    return tuple(_document(said[at * each : (at + 1) * each], prompt, hard[at], totals[at]) for at, prompt in enumerate(sums.prompts))


def _document(said: list[str], prompt: str, hard: int, total: int) -> dict[str, Any]:
    sums = [sum_of(each) for each in said]
    return {
        "text": prompt + said[0],
        "claimed_answer": sums[0],
        "samples": sums[1:],
        "format": named(said[0]),
        "carries": hard,
        "true": str(total),
        "right": sums[0] == total,
    }


def gate_of(asked: Asked) -> Gate | None:
    """Return the gate of a rule, None where every problem is kept."""
    if asked.rule == "majority":
        return None
    agreement = {"least": asked.least, "compare": "number"}
    if asked.rule == "agreement":
        return Gate(("consistency", agreement))
    return Gate(("quota", {"by": "format", "verifier": {"name": "consistency", **agreement}}), unsure="hold")


def _kept(asked: Asked, found: Answered) -> Flags:
    gate = gate_of(asked)
    return np.ones(len(found), np.bool_) if gate is None else gate.passes(gate(Batch.of(found)))


def _label(rule: Rule, document: dict[str, Any]) -> str | None:
    """Return the sum that a problem is labelled with; the first of several that lead."""
    if rule != "majority":
        return number(document["claimed_answer"])
    return next(iter(majority(document["samples"], number).leading), None)


def _noted(found: Answered, kept: Flags, labels: Sequence[str | None]) -> dict[str, float]:
    """Return what is noted of the problems that are kept, under labels of all."""
    formats = np.array([each["format"] for each in found], dtype=object)
    right = np.array([label == each["true"] for label, each in zip(labels, found, strict=True)])
    hard = np.array([each["carries"] for each in found])
    seen = audit(judged_of(kept, stratum=formats.tolist()))
    return {
        "kept": float(kept.mean()),
        "precision": float(right[kept].mean()) if kept.any() else np.nan,
        "divergence": seen.mix.divergence if seen.mix is not None else np.nan,
        "narrowed": narrowed(seen),
        **{f"retained_{level}": float(kept[hard == level].mean()) for level in range(MOST_CARRIES + 1)},
        **_shares(formats, np.array([each["right"] for each in found]), kept),
        **_places(seen),
    }


def _shares(formats: npt.NDArray[Any], claimed: Flags, kept: Flags) -> dict[str, float]:
    """Return the share of each format in what is kept, and that of the one whose claims are right most often."""
    shares = {name: float((formats[kept] == name).mean()) if kept.any() else np.nan for name in FORMATS}
    best = max(FORMATS, key=lambda name: claimed[formats == name].mean() if (formats == name).any() else -1.0)
    return {f"share_{name}": share for name, share in shares.items()} | {"best_share": shares[best]}


def _places(seen: GateAudit) -> dict[str, float]:
    """Return the interval that the audit gives of each format's share over that before, NaN where it gives none."""
    ends = {each.slice: (each.low, each.high) for each in seen.estimates if each.metric == SHARE}
    return {f"place_{end}_{name}": ends.get(name, (np.nan, np.nan))[at] for name in FORMATS for at, end in enumerate(("low", "high"))}
