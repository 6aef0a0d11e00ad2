"""Evidence on the surface of texts, made by hand, and the verdict that each rule must give on it."""

from longtail.records import Estimate, NotMeasured
from longtail.rules import Evidence, Sample

CLEAN = Sample(documents=1000, distinct=1000, words=30_000, tagged=1000)
UNCOMPARED = NotMeasured(reason="20 distinct documents on the smaller side", enable="compare more or longer documents", metric="self_bleu")


def ratio(metric, value, *, width=0.02, p=0.001, view="words_1"):
    return Estimate(
        metric=metric, view=view, value=value, low=value - width, high=value + width, n=1000, unit="ratio", resampling_unit="document",
        method="hand", kind="ratio", baseline="generation_1", baseline_value=1.0, p=p,
    )  # fmt: skip


def share(metric, value, text, width=0.02):
    return Estimate(
        metric=metric, view="words_3", value=value, low=max(0.0, value - width), high=min(1.0, value + width), n=1000, unit="share",
        resampling_unit="document", method="hand", slice=text,
    )  # fmt: skip


def template(value, *, width=0.02, p=0.001):
    return Estimate(
        metric="template_share", view="words_6", value=value, low=value - width, high=value + width, n=1000, unit="share",
        resampling_unit="document", method="hand", baseline="generation_1", baseline_value=0.0, p=p,
    )  # fmt: skip


def compared(*outcomes):
    """Evidence of an audit against generation 1."""
    return Evidence(
        candidate=CLEAN, duplicates=share("exact_duplicate_share", 0.0, None), fewest=96, measured={"baseline": CLEAN},
        decided_on="generation_1", outcomes=outcomes,
    )  # fmt: skip


def alone(*outcomes):
    """Evidence of an audit of one data set."""
    return Evidence(candidate=CLEAN, duplicates=share("exact_duplicate_share", 0.0, None), fewest=96, outcomes=outcomes)


SURFACE_CASES = [
    ("LT303", "pass", compared(ratio("distinct_n", 1.0, p=0.5), ratio("openings", 0.99, p=0.4))),
    ("LT303", "warn", compared(ratio("distinct_n", 0.7), ratio("openings", 0.99, p=0.4))),
    ("LT303", "warn", compared(ratio("distinct_n", 1.0, p=0.5), ratio("openings", 0.5))),
    ("LT303", "pass", compared(ratio("distinct_n", 0.89))),
    ("LT303", "pass", compared(ratio("distinct_n", 0.7, p=0.04), ratio("openings", 1.0, p=0.5))),
    ("LT303", "pass", compared(ratio("distinct_n", 1.4))),
    ("LT303", "warn", alone(share("opening_share", 0.4, "As an AI"))),
    ("LT303", "not_measured", alone(share("opening_share", 0.05, "It is a"))),
    ("LT303", "not_measured", compared()),
    ("LT304", "pass", compared(ratio("self_bleu", 1.05, p=0.01))),
    ("LT304", "warn", compared(ratio("self_bleu", 1.5))),
    ("LT304", "pass", compared(ratio("self_bleu", 1.12))),
    ("LT304", "pass", compared(ratio("self_bleu", 0.5, p=1.0))),
    ("LT304", "not_measured", compared(UNCOMPARED)),
    ("LT304", "not_measured", alone()),
    ("LT403", "pass", compared(template(0.0, p=1.0))),
    ("LT403", "warn", compared(template(0.3))),
    ("LT403", "pass", compared(template(0.11))),
    ("LT403", "warn", alone(share("commonest_template", 0.25, "thank you for your question and"))),
    ("LT403", "not_measured", alone(share("commonest_template", 0.11, "all rights reserved by the author"))),
    ("LT403", "not_measured", compared()),
]
