"""The history of audits: who gets which number, and what an interruption, a race or damage does to the file."""

import json
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from longtail.auditing.history import opened
from longtail.errors import ConfigError, ReadError, UsageError

ALPHA = 0.06

AUDITOR = """
import sys, time
from longtail.auditing.history import opened
path, key, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
with opened(path, 0.06, wait=60) as history:
    number = history.number_for(key)
    sys.stdout.write(f"{number}\\n")
    sys.stdout.flush()
    time.sleep(seconds)
    history.record(key, "healthy")
"""


def auditor(path, key, seconds):
    """Begin an audit in another process, which says its number while it holds the lock."""
    command = [sys.executable, "-c", AUDITOR, str(path), key, str(seconds)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def done(path, key, phase="healthy", **terms):
    with opened(path, **({"alpha": ALPHA} | terms)) as history:
        number = history.number_for(key)
        history.record(key, phase)
    return number


@pytest.fixture
def path(tmp_path):
    return tmp_path / "history.json"


def test_audits_are_numbered_in_turn_and_each_takes_its_part(path):
    assert [done(path, key) for key in ("a1", "b2", "c3")] == [1, 2, 3]
    stored = json.loads(path.read_text())
    assert [(entry["key"], entry["number"]) for entry in stored["audits"]] == [("a1", 1), ("b2", 2), ("c3", 3)]
    assert [entry["level"] for entry in stored["audits"]] == pytest.approx([0.03, 0.01, 0.005])
    assert (stored["alpha"], stored["horizon"]) == (0.06, None)
    with opened(path, ALPHA) as history:
        assert history.spent == pytest.approx(0.045)
        assert history.number_for("d4") == 4


def test_an_audit_done_again_keeps_its_number_and_spends_nothing(path):
    done(path, "a1", "early")
    done(path, "b2")
    before = path.read_bytes()
    assert done(path, "a1", "healthy") == 1
    assert path.read_bytes() == before


def test_an_entry_says_when_and_with_what_outcome(path):
    done(path, "a1", "early")
    (entry,) = json.loads(path.read_text())["audits"]
    assert entry["phase"] == "early"
    written = datetime.fromisoformat(entry["time"])
    assert written.utcoffset() == timedelta(0)
    assert timedelta(seconds=-1) <= datetime.now(UTC) - written < timedelta(minutes=5)


def test_the_same_audits_give_the_same_file_but_for_the_time(tmp_path):
    written = []
    for name in ("one.json", "two.json"):
        for key in ("a1", "b2", "a1"):
            done(tmp_path / name, key)
        stored = json.loads((tmp_path / name).read_text())
        for entry in stored["audits"]:
            del entry["time"]
        written.append(json.dumps(stored))
    assert written[0] == written[1]


def test_looking_without_recording_leaves_no_file(path):
    with opened(path, ALPHA) as history:
        assert history.number_for("a1") == 1
    assert not path.exists()


def test_an_audit_that_fails_spends_nothing(path):
    done(path, "a1")
    before = path.read_bytes()
    with pytest.raises(ZeroDivisionError), opened(path, ALPHA) as history:
        history.number_for("b2")
        _ = 1 / 0
    assert path.read_bytes() == before
    assert done(path, "c3") == 2


def test_an_audit_that_is_killed_spends_nothing_and_leaves_no_lock_behind(path):
    done(path, "a1")
    before = path.read_bytes()
    with auditor(path, "b2", 600) as victim:
        try:
            assert victim.stdout.readline() == "2\n"
            with pytest.raises(ConfigError, match="was not free"), opened(path, ALPHA, wait=0.1):
                pass
        finally:
            victim.send_signal(signal.SIGKILL)
    assert path.read_bytes() == before
    assert done(path, "c3") == 2


def test_two_audits_at_once_get_two_numbers(path):
    first, second = (auditor(path, key, 0.5) for key in ("a1", "b2"))
    said = sorted(process.communicate(timeout=120)[0].strip() for process in (first, second))
    assert (first.returncode, second.returncode) == (0, 0)
    assert said == ["1", "2"]
    stored = json.loads(path.read_text())["audits"]
    assert {entry["key"] for entry in stored} == {"a1", "b2"}
    assert [entry["number"] for entry in stored] == [1, 2]


def test_a_lock_that_is_held_is_named(path):
    message = r"history\.json\.lock.* was not free within 0\.1 seconds; wait until the other audit has ended"
    with opened(path, ALPHA), pytest.raises(ConfigError, match=message), opened(path, ALPHA, wait=0.1):
        pass


def test_one_file_under_two_names_has_one_lock(tmp_path, path):
    done(path, "a1")
    link = tmp_path / "link.json"
    link.symlink_to(path)
    with opened(path, ALPHA), pytest.raises(ConfigError, match="in use"), opened(link, ALPHA, wait=0.1):
        pass
    assert done(link, "b2") == 2
    assert link.is_symlink()
    assert done(path, "c3") == 3


@pytest.mark.parametrize(
    ("terms", "asked"),
    [({"alpha": 0.1}, "alpha 0.1 and no horizon"), ({"alpha": ALPHA, "horizon": 20}, "alpha 0.06 and a horizon of 20 audits")],
)
def test_other_terms_than_those_it_was_begun_with_are_refused_with_both(path, terms, asked):
    done(path, "a1")
    before = path.read_bytes()
    message = rf"begun with alpha 0\.06 and no horizon, this audit asks for {asked}; .*ask for the same, or name another"
    with pytest.raises(ConfigError, match=message):
        done(path, "b2", **terms)
    assert path.read_bytes() == before


def test_after_a_horizon_there_is_nothing_left_to_use(path):
    assert [done(path, key, horizon=2) for key in ("a1", "b2", "c3")] == [1, 2, 3]
    with opened(path, ALPHA, 2) as history:
        assert [entry.level for entry in history.audits] == [0.03, 0.03, 0.0]
        assert history.spent == ALPHA


def changed(**fields):
    """Return the file of two audits with fields of the last one changed."""
    last = {"key": "b2", "number": 2, "time": "2024-01-01T00:00:00+00:00", "phase": "healthy", "level": 0.01}
    audits = [last | {"key": "a1", "number": 1, "level": 0.03}, last | fields]
    series = {"alpha": ALPHA, "horizon": None, "audits": audits, "format": "longtail-history", "version": 1}
    return json.dumps(series)


def test_the_file_that_the_cases_of_damage_start_from_is_sound(path):
    path.write_text(changed())
    assert done(path, "c3") == 3


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "no history of audits, or a damaged one"),
        (changed()[:-40], "no history of audits, or a damaged one"),
        ('{"text": "a document"}', "no history of audits"),
        ("\udcff", "no history of audits"),
        (changed().replace('"version": 1', '"version": 2'), "version"),
        (changed().replace("longtail-history", "other-history"), "format"),
        (changed(phase="fine"), "phase"),
        (changed(extra=1), "unknown field `extra`"),
        (changed(number=3), "numbered 1, 3"),
        (changed(key="a1"), "'a1' stands in it twice"),
        (changed(level=0.0), r"audit 2 states a level of 0\.0"),
    ],
)
def test_a_damaged_or_foreign_file_is_refused_and_left_as_it_is(path, content, reason):
    data = content.encode(errors="surrogateescape")
    path.write_bytes(data)
    with pytest.raises(ReadError, match=rf"history\.json: .*{reason}.*name another file with --history, or move this one away"):
        done(path, "c3")
    assert path.read_bytes() == data


def test_a_folder_that_is_not_there_is_named_and_not_made(tmp_path):
    with pytest.raises(ConfigError, match=r"there is no folder '.*absent'; make it"):
        done(tmp_path / "absent" / "history.json", "a1")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_no_history(tmp_path):
    with pytest.raises(ReadError, match="the history cannot be read: Is a directory"):
        done(tmp_path, "a1")


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_write_that_fails_leaves_the_file_as_it_was(path, monkeypatch, step):
    done(path, "a1")
    before = path.read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(f"longtail.auditing.history.os.{step}", full)
    with pytest.raises(ConfigError, match="cannot be written: No space left on device"):
        done(path, "b2")
    assert path.read_bytes() == before
    assert {file.name for file in path.parent.iterdir()} == {"history.json", "history.json.lock"}


def test_without_a_file_each_audit_is_the_first_and_nothing_is_kept(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with opened(None, ALPHA) as history:
        assert [history.number_for(key) for key in ("a1", "b2")] == [1, 1]
        history.record("a1", "healthy")
        assert history.number_for("b2") == 1
        assert (history.audits, history.spent) == ((), 0.0)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("key", ["", "A1", "a1 ", "text"])
def test_a_key_is_hex(path, key):
    with opened(path, ALPHA) as history, pytest.raises(UsageError, match="is not a string of lower-case hex digits"):
        history.record(key, "healthy")


def test_nothing_is_recorded_once_the_lock_is_given_back(path):
    with opened(path, ALPHA) as history:
        pass
    with pytest.raises(UsageError, match="after its history was closed"):
        history.record("a1", "healthy")
    assert not path.exists()


@pytest.mark.parametrize("place", [None, "history.json"])
def test_terms_out_of_range_are_refused_with_and_without_a_file(tmp_path, place):
    where = place and tmp_path / place
    with pytest.raises(ConfigError, match="alpha is 0"), opened(where, 0.0):
        pass
    with pytest.raises(ConfigError, match="horizon is 0"), opened(where, ALPHA, 0):
        pass


def test_an_audit_that_used_nothing_is_a_look_and_counts_once_a_day(path):
    later = datetime.now(UTC) + timedelta(days=40)
    with opened(path, ALPHA) as history:
        history.look(later)
    assert not path.exists()  # nothing was audited yet
    done(path, "a1")
    before = path.read_bytes()
    with opened(path, ALPHA) as history:
        history.look(datetime.now(UTC))
        assert path.read_bytes() == before
        history.look(later)
        assert history.last == later.date().isoformat()
        history.look(later - timedelta(days=3))
    with opened(path, ALPHA) as history:
        assert history.last == later.date().isoformat()
        assert (len(history.audits), history.spent) == (1, ALPHA / 2)
