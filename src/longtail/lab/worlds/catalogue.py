"""The worlds that have a command of their own, `longtail lab WORLD`: the experiment that each is, and what is shown of it."""

from typing import NamedTuple


class World(NamedTuple):
    """One world.

    Attributes:
        experiment: Name of the shipped experiment that is performed; its runs are made by a maker.
        says: What world it is, and what is done in it: a sentence each.
        shown: Series of the table, by their names; a run that lacks one leaves it out.
        panels: Series of each panel of the figure, one row of panels a run; a run that lacks them leaves the place empty.
        alarms: Series that hold when a guard first spoke, in `unit`, the same in every generation, NaN where it never did, each with the
            words for it, such as "the guard on the mix of formats fails".
        unit: What the generations of the runs are counted in.
        step: Units from one generation to the next; the first is at 0.
    """

    experiment: str
    says: tuple[str, str]
    shown: tuple[str, ...]
    panels: tuple[tuple[str, ...], ...]
    alarms: tuple[tuple[str, str], ...] = ()
    unit: str = "epoch"
    step: float = 1.0

    def at(self, generations: int) -> list[float]:
        """Return when each generation of a run was noted, in `unit`."""
        return [place * self.step for place in range(generations)]


WORLDS = {
    "echo": World(
        experiment="rl-format",
        says=(
            "A tiny transformer learnt sums written in three formats: D direct, R reversed, S with the work shown.",
            "It is reinforced for right answers; a guard on the mix of formats stands beside it.",
        ),
        shown=("pass_1", "pass_16", "share_D", "share_R", "share_S", "winner_share", "format_entropy", "token_entropy"),
        panels=(("share_D", "share_R", "share_S"), ("pass_1", "pass_16")),
        alarms=(("warned_at", "the guard on the mix of formats warns"), ("failed_at", "the guard on the mix of formats fails the run")),
        step=0.5,
    ),
    "enaction": World(
        experiment="own-text-entropy",
        says=(
            "The weights of a tiny transformer go from those of the base, alpha 0, to those that reinforcement made of them, alpha 1.",
            "Its entropy is measured on its own text, on that of another base, and on the right answers that it was taught.",
        ),
        shown=(
            "ratio",
            "real_ratio",
            "entropy_own",
            "entropy_foreign",
            "gap_own",
            "gap_foreign",
            "gap_real",
            "information",
            "retrieved",
            "format_entropy",
            "pass_1",
        ),
        panels=(("entropy_own", "entropy_foreign", "entropy_real"), ("top_share", "pass_1")),
        unit="alpha",
        step=0.25,
    ),
    "star": World(
        experiment="self-training",
        says=(
            "A tiny transformer learnt sums written in three formats, and each further generation is taught what the one before it wrote.",
            "It is taught all of it, what a verifier accepts, or what a verifier accepts within a quota for each format.",
        ),
        shown=("pass_1", "noise", "share_D", "share_R", "share_S", "right_D", "right_R", "right_S", "format_entropy", "filled"),
        panels=(("share_D", "share_R", "share_S"), ("pass_1", "noise")),
        alarms=(("warned_at", "the guard on the mix of formats warns"), ("failed_at", "the guard on the mix of formats fails the run")),
        unit="generation",
    ),
    "consistency": World(
        experiment="consistency-filter",
        says=(
            "A tiny transformer that learnt sums in three formats and stopped early answers 600 problems: one claim and 12 samples each.",
            "Gates on the agreement of the samples choose what may be learned, and their audit tells what that costs each format.",
        ),
        shown=("kept", "precision", "retained_0", "retained_1", "retained_2", "share_D", "share_R", "share_S", "divergence", "narrowed"),
        panels=(("share_D", "share_R", "share_S"), ("kept", "precision")),
        unit="gate",
    ),
    "rag": World(
        experiment="retrieval-store",
        says=(
            "A store with documents on 40 % of what it is asked; who answers copies what is found, or invents where nothing is.",
            "Answers are stored and found again, behind one gate or another; what is true is known, so what comes in wrong is counted.",
        ),
        shown=("added", "wrong_share", "accuracy", "covered", "covered_right", "corruption", "gain"),
        panels=(("covered", "covered_right"), ("wrong_share", "accuracy"), ("corruption", "gain")),
        unit="round",
    ),
    "hard": World(
        experiment="rl-hard-prompts",
        says=(
            "A tiny transformer learnt sums, and answers to # problems that follow from nothing: one in seventy is right, by luck.",
            "It is reinforced on # alone, on sums, or on both; remedies are tried, and two guards stand beside it.",
        ),
        shown=(
            "sums_right",
            "sums_change",
            "sums_low",
            "sums_high",
            "contaminated",
            "hard_change",
            "sums_direct",
            "sums_length",
            "sums_top",
            "hard_right",
            "hard_top",
            "hard_distinct",
            "informative",
            "lone",
            "taken",
        ),
        panels=(("sums_right", "hard_right"), ("sums_top", "hard_top", "sums_direct")),
        alarms=(("lone_success_at", "the guard on lone successes speaks"), ("shortcuts_at", "the guard on shortcuts speaks")),
        unit="step",
        step=20,
    ),
    "plasticity": World(
        experiment="plasticity",
        says=(
            "Policies that learnt sums in three formats and were reinforced, freely or held close to their base, get a next task.",
            "It pays for right answers in the direct format alone; how fast they take it up is held against the base.",
        ),
        shown=("direct_share", "direct_right", "pass_1", "rarest", "area", "drift", "rank", "lesson_loss"),
        panels=(("direct_share", "direct_right"), ("pass_1", "rarest")),
        unit="step",
        step=32,
    ),
    "seal": World(
        experiment="self-adapting",
        says=(
            "A tiny transformer knows an encyclopaedia and reads passages on entries that are new to it.",
            "It is taught questions and answers that it writes of them itself, round after round, with and without a gate of updates.",
        ),
        shown=("new_right", "old_right", "edits_true", "readable", "accepted"),
        panels=(("new_right", "old_right"), ("edits_true", "readable")),
        unit="round",
    ),
}
