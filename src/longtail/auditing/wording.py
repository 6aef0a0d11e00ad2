"""The verdict in sentences: symptom first, then cause, then number. No absolutes."""

from longtail.auditing.measure import Measurements
from longtail.auditing.options import Options
from longtail.records import Estimate, Guarantee, Phase
from longtail.rules.lt3_tails import BASELINES

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
    words = {e.metric: e for e in measured.tail if isinstance(e, Estimate) and e.view == "words_1"}
    sentences = [_OPENING[phase.name].format(baseline=baseline)]
    types, mass = words.get("tail_types_retained"), words.get("tail_mass_retained")
    if types is not None:
        sentences.append(f"Of the rare words of {baseline}, {_percent(types)} are left at equal length.")
    if types is not None and mass is not None:
        sentences.append(_mass(types, mass))
    if phase.documents_needed:
        sentences.append(f"About {phase.documents_needed:,} documents would find a loss of 30 %.")
    if measured.deciding.name == "reference":
        sentences.append("Compared with held-out human text, one generation's sampling loss is included; --baseline GEN1 separates it.")
    return " ".join(sentences)


def guarantee_of(options: Options, measured: Measurements) -> Guarantee:
    """Return what error rate the verdict carries."""
    if measured.deciding is None:
        text = "No test was made, so no error rate applies."
        return Guarantee(text=text, alpha=options.alpha, alpha_spent=0.0, audit_number=1, level="checkpoint")
    text = (
        f"This audit alone: if nothing was lost between the two generators, the chance that it reports a loss of tail or "
        f"concentration is at most about {options.alpha:.0%} (0.8 of it for the tail family, 0.2 for concentration); bounds "
        f"of the tail family hold together. Documents are the unit. Repeated audits are not accounted for."
    )
    return Guarantee(text=text, alpha=options.alpha, alpha_spent=options.alpha, audit_number=1, level="checkpoint")


def _percent(estimate: Estimate) -> str:
    return f"{estimate.value:.0%} ({estimate.low:.0%} to {estimate.high:.0%})"


def _mass(types: Estimate, mass: Estimate) -> str:
    share = f"The share of the text that rare words hold is {_percent(mass)} of what it was"
    if types.decision == "shrunk" and mass.decision == "ok":
        return (
            f"{share}: what is left is used more often, as expected when a model copies its own unsharpened output, "
            f"so this share alone would miss the loss."
        )
    return f"{share}."
