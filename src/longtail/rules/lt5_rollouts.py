"""LT502 to LT505: what the rollouts of a training run show at its end, beside its begin.

The judgement is that of the guards, which stand beside training while it runs; it was made once, and comes with the evidence.
"""

from longtail.metrics.rollouts.conventions import FACTS
from longtail.records import Verdict
from longtail.rules.catalogue import RULES
from longtail.rules.evidence import Evidence

WITH_ROLLOUTS = "longtail audit DATA --rollouts RUN"


def of_run(evidence: Evidence, code: str) -> Verdict:
    """Return what was judged of a training run under a code; not measured where no run was named."""
    if evidence.rollouts is None:
        return Verdict(status="not_measured", because="no rollouts of a training run were given", enable=WITH_ROLLOUTS)
    return evidence.rollouts[code]


@RULES.add("LT502", metric="policy_entropy", **FACTS["LT502"])
def entropy_of_policy(evidence: Evidence) -> Verdict:
    """Entropy along the policy's own completions has fallen, or has blown up, since the run began.

    Why: a policy that has grown sure of every next token has nothing left to try, and reinforcement teaches only what was tried;
    one whose entropy blows up is losing its hold. A fall to a third or a quarter is a signature of a loop that closed on itself.

    Symptoms: entropy collapse during reinforcement learning; all samples of a prompt are the same; training reward is flat while
    entropy goes to zero; outputs turn into gibberish late in the run.

    How measured: mean entropy of the next token along the completions of the last window of the run, over that of the first, by
    group of completions. Where no entropies were logged, surprisal (minus the mean log-probability) stands in; the two agree for
    text that was sampled at temperature 1 with nothing cut off.

    Formula: R = mean entropy of the last window / mean entropy of the first; fail where the upper bound of R < 0.5 or its lower
    bound > 2, warn where the upper bound < 0.90 or the lower bound > 1 / 0.90.

    Minimum: 64 groups of completions over two steps or more, 32 for each window; mean_entropy or mean_logp of the completions.

    False positives: a temperature that was lowered on purpose; prompts that became easier along a curriculum; low entropy after
    post-training is usual, which is why only its change is judged.

    Fix: lower the learning rate, or raise the weight of the entropy term; look at the mix of formats and at repeated answers.

    Silence: no threshold of its own; leave the log-probabilities out of the rollouts.

    See it: `longtail audit --rollouts run` on the run that the guide "While training runs" writes; `longtail watch run` tells since
    which step.
    """
    return of_run(evidence, "LT502")


@RULES.add("LT503", metric="completion_length, repetition_rise, copying_rise, answer_place, one_answer_rise", **FACTS["LT503"])
def shortcuts(evidence: Evidence) -> Verdict:
    """The policy has found a way round the work: short, repeated or copied completions, or one answer to every prompt.

    Why: where the reward can be had without the computation, the computation goes first, and accuracy on other tasks later. The
    signs show in the texts before they show in scores.

    Symptoms: completions get shorter and shorter; the model answers 0 to everything; it repeats the question; it gives the answer
    first and reasons afterwards; the reward is hacked.

    How measured: five signs in the last window of the run beside the first, by group of completions: length; repeated runs of four
    words within a completion; runs of four words that stand in the prompt; where the final answer first stands; the answer that
    most prompts share. They share one error rate.

    Formula: fail where the upper bound of length / length at the begin < 0.5, or a share rose by a lower bound > the greater of 5 %
    and the share at the begin; warn where the place of the answer / the place at the begin has an upper bound < 0.5.

    Minimum: 64 groups of completions over two steps or more, 32 for each window.

    False positives: a length penalty that was asked for; prompts that ask for a quotation; a data set in which one answer is right
    for most prompts of late.

    Fix: read the completions of the last window beside those of the first; have the verifier look at the work, not at the answer alone.

    Silence: no threshold of its own; accept it with an override while the reward is changed.

    See it: `longtail watch run` shows the five signs with their intervals on the run that the guide "While training runs" writes.
    """
    return of_run(evidence, "LT503")


@RULES.add("LT504", metric="lone_success_share", **FACTS["LT504"])
def lone_successes(evidence: Evidence) -> Verdict:
    """Most of what the groups of completions teach comes from one success among failures, which may be luck.

    Why: an advantage relative to the group is the greatest for a lone success, and the greater the rarer it is: 7.9 for one of 64.
    Where the success was an accident of the checker, the accident is what is taught, at the cost of skills held before.

    Symptoms: training on hard problems made the model worse; accuracy on easy tasks drops during reinforcement; a rare lucky guess
    dominates the gradient; huge advantages in a few groups.

    How measured: groups of the last window in which rewards differ, and among them those with one success, by an exact interval;
    prompts with a lone success are listed with its advantage.

    Formula: S = groups with one success / groups whose rewards differ; warn where the lower bound of S >= 0.5, fail where moreover
    groups whose rewards differ < 0.25 of all. The advantage of a lone success is (n - 1) / sqrt(n), where n is the size of its group.

    Minimum: 64 groups over two steps or more, with rewards, two completions or more in each.

    False positives: groups of two or three, in which a lone success is common; a run that has just begun on hard prompts.

    Fix: put off prompts whose pass rate was below the band at the begin; have lone successes verified; skip steps that teach little.

    Silence: state with --success from which reward on a completion counts as a success, before looking at the run.

    See it: `longtail audit --rollouts run --success 0.9` on a run whose rewards are graded.
    """
    return of_run(evidence, "LT504")


@RULES.add("LT505", metric="policy_kl", **FACTS["LT505"])
def drift_budget(evidence: Evidence) -> Verdict:
    """The policy has moved further from its reference model than the budget allows.

    Why: distance from where a model began is what overshooting costs twice: it forgets what it could do, and learns the next task
    badly. A small distance is no proof of variety; formats are judged by LT306.

    Symptoms: KL keeps growing; the model forgot how to do other tasks after reinforcement; it cannot be trained further.

    How measured: KL from the policy to its reference model along the policy's own completions of the last window, by the difference
    of log-probabilities (k1), per token, with prompts as the unit.

    Formula: KL = sum of (log p - log q) / tokens, where p is the policy and q its reference model; fail where the lower bound > budget.

    Minimum: 64 groups over two steps or more; mean_logp and ref_mean_logp of the completions; --budget.

    False positives: a budget that was set for another length of run; log-probabilities of two engines that round differently.

    Fix: raise the weight of the KL term (TRL: beta, verl: kl_ctrl), or go back to the last checkpoint inside the budget.

    Silence: set --budget for the run as it was planned; without one it is not measured.

    See it: `longtail watch run --budget 0.05` holds a run to a budget while it goes on.
    """
    return of_run(evidence, "LT505")
