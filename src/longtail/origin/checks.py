"""What has to hold before a share is believed, and what is said where it does not.

The limits are those of the house, set on data of no shift; the decision note on origin tells how each was measured.
"""

from collections.abc import Mapping, Sequence

from longtail.origin.misfit import Misfit
from longtail.origin.result import Check, Measured, Rates, Status

FEWEST_REFERENCE, ENOUGH_REFERENCE = 50, 150
FEWEST_CLUSTERS = 30
LEAST_INFORMEDNESS = 0.3
MISFIT_P, MISFIT_GRAVE_P = 0.05, 0.001
MISFIT_NEAR, MISFIT_FAR = 0.03, 0.25
MOST_DISAGREEMENT = 0.05
MOST_SECOND = 0.10
WIDEST = 0.10
LEAST_UNSEEN = 0.9
CONTROL_HIGH, CONTROL_LOW, CONTROL_FULL = 0.05, 0.02, 0.95


def status_of(checks: Sequence[Check]) -> Status:
    """Return `refused` where a grave check fails, `weak` where any other fails or could not be made, else `ok`."""
    if any(check.passed is False and check.grave for check in checks):
        return "refused"
    return "ok" if all(check.passed for check in checks) else "weak"


def reasons_of(checks: Sequence[Check]) -> tuple[str, ...]:
    """Return what keeps an estimate from being ok, grave matters first."""
    failing = [check for check in checks if not check.passed]
    return tuple(check.because for check in sorted(failing, key=lambda check: not (check.grave and check.passed is False)))


def reference_size(documents: Mapping[str, int]) -> Check:
    """Check that every origin of the reference has texts enough."""
    name, least = min(documents.items(), key=lambda item: item[1])
    because = f"the reference holds {least:,} {name} texts; {ENOUGH_REFERENCE} of each origin are asked for"
    return Check(
        name="reference_size",
        passed=least >= ENOUGH_REFERENCE,
        grave=least < FEWEST_REFERENCE,
        value=float(least),
        limit=float(ENOUGH_REFERENCE),
        because=because,
    )


def target_size(clusters: int) -> Check:
    """Check that there are documents enough that are independent of each other."""
    because = f"{clusters:,} documents are independent of each other; {FEWEST_CLUSTERS} are asked for"
    return Check(
        name="target_size",
        passed=clusters >= FEWEST_CLUSTERS,
        grave=True,
        value=float(clusters),
        limit=float(FEWEST_CLUSTERS),
        because=because,
    )


def separation(rates: Sequence[Rates]) -> Check:
    """Check that the scorer tells every machine origin of the reference from human text."""
    worst = min(rates, key=lambda each: each.tpr - each.fpr)
    gap = worst.tpr - worst.fpr
    because = f"the scorer finds {worst.tpr:.0%} of {worst.origin} texts and flags {worst.fpr:.0%} of human ones it has not seen"
    return Check(name="separation", passed=gap >= LEAST_INFORMEDNESS, grave=True, value=gap, limit=LEAST_INFORMEDNESS, because=because)


def misfit(found: Misfit | None) -> Check:
    """Check that the target can be a mixture of the reference's kinds of text."""
    if found is None:
        because = "too few texts to test whether the corpus is a mixture of the reference's kinds"
        return Check(name="misfit", passed=None, grave=False, value=None, limit=MISFIT_P, because=because)
    grave = found.p < MISFIT_GRAVE_P and found.distance > MISFIT_FAR
    because = (
        f"no mixture of the reference's kinds has the style and vocabulary of this corpus (p {found.p:.2g}, {found.distance:.2f} "
        "deviations off): another domain, another generator, or both; give a reference from the corpus's own domain"
    )
    passed = found.p >= MISFIT_P or found.distance <= MISFIT_NEAR
    return Check(name="misfit", passed=passed, grave=grave, value=found.p, limit=MISFIT_P, because=because)


def agreement(methods: Mapping[str, float]) -> Check:
    """Check that quantifiers that use the same scores in other ways say the same."""
    known = [share for share in methods.values() if share == share]
    spread = max(known) - min(known) if known else 0.0
    told = ", ".join(f"{name} {share:.3f}" for name, share in methods.items())
    return _at_most("agreement", spread, MOST_DISAGREEMENT, f"methods differ by {spread:.3f}: {told}")


def second_opinion(main: float, second: float) -> Check:
    """Check that style alone says about the same."""
    because = f"style alone says {second:.3f}, words and style {main:.3f}"
    return _at_most("second_opinion", abs(main - second), MOST_SECOND, because)


def precision(low: float, high: float) -> Check:
    """Check that the interval is narrow enough to be of use."""
    half = (high - low) / 2
    most = f"{WIDEST:.2f} is the most that counts as ok"
    because = f"the interval is {half:.2f} wide either way; {most}: give more documents, or more reference"
    return _at_most("precision", half, WIDEST, because)


def _at_most(name: str, value: float, limit: float, because: str) -> Check:
    return Check(name=name, passed=value <= limit, grave=False, value=value, limit=limit, because=because)


def generators(closed: bool, unseen: Mapping[str, float]) -> Check:
    """Check that machine text of other kinds is ruled out, or would be counted nearly whole."""
    name = "generators"
    if closed:
        return Check(name=name, passed=True, grave=False, value=None, limit=None, because="declared: no machine text but of these kinds")
    if not unseen:
        because = (
            "the reference holds one kind of machine text, and what another model wrote may be missed in part; name more kinds "
            "(--synthetic NAME=FILE, repeatable), or say that there is no other (--closed)"
        )
        return Check(name=name, passed=None, grave=False, value=None, limit=LEAST_UNSEEN, because=because)
    worst = min(unseen, key=lambda each: unseen[each])
    counted = f"{unseen[worst]:.0%} of its texts would have been counted"
    because = f"had the reference lacked {worst}, {counted}; a kind that it does lack may be missed alike"
    return Check(name=name, passed=unseen[worst] >= LEAST_UNSEEN, grave=False, value=unseen[worst], limit=LEAST_UNSEEN, because=because)


def human_control(found: Measured) -> Check:
    """Check that text known to be human is measured as human."""
    name, high, low = "human_control", found.machine.high, found.machine.low
    if high is None or low is None:
        because = f"the human control was refused: {found.reasons[0]}"
        return Check(name=name, passed=False, grave=True, value=None, limit=CONTROL_HIGH, because=because)
    because = f"of text known to be human {found.machine.share:.3f} ({low:.3f} to {high:.3f}) is measured as machine-made"
    if low <= CONTROL_LOW and high > CONTROL_HIGH:
        because += ": the control is too small to rule out an error of that size"
    return Check(name=name, passed=high <= CONTROL_HIGH, grave=low > CONTROL_LOW, value=high, limit=CONTROL_HIGH, because=because)


def machine_control(found: Measured) -> Check:
    """Check that text known to be machine-made is measured as that."""
    name, high = "machine_control", found.machine.high
    if high is None or found.machine.share is None:
        because = f"the machine control was refused: {found.reasons[0]}"
        return Check(name=name, passed=False, grave=True, value=None, limit=CONTROL_FULL, because=because)
    because = f"of text known to be machine-made only {found.machine.share:.3f} (at most {high:.3f}) is measured as that"
    return Check(
        name=name,
        passed=high >= CONTROL_FULL and found.machine.share >= LEAST_UNSEEN,
        grave=high < CONTROL_FULL,
        value=found.machine.share,
        limit=LEAST_UNSEEN,
        because=because,
    )
