"""LT201 and LT202: whether real data are kept from one training set to the next."""

from longtail.metrics.regime import SAME, Step, same, steps_of
from longtail.records import Verdict
from longtail.rules.absent import TAG, no_manifests, unstated
from longtail.rules.catalogue import RULES
from longtail.rules.evidence import Evidence


@RULES.add(
    "LT201",
    title="real data dropped",
    metric="share of the original real rows that each training set retains",
    convention=f"fail at the first generation that retains {SAME:.0%} less than one before; warn where as many new human rows came in",
    source="Shumailov et al. 2024; Gerstgrasser et al. 2024",
)
def real_data_dropped(evidence: Evidence) -> Verdict:
    """From some generation on, training sets hold less of the original real data than before.

    Why: a loop that keeps its real data and adds to it stays close to them; one that replaces them drifts, and the tail goes
    first. The slide from one to the other is seldom decided: a budget, a filter or a fresh export does it.

    Symptoms: each fine-tune makes the model worse; the original data was replaced by generated data; quality falls from generation to
    generation; retraining on own outputs.

    How measured: each manifest says how many of the original real rows are in its training set, and how many there are.
    The first generation whose share is below the greatest one before it is named.

    Formula: retained = original real rows in a training set / original real rows there are; fail where retained < 0.98 * the greatest
    retained before it.

    Minimum: two manifests with `original`.

    False positives: original rows that had to go by law; record it as an override.

    Fix: put the original rows back, and let the training set grow; where the budget is fixed, raise their weight.

    Silence: a loop that replaces on purpose says so in an override.

    See it: `longtail lab experiment regime-of-pipelines`, or the loop itself: `longtail lab run categorical --policy replace`.
    """
    steps = [step for step in steps_of(evidence.manifests) if step.retained is not None]
    if len(steps) < 2:
        return no_manifests()
    told = tuple(f"generation {step.generation}: {step.retained:.2f} of the original rows, {step.rows:,} rows" for step in steps)
    first = _first_drop(steps)
    if first is None:
        return Verdict(status="pass", because="no training set retains less of the original rows than one before it", evidence=told)
    return _dropped(steps, first, told)


def _dropped(steps: list[Step], first: Step, told: tuple[str, ...]) -> Verdict:
    at, last = steps.index(first), steps[-1]
    before = max(step.retained or 0.0 for step in steps[:at])
    is_replaced = 0 < steps[0].human <= min(step.human for step in steps[at:])
    left = f"; {last.retained:.2f} are left in generation {last.generation}" if first is not last else ""
    instead = "; as many new human rows took their place" if is_replaced else ""
    return Verdict(
        status="warn" if is_replaced else "fail",
        because=f"generation {first.generation} retains {first.retained:.2f} of the original real rows, "
        f"{before:.2f} were retained before{left}{instead}",
        where="candidate",
        evidence=told,
        remedy="put the original real rows back into the training set and add to them instead of replacing them",
        generation=first.generation,
    )


def _first_drop(steps: list[Step]) -> Step | None:
    greatest = 0.0
    for step in steps:
        retained = step.retained or 0.0
        if retained < greatest * (1 - SAME):
            return step
        greatest = max(greatest, retained)
    return None


@RULES.add(
    "LT202",
    title="constant size, synthetic swapped in",
    metric="rows and share of human rows of each training set",
    convention=f"fail where two training sets are of one size (within {SAME:.0%}) and the later holds a smaller share of human rows",
    source="Shumailov et al. 2024; Kazdan et al. 2024",
)
def swapped_in(evidence: Evidence) -> Verdict:
    """Training sets keep their size while model output takes the place of human rows.

    Why: at a constant size every synthetic row drives out a real one. It is the fastest way into collapse, and the size of the
    data set shows nothing of it.

    Symptoms: the data set has the same size and less human text; model collapse after swapping in synthetic data; fixed token budget filled
    with generated text.

    How measured: manifests are compared in pairs: sizes that differ by 2 % at most, and a share of human rows that fell by more
    than that. The later generation is named.

    Formula: human share = human rows / rows; fail where the sizes of two training sets differ by at most 2 % and the later human share <
    0.98 * the earlier one.

    Minimum: two manifests that state origins.

    False positives: none known; a fixed budget on purpose is the same thing.

    Fix: let the training set grow by what is synthetic, and keep the human rows; or weight them up.

    Silence: a fixed budget that is meant is an override with its reason.

    See it: `longtail lab experiment constant-size`: what a set of constant size loses as synthetic data are swapped in.
    """
    steps = [step for step in steps_of(evidence.manifests) if step.rows]
    if len(steps) < 2:
        return no_manifests()
    told = tuple(f"generation {step.generation}: {step.rows:,} rows, {step.real_share or 0.0:.2f} of them human" for step in steps)
    surely, possibly = _swapped(steps, is_sure=True), _swapped(steps, is_sure=False)
    if surely is not None:
        return _found(*surely, told)
    if possibly is not None:
        return _open(*possibly)
    return Verdict(status="pass", because="no two training sets of one size differ in their share of human rows", evidence=told)


def _swapped(steps: list[Step], *, is_sure: bool) -> tuple[Step, Step] | None:
    """Return the first pair of one size whose later share of human rows is smaller; if not sure, or may be."""
    for at, later in enumerate(steps):
        for earlier in steps[:at]:
            here = later.most_real if is_sure else later.real_share
            before = earlier.real_share if is_sure else earlier.most_real
            if same(later.rows, earlier.rows) and (here or 0.0) < (before or 0.0) * (1 - SAME):
                return earlier, later
    return None


def _open(earlier: Step, later: Step) -> Verdict:
    unknown = max(earlier, later, key=lambda step: step.unknown)
    told = f"{unknown.unknown:,} rows of generation {unknown.generation} are of unknown origin (LT101), so its share of human rows is open"
    return unstated(told, TAG)


def _found(earlier: Step, later: Step, told: tuple[str, ...]) -> Verdict:
    return Verdict(
        status="fail",
        because=f"generations {earlier.generation} and {later.generation} train on {earlier.rows:,} and {later.rows:,} rows, and the share "
        f"of human rows fell from {earlier.real_share or 0.0:.2f} to {later.real_share or 0.0:.2f}",
        where="candidate",
        evidence=told,
        remedy="let the training set grow by the synthetic rows and keep all human ones, or weight the human rows up",
        generation=later.generation,
    )
