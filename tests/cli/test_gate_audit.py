import json

import pytest


@pytest.fixture
def judged(tmp_path):
    path = tmp_path / "judged.jsonl"
    rows = [
        {"kept": n % 10 < (9 if right else 3), "right": right, "score": (n % 17) - 8}
        for right in (True, False)
        for n in range(400 if right else 100)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_the_numbers_come_with_intervals_and_what_follows_with_its_condition(cli, judged):
    ran = cli("gate", "audit", judged, "--value", "score")
    assert (ran.code, ran.err) == (0, "")
    told = " ".join(ran.out.split())
    assert "390 of 500 rows kept" in told
    assert "break point p* = phi/(phi+psi) 0.75" in told
    assert "below the break point" in told and "unlimited data" in told
    assert "Not measured: kept of real data (TPR)" in told and "add a column human" in told
    assert max(map(len, ran.out.splitlines())) <= 80
    assert not any(word in told.lower() for word in ("safe", "always", "guarantee", "never"))


def test_the_json_holds_the_same_numbers(cli, judged):
    found = json.loads(cli("gate", "audit", judged, "--json").out)
    assert found["schema_version"] == "1.0" and (found["rows"], found["kept"], found["quarantined"]) == (500, 390, 0)
    values = {each["metric"]: each["value"] for each in found["estimates"]}
    assert values["keep_right"] == 0.9 and values["keep_wrong"] == 0.3 and values["break_point"] == pytest.approx(0.75)
    assert {each["metric"] for each in found["not_measured"]} >= {"variance_ratio", "effective_real_rows"}


def test_a_gate_of_the_lab_is_tried_on_draws_from_the_truth(cli):
    found = json.loads(cli("gate", "audit", "--gate", "top:0.5,0.2", "--option", "dim=1", "--rows", 20000, "--json").out)
    values = {each["metric"]: each["value"] for each in found["estimates"]}
    assert values["keep_rate"] == 0.5 and values["centre_shift"] == pytest.approx(0.17, abs=0.03)
    assert values["variance_ratio"] == pytest.approx(0.148, abs=0.01)


@pytest.fixture
def by_format(tmp_path):
    """A gate that is right and lets one format die out."""
    path = tmp_path / "formats.jsonl"
    rows = [
        {"kept": right and form != "reversed", "right": right, "meta": {"format": form}, "group": "one"}
        for form in ("direct", "reversed", "worked")
        for right in (True, False)
        for _ in range(200)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_valid_and_diverse_are_two_statements(cli, by_format):
    ran = cli("gate", "audit", by_format, "--by", "meta.format")
    told = " ".join(ran.out.split())
    assert "Valid: pass: 1 of what is kept is right" in told
    assert "Diverse: fail: below 0.9 of what it was among all or among right rows: the share of 'reversed' 0 (0 to" in told
    assert "Jensen-Shannon of the mix before and after 0.191 bits; random gates" in told
    assert max(map(len, ran.out.splitlines())) <= 80
    without = " ".join(cli("gate", "audit", by_format).out.split())
    assert "Diverse: not measured" in without and "Valid: pass" in without


def test_the_json_holds_the_strata_the_mix_and_both_lights(cli, by_format):
    found = json.loads(cli("gate", "audit", by_format, "--by", "meta.format", "--margin", 0.5, "--json").out)
    assert [(light["name"], light["status"]) for light in found["lights"]] == [("valid", "pass"), ("diverse", "fail")]
    kept = {each["slice"]: each["value"] for each in found["estimates"] if each["metric"] == "stratum_kept"}
    assert kept == {"direct": 0.5, "reversed": 0.0, "worked": 0.5}
    assert found["mix"]["strata"] == ["direct", "reversed", "worked"] and found["mix"]["p"] == 0.001
    values = {each["metric"]: each["value"] for each in found["estimates"]}
    assert values["label_precision"] == 1 and values["effective_rows"] == 0


def test_of_many_strata_those_that_lost_most_are_printed(cli, tmp_path):
    path = tmp_path / "many.csv"
    path.write_text("kept,group\n" + "".join(f"{int(row < at)},g{at:02}\n" for at in range(20) for row in range(30)))
    told = cli("gate", "audit", path, "--by", "group").out
    assert "g00" in told and "g19" not in told and "8 strata more" in told


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "name either a file"),
        (("absent.jsonl",), "no such file of judged rows"),
        (("absent.jsonl", "--gate", "top:0.5"), "name either a file"),
        (("--gate", "tp:0.5"), "did you mean 'top'"),
        (("--gate", "none"), "judges no row by itself"),
        (("--gate", "top:0.5", "--family", "categorical"), "show no position"),
        (("--gate", "top:0.5", "--option", "dim"), "write NAME=VALUE"),
        (("--gate", "top:0.5", "--by", "format"), "without strata"),
    ],
)
def test_a_mistake_is_one_line(cli, words, told):
    ran = cli("gate", "audit", *words)
    assert ran.code == 2 and ran.out == "" and len(ran.err.splitlines()) == 1
    assert told in ran.err


def test_the_group_shows_its_help_and_its_nearest_command(cli):
    assert "audit" in cli("gate").out
    assert "did you mean 'audit'" in cli("gate", "adit").err


def test_rows_that_were_set_aside_are_told_with_line_and_reason(cli, tmp_path):
    path = tmp_path / "odd.csv"
    path.write_text("kept,right\nyes,yes\nno,no\nmaybe,yes\n")
    ran = cli("gate", "audit", path)
    assert ran.code == 0 and "Set aside: line 4: kept is 'maybe'; expected true or false." in " ".join(ran.out.split())
