"""What a change of a training run has to come to before it is told: said once, for guards, for rules, and for their pages.

These are conventions. A change counts where an interval at the level in force lies beyond them, held against the begin of the run.
"""

from typing import TypedDict

KEPT = 0.90
"""Smallest ratio to the begin that counts as kept; the reciprocal is the greatest."""
TAKEN, GONE, UNKNOWN = 0.80, 0.02, 0.05
"""Share of one format that has taken over; below which one is gone; of completions that no format takes."""
HALF = 0.5
"""Ratio to the begin below which entropy, a length or the place of an answer has collapsed; its double is a blow-up."""
LEAST = 0.05
"""Rise of the share of a sign of shortcuts that is told."""
LUCKY, INFORMATIVE = 0.5, 0.25
"""Share of the groups that teach, of which one success may be the teacher; share of all groups that has to teach."""


class Facts(TypedDict):
    """What is stated of a judgement: its title, the convention that it goes by, and where it is from."""

    title: str
    convention: str
    source: str


_JACKKNIFE = "delete-a-group jackknife (Kott 2001)"
FACTS: dict[str, Facts] = {
    "LT306": {
        "title": "format mix",
        "convention": f"warn where the upper bound of the effective number of formats over that at the begin is below {KEPT:.2f}; fail "
        f"where one format then holds {TAKEN:.2f}, or a format of the begin is surely below {GONE:.2f}; warn "
        f"where what no format takes surely passes {UNKNOWN:.2f} and twice its begin; conventions",
        "source": f"Zhao et al. 2025 (arXiv 2504.07912); Hill 1973; {_JACKKNIFE}",
    },
    "LT502": {
        "title": "entropy on its own text",
        "convention": f"fail where mean entropy is surely below {HALF:.1f} of that at the begin or above its double; warn where surely "
        f"below {KEPT:.2f} or above its reciprocal; conventions, two-sided",
        "source": f"Cui et al. 2025 (arXiv 2505.22617); Asvin & Lindsey 2026 (arXiv 2605.25459); {_JACKKNIFE}",
    },
    "LT503": {
        "title": "shortcuts",
        "convention": f"fail where completions are surely shorter than {HALF:.1f} of the begin, or one answer to all prompts, repetition "
        f"or copying has surely doubled and risen by {LEAST:.0%}; warn where the answer has surely moved before the work; conventions",
        "source": f"Cheng et al. 2026 (arXiv 2605.28388); own signs; {_JACKKNIFE}",
    },
    "LT504": {
        "title": "lone successes",
        "convention": f"warn where surely at least {LUCKY:.0%} of the groups that teach hold one success only; fail where, besides, fewer "
        f"than {INFORMATIVE:.0%} of all groups teach; conventions, looked at anew in each window",
        "source": "Cheng et al. 2026 (arXiv 2605.28388); advantages in closed form; Clopper & Pearson 1934",
    },
    "LT505": {
        "title": "drift budget",
        "convention": "fail where KL from the policy to its reference model is surely above the budget that was set",
        "source": f"Schulman 2020 (k1); Shenfeld et al. 2025 (arXiv 2509.04259); {_JACKKNIFE}",
    },
}
"""By code of the rule that says the same of a run that is over."""
