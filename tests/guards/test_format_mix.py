"""The guard on the mix of formats."""

from .test_guards import alarms, run, settling, statuses, steady


def test_a_policy_that_settles_on_one_format_is_told_with_step_and_format():
    found = alarms(run(20, settling), "format_mix")
    assert "fail" in statuses(found)
    first = next(alarm for alarm in found if alarm.verdict.status == "fail")
    assert first.code == "LT306"
    assert "prose" in first.verdict.because
    assert first.verdict.where == f"steps {first.first} to {first.last}"
    assert any(line.startswith("prose: ") for line in first.verdict.evidence)


def test_a_format_that_won_without_being_better_is_told_apart_from_one_that_is():
    unearned = alarms(run(20, settling, reward=lambda step, kind: (0.1, 0.9, 0.1)[kind], each=16), "format_mix")[-1].verdict
    earned = alarms(run(20, settling, reward=lambda step, kind: (0.9, 0.1, 0.1)[kind], each=16), "format_mix")[-1].verdict
    assert "won, not better: another format than prose succeeded more often" in unearned.because
    assert "not better" not in earned.because


def test_own_formats_are_told_by_their_predicates_and_a_predicate_that_raises_is_a_failure():
    formats = (("code", lambda text: text.startswith("```")), ("list", lambda text: text.startswith("-")))
    last = alarms(run(20, settling), "format_mix", formats=formats)[-1].verdict
    assert {line.partition(":")[0] for line in last.evidence} == {"code", "list", "other"}
    broken = alarms(run(6, steady), "format_mix", formats=(("x", lambda text: text[1000]),))
    assert set(statuses(broken)) == {"fail"}
    assert "crashed: ConfigError: the predicate of format 'x' raised IndexError" in broken[0].verdict.because


def test_completions_that_no_format_takes_are_told_before_the_mix_is_trusted():
    kinds = (("prose", lambda text: text.startswith("It")), ("code", lambda text: text.startswith("```")))
    last = alarms(run(16, lambda step: (0.5, 0.5, 0.0) if step < 8 else (0.4, 0.4, 0.2)), "format_mix", formats=kinds)[-1].verdict
    assert last.status == "warn"
    assert "no format takes" in last.because
