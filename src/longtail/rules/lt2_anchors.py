"""LT210 and LT211: what ties a loop of models to the truth, and what each tie protects."""

from longtail.metrics.regime import NOTHING, SAME, steps_of
from longtail.records import Verdict
from longtail.rules.absent import WITH_PIPELINE, no_pipeline, unstated
from longtail.rules.catalogue import RULES
from longtail.rules.evidence import Evidence

PROTECTS = {
    "gate": "protects correctness, not rarity",
    "real data": "protects the tail",
    "leash": "protects closeness to the base model",
}


def is_loop(evidence: Evidence) -> bool | None:
    """Return whether models train on what models wrote: as the pipeline says, else as the manifests show; None if neither does."""
    stated = evidence.pipeline.loop if evidence.pipeline else None
    if stated is not None or not evidence.manifests:
        return stated
    newest = evidence.manifests[-1]
    return True if newest.generation > 1 else None


def anchors(evidence: Evidence) -> dict[str, tuple[str, ...]]:
    """Return what ties the loop to the truth, by kind: `real data`, `gate`, `review`, `leash`, each with its names."""
    found: dict[str, list[str]] = {"real data": _real_data(evidence), "gate": [], "review": [], "leash": []}
    pipeline = evidence.pipeline
    if pipeline is not None:
        found["gate"] += pipeline.gates
        found["review"] += pipeline.reviews
        found["leash"] += [f"coefficient {pipeline.leash:g}"] if pipeline.leash else []
    for kind, name in sorted(evidence.manifests[-1].safeguards.items() if evidence.manifests else ()):
        if kind in found and name not in found[kind]:
            found[kind].append(name)
    return {kind: tuple(names) for kind, names in found.items() if names}


def _real_data(evidence: Evidence) -> list[str]:
    told = []
    if evidence.pipeline is not None and evidence.pipeline.min_real:
        told.append(f"at least {evidence.pipeline.min_real:.0%} of every training set")
    newest = steps_of(evidence.manifests)[-1:]
    for step in newest:
        if step.retained is not None and step.retained >= 1 - SAME:
            told.append(f"all original rows in generation {step.generation}")
        elif (step.real_share or 0.0) > NOTHING:
            told.append(f"{step.real_share or 0.0:.0%} human rows in generation {step.generation}")
    return told


@RULES.add(
    "LT210",
    title="loop without an anchor",
    metric="what brings truth back into the loop: real data, a gate or verifier, human review, a leash to the base model",
    convention="fail where models train on model output and none of them is there",
    source="Gerstgrasser et al. 2024; Feng et al. 2024; Bertrand et al. 2024",
)
def without_anchor(evidence: Evidence) -> Verdict:
    """Models train on what models wrote, and nothing brings the truth back in.

    Why: left to itself such a loop drifts, whatever the model: each generation learns the last one's errors as facts. Anything
    that brings truth in again works against it.

    Symptoms: model trains on its own output; self-improvement loop drifts; errors repeat from generation to generation; autophagous loop.

    How measured: `loop` in the pipeline, or a manifest of generation 2 or later, says that there is a loop. Anchors are real data
    that training sets keep (min_real, or manifests that show it), gates, reviews and a leash.

    Formula: anchors = real data that training sets keep + gates + reviews + a leash above 0; fail where the pipeline is a loop and anchors
    = 0.

    Minimum: a pipeline; manifests alone show real data and the safeguards that they name.

    False positives: an anchor that the pipeline does not name.

    Fix: any one of these: keep the real data, verify what comes in, have people look at it, hold the model to its base.

    Silence: name the anchor in the pipeline.

    See it: `longtail lab experiment any-anchor`: original data, new data and a verifier, each against what it can see.
    """
    loop = is_loop(evidence)
    if loop is False:
        return Verdict(status="pass", because="no model trains on what models wrote")
    found = anchors(evidence)
    if loop and found:
        named = "; ".join(f"{kind} ({', '.join(names)})" for kind, names in found.items())
        return Verdict(status="pass", because=f"the loop is anchored by {named}")
    if evidence.pipeline is None:
        return no_pipeline()
    if loop is None:
        return unstated("the pipeline does not say whether models train on what models wrote (loop)", WITH_PIPELINE)
    return Verdict(
        status="fail",
        because="models train on what models wrote, and neither real data, nor a gate, nor a review, nor a leash is named",
        where="candidate",
        remedy="add any one: keep the real data (min_real), a gate that verifies (gates), a human review (reviews), or a leash",
    )


@RULES.add(
    "LT211",
    title="safeguards missing",
    metric="which of gate (or review), real data and leash act in the loop",
    convention="warn where one of the three is missing in a loop",
    source="own definition; what each protects is measured in docs/lab.md",
)
def safeguards(evidence: Evidence) -> Verdict:
    """Not all three safeguards act in the loop, and they do not replace one another.

    Why: a gate keeps out what is wrong and can still let the rare die out, as the rare is what gates reject first. Real data
    bring the tail back. A leash slows the drift away from the base model. Being right and being diverse are two lights.

    Symptoms: verified data still lose variety; do I need fresh data if I filter; the gate is strict and answers get alike all the same.

    How measured: gates or reviews, real data and a leash are read from the pipeline and the newest manifest.

    Formula: missing = 3 - (a gate or review) - (real data) - (a leash), each 1 where it acts and else 0; warn where missing > 0 in a loop.

    Minimum: a pipeline that says whether there is a loop.

    False positives: a safeguard that the pipeline does not name.

    Fix: add the one that is missing; start with what protects what the loop is losing.

    Silence: name what acts in the pipeline; it warns and does not fail.

    See it: `longtail lab experiment three-safeguards`: what is lost where any one of the three is left out.
    """
    loop = is_loop(evidence)
    if loop is False:
        return Verdict(status="pass", because="no model trains on what models wrote")
    if evidence.pipeline is None:
        return no_pipeline()
    if loop is None:
        return unstated("the pipeline does not say whether models train on what models wrote (loop)", WITH_PIPELINE)
    found = anchors(evidence)
    checked = (*found.get("gate", ()), *found.get("review", ()))
    return _acting({"gate": checked, "real data": found.get("real data", ()), "leash": found.get("leash", ())})


def _acting(active: dict[str, tuple[str, ...]]) -> Verdict:
    lines = tuple(_told(kind, names) for kind, names in active.items())
    missing = [kind for kind, names in active.items() if not names]
    acting = [f"{kind} {PROTECTS[kind]}" for kind, names in active.items() if names]
    because = f"{3 - len(missing)} of 3 safeguards act: {'; '.join(acting) or 'none'}"
    if not missing:
        return Verdict(status="pass", because=because, evidence=lines)
    return Verdict(
        status="warn",
        because=f"{because}. Missing: {', '.join(missing)}",
        where="candidate",
        evidence=lines,
        remedy=f"add what is missing: {'; '.join(f'{kind}, which {PROTECTS[kind]}' for kind in missing)}",
    )


def _told(kind: str, names: tuple[str, ...]) -> str:
    return f"{kind}: {', '.join(names) or 'none'}; {PROTECTS[kind]}"
