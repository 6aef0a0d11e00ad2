"""An audit beside the rollouts of a training run: planted changes, runs in which nothing changes, and what cannot be told."""

import json
import math

import numpy as np
import pytest

from longtail.auditing import audit
from longtail.errors import ConfigError, ReadError, UsageError
from longtail.metrics.rollouts.drift import exact_kl
from longtail.report.formats.found import file_of
from longtail.report.formats.sarif import to_sarif
from longtail.report.rollouts import page
from tests.readers.rollouts.test_rollouts import write_trl

CODES = ("LT306", "LT502", "LT503", "LT504", "LT505")
PROSE, CODE = "It is {} because the sum of all parts is so.", "```python\nx = {}\n```"


def write(
    path, steps=6, groups=32, each=4, seed=1, code=lambda step: 0.4, reward=lambda rng, step, kind: float(rng.random() < 0.5), **more
):
    """A run as plain lines; values of `more` are functions of (rng, step)."""
    rng = np.random.default_rng(seed)
    rows = []
    for step in range(steps):
        for group in range(groups):
            for _ in range(each):
                kind = int(rng.random() < code(step))
                row = {"step": step, "prompt": f"q{step}-{group}", "completion": (PROSE, CODE)[kind].format(rng.integers(1000))}
                rows.append(row | {"reward": reward(rng, step, kind)} | {name: value(rng, step) for name, value in more.items()})
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def entropy(begin, end):
    return lambda rng, step: float(rng.gamma(20, (begin if step < 3 else end) / 20))


def told(report):
    return {found.code: found for found in report.findings} | {each.code: each for each in report.not_measured}


def number(report, metric):
    (found,) = [each for each in report.estimates if each.metric == metric]
    return found


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs")
    logged = {"mean_entropy": entropy(0.5, 0.5), "mean_logp": lambda rng, step: -0.5, "ref_mean_logp": lambda rng, step: -0.52}
    falls = logged | {"mean_entropy": entropy(0.7, 0.2)}
    return {
        "healthy": write(folder / "healthy" / "r.jsonl", **logged),
        "bare": write(folder / "bare" / "r.jsonl"),
        "narrow": write(folder / "narrow" / "r.jsonl", code=lambda step: 0.4 if step < 3 else 0.97, **falls),
    }


def test_a_run_in_which_nothing_changes_passes_every_rule_on_rollouts(runs):
    report = audit(rollouts=runs["healthy"], budget=0.05)
    assert set(CODES) <= set(report.passed)
    assert number(report, "policy_entropy").low < 1 < number(report, "policy_entropy").high
    assert "of a training run only" in report.guarantee.text and "5%" in report.guarantee.text


def test_every_rule_stands_in_one_place_of_the_report(runs):
    for given in ({"rollouts": runs["narrow"], "budget": 0.01}, {"rollouts": runs["bare"]}, {"data": ["some text"] * 40}):
        report = audit(**given)
        codes = [*(each.code for each in report.findings), *(each.code for each in report.not_measured), *report.passed]
        assert len(codes) == len(set(codes)) == 46
        assert set(CODES) <= set(codes)


def test_entropy_that_fell_by_three_and_a_half_is_told_as_that(runs):
    report = audit(rollouts=runs["narrow"])
    assert 1 / number(report, "policy_entropy").value == pytest.approx(3.5, abs=0.1)
    assert told(report)["LT502"].status == "fail"


def test_one_format_that_took_over_is_told_with_its_window_and_the_input(runs, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    report = audit(rollouts=runs["narrow"])
    found = told(report)["LT306"]
    assert found.status == "fail" and "; code 9" in found.because
    assert found.where == "rollouts: step 5 beside step 0"
    (source,) = report.inputs
    assert (source.role, source.path, source.documents, source.parts) == ("rollouts", str(runs["narrow"]), 768, 1)
    assert file_of(report, found.where) == str(runs["narrow"])
    results = json.loads(to_sarif(report))["runs"][0]["results"]
    assert {result["ruleId"] for result in results} == {"LT306", "LT502"}


def test_an_alert_stays_the_same_when_the_run_has_grown(tmp_path):
    prints = []
    for steps in (4, 6):
        path = write(tmp_path / "run.jsonl", steps=steps, code=lambda step: 0.4 if step < 3 else 0.97)
        (result,) = json.loads(to_sarif(audit(rollouts=path)))["runs"][0]["results"]
        prints.append(result["partialFingerprints"])
    assert prints[0] == prints[1]


def test_a_format_that_won_without_being_better_is_called_that(tmp_path):
    path = write(
        tmp_path / "r.jsonl",
        code=lambda step: 0.4 if step < 3 else 0.97,
        reward=lambda rng, step, kind: float(rng.random() < (0.9, 0.2)[kind]),
    )
    assert "won, not better: another format than code" in told(audit(rollouts=path))["LT306"].because


def test_what_was_not_logged_is_not_measured_and_says_what_to_log(runs):
    found = told(audit(rollouts=runs["bare"]))
    assert "log mean_entropy" in found["LT502"].enable
    assert "ref_mean_logp" in found["LT505"].enable
    assert "budget" in told(audit(rollouts=runs["healthy"]))["LT505"].enable


def test_one_success_in_sixty_four_is_listed_with_its_advantage(tmp_path):
    path = write(tmp_path / "r.jsonl", steps=2, each=64, reward=lambda rng, step, kind: 0.0)
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    path.write_text("".join(json.dumps(row | {"reward": float(at % 64 == 0)}) + "\n" for at, row in enumerate(rows)))
    report = audit(rollouts=path)
    found = told(report)["LT504"]
    assert found.status == "warn" and "1 of 64, advantage 7.88" in found.evidence[0]
    assert number(report, "lone_success_share").value == 1


def test_the_divergence_of_two_known_laws_is_found_and_a_budget_below_it_fails(tmp_path):
    p, q = np.array([0.5, 0.3, 0.15, 0.05]), np.full(4, 0.25)
    rng = np.random.default_rng(3)

    def logs(rng_, step):
        wrote = rng.choice(4, p=p, size=200)
        return float(np.log(p)[wrote].mean()), float(np.log(q)[wrote].mean())

    rows = [json.loads(line) for line in write(tmp_path / "r.jsonl", steps=2).read_text().splitlines()]
    drawn = [dict(zip(("mean_logp", "ref_mean_logp"), logs(rng, 0), strict=True)) | {"n_tokens": 200} for _ in rows]
    (tmp_path / "r.jsonl").write_text("".join(json.dumps(row | each) + "\n" for row, each in zip(rows, drawn, strict=True)))
    exact = exact_kl(p, q)
    report = audit(rollouts=tmp_path / "r.jsonl", budget=exact * 0.9)
    found = number(report, "policy_kl")
    assert found.low < exact < found.high
    assert told(report)["LT505"].status == "fail"
    assert "LT505" in audit(rollouts=tmp_path / "r.jsonl", budget=exact * 1.1).passed


def test_a_run_too_short_to_compare_measures_nothing(tmp_path):
    found = told(audit(rollouts=write(tmp_path / "r.jsonl", steps=1)))
    assert all("a window takes 32" in found[code].reason for code in CODES)


def test_data_and_a_run_are_judged_in_one_report_and_their_key_in_a_history_holds_both(tmp_path, runs):
    data = [f"document {at} says that it is so" for at in range(200)]
    report = audit(data, rollouts=runs["narrow"])
    assert [each.role for each in report.inputs] == ["candidate", "rollouts"]
    assert told(report)["LT502"].status == "fail" and "LT402" in report.passed
    levels = []
    for name in ("healthy", "narrow", "healthy"):
        spent = audit(data, rollouts=runs[name], history=tmp_path / "history.json").guarantee
        levels.append((spent.audit_number, spent.alpha_here))
    assert levels == [(1, pytest.approx(0.025)), (2, pytest.approx(0.05 / 6)), (1, pytest.approx(0.025))]


def test_the_same_run_gives_the_same_report(runs):
    first, again = (audit(rollouts=runs["narrow"], budget=0.01).to_dict() for _ in range(2))
    for each in (first, again):
        del each["created_at"], each["timing"]
    assert first == again


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no fields"),
        ("not json\n", "no fields"),
        ('{"a": 1}\n', "the first record has a: no rollout"),
        ('{"prompt": 1, "completion": "x"}\n', "no rollout could be read"),
        ("\x00\x01", "no fields"),
    ],
)
def test_what_is_no_run_is_refused(tmp_path, text, says):
    path = tmp_path / "r.jsonl"
    path.write_text(text)
    with pytest.raises(ReadError, match=says):
        audit(rollouts=path)


def test_a_run_that_is_not_there_and_settings_out_of_range_are_refused(tmp_path, runs):
    with pytest.raises(ReadError, match="no such file or folder"):
        audit(rollouts=tmp_path / "none")
    with pytest.raises(ReadError, match="no rollouts here"):
        (tmp_path / "empty").mkdir()
        audit(rollouts=tmp_path / "empty")
    with pytest.raises(UsageError, match="--rollouts RUN"):
        audit(["text"], budget=0.05)
    with pytest.raises(UsageError, match="reward weights were given without rollouts"):
        audit(["text"], reward_weights={"accuracy": 1.0})
    with pytest.raises(ConfigError, match="its files hold the reward in all"):
        audit(rollouts=runs["bare"], reward_weights={"accuracy": 1.0})
    with pytest.raises(UsageError, match="rollouts is a list"):
        audit(["text"], rollouts=[1])
    for given in ({"budget": 0.0}, {"budget": math.inf}, {"success": math.nan}):
        with pytest.raises(ConfigError):
            audit(rollouts=runs["bare"], **given)


def test_weights_of_rewards_are_heard_where_the_files_hold_none(tmp_path):
    for step in range(6):
        parts = [{"accuracy": float(each == 0), "length": 0.0} for each in range(4)]
        write_trl(tmp_path, step, [(f"q{step}-{group}", f"It is {step}.", part, 0.0) for group in range(16) for part in parts])
    plain, weighed = audit(rollouts=tmp_path), audit(rollouts=tmp_path, reward_weights={"accuracy": 0.1})
    assert [number(report, "lone_success_share").value for report in (plain, weighed)] == [1.0, 0.0]
    assert "each with weight 1" in plain.panels["rollouts"]["assumed"]
    assert weighed.panels["rollouts"]["assumed"] == "" and weighed.panels["rollouts"]["weights"] == {"accuracy": 0.1}
    assert "Rewards weighed: accuracy 0.1." in page(weighed)["sentence"]
