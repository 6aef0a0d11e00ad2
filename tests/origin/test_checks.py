import pytest

from longtail.origin import checks
from longtail.origin.misfit import Misfit
from longtail.origin.result import Check, Measured, Rates, Share

GOOD, POOR, GRAVE, UNKNOWN = "passes", "fails", "fails gravely", "could not be checked"


def outcome(check):
    if check.passed is None:
        return UNKNOWN
    return GOOD if check.passed else GRAVE if check.grave else POOR


def rates(tpr, fpr, origin="gpt"):
    return Rates(origin=origin, threshold=0.0, tpr=tpr, tpr_low=tpr, tpr_high=tpr, fpr=fpr, fpr_low=fpr, fpr_high=fpr)


def misfit(p, distance):
    return Misfit(p=p, ratio=1.0, distance=distance, shares=None)


def control(share, low, high, reasons=()):
    told = Share(origin="machine", share=share, low=low, high=high)
    return Measured(
        column="control", value="human", documents=100, clusters=100, status="ok" if share is not None else "refused", reasons=reasons,
        machine=told, origins=(told,), floor=None, methods={}, checks=(),
    )  # fmt: skip


NONE = control(None, None, None, ("100 documents of another domain",))
CASES = [
    (checks.reference_size({"human": 150, "gpt": 150}), GOOD),
    (checks.reference_size({"human": 400, "gpt": 149}), POOR),
    (checks.reference_size({"human": 50, "gpt": 400}), POOR),
    (checks.reference_size({"human": 49, "gpt": 400}), GRAVE),
    (checks.target_size(30), GOOD),
    (checks.target_size(29), GRAVE),
    (checks.separation([rates(0.5, 0.2)]), GOOD),
    (checks.separation([rates(0.9, 0.1), rates(0.49, 0.2, "llama")]), GRAVE),
    (checks.misfit(None), UNKNOWN),
    (checks.misfit(misfit(0.05, 0.9)), GOOD),
    (checks.misfit(misfit(0.049, 0.9)), POOR),
    (checks.misfit(misfit(0.0, 0.03)), GOOD),
    (checks.misfit(misfit(0.0, 0.25)), POOR),
    (checks.misfit(misfit(0.001, 0.9)), POOR),
    (checks.misfit(misfit(0.00099, 0.26)), GRAVE),
    (checks.agreement({"mixture": 0.3, "acc": 0.35}), GOOD),
    (checks.agreement({"mixture": 0.3, "acc": 0.351}), POOR),
    (checks.agreement({"mixture": 0.3, "acc": float("nan")}), GOOD),
    (checks.second_opinion(0.2, 0.3), GOOD),
    (checks.second_opinion(0.3, 0.401), POOR),
    (checks.precision(0.2, 0.4), GOOD),
    (checks.precision(0.2, 0.401), POOR),
    (checks.generators(True, {}), GOOD),
    (checks.generators(False, {}), UNKNOWN),
    (checks.generators(False, {"gpt": 0.9, "llama": 1.0}), GOOD),
    (checks.generators(False, {"gpt": 0.89, "llama": 1.0}), POOR),
    (checks.human_control(control(0.01, 0.0, 0.05)), GOOD),
    (checks.human_control(control(0.02, 0.0, 0.051)), POOR),
    (checks.human_control(control(0.03, 0.02, 0.06)), POOR),
    (checks.human_control(control(0.04, 0.021, 0.06)), GRAVE),
    (checks.human_control(NONE), GRAVE),
    (checks.machine_control(control(0.9, 0.85, 0.95)), GOOD),
    (checks.machine_control(control(0.89, 0.8, 0.97)), POOR),
    (checks.machine_control(control(0.93, 0.9, 0.949)), GRAVE),
    (checks.machine_control(NONE), GRAVE),
]


@pytest.mark.parametrize(("check", "expected"), CASES, ids=[f"{check.name}-{at}" for at, (check, _) in enumerate(CASES)])
def test_a_check_turns_at_its_limit_and_says_why(check, expected):
    assert outcome(check) == expected
    assert len(check.because) > 20 and "\n" not in check.because


def test_the_worst_origin_is_named():
    assert "49% of llama texts" in checks.separation([rates(0.9, 0.1), rates(0.49, 0.2, "llama")]).because
    assert "holds 149 gpt texts" in checks.reference_size({"human": 400, "gpt": 149}).because
    assert "had the reference lacked gpt, 89%" in checks.generators(False, {"gpt": 0.89, "llama": 1.0}).because


def test_a_control_that_is_too_small_is_not_blamed_for_an_error():
    assert "too small" in checks.human_control(control(0.0, 0.0, 0.2)).because
    assert "too small" not in checks.human_control(control(0.1, 0.05, 0.2)).because
    assert NONE.reasons[0] in checks.human_control(NONE).because


def made(passed, grave, because="why"):
    return Check(name="c", passed=passed, grave=grave, value=None, limit=None, because=because)


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ([], "ok"),
        ([made(True, True), made(True, False)], "ok"),
        ([made(True, True), made(None, False)], "weak"),
        ([made(None, True)], "weak"),
        ([made(False, False)], "weak"),
        ([made(False, False), made(False, True)], "refused"),
    ],
)
def test_a_grave_failure_refuses_any_other_weakens_and_what_was_not_checked_is_no_pass(given, status):
    assert checks.status_of(given) == status


def test_grave_reasons_come_first_and_what_holds_is_no_reason():
    given = [made(False, False, "small"), made(True, True, "fine"), made(None, True, "unknown"), made(False, True, "grave")]
    assert checks.reasons_of(given) == ("grave", "small", "unknown")
