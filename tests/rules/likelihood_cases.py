"""Evidence on near duplicates, the tail-average gap and the perplexity pair, and the verdict that each rule must give on it."""

from longtail.records import Estimate, NotMeasured
from longtail.rules import Evidence, Sample

RISES = {"shrunk": 0.2, "watch": 0.015, "ok": -0.2, "inconclusive": 0.0}


def copies(value, metric="exact_duplicate_share"):
    return Estimate(
        metric=metric, view="documents", value=value, low=value, high=value, n=1000, unit="share", resampling_unit="document", method="hand"
    )


def change(metric, value, half=0.02, before=0.6, unit="share", decision=None):
    return Estimate(
        metric=metric, view="scores", value=value, low=value - half, high=value + half, n=2000, unit=unit, resampling_unit="document",
        method="hand", baseline="generation_1", baseline_value=before, decision=decision,
    )  # fmt: skip


def pair(human, own):
    return tuple(
        change(metric, RISES[decision], half=0.01, before=before, unit="nats/token", decision=decision)
        for metric, decision, before in (("human_nll_change", human, 3.0), ("own_nll_change", own, 2.0))
    )


def measured(*outcomes, duplicates=None):
    sample = Sample(documents=1000, distinct=1000, words=30_000, tagged=1000)
    return Evidence(candidate=sample, duplicates=duplicates or copies(0.0), fewest=96, outcomes=outcomes)


def repeated(exact, both=None):
    near = () if both is None else (copies(both, "near_duplicate_share"),)
    return measured(*near, duplicates=copies(exact))


FALLEN = (change("accuracy", -0.01, before=0.91), change("tail_accuracy", -0.25), change("tail_gap", -0.24, before=-0.31))
ALIKE = (change("accuracy", -0.2, before=0.91), change("tail_accuracy", -0.2), change("tail_gap", 0.0))
NO_OWN = NotMeasured(reason="no documents of split 'own'", metric="own_nll_change")

LIKELIHOOD_CASES = [
    ("LT305", "fail", measured(*FALLEN)),
    ("LT305", "warn", measured(change("tail_gap", -0.04))),
    ("LT305", "warn", measured(change("tail_gap", -0.06))),
    ("LT305", "pass", measured(*ALIKE)),
    ("LT305", "pass", measured(change("tail_gap", 0.3))),
    ("LT305", "not_measured", measured(change("tail_gap", -0.05, half=0.1))),
    ("LT305", "not_measured", measured()),
    ("LT305", "not_measured", measured(NotMeasured(reason="60 documents in 3 groups", metric="tail_gap"))),
    ("LT305", "fail", measured(change("tail_gap", 0.2, unit="nats/token"))),
    ("LT305", "pass", measured(change("tail_gap", -0.2, unit="nats/token"))),
    ("LT402", "pass", repeated(0.0, 0.0099)),
    ("LT402", "warn", repeated(0.0, 0.01)),
    ("LT402", "warn", repeated(0.02, 0.0999)),
    ("LT402", "fail", repeated(0.0, 0.10)),
    ("LT402", "fail", repeated(0.2, 0.3)),
    ("LT402", "warn", repeated(0.02)),
    ("LT402", "not_measured", measured(copies(0.5, "near_duplicate_share"), duplicates=NotMeasured(reason="no documents"))),
    ("LT501", "fail", measured(*pair("shrunk", "ok"))),
    ("LT501", "pass", measured(*pair("ok", "ok"))),
    ("LT501", "pass", measured(*pair("ok", "shrunk"))),
    ("LT501", "warn", measured(*pair("shrunk", "shrunk"))),
    ("LT501", "warn", measured(*pair("shrunk", "inconclusive"))),
    ("LT501", "warn", measured(*pair("watch", "ok"))),
    ("LT501", "not_measured", measured(*pair("inconclusive", "ok"))),
    ("LT501", "not_measured", measured()),
    ("LT501", "not_measured", measured(pair("shrunk", "ok")[0])),
    ("LT501", "not_measured", measured(pair("shrunk", "ok")[1])),
    ("LT501", "not_measured", measured(pair("shrunk", "ok")[0], NO_OWN)),
]
