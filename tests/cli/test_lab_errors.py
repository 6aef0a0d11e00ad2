import json

import pytest

FAST = ("--replicates", 200, "--generations", 5)


def test_the_parts_are_shown_with_the_whole_and_what_was_checked(cli):
    ran = cli("lab", "errors", *FAST)
    assert (ran.code, ran.err) == (0, "")
    told = " ".join(ran.out.split())
    assert "generation all on se statistical expressivity approximation off/all" in told
    assert "sum to the whole by construction" in told and "within a tenth in each of them" in told
    assert max(map(len, ran.out.splitlines())) <= 80


def test_the_json_holds_eight_combinations_and_parts_that_sum_to_the_total(cli):
    found = json.loads(cli("lab", "errors", *FAST, "--json").out)
    assert found["schema_version"] == "1.0" and len(found["combinations"]) == 8
    assert [sum(parts) for parts in zip(*(each["part"] for each in found["sources"]), strict=True)] == pytest.approx(found["total"])


def test_generations_that_are_not_additive_are_named(cli):
    told = " ".join(cli("lab", "errors", "--generations", 20).out.split())
    assert "further than a tenth off in" in told and "first in generation" in told


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("statistical", "missed by 10,000 draws with chance 0.9900"),
        ("expressivity", "±2 0.171999 0.171999 0.171999"),
        ("approximation", "100% of 20 seeds fall"),
    ],
)
def test_each_source_can_be_shown_by_itself(cli, source, told):
    assert told in " ".join(cli("lab", "errors", source, *FAST).out.split())
    assert json.loads(cli("lab", "errors", source, *FAST, "--json").out)["source"] == source


def test_the_chart_is_written(cli, tmp_path):
    ran = cli("lab", "errors", *FAST, "--out", tmp_path / "errors.svg", "--out", tmp_path / "errors.json", "-q")
    assert (ran.code, ran.out) == (0, "")
    assert (tmp_path / "errors.svg").read_text(encoding="utf-8").startswith("<?xml")
    assert "command" in (tmp_path / "errors.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("statistcal",), "statistical"),
        (("--samples", 3), "samples is 3"),
        (("statistical", "--out", "errors.svg"), "draws the three sources together"),
        (("--out", "errors.pdf"), "known suffixes"),
    ],
)
def test_a_mistake_is_one_line(cli, words, told):
    ran = cli("lab", "errors", *words)
    assert ran.code == 2 and ran.out == "" and len(ran.err.splitlines()) == 1
    assert told in ran.err
