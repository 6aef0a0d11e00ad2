"""Words and units that the tables and the figure of the lab share."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from longtail.lab.result import FALL, Run, Series
from longtail.report.words import counted


class Quantity(NamedTuple):
    """What a series is called, and its unit."""

    title: str
    unit: str


QUANTITIES = {
    "mean_square": Quantity("squared mean", "true variance = 1"),
    "variance": Quantity("variance", "true variance = 1"),
    "log_variance": Quantity("log variance", "nats"),
    "log_det": Quantity("log determinant", "nats"),
    "effective_rank": Quantity("effective rank", "directions"),
    "trace": Quantity("trace of the covariance", "true variance of a coordinate = 1"),
    "w2_squared": Quantity("squared Wasserstein distance", "true variance = 1"),
    "support": Quantity("types left", "types"),
    "simpson": Quantity("Simpson index", "probability of a repeat"),
    "entropy": Quantity("entropy", "nats"),
    "tail_mass": Quantity("tail mass", "share of the mass"),
    "tail_types": Quantity("tail types left", "types"),
    "correct": Quantity("right rows", "share of the mass"),
    "alive": Quantity("replicates alive", "share of the replicates"),
    "share": Quantity("share of the type", "share of the rows"),
    "present": Quantity("type present", "share of the replicates"),
    "heterozygosity": Quantity("heterozygosity", "probability that two rows differ"),
    "head_mass": Quantity("head mass", "share of the mass"),
    "distinct_1": Quantity("distinct words", "share of all words"),
    "distinct_2": Quantity("distinct word pairs", "share of all pairs"),
    "distinct_3": Quantity("distinct three-word phrases", "share of all phrases"),
    "distinct_4": Quantity("distinct four-word phrases", "share of all phrases"),
    "common_nll": Quantity("error on common held-out data", "nats"),
    "rare_nll": Quantity("error on rare held-out data", "nats"),
    "classes_alive": Quantity("classes left", "classes"),
    "error": Quantity("squared error", "squared distance"),
    "modes_alive": Quantity("modes left", "modes"),
    "nll": Quantity("error on held-out rows", "nats"),
    "heldout_nll": Quantity("error on held-out data", "nats"),
    "tries": Quantity("written for each document kept", "documents"),
    "passing": Quantity("documents that the verifier lets pass", "share of the documents"),
    "rare_words": Quantity("rare words in use", "types"),
    "own_nll": Quantity("error on its own output", "nats"),
    "shift_gap": Quantity("further error on rare text", "nats"),
    "tail_mass_retained": Quantity("tail mass left", "share of generation 0"),
    "pass_1": Quantity("pass@1", "share of the answers"),
    "pass_16": Quantity("pass@16", "share of the problems"),
    "share_D": Quantity("format D", "share of the answers"),
    "share_R": Quantity("format R", "share of the answers"),
    "share_S": Quantity("format S", "share of the answers"),
    "format_entropy": Quantity("entropy of the formats", "nats"),
    "entropy_own": Quantity("entropy on its own text", "nats per sign"),
    "entropy_foreign": Quantity("on the text of another base", "nats per sign"),
    "entropy_real": Quantity("on right answers", "nats per sign"),
    "top_share": Quantity("commonest format", "share of the answers"),
    "token_entropy": Quantity("entropy of the next sign", "nats"),
    "noise": Quantity("wrong among what was taught", "share of the rows"),
    "kept": Quantity("kept", "share"),
    "precision": Quantity("right labels", "share"),
    "new_right": Quantity("new, right", "chance of a right answer"),
    "old_right": Quantity("old, right", "chance of a right answer"),
    "edits_true": Quantity("true edits", "share of its edits"),
    "readable": Quantity("readable edits", "share of its edits"),
    "accepted": Quantity("rounds accepted", "rounds"),
    "class_share": Quantity("share of the rarest class", "real share = 1"),
}
SURE = 4.0
"""Standard errors beyond which a difference is no chance."""
HEADS = {"exact": "exact", "asymptotic": "asymptotic", "bound_upper": "upper bound", "bound_lower": "lower bound"}


def quantity(name: str) -> Quantity:
    """Return what a series is called; one that is not known goes by its name, with no unit."""
    return QUANTITIES.get(name, Quantity(name.replace("_", " "), ""))


def skewed(series: Series) -> bool:
    """Tell whether a median lies a tenth or more, and beyond chance, from its mean, so that the mean does not stand for most."""
    rows = zip(series.mean, series.median, series.se, strict=True)
    known = [(mean, abs(median - mean), se or 0.0) for mean, median, se in rows if mean is not None and median is not None]
    return any(off > max(FALL * abs(mean), SURE * se) for mean, off, se in known)


def alike(runs: Sequence[Run], names: Sequence[str]) -> list[list[str]]:
    """Return the series in groups of equal ones, such as trace and variance in one dimension."""
    groups: dict[tuple[tuple[float | None, ...], ...], list[str]] = {}
    for name in names:
        groups.setdefault(tuple(run.series[name].mean + run.series[name].q05 for run in runs), []).append(name)
    return list(groups.values())


def sentence(run: Run, *, policy: bool = True) -> str:
    """Return what was simulated, in one line."""
    told = run.settings
    options = "".join(f", {name} {value}" for name, value in told.options.items())
    gate = f", gate {told.gate}" if told.gate != "none" else ""
    changed = f", {counted(len(told.changes), 'change')} on the way" if told.changes else ""
    growth = f" ({told.schedule})" if told.schedule != "constant" else ""
    sizes = f"{counted(told.generations, 'generation')} of {counted(told.samples, 'row')}{growth}, {counted(told.replicates, 'replicate')}"
    return f"{told.family}{options}{f', policy {told.policy}' if policy else ''}{gate}{changed}: {sizes}"


def differing(runs: Sequence[Run]) -> list[str]:
    """Return a label for each run: its policy, and what else sets it apart from the others."""
    told = [msgspec.to_builtins(run.settings) for run in runs]
    apart = [name for name in told[0] if name != "policy" and any(each[name] != told[0][name] for each in told)]
    return [", ".join([each["policy"], *(f"{name} {each[name]}" for name in apart)]) for each in told]
