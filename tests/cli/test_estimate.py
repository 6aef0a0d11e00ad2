import json
import random
import re
import sqlite3
from contextlib import closing

import numpy as np
import pyarrow.parquet as pq
import pytest

WORDS = [f"{a}{b}{c}{d}" for a in "bdfgk" for b in "aeiou" for c in "lmnrs" for d in "aeiou"]
LIKED = {"": [], "gpt": WORDS[50:70], "other": WORDS[100:120]}


def document(pick, origin="", words=80):
    """A text of a world in which models like some words four times as much as people do."""
    weights = [1 / (10 + at) * (4 if word in LIKED[origin] else 1) for at, word in enumerate(WORDS)]
    drawn = pick.choices(WORDS, weights, k=words)
    return ". ".join(" ".join(drawn[at : at + 10]).capitalize() for at in range(0, words, 10)) + "."


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Files of known origin, and a corpus whose share of machine text rises from 0 in 2022 to 0.75 in 2025."""
    folder, pick = tmp_path_factory.mktemp("world"), random.Random(0)
    corpus = []
    for at in range(400):
        year = 2021 + at % 5
        machine = pick.random() < max(year - 2022, 0) * 0.25
        row = {"text": document(pick, "gpt" if machine else ""), "date": f"{year}-06-01", "truth": int(machine), "n": at}
        corpus.append(row | {"url": f"http://site{at % 2}.org/{at}", "host": f"h{at // 2}", "lt_id": f"d{at}"})
    files = {
        "data": corpus,
        "human": [{"text": document(pick), "pair": at, "lang": ("en", "fr")[at % 2]} for at in range(160)],
        "synthetic": [{"text": document(pick, "gpt"), "pair": at} for at in range(160)],
        "other": [{"text": document(pick, "other")} for _ in range(160)],
        "control": [{"text": document(pick)} for _ in range(60)],
        "pairs": [{"human": document(pick), "model": document(pick, "gpt")} for _ in range(160)],
        "few": [{"text": document(pick)} for _ in range(20)],
    }
    for name, rows in files.items():
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


@pytest.fixture
def run(cli, world, monkeypatch):
    """Run the command in the folder of the files, with a bootstrap that is quick."""
    monkeypatch.chdir(world)
    monkeypatch.setenv("COLUMNS", "100")
    return lambda *arguments: cli("estimate", *arguments, "--replicates", 100)


KNOWN = ("data.jsonl", "--human", "human.jsonl", "--synthetic", "synthetic.jsonl", "--closed")


def truth(world):
    return np.mean([json.loads(line)["truth"] for line in (world / "data.jsonl").read_text().splitlines()])


def test_the_share_comes_with_its_interval_and_is_called_an_estimate(run, world):
    ran = run(*KNOWN, "--control-human", "control.jsonl", "--by", "url")
    assert (ran.code, ran.err) == (0, "")
    told = " ".join(ran.out.split())
    assert "400 documents" in told and "estimate: about 0." in told and "95 %" in told and "could not be told from none" in told
    assert "http" not in told.replace("https://site0.org", "").replace("https://site1.org", "")
    assert "filtering by the scorer would remove" in told and "Control, human" in told and "of any single one" in told
    assert not any(word in told.lower() for word in ("guarantee", "always", "certain that", "ai-generated", "cheat"))
    whole = json.loads(run(*KNOWN, "--json").out)["estimate"]["whole"]
    assert whole["machine"]["low"] <= truth(world) <= whole["machine"]["high"]
    assert abs(whole["machine"]["share"] - truth(world)) < 0.06


def test_the_json_is_the_same_byte_for_byte_and_holds_no_number_that_is_none(run, world, tmp_path):
    one, two = run(*KNOWN, "--by", "url", "--json"), run(*KNOWN, "--by", "url", "--json")
    assert one.out == two.out
    found = json.loads(one.out, parse_constant=lambda name: pytest.fail(name))
    names = ["schema_version", "longtail_version", "command", "seed", "inputs", "estimate", "dates", "filtering", "bounds"]
    names += ["flagged", "published", "weights"]
    assert list(found) == names
    assert [(each["role"], each["documents"], each["quarantined"]) for each in found["inputs"]] == [
        ("data", 400, 0), ("human", 160, 0), ("synthetic", 160, 0),
    ]  # fmt: skip
    assert all(len(each["sha256"]) == 64 for each in found["inputs"])
    assert len(found["estimate"]["slices"]) == 2 and found["dates"] is None and found["bounds"] is None
    ran = run(*KNOWN, "--by", "url", "--out", tmp_path / "o.json", "--quiet")
    assert ran.out == "" and json.loads((tmp_path / "o.json").read_text())["estimate"] == found["estimate"]


def test_python_says_what_the_command_says(run, world):
    from longtail.origin.estimating import estimate

    rows = [json.loads(line) for line in (world / "data.jsonl").read_text().splitlines()]
    texts = [json.loads(line)["text"] for line in (world / "human.jsonl").read_text().splitlines()]
    found = estimate(rows, texts, world / "synthetic.jsonl", closed=True, replicates=100)
    assert found.to_dict()["estimate"] == json.loads(run(*KNOWN, "--json").out)["estimate"]


def test_shares_over_dates_have_a_slope_and_old_documents_are_controls(run):
    found = json.loads(run(*KNOWN, "--date-column", "date", "--json").out)
    shares = {each["value"]: each["machine"]["share"] for each in found["estimate"]["slices"]}
    assert list(shares) == ["2021", "2022", "2023", "2024", "2025"]
    slope = found["dates"]["slope"]
    assert 0.05 < slope["low"] < slope["high"] < 0.3
    assert found["dates"]["over"]["before"] == ["2021"] and found["dates"]["unit"] == "year"
    assert [each["value"] for each in found["estimate"]["controls"]] == ["human"]
    told = " ".join(run(*KNOWN, "--date-column", "date").out.split())
    assert "Slope: +0." in told and "Before 2022-11-30" in told
    crawled = json.loads(run(*KNOWN, "--date-column", "date", "--date-kind", "crawled", "--json").out)
    assert crawled["dates"]["over"] is None and crawled["estimate"]["controls"] == []


def test_several_kinds_of_machine_text_are_told_apart(run, world):
    ran = run(*KNOWN[:3], "--synthetic", "gpt=synthetic.jsonl", "--synthetic", "other=other.jsonl")
    assert ran.code == 0
    lines = {line.split()[0]: line.split() for line in ran.out.splitlines() if line.startswith(("gpt", "other"))}
    assert abs(float(lines["gpt"][1]) - truth(world)) < 0.1 and float(lines["other"][1]) < 0.1


def test_pairs_hold_both_sides_and_each_row_is_a_group(run, world):
    found = json.loads(run("data.jsonl", "--pairs", "pairs.jsonl", "--closed", "--json").out)
    whole = found["estimate"]["whole"]["machine"]
    assert whole["low"] <= truth(world) <= whole["high"]
    assert found["estimate"]["reference"]["groups"] == 160 and found["inputs"][1]["role"] == "pairs"


def test_what_is_refused_tells_no_number_writes_no_weights_and_passes_no_limit(run, tmp_path):
    few = ("data.jsonl", "--human", "few.jsonl", "--synthetic", "synthetic.jsonl", "--weights", tmp_path / "w.jsonl")
    ran = run(*few)
    assert ran.code == 0 and not (tmp_path / "w.jsonl").exists()
    told = " ".join(ran.out.split())
    assert "estimate: refused; no share is told" in told and "20 human texts" in told and "about 0." not in told
    assert "give more texts of each origin" in told
    found = json.loads(run(*few, "--json").out)
    assert found["estimate"]["whole"]["machine"]["share"] is None and found["filtering"] is None and found["weights"] is None
    limited = run(*few, "--fail-above", 0.1)
    assert limited.code == 2 and "cannot be told: the estimate was refused" in limited.err


def test_a_limit_is_held_against_the_lower_end(run, world):
    low = json.loads(run(*KNOWN, "--json").out)["estimate"]["whole"]["machine"]["low"]
    assert run(*KNOWN, "--fail-above", low - 0.01).code == 1
    assert run(*KNOWN, "--fail-above", low + 0.01).code == 0


@pytest.mark.parametrize("suffix", [".jsonl", ".parquet"])
def test_weights_hold_every_document_and_add_up_to_the_human_share(run, tmp_path, world, suffix):
    out = tmp_path / f"w{suffix}"
    ran = run(*KNOWN, "--weights", out, "--documents", 300)
    assert "400 documents weighed, none left out" in " ".join(ran.out.split())
    rows = pq.read_table(out).to_pylist() if suffix == ".parquet" else [json.loads(line) for line in out.read_text().splitlines()]
    assert [row["lt_id"] for row in rows] == [f"d{at}" for at in range(400)]
    assert all(0 <= row["p_human"] <= 1 for row in rows)
    assert np.mean([row["p_human"] for row in rows]) == pytest.approx(1 - truth(world), abs=0.06)
    assert np.mean([row["lt_weight"] for row in rows]) == pytest.approx(1, abs=0.06)
    people = [not json.loads(line)["truth"] for line in (world / "data.jsonl").read_text().splitlines()]
    scores = np.array([row["p_human"] for row in rows])
    assert scores[people].mean() > 0.8 > 0.4 > scores[~np.array(people)].mean()


def test_of_many_documents_some_are_measured_and_that_is_told(run):
    ran = run(*KNOWN, "--documents", 200)
    assert "measured on 200 of 400 documents" in " ".join(ran.out.split())


def test_the_whole_curve_is_told_where_it_is_asked_for(run):
    short, whole = (json.loads(run(*KNOWN, "--json", *more).out)["filtering"] for more in ((), ("--curve",)))
    assert len(short["curve"]) <= 3 < 50 < len(whole["curve"])
    lost = [each["human_lost"]["value"] for each in whole["curve"]]
    assert lost == sorted(lost, reverse=True)
    assert all(each["human_lost"]["low"] <= each["human_lost"]["value"] <= each["human_lost"]["high"] for each in whole["curve"])
    assert run(*KNOWN, "--curve").out == run(*KNOWN).out


@pytest.fixture
def scored(tmp_path):
    """A corpus, three in ten of it machine-made, and texts of known origin, all with the scores of a detector."""
    pick = random.Random(1)

    def row(machine, at):
        return {"text": document(pick, "gpt" if machine else ""), "s": pick.gauss(machine, 0.3), "lt_id": f"d{at}"}

    files = {"data": [row(at % 10 < 3, at) for at in range(300)], "human": [row(0, at) for at in range(160)]}
    for name, rows in (files | {"synthetic": [row(1, at) for at in range(160)]}).items():
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(each) + "\n" for each in rows))
    return tmp_path


def test_scores_of_a_detector_of_ones_own_are_read_from_a_column(cli, scored, monkeypatch):
    monkeypatch.chdir(scored)
    ran = cli("estimate", *KNOWN, "--score-column", "s", "--replicates", 100, "--json", "--weights", "w.jsonl")
    found = json.loads(ran.out)["estimate"]
    assert found["scorer"]["name"] == "given" and found["rates"][0]["tpr"] > 0.9
    assert found["whole"]["machine"]["low"] <= 0.3 <= found["whole"]["machine"]["high"]
    weights = [json.loads(line)["p_human"] for line in (scored / "w.jsonl").read_text().splitlines()]
    assert len(weights) == 300 and np.mean(weights) == pytest.approx(0.7, abs=0.05)
    bad = cli("estimate", *KNOWN, "--score-column", "text")
    assert bad.code == 2 and "is no number; name a column of numbers with --score-column" in bad.err


def test_a_function_of_ones_own_scores_texts(run, world, monkeypatch):
    liked = set(LIKED["gpt"])
    (world / "mine.py").write_text(
        f"def score(texts):\n    return [sum(w.strip('.').lower() in {liked} for w in t.split()) for t in texts]\n"
    )
    found = json.loads(run(*KNOWN, "--scorer", "mine:score", "--json").out)["estimate"]
    assert found["scorer"]["name"] == "score"
    assert found["whole"]["machine"]["low"] <= truth(world) <= found["whole"]["machine"]["high"]


def test_with_human_text_alone_there_is_a_lower_bound(run, world):
    ran = run("data.jsonl", "--human", "human.jsonl")
    told = " ".join(ran.out.split())
    assert ran.code == 0 and "bound: at least 0." in told and "unlike the human texts given" in told and "estimate:" not in told
    assert "is not the same as machine-made" in told
    bound = json.loads(run("data.jsonl", "--human", "human.jsonl", "--json").out)["bounds"]["unlike"]
    assert 0 <= bound["at_least"] <= truth(world)
    few = " ".join(run("data.jsonl", "--human", "few.jsonl").out.split())
    assert "bound: refused" in few and "20 human texts" in few


def test_with_dates_alone_words_in_excess_give_a_lower_bound(cli, tmp_path):
    pick, path = random.Random(2), tmp_path / "dated.jsonl"
    rows = []
    for year in range(2014, 2025):
        for _ in range(600):
            text = document(pick, words=30)
            rows.append({"text": text + " delve" if pick.random() < (0.3 if year == 2024 else 0.01) else text, "date": year})
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    ran = cli("estimate", path, "--date-column", "date", "--json")
    found = json.loads(ran.out)
    latest = found["bounds"]["vocabulary"]["periods"][-1]
    assert latest["period"] == "2024" and 0.15 < latest["low"] <= 0.3
    told = " ".join(cli("estimate", path, "--date-column", "date").out.split())
    assert "at least 0.2" in told and "delve" in told and "estimate:" not in told
    assert cli("estimate", path, "--date-column", "date", "--fail-above", 0.1, "--quiet").code == 1


def test_too_few_dated_documents_are_refused_with_the_reason(run):
    told = " ".join(run("data.jsonl", "--date-column", "date").out.split())
    assert "bound: refused" in told and "no baseline" in told


def test_documents_without_words_are_counted(cli, world, tmp_path):
    rows = (world / "data.jsonl").read_text() + json.dumps({"text": "... !!"}) + "\n" + json.dumps({"text": ""}) + "\n"
    (tmp_path / "d.jsonl").write_text(rows)
    known = ("--human", world / "human.jsonl", "--synthetic", world / "synthetic.jsonl", "--replicates", 50)
    told = " ".join(cli("estimate", tmp_path / "d.jsonl", *known).out.split())
    assert "1 set aside without text" in told and "1 documents were left out" in told


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "no data"),
        (["data.jsonl"], "there is nothing to measure with: give texts of known origin"),
        (["data.jsonl", "--synthetic", "synthetic.jsonl"], "no human ones"),
        (["data.jsonl", "--human", "data.jsonl", "--synthetic", "synthetic.jsonl"], "is read as data and as human at once"),
        ([*KNOWN, "--control-human", "human.jsonl"], "is read as control_human and as human at once"),
        (["data.jsonl", "--pairs", "pairs.jsonl", "--human", "human.jsonl"], "pairs hold both sides"),
        (["data.jsonl", "--pairs", "pairs.jsonl", "--synthetic-column", "modle"], "no column 'modle'"),
        ([*KNOWN, "--by", "urls"], "no column 'urls'"),
        ([*KNOWN, "--group-column", "pairing"], "no column 'pairing'"),
        (["data.jsonl", "--human", "human.jsonl", "--synthetic", "other.jsonl", "--group-column", "pair"], "other.jsonl: no column 'pair'"),
        ([*KNOWN, "--method", "mixtures"], "did you mean 'mixture'"),
        ([*KNOWN, "--scorer", "wrods"], "did you mean 'words'"),
        ([*KNOWN, "--scorer", "nowhere:score"], "cannot be imported"),
        ([*KNOWN, "--date-column", "truth"], "holds no date"),
        ([*KNOWN, "--date-column", "date", "--cutoff", "lately"], "is no day"),
        ([*KNOWN, "--level", "95"], "level is 95"),
        ([*KNOWN, "--documents", "0"], "measure at least one"),
        ([*KNOWN, "--score-column", "nothing"], "no column 'nothing'"),
        (["data.jsonl", "--pairs", "pairs.jsonl", "--score-column", "n"], "--score-column goes with one --human and one --synthetic"),
        (["data.jsonl", "--human", "human.jsonl", "--weights", "w.jsonl"], "weights are made from a measured share"),
        (["-", "--pairs", "pairs.jsonl", "--weights", "w.jsonl"], "can be read once; save them to a file"),
        (["data.jsonl", "--human", "human.jsonl", "--synthetic", "=x.jsonl"], "write FILE or NAME=FILE"),
        ([*KNOWN, "--weights", "w.csv"], "known suffixes"),
        ([*KNOWN, "--out", "data.jsonl"], "would be overwritten"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_ends_with_2(cli, world, monkeypatch, arguments, says):
    monkeypatch.chdir(world)
    ran = cli("estimate", *arguments)
    assert (ran.code, ran.out) == (2, "") and says in ran.err and ran.err.count("\n") == 1


def test_paired_references_without_their_groups_are_refused_with_the_option(cli, tmp_path):
    human = [f"On day {at} of that long year we went out again and saw the sea" for at in range(60)]
    for name, tail in (("human", "as people do"), ("synthetic", "as a model has it")):
        rows = "".join(json.dumps({"text": f"{each} {tail}", "pair": at}) + "\n" for at, each in enumerate(human))
        (tmp_path / f"{name}.jsonl").write_text(rows)
    (tmp_path / "data.jsonl").write_text("".join(json.dumps({"text": f"some {at} words"}) + "\n" for at in range(50)))
    ran = cli("estimate", *(tmp_path / each if each.endswith(".jsonl") else each for each in KNOWN))
    assert ran.code == 2 and "look paired" in ran.err and "--group-column NAME" in ran.err and ran.err.count("\n") == 1


def test_the_published_estimate_stands_beside_ours_where_it_is_asked_for(run):
    ran = run(*KNOWN, "--published", "--json")
    made = json.loads(ran.out)["published"]
    assert 0 <= made["low"] <= made["share"] <= made["high"] <= 1 and made["sentences"] > 400
    assert json.loads(run(*KNOWN, "--json").out)["published"] is None
    assert "As published (Liang et al. 2024)" in run(*KNOWN, "--published").out


def test_the_published_estimate_knows_one_machine_origin(run):
    ran = run("data.jsonl", "--human", "human.jsonl", "--synthetic", "a=synthetic.jsonl", "--synthetic", "b=other.jsonl", "--published")
    assert ran.code == 2 and "leave --published out" in ran.err


def test_rates_by_tell_how_often_human_texts_of_each_group_are_flagged(run):
    options = (*KNOWN, "--rates-by", "lang")
    found = {each["group"]: each for each in json.loads(run(*options, "--json").out)["flagged"]}
    whole = json.loads(run(*options, "--json").out)["estimate"]["rates"][0]
    assert {name: each["documents"] for name, each in found.items()} == {"en": 80, "fr": 80}
    assert sum(each["fpr"] * each["documents"] for each in found.values()) == pytest.approx(whole["fpr"] * 160)
    assert all(each["low"] <= each["fpr"] <= each["high"] for each in found.values())
    assert re.search(r"en: 0\.\d\d of 80 human ones \(0\.\d\d to 0\.\d\d\)", run(*options).out)


def test_rates_by_a_column_that_is_not_there_or_without_machine_texts_is_one_line(run):
    assert "name one of them with --rates-by" in run(*KNOWN, "--rates-by", "nope").err
    ran = run("data.jsonl", "--human", "human.jsonl", "--rates-by", "lang")
    assert ran.code == 2 and "leave --rates-by out" in ran.err


def test_weights_are_of_the_table_that_was_measured(run, world, tmp_path):
    with closing(sqlite3.connect(tmp_path / "two.db")) as store:
        for name in ("docs", "others"):
            store.execute(f"create table {name} (text text)")
            rows = [json.loads(line)["text"] for line in (world / "data.jsonl").read_text().splitlines()]
            store.executemany(f"insert into {name} values (?)", [(text,) for text in rows[: 120 if name == "docs" else 5]])
        store.commit()
    ran = run(tmp_path / "two.db", "--table", "docs", *KNOWN[1:], "--weights", tmp_path / "w.jsonl")
    assert (ran.code, ran.err) == (0, "") and len((tmp_path / "w.jsonl").read_text().splitlines()) == 120


def test_scores_of_a_column_need_no_scorer_of_the_catalogue(run):
    ran = run("data.jsonl", "--human", "human.jsonl", "--synthetic", "synthetic.jsonl", "--score-column", "pair", "--scorer", "os:fspath")
    assert "no column 'pair'" in ran.err and ran.code == 2
    from longtail.origin import estimate

    rows = {
        name: [{"text": f"w{at} x{at} y{at}", "s": at % 7 + 5 * (name == "syn")} for at in range(60)] for name in ("data", "human", "syn")
    }
    rows = {name: [row | {"text": f"{name} {row['text']}"} for row in found] for name, found in rows.items()}
    made = estimate(rows["data"], rows["human"], rows["syn"], score_column="s", scorer=len, closed=True, replicates=20)
    assert made.estimate.scorer.name == "given"


def test_the_page_has_the_numbers_of_the_json_and_bars_for_each_part(run, tmp_path):
    page, stored = tmp_path / "page.html", tmp_path / "page.json"
    ran = run(*KNOWN, "--date-column", "date", "--by", "lang<b>", "--out", page, "--out", stored)
    assert ran.code == 2 and not page.exists()
    ran = run(*KNOWN, "--date-column", "date", "--by", "url", "--out", page, "--out", stored)
    assert ran.code == 0, ran.err
    found, text = json.loads(stored.read_text()), page.read_text()
    whole = found["estimate"]["whole"]["machine"]
    assert f"About {100 * whole['share']:.1f}% of the documents are machine-made" in text
    assert f"Between {100 * whole['low']:.1f}% and {100 * whole['high']:.1f}%" in text
    for each in found["estimate"]["slices"]:
        low, high = each["machine"]["low"], each["machine"]["high"]
        told = "refused" if low is None else f"between {100 * low:.1f}% and {100 * high:.1f}%"
        assert f"{each['value']}: " in text and told in text
    assert json.loads(text.split('id="longtail-estimate">')[1].split("</script>")[0]) == found
    assert "By date" in text and "What filtering would cost" in text


def test_the_page_of_a_refusal_tells_no_number_and_that_of_a_bound_says_that_it_is_one(run, tmp_path):
    page = tmp_path / "page.html"
    run("data.jsonl", "--human", "human.jsonl", "--out", page)
    text = page.read_text()
    assert "a lower bound alone" in text or "cannot be told" in text
    assert 'id="whole"' not in text


def test_hostile_values_of_a_column_are_text_on_the_page(cli, world, tmp_path):
    evil = "<img src=x onerror=1>\u202e<script>"
    rows = [json.loads(line) | {"kind": evil} for line in (world / "data.jsonl").read_text().splitlines()]
    data, page = tmp_path / "data.jsonl", tmp_path / "page.html"
    data.write_text("".join(json.dumps(row) + "\n" for row in rows))
    known = ("--human", world / "human.jsonl", "--synthetic", world / "synthetic.jsonl", "--closed", "--by", "kind")
    assert cli("estimate", data, *known, "--replicates", 100, "--out", page).code == 0
    assert "<img" not in page.read_text() and page.read_text().count("<script") == 1
