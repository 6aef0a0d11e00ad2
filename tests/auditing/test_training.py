"""A training run as its guards see it, from files to what each came to."""

import json

import numpy as np
import pytest

from longtail.auditing.training import watch_run
from longtail.guards import Settings
from longtail.report.screen.training import lines

PROSE, CODE = "It is {} because the sum is so.", "```python\nx = {}\n```"


def write_run(folder, steps, share, *, groups=16, each=8):
    """A run of verl whose share of code follows `share(step)`."""
    rng = np.random.default_rng(1)
    folder.mkdir(parents=True, exist_ok=True)
    for step in range(steps):
        rows = []
        for group in range(groups):
            for _ in range(each):
                text = (CODE if rng.random() < share(step) else PROSE).format(rng.integers(100))
                rows.append({"input": f"q{step}-{group}", "output": text, "gts": "", "score": float(rng.random() < 0.5), "step": step})
        (folder / f"{step}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


def test_a_run_that_settles_is_failed_with_the_step_since_when(tmp_path):
    found = watch_run(write_run(tmp_path / "run", 20, lambda step: min(1.0, 0.4 + step / 20)))
    first = found.guards[0]
    assert (found.kind, found.rollouts, found.first, found.last, found.base) == ("verl", 2560, 0, 19, (0, 1))
    assert (first.guard, first.code, first.status, found.status) == ("format_mix", "LT306", "fail", "fail")
    assert 4 <= first.since <= 18
    assert first.looks == found.looks == 9
    text = "\n".join(lines(found))
    assert "This run narrows or drifts" in text
    assert f"LT306 fail  format mix, since step {first.since}" in text
    assert "no log-probabilities under policy and reference model" in text


def test_a_steady_run_passes_and_says_what_was_not_measured(tmp_path):
    found = watch_run(write_run(tmp_path / "run", 12, lambda step: 0.4))
    assert found.status == "pass"
    assert {guard.guard for guard in found.guards if guard.status == "not_measured"} == {"divergence", "entropy"}
    assert "Nothing has surely moved" in "\n".join(lines(found))


def test_a_short_run_is_told_to_be_too_short(tmp_path):
    found = watch_run(write_run(tmp_path / "run", 2, lambda step: 0.4))
    assert (found.status, found.looks, found.guards) == ("not_measured", 0, ())
    assert "Too few completions to judge" in "\n".join(lines(found))


def test_hostile_text_in_a_run_is_shown_as_text(tmp_path):
    folder = write_run(tmp_path / "run", 8, lambda step: 0.4)
    for path in folder.iterdir():
        path.write_text(path.read_text().replace("because", "\\u001b[31m\\u202e<b>"))
    text = "\n".join(lines(watch_run(folder)))
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_one_prompt_and_unequal_groups_have_defined_outcomes(tmp_path):
    path = tmp_path / "r.jsonl"
    rows = [{"prompt": "p", "completion": "", "step": step, "reward": None} for step in range(80) for _ in range(1 + step % 3)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    found = watch_run(path)
    assert found.looks >= 1
    assert {guard.guard: guard.status for guard in found.guards}["lone_success"] == "not_measured"


def test_the_record_says_the_same_twice(tmp_path):
    folder = write_run(tmp_path / "run", 10, lambda step: 0.4 + step / 40)
    assert watch_run(folder, Settings(horizon=9)) == watch_run(folder, Settings(horizon=9))


@pytest.mark.parametrize("horizon", [None, 9])
def test_the_error_rate_is_stated(tmp_path, horizon):
    found = watch_run(write_run(tmp_path / "run", 8, lambda step: 0.4), Settings(alpha=0.02, horizon=horizon))
    assert "at most 0.02, over 3 looks" in "\n".join(lines(found))
