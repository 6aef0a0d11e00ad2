"""What log-probabilities say beside the fidelity family: of one model, of two, and of an n-gram model of the samples."""

from longtail.auditing.families import relabellings
from longtail.auditing.inputs import Inputs
from longtail.auditing.options import Options
from longtail.metrics.gap import tail_gap
from longtail.metrics.likelihood import heldout_value, train_gap
from longtail.metrics.losses import nll_cvar95, nll_q90, nll_q95, nll_q99, self_gap
from longtail.metrics.perplexity import perplexity_pair
from longtail.metrics.prediction import predictive_entropy, predictive_entropy_ratio, top1_mass, top1_mass_ratio
from longtail.readers.scores import Scores
from longtail.records import Outcome

Outcomes = tuple[Outcome, ...]


def of_model(scores: Scores) -> Outcomes:
    """Return what the scores of one model say; of what they do not state, nothing."""
    found = [heldout_value(scores), train_gap(scores), nll_q90(scores), nll_q95(scores), nll_q99(scores), nll_cvar95(scores)]
    found += [self_gap(scores)] if scores.own is not None else []
    found += [predictive_entropy(scores)] if scores.entropy is not None else []
    found += [top1_mass(scores)] if scores.top1 is not None else []
    return tuple(found)


def of_models(inputs: Inputs, options: Options, level: float) -> Outcomes:
    """Return what the scores of the candidate's model and of the baseline's say together; nothing where one is missing."""
    here, there = inputs.scores, inputs.baseline_scores
    if here is None or there is None:
        return ()
    found: list[Outcome] = [*tail_gap(here, there, relabellings(level), inputs.candidate.seed)]
    found += perplexity_pair(here, there, options.margins["nll"])
    found += [predictive_entropy_ratio(here, there)] if here.entropy is not None and there.entropy is not None else []
    found += [top1_mass_ratio(here, there)] if here.top1 is not None and there.top1 is not None else []
    return tuple(found)
