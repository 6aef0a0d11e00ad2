"""Contenders: what is left out is said, what must be shown is judged by the measured rows."""

import pytest

from bench import corpora
from bench.peers import __main__ as peers
from bench.peers import audit, earlier, given, page, run
from bench.peers.contender import Contender, Family
from bench.peers.families import FAMILIES
from bench.peers.given import DOCUMENTS
from bench.peers.run import LeftOut, Row

MTLD = "MTLD"


def row(contender="longtail", size=10_000, cpu=1.0, metric=MTLD, **fields):
    return Row(metric, contender, "1.0", size, cpu, **{"peak": 2e8, "extra": 1e7, "value": 112.0, "rounds": 3} | fields)


def test_every_family_has_ours_first_says_what_each_does_and_has_growing_sizes():
    for family in FAMILIES.values():
        assert family.contenders[0].name == "longtail"
        assert list(family.sizes) == sorted(family.sizes)
        assert [each.name for each in family.contenders if not (each.work.__doc__ or "").strip()] == []
        assert len({each.name for each in family.contenders}) == len(family.contenders) > 1


def test_all_that_must_be_shown_is_of_contenders_that_are_measured():
    for bar in page.BARS:
        assert bar.size in FAMILIES[bar.metric].sizes
        assert bar.contender in {each.name for each in FAMILIES[bar.metric].contenders}


def contender(growth=1.0, longest=None):
    return Contender("longtail", "numpy", lambda data: 0.0, growth=growth, longest=longest)


def family(limit=60.0, **fields):
    return Family("made up", list, "documents", (100, 1_000, 10_000), (contender(**fields),), limit=limit)


def test_time_is_foretold_by_the_growth_stated_and_then_by_the_growth_seen():
    assert run.foretold(contender(2), [], 100) == 0.0
    assert run.foretold(contender(2), [row(size=100, cpu=1.0)], 1_000) == pytest.approx(100)
    assert run.foretold(contender(2), [row(size=100, cpu=1.0), row(size=1_000, cpu=10.0)], 10_000) == pytest.approx(100)
    assert run.foretold(contender(1), [row(size=100, cpu=0.001), row(size=1_000, cpu=0.5)], 10_000) == pytest.approx(250)


def test_sizes_that_take_too_long_are_left_out_with_the_time_they_would_take(monkeypatch):
    monkeypatch.setattr(run, "_row", lambda metric, one, size, rounds: row(size=size, cpu=size / 10))
    rows, left_out = run.measured(family(growth=1), contender(), 1)
    assert [each.size for each in rows] == [100]
    assert [(each.size, each.why) for each in left_out] == [(1_000, "would take about 100 s"), (10_000, "would take about 1,000 s")]
    assert run.measured(family(limit=1e6), contender(longest=1_000), 1)[1] == [LeftOut("made up", "longtail", 10_000, "memory")]


def test_a_peer_that_cannot_be_imported_is_left_out_with_its_last_line(monkeypatch):
    def absent(metric, one, size, rounds):
        raise ImportError("ModuleNotFoundError: No module named 'x'")

    monkeypatch.setattr(run, "_row", absent)
    rows, left_out = run.measured(family(), contender(), 1)
    assert rows == []
    assert {each.why for each in left_out} == {"ModuleNotFoundError: No module named 'x'"}
    assert [each.size for each in left_out] == [100, 1_000, 10_000]


def test_a_child_is_measured_and_a_failing_one_says_why(monkeypatch):
    name = "KS and Wasserstein distance"
    ours, scipy = (run.child(name, each, 1_000) for each in FAMILIES[name].contenders)
    assert ours["value"] == pytest.approx(scipy["value"], rel=1e-9)
    assert ours["cpu"] > 0
    assert ours["peak"] > 1e6
    with pytest.raises(RuntimeError, match="StopIteration"):
        run.child(name, contender()._replace(name="none such"), 1_000)


def test_the_head_of_a_corpus_is_the_same_words_for_all(tmp_path, monkeypatch):
    monkeypatch.setattr(corpora, "HUMAN", tmp_path / "absent")
    monkeypatch.setenv(DOCUMENTS, str(corpora.build("c3", tmp_path)))
    texts = given.texts(30)
    assert len(texts) == 30
    assert given.words(30) == [text.split() for text in texts]
    assert given.texts(10) == texts[:10]


def test_what_must_be_shown_is_judged_by_speed_and_by_memory():
    assert "5 times: yes." in "".join(page._bars([row(), row("lexicalrichness", cpu=5.0)]))
    assert "3 times: **no**." in "".join(page._bars([row(), row("lexicalrichness", cpu=3.0)]))
    floor = row("numpy, three products", metric="coverage")
    assert "1.50 times, 10 MB more: yes." in "".join(page._bars([row(metric="coverage", cpu=1.5), floor]))
    assert "1.50 times, 300 MB more: **no**." in "".join(page._bars([row(metric="coverage", cpu=1.5, extra=3e8), floor]))
    assert list(page._bars([row()])) == []


def test_the_page_has_ratios_says_which_values_are_ours_and_keeps_the_audit():
    rows = [row(), row("lexicalrichness", cpu=5.0), row("lexical-diversity", cpu=7.0, value=1.0)]
    left_out = [LeftOut(MTLD, "lexicalrichness", size, "would take about 70 s") for size in (10**5, 10**6)]
    made = page.page(rows, left_out, 3, audit="| it |\n")
    assert "| MTLD | lexicalrichness | 1.0 | 10,000 documents | 5 | 5 | 200 | 10 | 112 | yes |" in made
    assert "| MTLD | lexical-diversity | 1.0 | 10,000 documents | 7 | 7 | 200 | 10 | 1 |  |" in made
    assert "- lexicalrichness, MTLD, 100,000 and 1,000,000: would take about 70 s." in made
    assert page.audit_in(made) == "| it |\n"
    assert page.audit_in("nothing") == ""
    wrong = page.page([row(), row("lexicalrichness", value=113.0)], [], 3)
    assert "| 113 | **no** |" in wrong


def test_growth_is_that_from_ten_thousand_on_or_of_the_two_largest():
    rows = [row(size=size, cpu=size / 1000) for size in (1_000, 10_000, 100_000)]
    assert "| 10,000 to 100,000 | 1.00 |" in "".join(page._growth(rows))
    assert "| 1,000 to 10,000 | 1.00 |" in "".join(page._growth(rows[:2]))
    assert list(page._growth(rows[:1])) == []


def test_the_audit_has_files_of_two_halves_with_vectors_on_a_few_documents(tmp_path, monkeypatch):
    import pyarrow.parquet as pq

    monkeypatch.setattr(corpora, "HUMAN", tmp_path / "absent")
    monkeypatch.setenv("LONGTAIL_BENCH_DIR", str(tmp_path))
    reference, judged = (pq.read_table(path) for path in audit.files(200, vectors=20))
    assert (len(reference), len(judged)) == (100, 100)
    assert reference["text"].to_pylist() != judged["text"].to_pylist()
    for table in (reference, judged):
        held = [vector for vector in table["vector"].to_pylist() if vector is not None]
        assert len(held) == 10
        assert {len(vector) for vector in held} == {384}
    assert reference["vector"][0].as_py() != judged["vector"][0].as_py()


def test_a_page_says_again_what_it_was_made_of():
    vendi = [row("longtail", metric="Vendi score", cpu=0.5, value=2.5), row("vendi-score, dual", metric="Vendi score", value=2.5)]
    rows = [row(), row("lexicalrichness", cpu=12.0, size=1_000), *vendi]
    left_out = [LeftOut("Vendi score", "vendi-score", size, "memory, of which there is not enough") for size in (10_000, 100_000)]
    made = page.page(rows, left_out, 3)
    assert [each._replace(rounds=3) for each in earlier.rows_in(made)] == rows
    assert list(earlier.left_out_in(made)) == left_out
    assert earlier.rows_in("") == list(earlier.left_out_in("")) == []


def test_the_page_that_is_kept_is_read_whole():
    told = peers.PAGE.read_text(encoding="utf-8")
    table = [line for line in told.partition("## ")[0].splitlines() if line.startswith("| ")][2:]
    rows = earlier.rows_in(told)
    assert len(rows) == len(table)
    assert {each.metric for each in rows} <= set(FAMILIES)
