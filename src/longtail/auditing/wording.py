"""The verdict in sentences: symptom first, then cause, then number. No absolutes."""

from collections.abc import Iterator
from dataclasses import dataclass

from msgspec.structs import replace

from longtail.auditing.differential import is_supported
from longtail.auditing.measure import Measurements
from longtail.auditing.options import Options
from longtail.records import Estimate, Explanation, Guarantee, LineageRecord, Phase
from longtail.rules.lt3_tails import BASELINES

_OPENING = {
    "healthy": "Rare words are kept: their number and their share of the text are within the margin of {baseline}.",
    "watch": "Rare words are thinning: the loss beside {baseline} is real and still inside the margin.",
    "early": "Rare words are disappearing while common ones hold.",
    "narrowing": "Rare words are disappearing and the common ones crowd together.",
    "concentrating": "Common words crowd together; the rare ones are still there.",
    "late": "The text has moved far from where it began: rare words are gone and what is left is narrow or strange.",
    "drift": "The text differs from {baseline}, and nothing is lost: common and rare words keep their variety.",
    "inconclusive": "Not enough documents to tell whether rare words are being lost.",
    "not_measured": "Nothing to compare with, so no loss can be seen.",
}


_ITEMS = {
    "at equal length": "at equal size",
    "Compared with held-out human text": "Compared with held-out data of people",
    "human text": "data of people",
    "words": "items",
    "The text": "The data",
    "the text": "the data",
}


def summary_of(
    phase: Phase, measured: Measurements, explanations: tuple[Explanation, ...] = (), lineage: LineageRecord | None = None
) -> str:
    """Return the verdict in a few plain sentences.

    Args:
        phase: The phase.
        measured: All measurements.
        explanations: What else could lie behind them.
        lineage: What is said over the generations, for a lineage.
    """
    if measured.deciding is None:
        return f"{_OPENING['not_measured']} Add human text that no model of the lineage was trained on: --reference HUMAN.jsonl."
    baseline = BASELINES[measured.deciding.name]
    sentences = [_OPENING[phase.name].format(baseline=baseline), *_numbers(measured, baseline)]
    if not _is_of_words(measured):
        sentences = [_of_items(sentence) for sentence in sentences]
    sentences += _instead(explanations)
    if lineage is not None and lineage.onset is not None:
        sentences.append(f"It began not later than generation {lineage.onset}.")
    if phase.documents_needed:
        sentences.append(f"About {phase.documents_needed:,} documents would decide, with a baseline that grows alike.")
    return " ".join(sentences)


def in_its_words(explanations: tuple[Explanation, ...], measured: Measurements) -> tuple[Explanation, ...]:
    """Return explanations that speak of words only where words were counted."""
    if _is_of_words(measured):
        return explanations
    return tuple(replace(each, because=_of_items(each.because)) for each in explanations)


def _is_of_words(measured: Measurements) -> bool:
    return measured.deciding is None or measured.deciding.view.startswith("words")


def _of_items(sentence: str) -> str:
    """Return a sentence that speaks of words and of text in terms of whatever was counted."""
    for words, items in _ITEMS.items():
        sentence = sentence.replace(words, items)
    return sentence


def _instead(explanations: tuple[Explanation, ...]) -> Iterator[str]:
    """Yield what is likelier than collapse, where the numbers speak for it."""
    found: dict[str, Explanation] = {each.name: each for each in explanations}
    if "collapse" in found and found["collapse"].because.endswith("in their place") and found["collapse"].status == "against":
        yield (
            "But about as many different words are used, other ones: another subject, style or time is a likelier cause than "
            "collapse. Compare with a reference of the same kind of text, or with --baseline GEN1."
        )
    for name, told in (("sharpening", "Sharper decoding is a likely cause"), ("overfitting", "The model overfits its training set")):
        if is_supported(explanations, name):
            yield f"{told}: {found[name].because}."


def _numbers(measured: Measurements, baseline: str) -> Iterator[str]:
    """Yield what the deciding comparison of words found."""
    words = {e.metric: e for e in measured.tail if isinstance(e, Estimate) and _is_deciding(e, measured)}
    types, mass = (words.get(metric) for metric in ("tail_types_retained", "tail_mass_retained"))
    if types is None:
        return
    yield f"Of the rare words of {baseline}, {_percent(types)} are left at equal length."
    if mass is not None:
        yield _mass(types, mass)
    if types.baseline == "reference":
        yield "Compared with held-out human text, one generation's sampling loss is included; --baseline GEN1 separates it."


@dataclass(frozen=True)
class Spent:
    """What part of alpha an audit uses, and what its history has used with it.

    Attributes:
        level: Error rate of this audit.
        number: Its number in the history, 1 without one.
        spent, left: Parts of alpha used, this audit included, and still to be used.
        is_kept: Whether there is a history.
    """

    level: float
    number: int
    spent: float
    left: float
    is_kept: bool


def guarantee_of(options: Options, measured: Measurements, here: Spent, *, is_assumed: bool, has_run: bool = False) -> Guarantee:
    """Return what error rate the verdict carries, and what it takes for granted.

    Args:
        options: Settings of the audit.
        measured: Its measurements.
        here: The part of alpha in force.
        is_assumed: Whether the reference is taken to be held out without a check.
        has_run: Whether anything could be told of a training run.
    """
    if measured.deciding is None or not any(isinstance(outcome, Estimate) for outcome in measured.tail):
        return _of_run(options, here) if has_run else _untested(options, here)
    text = (
        f"{_scope(options, here)}: if nothing was lost between the two generators, the chance that it reports a loss of tail or "
        f"concentration is at most about {100 * here.level:.3g}% (0.8 of it for the tail family, 0.2 for concentration, which takes "
        f"all where the whole tail is lost); bounds of a family hold together. {_unit(measured)}"
    )
    if not here.is_kept:
        text += " Repeated audits are not accounted for (--history FILE does that)."
    if is_assumed:
        text += " It is assumed that the reference was in no training set of the lineage (--trained-on checks that)."
    if has_run:
        text += f" Apart from that, {_said_of_run(here)}"
    return _tested(text, options, here)


def _untested(options: Options, here: Spent) -> Guarantee:
    before = here.spent - here.level if here.is_kept else 0.0
    text = "No test was made, so no error rate applies."
    return Guarantee(text=text, alpha=options.alpha, alpha_spent=max(0.0, before), audit_number=here.number, level="checkpoint")


def _of_run(options: Options, here: Spent) -> Guarantee:
    return _tested(f"{_scope(options, here)}, of a training run only: {_said_of_run(here)}", options, here)


def _said_of_run(here: Spent) -> str:
    return (
        "if nothing changed between the first and the last window of the run, the chance that any rule on rollouts (LT306, LT502 to "
        f"LT505) speaks is at most about {100 * here.level:.3g}%, as far as intervals over groups of completions hold."
    )


def _tested(text: str, options: Options, here: Spent) -> Guarantee:
    return Guarantee(
        text=text,
        alpha=options.alpha,
        alpha_spent=here.spent if here.is_kept else here.level,
        audit_number=here.number,
        level="checkpoint",
        alpha_here=here.level,
        alpha_left=here.left if here.is_kept else None,
    )


def _scope(options: Options, here: Spent) -> str:
    if not here.is_kept:
        return "This audit alone"
    planned = f" of {options.horizon} planned" if options.horizon is not None else ""
    return (
        f"All audits of this history together err with a chance of at most {100 * options.alpha:.3g}%; "
        f"{100 * here.spent:.3g}% is spent and {100 * here.left:.3g}% left. This is audit {here.number}{planned}"
    )


def _unit(measured: Measurements) -> str:
    assert measured.deciding is not None
    paired = measured.deciding.pairing.is_paired
    unit = "Prompts are the unit, each compared with itself." if paired else "Documents are the unit."
    return (
        f"{unit} It speaks of these two checkpoints at these prompts and settings; that a recipe collapses takes at least 5 lineages of it."
    )


def _is_deciding(estimate: Estimate, measured: Measurements) -> bool:
    return (
        estimate.decision is not None
        and measured.deciding is not None
        and estimate.view == measured.deciding.view
        and estimate.baseline == measured.deciding.name
    )


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
