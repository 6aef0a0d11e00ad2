import json

import pytest

ASK = ("lab", "plan", "--tail-share", 0.05, "--budget", 120, "--horizon", 40)


def test_both_numbers_come_first_and_each_names_its_kind_and_condition(cli):
    ran = cli(*ASK, "--policy", "fresh")
    assert (ran.code, ran.err) == (0, "")
    told = " ".join(ran.out.split())
    assert "horizon 40 generations" in told
    keep, rescue = (next(line for line in ran.out.splitlines() if line.startswith(name)) for name in ("keep", "rescue"))
    assert "real share 0." in keep and "exact [1]" in keep
    assert "real share 0.0028" in rescue and "exact [2]" in rescue
    assert "[1] given: each row of a training set is new real data" in told
    assert "at least once within the horizon" in told
    assert max(map(len, ran.out.splitlines())) <= 80


@pytest.mark.parametrize("policy", ["fresh:0.1", "fresh:0.1,4", "replace", "window:3", "accumulate", "expanding", "fixed_budget"])
def test_the_json_holds_two_needs_for_every_policy(cli, policy):
    found = json.loads(cli(*ASK, "--policy", policy, "--collapsed", 10, "--json").out)
    assert found["schema_version"] == "1.0"
    assert found["ask"]["policy"] == policy and found["ask"]["horizon"] == 40
    for name in ("keep", "rescue"):
        need = found[name]
        assert set(need) == {"share", "rows", "event", "kind", "condition", "reason"}
        assert (need["share"] is None) == bool(need["reason"])


def test_what_cannot_be_reached_is_told_with_its_reason_and_what_would_serve(cli):
    told = " ".join(cli(*ASK, "--policy", "replace").out.split())
    assert told.count("no share reaches it") == 2
    assert "nothing brings a lost type back" in told
    assert "Instead (fresh): take new real data in" in told


def test_no_word_promises_more_than_its_condition(cli):
    for policy in ("fresh", "accumulate", "replace", "fixed_budget", "window:3"):
        told = f" {cli(*ASK, '--policy', policy, '--collapsed', 10).out.lower()} "
        assert not any(word in told for word in ("safe", "always", "guarantee", "never"))


@pytest.mark.parametrize("left_out", ["--horizon", "--budget", "--tail-share", "--policy"])
def test_what_is_missing_is_named(cli, left_out):
    words = [*ASK, "--policy", "fresh"]
    at = words.index(left_out)
    ran = cli(*words[:at], *words[at + 2 :])
    assert ran.code == 2 and ran.out == ""
    assert left_out in ran.err and len(ran.err.splitlines()) == 1
