"""`watch` from end to end: a planted turn, flat archives, what is absent, and two centuries of people."""

import json
from pathlib import Path

import msgspec
import numpy as np
import pytest

from longtail.diagnosis.voice import watch
from longtail.errors import ConfigError, UsageError
from longtail.report.page.voice import voice_json
from longtail.report.screen.voice import headline, lines
from tests.diagnosis.voice.archives import quarters

SOTU = Path("/work/shared/data/human/sotu.parquet")


def written(folder, rows):
    path = folder / "posts.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return str(path)


@pytest.fixture(scope="module")
def turned(tmp_path_factory):
    return written(tmp_path_factory.mktemp("turned"), quarters(12, 40, turn=7))


@pytest.fixture(scope="module")
def seen(turned):
    return watch(turned, date_column="date", by=("author",))


def test_a_planted_turn_is_dated_and_fails(seen):
    assert (seen.turn.change, seen.turn.period) == ("turn", "2021-Q4") and "2021-Q4" in seen.turn.could_be
    assert seen.turn.p <= 0.05 and seen.turn.p_beyond_drift <= 0.05
    assert seen.judged.status == "fail" and "2021-Q4" in seen.judged.because
    variety = seen.variety
    assert (variety.metric, variety.decision) == ("voice_variety", "shrunk") and variety.high < 0.9


def test_the_opening_and_the_phrases_are_named_with_the_share_that_was_planted(seen):
    opening = seen.phrases.opening
    assert opening.text == "in today's fast" and opening.is_spread and opening.before.value == 0
    assert opening.after.low <= 0.7 <= opening.after.high
    assert seen.phrases.spread[0].p_adjusted < 0.01 and "2021-Q4" in headline(seen) and "in today's fast" in headline(seen)


def test_each_part_is_told_and_no_writer_is_named_as_the_cause(seen):
    assert [part.value for part in seen.parts] == ["a0", "a1", "a2"]
    assert all(part.kept.high < 0.9 for part in seen.parts)
    assert sum(part.documents_before for part in seen.parts) == 7 * 40
    shown = " ".join(str(getattr(line, "plain", "")) for line in lines(seen))
    assert "a0" not in headline(seen) and "says nothing of what brought it about" in shown


def test_the_record_can_be_read_back_and_is_the_same_again(turned, seen):
    again = watch(turned, date_column="date", by=("author",))
    plain = [msgspec.structs.replace(each, created_at="") for each in (seen, again)]
    assert voice_json(plain[0]) == voice_json(plain[1])
    assert msgspec.json.decode(voice_json(seen).encode(), type=type(seen)) == seen
    assert "NaN" not in voice_json(seen)


def test_flat_archives_are_silent_at_the_level(tmp_path):
    found = [watch(written(tmp_path, quarters(12, 22, seed=seed, words=24)), date_column="date") for seed in range(60)]
    assert sum(each.turn.change == "turn" for each in found) <= 4
    assert not [each for each in found if each.judged.status == "fail"]
    assert np.mean([each.turn.p <= 0.05 for each in found]) < 0.15


def test_longer_texts_are_no_turn(tmp_path):
    rows = quarters(6, 40, seed=1, words=30) + [
        row | {"date": row["date"].replace("2020", "2022").replace("2021", "2023")} for row in quarters(6, 40, seed=2, words=90)
    ]
    found = watch(written(tmp_path, rows), date_column="date")
    assert found.turn.change != "turn" and found.words == 30


def test_a_campaign_in_every_quarter_is_no_turn(tmp_path):
    rng = np.random.default_rng(5)
    rows = []
    for seed, row in enumerate(quarters(12, 40, seed=3)):
        campaign = f"campaign{row['date'][:7]} about subject{rng.integers(3)} of{row['date'][:7]}"
        rows.append(row | {"text": f"{campaign if seed % 2 else ''} {row['text']}"})
    assert watch(written(tmp_path, rows), date_column="date").turn.change != "turn"


def test_few_periods_are_compared_but_no_date_is_told(tmp_path):
    rows = [row for row in quarters(5, 90, turn=3) if row["date"][5:7] in ("01", "04", "07", "10")]
    found = watch(written(tmp_path, rows), date_column="date")
    assert found.turn.change == "not_measured" and "periods" in found.turn.because
    assert found.judged.status == "not_measured" and found.estimates[0].value < 1 and len(found.periods) == 5


def test_undated_and_short_documents_are_counted_and_left_out(tmp_path):
    rows = quarters(10, 30)
    rows += [{"text": rows[0]["text"] + " again", "date": None}] * 3 + [{"text": "too short a text", "date": "2020-01-04"}] * 2
    found = watch(written(tmp_path, rows), date_column="date")
    assert (found.documents, found.undated, found.short) == (305, 3, 2)
    assert sum(each.used for each in found.periods) == 300 and sum(each.documents for each in found.periods) == 302


@pytest.mark.parametrize(
    ("given", "error", "told"),
    [({}, ConfigError, "--date-column"), ({"date_column": "text"}, ConfigError, "no date"),
     ({"date_column": "date", "baseline": "1999"}, ConfigError, "--baseline '1999'")],
)  # fmt: skip
def test_bad_input_is_told_in_a_line(turned, given, error, told):
    with pytest.raises(error, match=told):
        watch(turned, **given)


def test_documents_of_one_period_cannot_be_compared(tmp_path):
    with pytest.raises(UsageError, match="two periods of 20"):
        watch(written(tmp_path, quarters(1, 30)), date_column="date")


@pytest.mark.skipif(not SOTU.exists(), reason="the State of the Union addresses are not here")
def test_two_centuries_of_people_drift_and_nobody_is_accused():
    found = watch(str(SOTU), date_column="year")
    assert found.turn.change in ("drift", "flat") and found.judged.status not in ("warn", "fail")
    assert len(found.periods) >= 8 and found.unit == "year"
    said = " ".join(str(getattr(line, "plain", "")) for line in lines(found)) + " ".join(found.notes)
    assert "machine" not in said and " model" not in said
    spread = {each.text for each in found.phrases.spread}
    assert any("american" in text or "america" in text or "world" in text or "we " in text for text in spread)


def test_nothing_is_said_of_machines_where_all_is_older_than_the_cutoff(tmp_path):
    old = watch(written(tmp_path, quarters(10, 30, turn=5, first=1990)), date_column="date")
    new = watch(written(tmp_path, quarters(10, 30, turn=5, first=2021)), date_column="date")
    shown = [" ".join(str(getattr(line, "plain", "")) for line in lines(each)) + " ".join(each.notes) for each in (old, new)]
    assert old.turn.change == "turn" and "machine" not in shown[0] and " model" not in shown[0]
    assert "whether a model wrote any of it is not measured" in shown[1]
