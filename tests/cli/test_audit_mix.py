"""`longtail audit` with manifests and a pipeline, and the chain of mistakes, from the command line."""

import json

import pytest


@pytest.fixture
def manifests(tmp_path):
    paths = []
    for generation, kept in enumerate((1.0, 1.0, 0.6, 0.1), 1):
        paths.append(tmp_path / f"m{generation}.json")
        paths[-1].write_text(json.dumps({
            "generation": generation, "rows": 1000, "origins": {"human": int(1000 * kept)}, "original": int(1000 * kept),
            "original_available": 1000,
        }))  # fmt: skip
    return paths


@pytest.fixture
def data(write_rows):
    return write_rows("train.jsonl", [{"text": f"text number {n}", "lt_origin": "synthetic" if n < 30 else None} for n in range(100)])


def audit(cli, *arguments):
    return cli("audit", *arguments, "--view", "words_1")


def test_the_slide_fails_and_names_generation_3(cli, data, manifests):
    ran = audit(cli, data, "--manifest", *manifests, "--json")
    (found,) = (finding for finding in ran.report["findings"] if finding["code"] == "LT201")
    assert (ran.code, found["status"], found["generation"]) == (1, "fail", 3)
    assert ran.report["regime"] == "mixed"


def test_the_option_takes_all_manifests_at_once_or_one_by_one(cli, data, manifests):
    once = audit(cli, data, "--manifest", *manifests, "--json").report
    each = audit(cli, data, *(part for path in manifests for part in ("--manifest", path)), "--json").report
    assert once["findings"] == each["findings"]


def test_the_screen_shows_composition_regime_and_chain(cli, data, manifests, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    shown = audit(cli, data, "--manifest", *manifests).out
    assert "0.000 human, 0.300 synthetic, 0.700 unknown" in shown
    assert "regime" in shown and "by generation: 1.00, 1.00, 0.60, 0.10" in shown
    assert "LT101 → LT201" in shown


def test_what_lacks_one_input_stands_on_one_line_of_the_screen(cli, write_rows, monkeypatch):
    monkeypatch.setenv("COLUMNS", "220")
    shown = audit(cli, write_rows("plain.jsonl", [f"text number {n}" for n in range(100)])).out
    for lack in ("no reference", "no document states its origin", "no ledger", "fewer than two manifests", "no pipeline file"):
        assert len([line for line in shown.splitlines() if f"not measured  {lack}" in line]) == 1


def test_a_pipeline_is_read_and_its_faults_are_one_line(cli, data, tmp_path):
    path = tmp_path / "pipeline.toml"
    path.write_text('[pipeline]\nloop = true\nmetrics = ["accuracy"]\n')
    ran = audit(cli, data, "--pipeline", path, "--json")
    assert ran.code == 1 and {"LT101", "LT210", "LT801"} <= {found["code"] for found in ran.report["findings"]}
    path.write_text("[pipeline]\nloops = true\n")
    refused = audit(cli, data, "--pipeline", path)
    assert (refused.code, refused.out) == (2, "") and refused.err.count("\n") == 1
    assert "did you mean 'loop'?" in refused.err


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{}", "missing required field"),
        ('{"generation": 0, "rows": 1}', "generations count from 1"),
        (None, "cannot be read as a manifest"),
    ],
)
def test_a_manifest_that_cannot_be_read_is_one_line(cli, data, tmp_path, text, told):
    path = tmp_path / "m.json"
    if text is not None:
        path.write_text(text)
    ran = audit(cli, data, "--manifest", path)
    assert (ran.code, ran.out) == (2, "") and ran.err.count("\n") == 1 and told in ran.err


def test_neither_a_manifest_nor_the_pipeline_is_overwritten_by_the_report(cli, data, manifests, tmp_path):
    assert audit(cli, data, "--manifest", manifests[0], "--out", manifests[0]).code == 2
    path = tmp_path / "p.json"
    path.write_text("")
    ran = audit(cli, data, "--pipeline", path, "--out", path)
    assert ran.code == 2 and "would be overwritten" in ran.err and path.read_text() == ""


def test_the_chain_of_mistakes_is_printed_in_the_order_of_cause_and_effect(cli):
    ran = cli("explain", "--chain", "LT802", "lt401", "LT202", "LT801", "LT101", "LT905")
    assert [line[:5] for line in ran.out.splitlines()] == ["LT101", "LT801", "LT202", "LT401", "LT802", "LT905"]
    assert ran.out.splitlines()[5].startswith("LT905  alone: ")
    assert cli("explain", "--chain", "LT4O1").code == 2
    assert cli("explain", "--chain", "LT900", "LT101").out.splitlines()[-1].startswith("LT900  alone: required rule not measured")


def test_several_pages_can_be_read_at_once(cli):
    ran = cli("explain", "LT101", "LT201")
    assert ran.out == cli("explain", "LT101").out + cli("explain", "LT201").out


def test_the_screen_says_what_tagging_unlocks(cli, write_rows, monkeypatch):
    monkeypatch.setenv("COLUMNS", "220")
    shown = audit(cli, write_rows("plain.jsonl", [f"text number {n}" for n in range(100)])).out
    assert "unlocks LT102 LT103 LT105 LT204 LT205 LT206" in shown
