"""The verdict in sentences: symptom first, then cause, then number. No absolutes."""

from collections.abc import Iterator

from longtail.auditing.measure import Measurements
from longtail.auditing.options import Options
from longtail.records import Estimate, Guarantee, Phase
from longtail.rules.lt3_tails import BASELINES

FOREIGN = 1.25
"""Share of unknown words, relative to held-out text, above which another subject is the likelier cause of a loss."""

_OPENING = {
    "healthy": "Rare words are kept: their number and their share of the text are within the margin of {baseline}.",
    "watch": "Rare words are thinning: the loss beside {baseline} is real and still inside the margin.",
    "early": "Rare words are disappearing while common ones hold.",
    "narrowing": "Rare words are disappearing and the common ones crowd together.",
    "concentrating": "Common words crowd together; the rare ones are still there.",
    "inconclusive": "Not enough documents to tell whether rare words are being lost.",
    "not_measured": "Nothing to compare with, so no loss can be seen.",
}


def summary_of(phase: Phase, measured: Measurements) -> str:
    """Return the verdict in one to three plain sentences."""
    if measured.deciding is None:
        return f"{_OPENING['not_measured']} Add human text that no model of the lineage was trained on: --reference HUMAN.jsonl."
    baseline = BASELINES[measured.deciding.name]
    sentences = [_OPENING[phase.name].format(baseline=baseline), *_numbers(measured, baseline)]
    if phase.documents_needed:
        sentences.append(f"About {phase.documents_needed:,} documents would find a loss of 30 %.")
    return " ".join(sentences)


def _numbers(measured: Measurements, baseline: str) -> Iterator[str]:
    """Yield what the deciding comparison of words found."""
    words = {e.metric: e for e in measured.tail + measured.others if isinstance(e, Estimate) and _is_deciding(e, measured)}
    types, mass, novel = (words.get(metric) for metric in ("tail_types_retained", "tail_mass_retained", "novel_mass"))
    if types is None:
        return
    yield f"Of the rare words of {baseline}, {_percent(types)} are left at equal length."
    if mass is not None:
        yield _mass(types, mass)
    if types.baseline == "reference":
        yield _beside_humans(types, novel)


def guarantee_of(options: Options, measured: Measurements, held_out_is_checked: bool) -> Guarantee:
    """Return what error rate the verdict carries, and what it takes for granted."""
    if measured.deciding is None or not any(isinstance(outcome, Estimate) for outcome in measured.tail):
        text = "No test was made, so no error rate applies."
        return Guarantee(text=text, alpha=options.alpha, alpha_spent=0.0, audit_number=1, level="checkpoint")
    text = (
        f"This audit alone: if nothing was lost between the two generators, the chance that it reports a loss of tail or "
        f"concentration is at most about {100 * options.alpha:.3g}% (0.8 of it for the tail family, 0.2 for concentration); "
        f"bounds of the tail family hold together. Documents are the unit. Repeated audits are not accounted for."
    )
    assumed = (
        "" if held_out_is_checked else " It is assumed that the reference was in no training set of the lineage (--trained-on checks that)."
    )
    return Guarantee(text=text + assumed, alpha=options.alpha, alpha_spent=options.alpha, audit_number=1, level="checkpoint")


def _is_deciding(estimate: Estimate, measured: Measurements) -> bool:
    decided = estimate.metric == "novel_mass" or estimate.decision is not None
    return decided and measured.deciding is not None and estimate.view == "words_1" and estimate.baseline == measured.deciding.name


def _beside_humans(types: Estimate, novel: Estimate | None) -> str:
    """Return what a comparison with human text, not with a first generation, leaves open."""
    if types.decision in ("shrunk", "watch") and novel is not None and novel.low > FOREIGN:
        return (
            f"But words that the reference lacks hold {novel.value:.1f} times the usual share, so another subject or language is "
            f"a likelier cause than a loss; compare with a reference of the same kind of text, or with --baseline GEN1."
        )
    return "Compared with held-out human text, one generation's sampling loss is included; --baseline GEN1 separates it."


def _percent(estimate: Estimate) -> str:
    return f"{estimate.value:.0%} ({estimate.low:.0%} to {estimate.high:.0%})"


def _mass(types: Estimate, mass: Estimate) -> str:
    share = f"The share of the text that rare words hold is {_percent(mass)} of what it was"
    if types.decision == "shrunk" and mass.decision == "ok" and types.baseline == "generation_1":
        return (
            f"{share}: what is left is used more often, as expected when a model copies its own unsharpened output, "
            f"so this share alone would miss the loss."
        )
    return f"{share}."
