"""Guards: each fires on what it is for, is silent on a run in which nothing changes, and says why where it cannot tell."""

import math

import msgspec
import numpy as np
import pytest

from longtail.errors import ConfigError, UnknownName
from longtail.guards import GUARDS, Monitor, Settings
from longtail.readers.rollouts.records import Rollout

PROSE, CODE, LIST = "It is {} because the sum of the parts is so.", "```python\nx = {}\nprint(x)\n```", "- first\n- then\n- so {}"


def run(steps, shares, *, groups=16, each=8, seed=0, reward=None, **further):
    """Rollouts of a run whose mix of three formats follows `shares(step)`; values of `further` are functions of (rng, step)."""
    rng = np.random.default_rng(seed)
    rows = []
    for step in range(steps):
        for group in range(groups):
            for _ in range(each):
                kind = rng.choice(3, p=shares(step))
                text = (PROSE, CODE, LIST)[kind].format(rng.integers(100))
                made = {name: value(rng, step) for name, value in further.items()}
                score = float(rng.random() < (0.5 if reward is None else reward(step, kind)))
                prompt = f"q{step}-{group}"
                rows.append(
                    Rollout(run="r", step=step, prompt_id=prompt, prompt=prompt, completion=text, group=prompt, reward=score, **made)
                )
    return rows


def rewarded(row, reward):
    return msgspec.structs.replace(row, reward=reward)


def steady(step):
    return (0.4, 0.3, 0.3)


def settling(step):
    other = 0.6 * math.exp(-step / 3)
    return (1 - other, other / 2, other / 2)


def alarms(rows, guard, **settings):
    monitor = Monitor(Settings(**settings), [guard])
    return [*monitor.take(rows), *monitor.close()]


def statuses(found):
    return [alarm.verdict.status for alarm in found]


@pytest.mark.parametrize("guard", [entry.name for entry in GUARDS])
def test_no_guard_cries_wolf_where_nothing_changes(guard):
    entropy = {"mean_entropy": lambda rng, step: float(rng.gamma(20, 0.5 / 20)), "n_tokens": lambda rng, step: int(rng.integers(20, 60))}
    drift = {
        "mean_logp": lambda rng, step: float(-rng.gamma(20, 0.5 / 20)),
        "ref_mean_logp": lambda rng, step: float(-rng.gamma(20, 0.5 / 20)),
    }
    loud = sum(
        bool({"warn", "fail"} & set(statuses(alarms(run(12, steady, seed=seed, **entropy, **drift), guard, budget=0.05))))
        for seed in range(20)
    )
    assert loud <= 2  # alpha is .05: three or more of 20 come with a chance of .08


@pytest.mark.parametrize(("factor", "status", "remedy"), [(0.25, "fail", "lower the learning rate"), (4.0, "fail", "lower the upper clip")])
def test_entropy_that_falls_and_entropy_that_blows_up_are_both_told(factor, status, remedy):
    moved = run(8, steady, mean_entropy=lambda rng, step: float(rng.gamma(20, 0.5 / 20)) * (1.0 if step < 4 else factor))
    last = alarms(moved, "entropy")[-1].verdict
    assert last.status == status
    assert f"{factor:.2f} of the begin" in last.because or abs(float(last.because.split(", ")[1].split()[0]) - factor) < 0.02 * factor
    assert last.remedy.startswith(remedy)


def test_entropy_that_is_gone_is_a_fall_and_no_absence():
    gone = run(8, steady, mean_entropy=lambda rng, step: float(rng.gamma(20, 0.5 / 20)) if step < 4 else 0.0)
    last = alarms(gone, "entropy")[-1].verdict
    assert last.status == "fail"
    assert "0.00 of the begin [0.00, 0.00]" in last.because


@pytest.mark.parametrize("guard", ["format_mix", "entropy"])
def test_a_run_that_moves_inside_its_begin_is_no_pass(guard):
    at_once = run(
        9,
        lambda step: (0.05, 0.475, 0.475) if step == 0 else (1.0, 0.0, 0.0),
        groups=6,
        mean_entropy=lambda rng, step: 5.0 if step == 0 else 1e-4,
    )
    found = alarms(at_once, guard, fewest=18)
    assert statuses(found) == ["not_measured", "not_measured"]
    assert "groups move inside the windows" in found[0].verdict.because
    assert "more groups in a window" in found[0].verdict.enable


def test_surprisal_stands_in_for_entropy_and_nothing_logged_is_not_measured():
    logged = run(8, steady, mean_logp=lambda rng, step: -0.5 if step < 4 else -0.1)
    assert alarms(logged, "entropy")[-1].verdict.because.startswith("surprisal 0.500 -> 0.100")
    assert set(statuses(alarms(run(8, steady), "entropy"))) == {"not_measured"}


def test_luck_that_teaches_is_told_with_its_advantage():
    rng = np.random.default_rng(3)
    rows = [rewarded(row, float(rng.random() < 0.02)) for row in run(6, steady)]
    last = alarms(rows, "lone_success", fewest=32)[-1].verdict
    assert last.status in ("warn", "fail")
    assert "1 of 8, advantage 2.47, without scaling 0.88" in last.evidence[0]


def test_a_prompt_that_sixty_four_tries_solved_once_is_listed_with_its_advantage():
    rows = run(3, steady, groups=32, each=64, reward=lambda step, kind: 0.0)
    lone = [rewarded(row, float(at % 64 == 0)) for at, row in enumerate(rows)]
    verdict = alarms(lone, "lone_success")[-1].verdict
    assert "1 of 64, advantage 7.88" in verdict.evidence[0]


def test_rewards_that_were_not_given_are_not_zero():
    rows = [
        Rollout(run="r", step=step, prompt_id=f"p{at}", prompt="p", completion="c", group=f"{step}-{at}")
        for step in range(4)
        for at in range(40)
    ]
    assert set(statuses(alarms(rows, "lone_success"))) == {"not_measured"}


def worked(length, answer=None, times=1):
    def completion(rng, step):
        words = " ".join(f"w{rng.integers(5000)}" for _ in range(length(step)))
        said = rng.integers(1000) if answer is None or step < 4 else answer
        return " ".join([words] * (times if step >= 4 else 1)) + f" so {said}"

    return completion


SHORTCUTS = {
    "length": worked(lambda step: 60 if step < 4 else 10),
    "one answer": worked(lambda step: 30, answer=42),
    "repetition": worked(lambda step: 30, times=4),
}


@pytest.mark.parametrize("name", SHORTCUTS)
def test_a_shortcut_is_told_by_its_sign(name):
    rng = np.random.default_rng(1)
    rows = [
        Rollout(
            run="r", step=step, prompt_id=f"{step}-{at}", prompt=f"sum {at}", completion=SHORTCUTS[name](rng, step), group=f"{step}-{at}"
        )
        for step in range(8)
        for at in range(32)
        for _ in range(4)
    ]
    last = alarms(rows, "shortcuts")[-1].verdict
    assert last.status == "fail"
    assert name in last.because


def at_once(later):
    """Long answers in the first step and others from the second one on: the begin, three steps of six groups, is no rest."""
    words = " ".join(map(chr, range(0x4E00, 0x4E00 + 400)))
    return [
        Rollout(
            run="r", step=step, prompt_id=f"{step}-{at}", prompt="?", completion=later(step, at) if step else words, group=f"{step}-{at}"
        )
        for step in range(9)
        for at in range(6)
        for _ in range(4)
    ]


def test_signs_that_all_tell_nothing_are_no_pass():
    found = alarms(at_once(lambda step, at: "so"), "shortcuts", fewest=18)
    assert statuses(found) == ["not_measured", "not_measured"]
    assert found[0].verdict.because == "no sign tells anything: groups move inside the windows, and too few tell"
    assert "more groups in a window" in found[0].verdict.enable


def test_a_sign_that_tells_nothing_is_named_beside_one_that_passes():
    verdict = alarms(at_once(lambda step, at: f"so {step}{at}"), "shortcuts", fewest=18)[-1].verdict
    assert verdict.status == "pass"
    assert "length tells nothing: groups move inside the windows" in verdict.because
    assert "one answer to all prompts 0.0% -> 5.6%" in verdict.because


def test_a_sign_that_tells_nothing_hides_none_that_fails():
    verdict = alarms(at_once(lambda step, at: "so 1" if step < 3 else "so 42"), "shortcuts", fewest=18)[-1].verdict
    assert verdict.status == "fail"
    assert "one answer to all prompts 0.0% -> 100.0%" in verdict.because
    assert "length tells nothing: groups move inside the windows, and too few tell" in verdict.evidence


def test_a_loop_of_any_kind_is_observed_and_the_last_step_waits_until_it_is_whole():
    monitor = Monitor(Settings(fewest=4), ["format_mix"])
    for step in range(3):
        said = monitor.observe(step, [f"p{at}" for at in range(4)] * 2, ["a b c"] * 8, [1.0] * 8)
        assert len(said) == (1 if step == 2 else 0)
    assert len(monitor.close()) == 1
    assert monitor.status == "pass"


def test_taking_rollouts_one_by_one_is_taking_them_at_once():
    rows = run(10, settling, groups=8)
    whole, parts = Monitor(), Monitor()
    whole.take(rows)
    for row in rows:
        parts.take([row])
    whole.close()
    parts.close()
    assert whole.alarms == parts.alarms
    assert whole.alarms


def test_the_error_rate_is_shared_by_guards_and_spent_over_looks():
    seen = []

    def spy(watched):
        """Note the level."""
        seen.append(watched.level)
        raise RuntimeError("boom")

    entry = GUARDS["entropy"]
    GUARDS._entries["entropy"] = type(entry)(name="entropy", member=spy, facts=entry.facts, needs=(), settings=())
    try:
        monitor = Monitor(Settings(alpha=0.04), ["entropy", "format_mix"])
        found = [*monitor.take(run(12, steady)), *monitor.close()]
    finally:
        GUARDS._entries["entropy"] = entry
    assert seen == pytest.approx([0.02 / (k * (k + 1)) for k in range(1, len(seen) + 1)])
    assert {alarm.verdict.status for alarm in found if alarm.guard == "entropy"} == {"fail"}
    assert "crashed: RuntimeError: boom" in found[0].verdict.because


@pytest.mark.parametrize("settings", [{"fewest": 1}, {"kept": 1.0}, {"budget": 0.0}, {"budget": math.nan}, {"alpha": 0.0}, {"horizon": 0}])
def test_settings_out_of_range_are_refused(settings):
    with pytest.raises(ConfigError):
        Monitor(Settings(**settings))


def test_unknown_guards_and_unlike_lengths_are_refused():
    with pytest.raises(UnknownName, match="did you mean 'entropy'"):
        Monitor(guards=["entropie"])
    with pytest.raises(ConfigError, match="no guards"):
        Monitor(guards=[])
    with pytest.raises(ConfigError, match="unlike length: prompt 2, completion 1"):
        Monitor().observe(1, ["a", "b"], ["c"])
