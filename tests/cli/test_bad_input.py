"""What people really feed a tool: nothing of it may crash, warn or put a number where none exists."""

import json
import random

import pytest

WORDS = [f"word{n}" for n in range(3000)]


def texts(count, seed, words=30):
    pick = random.Random(seed)
    return [" ".join(WORDS[int(len(WORDS) * pick.random() ** 3)] for _ in range(words)) for _ in range(count)]


@pytest.fixture
def human(write_rows):
    return write_rows("human.jsonl", texts(400, 0))


ODD = {
    "one document": ["a single document"],
    "all identical": ["the same words again and again"] * 300,
    "no words": ["!!!"] * 300,
    "no words but unlike": ["!" * (1 + n) for n in range(300)],
    "one word often": ["word " * 10_000],
    "one word each": [WORDS[n] for n in range(300)],
    "constant": [f"constant constant constant {'x' * (n % 7)}" for n in range(300)],
    "Chinese": [f"模型坍塌是指模型在自己的输出上训练时尾部消失{n}" for n in range(300)],
    "emoji and direction marks": [f"\U0001f600 \u202e abc {n} \x00 \u2028 def" for n in range(300)],
    "95 documents": texts(95, 1),
    "96 documents": texts(96, 1),
    "100 times smaller": texts(4, 2),
    "100 times larger": texts(40_000, 2, words=5),
    "one long document": [" ".join(texts(25_000, 3))],
    "disjoint vocabulary": [" ".join(f"other{n}-{m}" for m in range(20)) for n in range(300)],
}


def expect_a_report(ran):
    assert ran.code in (0, 1), ran.err
    assert ran.err == ""
    return json.loads(ran.out, parse_constant=lambda name: pytest.fail(f"{name} in the JSON"))


@pytest.mark.parametrize("case", ODD)
def test_odd_data_get_a_report_in_every_role(cli, write_rows, human, case):
    odd = write_rows("odd.jsonl", ODD[case])
    assert expect_a_report(cli("audit", odd, "--json"))["inputs"][0]["documents"] == len(ODD[case])
    for roles in (odd, "--reference", human), (human, "--reference", odd), (odd, "--baseline", human), (human, "--baseline", odd):
        expect_a_report(cli("audit", *roles, "--json"))
    three = (human, "--baseline", odd, "--reference", odd), (odd, "--baseline", odd, "--reference", human)
    for roles in three:
        expect_a_report(cli("audit", *roles, "--view", "words_1", "--json"))
    assert cli("audit", odd, "--reference", human).err == ""


def status(report, code):
    found = {f["code"]: f["status"] for f in report["findings"]} | {u["code"]: "not_measured" for u in report["not_measured"]}
    return found.get(code, "pass")


def test_ninety_six_documents_are_enough_and_ninety_five_are_not(cli, write_rows, human):
    few, enough = (write_rows(f"{n}.jsonl", texts(n, 1)) for n in (95, 96))
    here, there = (cli("audit", path, "--reference", human, "--json").report for path in (few, enough))
    assert (status(here, "LT901"), status(there, "LT901")) == ("warn", "pass")
    assert status(here, "LT301") == "not_measured"
    assert here["phase"]["name"] == "inconclusive"
    assert any(e["decision"] for e in there["estimates"])


def test_a_constant_candidate_beside_real_text_is_not_called_healthy(cli, write_rows, human):
    for rows in (ODD["all identical"], ODD["constant"], ["word0 word1 word2"] * 200 + texts(5, 9)):
        report = cli("audit", write_rows("odd.jsonl", rows), "--reference", human, "--json").report
        assert report["phase"]["name"] not in ("healthy", "watch")
        assert "LT301" not in report["passed"]


def test_a_constant_reference_makes_nothing_healthy(cli, write_rows, human):
    report = cli("audit", human, "--reference", write_rows("odd.jsonl", ODD["all identical"]), "--json").report
    assert report["phase"]["name"] in ("inconclusive", "not_measured")
    assert status(report, "LT301") == "not_measured"


def test_malformed_lines_are_set_aside_counted_and_shown(cli, tmp_path):
    path = tmp_path / "mixed.jsonl"
    good = [json.dumps({"text": text}).encode() for text in texts(120, 4)]
    path.write_bytes(b"\n".join([*good[:50], b"{broken", b'{"text": null}', b'{"text": 7}', b"\xff\xfe", *good[50:]]))
    ran = cli("audit", path, "--json")
    report = expect_a_report(ran)
    assert (report["inputs"][0]["documents"], report["inputs"][0]["quarantined"]) == (120, 4)
    assert [aside["line"] for aside in report["panels"]["read"]["quarantine"]] == [51, 52, 53, 54]
    assert "4 set aside" in " ".join(cli("audit", path).out.split())


@pytest.mark.parametrize("suffix", [".jsonl", ".parquet", ".db", ".json.gz", ".bin", ".arrow", ".csv.zst", ""])
@pytest.mark.parametrize("content", [b"", bytes(range(256)) * 40], ids=["empty", "binary"])
def test_files_without_any_document_are_refused_in_one_line(cli, tmp_path, suffix, content):
    path = tmp_path / f"garbage{suffix}"
    path.write_bytes(content)
    ran = cli("audit", path)
    assert ran.code == 2
    assert len(ran.err.splitlines()) == 1
    assert path.name in ran.err and "unexpected" not in ran.err


def test_broken_halves_of_characters_are_set_aside(cli, tmp_path):
    path = tmp_path / "halves.jsonl"
    path.write_text('{"text": "half \\ud800 a character"}\n{"text": "a whole one"}\n')
    report = expect_a_report(cli("audit", path, "--json"))
    assert (report["inputs"][0]["documents"], report["inputs"][0]["quarantined"]) == (1, 1)


def test_an_empty_folder_is_refused_in_one_line(cli, tmp_path):
    ran = cli("audit", tmp_path)
    assert (ran.code, len(ran.err.splitlines())) == (2, 1)
    assert "unexpected" not in ran.err


def test_standard_input_is_read_as_lines_of_json_or_of_text(cli):
    rows = texts(100, 5)
    for stdin in ("\n".join(rows), "\n".join(json.dumps({"text": row}) for row in rows)):
        report = expect_a_report(cli("audit", "-", "--json", stdin=stdin.encode()))
        assert report["inputs"][0]["documents"] == 100
        assert report["inputs"][0]["path"] == "-"
        assert report["inputs"][0]["sha256"] is None
    assert cli("audit", "-", stdin=b"").code == 2


def test_standard_input_cannot_be_two_data_sets(cli):
    ran = cli("audit", "-", "--reference", "-", stdin="\n".join(texts(100, 5)).encode())
    assert (ran.code, len(ran.err.splitlines())) == (2, 1)


def test_no_temporary_file_is_left_behind(cli, write_rows, human, tmp_path, monkeypatch):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    monkeypatch.setattr("longtail.summaries.runs.tempfile.tempdir", str(scratch))
    big = write_rows("big.jsonl", texts(3000, 6, words=100))
    expect_a_report(cli("audit", big, "--reference", human, "--exact", "--json"))
    assert cli("profile", big, "-o", tmp_path / "big.ltp", "--exact").code == 0
    assert list(scratch.iterdir()) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["big.jsonl", "big.ltp", "human.jsonl", "scratch"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("lab", "network", "0,1;0.5,0", "--seed", "-1"),
        ("lab", "scenario", "lm", "--seed", "-1"),
        ("lab", "errors", "--seed", "-1"),
        ("lab", "errors", "--samples", "99999999999999999999"),
        ("gate", "audit", "--gate", "random:0.5", "--seed", "-1"),
        ("lab", "experiment", "curse", "--workers", "0"),
        ("lab", "claims", "--workers", "0"),
    ],
    ids=" ".join,
)
def test_numbers_out_of_range_are_refused_in_one_line(cli, arguments):
    ran = cli(*arguments)
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (2, "", 1) and "unexpected" not in ran.err, ran.err
