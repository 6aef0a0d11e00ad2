"""What is under-represented, word by word and class by class, against exact tests of scipy and counting by hand."""

import json
import random
from math import log

import numpy as np
import pytest
from scipy.stats import binomtest, fisher_exact

from longtail.auditing import audit
from longtail.auditing.gaps import Gap, bounds, gaps_of
from longtail.errors import IncompatibleSummaries, UsageError
from longtail.records import Estimate
from longtail.summaries.profiling import profile

FIELDS = [
    "view", "type", "slice", "reference_share", "candidate_share", "low", "high", "p", "p_adjusted", "example_ids", "exploratory",
]  # fmt: skip


def documents(count, seed, shares):
    """Documents that hold each word with a chance of its own, and words that are in all or in one."""
    rng = np.random.default_rng(seed)
    held = rng.random((count, len(shares))) < np.array(list(shares.values()))
    names = list(shares)
    return [" ".join(["every", f"only{seed}x{at}", *(names[word] for word in np.flatnonzero(row))]) for at, row in enumerate(held)]


HUMAN = {"kept": 0.3, "gone": 0.05, "halved": 0.2, "rare": 0.02, "risen": 0.05} | {f"same{at}": 0.1 for at in range(20)}
MODEL = HUMAN | {"gone": 0.0, "halved": 0.1, "rare": 0.01, "risen": 0.3}


@pytest.fixture(scope="module")
def texts():
    return documents(800, 1, MODEL), documents(1200, 2, HUMAN)


@pytest.fixture(scope="module")
def found(texts):
    return gaps_of(*(profile(iter(side)) for side in texts))


def counts(side):
    held = {}
    for text in side:
        for word in set(text.split()):
            held[word] = held.get(word, 0) + 1
    return held


def exact_tests(texts):
    """Fisher's test of every word that a shortfall could show for at all."""
    here, there = map(counts, texts)
    n, m = map(len, texts)
    tested = {}
    for word in {*here, *there}:
        x, y = here.get(word, 0), there.get(word, 0)
        worst = max(0, x + y - m)
        if fisher_exact([[worst, n - worst], [x + y - worst, m - x - y + worst]], alternative="less").pvalue <= 0.05:
            tested[word] = (x, y, fisher_exact([[x, n - x], [y, m - y]], alternative="less").pvalue)
    return tested


def adjusted_by_hand(values):
    """Benjamini & Yekutieli 2001: step up with the harmonic sum."""
    order, size = sorted(range(len(values)), key=lambda at: values[at]), len(values)
    harmonic, least, made = sum(1 / k for k in range(1, size + 1)), 1.0, [0.0] * len(values)
    for rank in range(size, 0, -1):
        least = min(least, values[order[rank - 1]] * size * harmonic / rank)
        made[order[rank - 1]] = least
    return made


def test_words_are_those_that_an_exact_test_finds_and_their_numbers_are_its_numbers(texts, found):
    tested = exact_tests(texts)
    adjusted = dict(zip(tested, adjusted_by_hand([p for _, _, p in tested.values()]), strict=True))
    expected = {}
    for word, (x, y, p) in tested.items():
        upper = binomtest(x, 800).proportion_ci(0.90, "exact").high
        if y >= 2 and p <= 0.05 and upper < y / 1200:
            expected[word] = (y / 1200, x / 800, p, adjusted[word])
    assert {row.type for row in found.rows} == set(expected)
    assert {"gone", "halved"} <= set(expected)
    for row in found.rows:
        assert (row.reference_share, row.candidate_share, row.p, row.p_adjusted) == pytest.approx(expected[row.type])


def test_bounds_hold_at_95_per_cent_on_each_side():
    low, high = bounds(np.array([0, 1, 17, 50]), 50)
    for at, held in enumerate((0, 1, 17, 50)):
        two_sided = binomtest(held, 50).proportion_ci(0.90, "exact")
        assert low[at] == pytest.approx(two_sided.low)
        assert high[at] == pytest.approx(two_sided.high)


def test_the_bounds_of_a_row_are_those_of_its_candidate_share(found):
    for row in found.rows:
        x = round(row.candidate_share * 800)
        assert (row.low, row.high) == pytest.approx(tuple(side[0] for side in bounds(np.array([x]), 800)))
        assert row.low <= row.candidate_share <= row.high < row.reference_share


def test_the_greatest_loss_times_its_evidence_comes_first(found):
    weights = [(row.reference_share - row.candidate_share) * -log(row.p) for row in found.rows]
    assert weights == sorted(weights, reverse=True)
    assert found.rows[0].type in ("gone", "halved")


def test_words_of_a_single_document_and_words_that_rose_are_not_listed(found):
    assert not any(row.type.startswith("only") or row.type in ("risen", "every", "kept") for row in found.rows)


@pytest.mark.parametrize(("here", "there"), [(800, 800), (6000, 600), (600, 6000)])
def test_where_nothing_changed_no_row_stands_after_adjustment(here, there):
    """A candidate ten times as large too, where words that a small reference has twice by luck are many."""
    alike = {f"w{at}": 0.3 / (at + 1) for at in range(400)}
    rows = gaps_of(profile(iter(documents(here, 3, alike))), profile(iter(documents(there, 4, alike)))).rows
    assert [row.type for row in rows if row.p_adjusted <= 0.05] == []


def test_profiles_of_unlike_seeds_are_refused(texts):
    with pytest.raises(IncompatibleSummaries, match="seed"):
        gaps_of(profile(iter(texts[0]), seed=1), profile(iter(texts[1]), seed=2))


def test_examples_are_documents_of_the_reference_that_hold_the_word(write_rows, texts):
    rows = [{"lt_id": f"human-{at}", "text": text} for at, text in enumerate(texts[1])]
    found = gaps_of(profile(iter(texts[0])), profile(write_rows("human.jsonl", rows)))
    texts_by_id = {row["lt_id"]: row["text"] for row in rows}
    for row in found.rows:
        assert len(row.example_ids) == min(5, round(row.reference_share * 1200)) == len(set(row.example_ids))
        assert all(row.type in texts_by_id[name].split() for name in row.example_ids)


@pytest.fixture
def large(write_rows):
    """A reference of more documents than are sampled, with words in few of them; the candidate has none of these."""
    rows = [{"lt_id": f"human-{at:05}", "text": f"Plain document {at} number" + f" Seldom{at % 500}" * (at < 4000)} for at in range(6000)]
    human = write_rows("human.jsonl", rows)
    return rows, human, profile(f"plain document {at} number" for at in range(6000, 14_000))


def test_words_outside_the_sample_are_looked_up_in_the_data_and_else_counted(large):
    _, human, candidate = large
    reference = profile(human)
    sampled, whole = gaps_of(candidate, reference), gaps_of(candidate, reference, data=[str(human)])
    assert {row.type for row in whole.rows} >= {f"seldom{at}" for at in range(500)}
    assert whole.unwritten == 0
    assert 0 < sampled.unwritten == len(whole.rows) - len(sampled.rows)
    assert gaps_of(candidate, reference, data="-") == gaps_of(candidate, reference, data="human.ltp") == sampled


def test_looked_up_documents_hold_the_word(large):
    rows, human, candidate = large
    known = {row["lt_id"]: row["text"].lower().split() for row in rows}
    for row in gaps_of(candidate, profile(human), data=human).rows:
        assert row.example_ids and all(row.type in known[name] for name in row.example_ids)


def test_the_order_and_the_parts_of_the_reference_change_nothing(large, write_rows):
    rows, human, candidate = large
    whole = gaps_of(candidate, profile(human), data=human)
    shuffled = rows.copy()
    random.Random(1).shuffle(shuffled)
    parts = [str(write_rows(f"part{at}.jsonl", shuffled[at::3])) for at in range(3)]
    assert gaps_of(candidate, profile(parts), data=parts) == whole


def test_redacted_rows_hold_no_text_and_no_ids(large):
    _, human, candidate = large
    plain, hidden = (gaps_of(candidate, profile(human), data=human, redact=redact) for redact in (False, True))
    assert len(hidden.rows) == len(plain.rows) and hidden.unwritten == 0
    assert all(len(row.type) == 13 and int(row.type, 16) >= 0 and row.example_ids == () for row in hidden.rows)
    assert "eldom" not in hidden.lines and "human-" not in hidden.lines


def share(name, value, high, p, view="labels:topic", generation=None, baseline_value=0.2):
    return Estimate(
        metric="class_share", view=view, value=value, low=value / 2, high=high, n=500, unit="ratio", resampling_unit="document",
        method="by hand", kind="ratio", p=p, slice=name, baseline="reference", baseline_value=baseline_value, generation=generation,
    )  # fmt: skip


def test_classes_below_their_share_are_listed_with_their_name(texts):
    estimates = [share("gone", 0.1, 0.4, 0.001), share("less", 0.5, 0.8, 0.002), share("kept", 0.9, 1.1, 0.3)]
    rows = [row for row in gaps_of(*(profile(iter(side)) for side in texts), estimates).rows if row.slice]
    assert [(row.slice, row.type, row.view, row.example_ids) for row in rows] == [
        ("gone", None, "labels:topic", ()), ("less", None, "labels:topic", ()),
    ]  # fmt: skip
    gone, less = rows
    assert (gone.reference_share, gone.candidate_share, gone.low, gone.high) == pytest.approx((0.2, 0.02, 0.01, 0.08))
    assert [gone.p_adjusted, less.p_adjusted] == pytest.approx(adjusted_by_hand([0.001, 0.002, 0.3])[:2])


def test_of_a_lineage_the_classes_of_the_judged_generation_are_listed(texts):
    estimates = [share("early", 0.1, 0.4, 0.001, generation=2), share("late", 0.1, 0.4, 0.001, generation=3)]
    rows = gaps_of(*(profile(iter(side)) for side in texts), estimates).rows
    assert [row.slice for row in rows if row.slice] == ["late"]


def test_classes_of_a_whole_audit_are_those_that_lost_their_share(texts):
    rng, sides = np.random.default_rng(0), []
    for side, chances in zip(texts, ([0.7, 0.29, 0.01], [0.5, 0.3, 0.2]), strict=True):
        labels = rng.choice(["many", "some", "few"], len(side), p=chances).tolist()
        rows = [{"text": text, "topic": label} for text, label in zip(side, labels, strict=True)]
        sides.append(profile(iter(rows), by=("topic",)))
    report = audit(sides[0], sides[1], by=("topic",))
    rows = [row for row in gaps_of(*sides, report.estimates).rows if row.slice]
    assert [row.slice for row in rows] == ["few"]
    assert rows[0].candidate_share == pytest.approx(0.01, abs=0.01) and rows[0].reference_share == pytest.approx(0.2, abs=0.05)


def test_every_line_is_one_object_with_the_fields_in_order(found):
    lines = found.lines.splitlines()
    assert len(lines) == len(found.rows) > 0
    for line, row in zip(lines, found.rows, strict=True):
        plain = json.loads(line)
        assert list(plain) == FIELDS
        assert plain["exploratory"] is True and plain["view"] == "words_1" and plain["slice"] is None
        assert Gap(**(plain | {"example_ids": tuple(plain["example_ids"])})) == row


def test_nothing_missing_is_no_line(texts):
    side = profile(iter(texts[1]))
    assert gaps_of(side, side) == ((), 0)
    assert gaps_of(side, side).lines == ""


def test_an_audit_writes_them_to_a_file_in_one_step(write_rows, tmp_path, texts):
    human, target = write_rows("human.jsonl", texts[1]), tmp_path / "gaps.jsonl"
    target.write_text("what was there before")
    audit(iter(texts[0]), human, views=("words_1",), export=target)
    assert target.read_text() == gaps_of(profile(iter(texts[0])), profile(human)).lines
    assert sorted(path.name for path in tmp_path.iterdir()) == ["gaps.jsonl", "human.jsonl"]


def test_without_anything_to_compare_with_there_is_no_file(tmp_path, texts):
    with pytest.raises(UsageError, match="nothing to compare with"):
        audit(iter(texts[0]), views=("words_1",), export=tmp_path / "gaps.jsonl")
    assert list(tmp_path.iterdir()) == []
