"""Drills: an alarm where much is planted, none where nothing is, honest silence in between, and files left as they were."""

import json

import msgspec
import pytest

from longtail.auditing import audit
from longtail.auditing.inputs import as_profile
from longtail.auditing.options import Options
from longtail.diagnosis import drill as drilling
from longtail.diagnosis.drill import drill
from longtail.errors import ConfigError, ReadError, UsageError

QUICK = {"views": ("words_1",)}
FEW = QUICK | {"nulls": 2}


@pytest.fixture
def few(monkeypatch):
    """Allow two copies without a plant, where false alarms are not the matter."""
    monkeypatch.setattr(drilling, "NULLS", 2)


@pytest.fixture(scope="module")
def texts(stdlib_paragraphs):
    return stdlib_paragraphs[:2400:4]


@pytest.fixture(scope="module")
def reference(stdlib_paragraphs):
    return as_profile(stdlib_paragraphs[1::2], Options(**QUICK))


@pytest.fixture(scope="module")
def steep(texts, reference):
    return drill(texts, reference, rate=0.5, **QUICK)


@pytest.fixture(scope="module")
def quiet(texts, reference):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drilling, "NULLS", 2)
        return drill(texts, reference, rate=0.003, generations=2, **FEW)


def test_a_steep_collapse_is_found_and_the_audits_end_there(steep):
    assert steep.alarmed_at in (1, 2) and len(steep.audits) == steep.alarmed_at and steep.foreseen is None
    assert "LT301" in steep.audits[-1].fails and steep.warned_at <= steep.alarmed_at
    last = steep.audits[-1]
    assert last.lost == pytest.approx(1 - 0.5**last.generation, abs=0.05)
    assert last.tail.low < 1 - last.lost < last.tail.high


def test_a_loss_too_small_to_see_ends_without_an_alarm_and_says_what_would_be_seen(quiet):
    assert (quiet.alarmed_at, len(quiet.audits)) == (None, 2)
    assert "is below the 5%" in quiet.foreseen.reason


def test_copies_without_a_plant_seldom_raise_an_alarm_and_what_all_raise_is_none(quiet, steep):
    found = steep.false_alarms
    assert found.copies == 20 and found.fails <= 4 and found.low <= found.fails / 20 <= found.high
    assert found.standing == quiet.false_alarms.standing == ("LT101 warn",)
    assert all("LT101" not in (*each.warns, *each.fails) for each in (*quiet.audits, *steep.audits))


def test_no_alarm_at_a_loss_that_could_be_found_says_the_documents(few, texts, reference):
    found = drill(texts[:400], reference, rate=0.07, generations=1, **FEW)
    assert found.alarmed_at is None
    assert found.foreseen.loss == 0.05 and found.foreseen.ends_in == "watch"
    assert found.foreseen.documents is None or found.foreseen.documents > 200


def test_audits_follow_those_of_the_history_and_its_file_is_as_it_was(few, texts, reference, tmp_path):
    history = tmp_path / "audits.json"
    for part in (texts[:300], texts[300:600]):
        audit(part, reference, history=history, **QUICK)
    before = history.read_bytes()
    found = drill(texts, reference, rate=0.02, generations=2, history=history, **FEW)
    assert history.read_bytes() == before and found.audits_before == 2
    levels = [each.level for each in found.audits]
    assert levels == sorted(levels, reverse=True) and levels[0] == pytest.approx(0.05 / 12)
    assert sorted(path.name for path in tmp_path.iterdir() if path.suffix != ".lock") == ["audits.json"]


def test_a_history_that_was_never_begun_is_not_made(few, texts, reference, tmp_path):
    drill(texts, reference, rate=0.5, generations=1, history=tmp_path / "audits.json", **FEW)
    assert list(tmp_path.iterdir()) == []


def test_copies_are_kept_where_asked_and_add_up_to_the_data(few, texts, reference, tmp_path):
    found = drill(texts, reference, rate=0.5, generations=1, keep=tmp_path / "copies", **FEW)
    first, planted = (
        [json.loads(line)["text"] for line in (tmp_path / "copies" / name).read_text().splitlines()]
        for name in ("gen1.jsonl", "planted1.jsonl")
    )
    assert len(first) + len(planted) == len(texts) and set(first) <= set(texts) and not set(planted) <= set(texts)
    assert found.kept == str(tmp_path / "copies")
    with pytest.raises(UsageError, match="not an empty folder"):
        drill(texts, reference, keep=tmp_path / "copies", **FEW)


def test_a_model_that_refits_is_found_out(few, texts, reference):
    found = drill(texts, reference, plant="refit", generations=4, **FEW)
    assert found.alarmed_at and found.rate is None and found.documents > 0.9 * len(texts)


def test_the_same_drill_gives_the_same_bytes(few, texts, reference):
    made = [msgspec.structs.replace(drill(texts, reference, generations=1, **FEW), created_at="") for _ in range(2)]
    assert msgspec.json.encode(made[0]) == msgspec.json.encode(made[1])


@pytest.mark.parametrize(
    ("settings", "error", "said"),
    [
        ({"rate": 0}, ConfigError, "rate is 0"),
        ({"generations": 0}, ConfigError, "generations is 0"),
        ({"nulls": 5}, ConfigError, "nulls is 5"),
        ({"documents": 50}, ConfigError, "documents is 50"),
        ({"plant": "burn"}, Exception, "burn"),
    ],
)
def test_settings_out_of_range_are_refused(texts, reference, settings, error, said):
    with pytest.raises(error, match=said):
        drill(texts, reference, **settings, **QUICK)


def test_few_documents_and_a_damaged_history_are_refused(texts, reference, tmp_path):
    with pytest.raises(UsageError, match="100 documents"):
        drill(texts[:100], reference, **QUICK)
    (tmp_path / "bad.json").write_text("{")
    with pytest.raises(ReadError, match="history"):
        drill(texts, reference, history=tmp_path / "bad.json", **QUICK)
