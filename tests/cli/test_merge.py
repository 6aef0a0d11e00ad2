import pytest

from longtail.summaries.files import load

from .refusing import refused


@pytest.fixture
def shards(cli, write_rows, tmp_path, monkeypatch):
    """Profiles of three parts of a data set, and of the whole."""
    monkeypatch.chdir(tmp_path)
    rows = [f"word{n % 7} and word{n % 11} number {n}" for n in range(150)]
    for name, part in {"0": rows[:20], "1": rows[20:21], "2": rows[21:], "whole": rows}.items():
        assert cli("profile", write_rows(f"{name}.jsonl", part), "-o", f"{name}.ltp", "-q").code == 0
    return ["0.ltp", "1.ltp", "2.ltp"]


def test_parts_merge_to_the_whole_in_any_order(cli, shards):
    ran = cli("merge", *shards, "-o", "m.ltp")
    assert (ran.code, ran.out, ran.err) == (0, "", "m.ltp: 150 documents of 3 profiles\n")
    assert cli("merge", *reversed(shards), "-o", "n.ltp").code == 0
    merged, whole = load("m.ltp"), load("whole.ltp")
    assert (merged.documents, merged.words, merged.quarantined) == (whole.documents, whole.words, whole.quarantined) == (150, 750, 0)
    estimates = [cli("audit", name, "--json").report["estimates"] for name in ("m.ltp", "n.ltp", "whole.ltp")]
    assert estimates[0] == estimates[1] == estimates[2] and estimates[0]


def test_one_profile_is_merged_to_itself_and_quiet_says_nothing(cli, shards):
    ran = cli("merge", "1.ltp", "-o", "m.ltp", "-q")
    assert (ran.code, ran.out, ran.err) == (0, "", "") and load("m.ltp").documents == load("1.ltp").documents == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("0.ltp", "absent.ltp", "-o", "m.ltp"), ("absent.ltp", "no such profile", "longtail profile DATA -o absent.ltp")),
        (("0.ltp", "0.jsonl", "-o", "m.ltp"), ("0.jsonl", "not a whole profile")),
        (("0.ltp", "-o", "m.json"), ("cannot tell the format of 'm.json'", "known suffixes: .ltp")),
        (("0.ltp", "-o", "nowhere/m.ltp"), ("there is no folder 'nowhere'",)),
        (("0.ltp", "1.ltp", "-o", "./1.ltp"), ("'./1.ltp' is one of the inputs and would be overwritten",)),
        (("0.ltp",), ("--output",)),
        (("0.ltp", "seed.ltp", "-o", "m.ltp"), ("seed", "profile both again")),
        (("0.ltp", "views.ltp", "-o", "m.ltp"), ("view", "profile both again")),
    ],
    ids=lambda given: " ".join(given),
)
def test_what_cannot_be_merged_is_refused_in_one_line_and_nothing_is_written(cli, shards, tmp_path, arguments, words):
    assert cli("profile", "0.jsonl", "-o", "seed.ltp", "--seed", 1, "-q").code == 0
    assert cli("profile", "0.jsonl", "-o", "views.ltp", "--view", "words_1", "-q").code == 0
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    refused(cli("merge", *arguments), *words)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
