"""What a team asks for: a day from which findings fail, a limit, accepted numbers from settings."""

import json
from datetime import UTC, datetime

import pytest

from longtail.cli import policy
from longtail.cli.policy import code_of, pipeline_of
from longtail.errors import ConfigError
from longtail.rules import Pipeline

DAY = datetime(2027, 2, 20, tzinfo=UTC)
GIVEN = {"exit_zero": False, "fail_on": "fail", "quiet": False, "warn_until": DAY}


@pytest.fixture(scope="module")
def report():
    """A report in which LT801 fails, made on a given day."""
    import longtail

    def made(moment):
        return longtail.audit(pipeline=Pipeline(metrics=("accuracy",)), now=datetime.fromisoformat(moment))

    return made


@pytest.mark.parametrize(("moment", "code", "said"), [
    ("2026-11-22T10:00:00+00:00", 0, "would fail from 2027-02-20 on; 90 days left (--warn-until)\n"),
    ("2027-02-19T23:59:59+00:00", 0, "would fail from 2027-02-20 on; 1 day left (--warn-until)\n"),
    ("2027-02-20T00:00:00+00:00", 1, ""),
    ("2027-03-01T00:00:00+00:00", 1, ""),
])  # fmt: skip
def test_findings_fail_from_the_day_on_and_warn_before_it(report, capsys, moment, code, said):
    found = report(moment)
    assert [each.status for each in found.findings if each.code == "LT801"] == ["fail"], "the status of a finding never changes"
    assert (code_of(found, GIVEN), capsys.readouterr().err) == (code, said)


def test_without_findings_nothing_is_said(report, capsys):
    found = report("2026-11-22T10:00:00+00:00")
    import msgspec

    clean = msgspec.structs.replace(found, findings=())
    assert code_of(clean, GIVEN) == 0 and capsys.readouterr().err == ""


@pytest.mark.parametrize(("changed", "code"), [({"exit_zero": True}, 0), ({"warn_until": None}, 1), ({"fail_on": "warn"}, 0)])
def test_other_options_keep_their_meaning_beside_it(report, capsys, changed, code):
    assert code_of(report("2026-11-22T10:00:00+00:00"), GIVEN | changed) == code
    assert ("would fail" in capsys.readouterr().err) is (changed == {"fail_on": "warn"})


def test_quiet_says_nothing_and_exits_alike(report, capsys):
    assert code_of(report("2026-11-22T10:00:00+00:00"), GIVEN | {"quiet": True}) == 0
    assert capsys.readouterr().err == ""


def _without_clock(ran):
    shown = ran.report
    return json.dumps({name: value for name, value in shown.items() if name not in ("created_at", "timing", "command")}, sort_keys=True)


def test_the_report_holds_the_day_and_nothing_else_of_it(here, cli):
    (here / "pipeline.toml").write_text('[pipeline]\nmetrics = ["accuracy"]\n')
    past, future, without = (
        cli("audit", "--pipeline", "pipeline.toml", "--json", *more)
        for more in (("--warn-until", "2020-01-01"), ("--warn-until", "2999-01-01"), ())
    )
    assert (past.code, future.code, without.code) == (1, 0, 1)
    assert past.report["settings"]["warn_until"] == "2020-01-01" and "warn_until" not in without.report["settings"]
    assert _without_clock(past).replace("2020-01-01", "2999-01-01") == _without_clock(future)


def test_settings_of_a_file_and_of_the_command_line_give_one_report(here, cli):
    (here / "pipeline.toml").write_text('[pipeline]\nmetrics = ["accuracy"]\n')
    typed = cli(
        "audit", "--json", "--pipeline", "pipeline.toml", "--alpha", "0.01", "--require", "LT801", "--max-synthetic", "0.2", "--seed", "4"
    )
    (here / "longtail.toml").write_text(
        'seed = 4\n[audit]\nalpha = 0.01\nrequire = ["LT801"]\npipeline = "pipeline.toml"\nmax-synthetic = 0.2\n'
    )
    read = cli("audit", "--json", "--pipeline", "pipeline.toml")
    assert _without_clock(read) == _without_clock(typed) and read.report["settings"]["alpha"] == 0.01 and read.report["seed"] == 4


def test_a_profile_is_the_options_that_it_stands_for(here, cli):
    (here / "pipeline.toml").write_text('[pipeline]\nmetrics = ["tail_mass_retained"]\n')
    named = cli("audit", "--json", "--pipeline", "pipeline.toml", "--profile", "scrape")
    typed = cli(
        "audit", "--json", "--pipeline", "pipeline.toml", "--max-synthetic", "0.3",
        *("--require", "LT101", "--require", "LT102", "--require", "LT402"),
    )  # fmt: skip
    assert _without_clock(named) == _without_clock(typed) and named.code == 1
    assert [each["code"] for each in named.report["findings"]] == ["LT900"] * 3


@pytest.mark.parametrize(("stated", "limit", "holds"), [(None, 0.3, 0.3), (0.2, 0.3, 0.2), (0.5, 0.3, 0.3), (0.5, 0.0, 0.0)])
def test_the_stricter_limit_holds(here, stated, limit, holds):
    (here / "p.toml").write_text("[pipeline]\nloop = true\n" + (f"max_synthetic = {stated}\n" if stated is not None else ""))
    found = pipeline_of({"pipeline": "p.toml", "max_synthetic": limit})
    assert found.max_synthetic == holds and found.loop is True


def test_without_a_limit_the_pipeline_is_left_to_the_audit(here):
    assert pipeline_of({"pipeline": "p.toml", "max_synthetic": None}) == "p.toml"
    assert pipeline_of({"pipeline": None, "max_synthetic": None}) is None
    assert pipeline_of({"pipeline": None, "max_synthetic": 0.3}) == Pipeline(max_synthetic=0.3)
    (here / "p.toml").write_text("[pipeline")
    with pytest.raises(ConfigError, match="p.toml: is no TOML"):
        pipeline_of({"pipeline": "p.toml", "max_synthetic": 0.3})


def test_accepted_numbers_of_a_file_are_updated_by_the_command_line(here, cli):
    (here / "longtail.toml").write_text('[audit]\naccepted = "accepted.json"\n')
    (here / "d.jsonl").write_text("".join(json.dumps({"text": f"a text with the number {n}"}) + "\n" for n in range(40)))
    ran = cli("audit", "d.jsonl", "--view", "words_1", "--update-baseline", "accepted.json")
    assert ran.code == 0 and "nothing was decided" in ran.err, ran.err
    other = cli("audit", "d.jsonl", "--update-baseline", "other.json", "--accepted", "accepted.json")
    assert other.code == 2 and "both name accepted numbers" in other.err


def test_ranks_are_ordered_by_gravity():
    assert policy._RANK["pass"] < policy._RANK["warn"] < policy._RANK["fail"]
