"""How much memory exact counts may take."""

import pytest

from longtail.summaries import room
from longtail.summaries.files import save
from longtail.summaries.profiling import profile
from longtail.summaries.room import MOST_BYTES, free_bytes, view_bytes


@pytest.fixture
def machine(tmp_path, monkeypatch):
    def told(available=None, limit=None, used=None):
        names = ("meminfo", "limit", "used")
        texts = (available and f"MemTotal: 9 kB\nMemAvailable:  {available} kB\n", limit, used)
        for name, text in zip(names, texts, strict=True):
            if text:
                (tmp_path / name).write_text(text)
        monkeypatch.setattr(room, "_PROC", tmp_path / "meminfo")
        monkeypatch.setattr(room, "_LIMITS", ((tmp_path / "limit", tmp_path / "used"),))

    return told


def test_what_is_free_is_the_lesser_of_machine_and_container(machine):
    machine("1000000", limit="300000000", used="100000000")
    assert free_bytes() == 200_000_000


def test_a_container_without_a_limit_leaves_what_the_machine_has(machine):
    machine("1000000", limit="max\n", used="5")
    assert free_bytes() == 1_024_000_000


def test_a_share_is_taken_between_the_least_and_the_most(machine):
    machine("16000000")
    assert view_bytes(1) == 1_024_000_000
    machine("160000")
    assert view_bytes(33_000_000) == 33_000_000
    machine(str(10**9))
    assert view_bytes(1) == MOST_BYTES


def test_a_system_that_tells_nothing_gets_the_least(machine):
    machine()
    assert free_bytes() is None
    assert view_bytes(7) == 7


def test_counts_do_not_depend_on_the_memory_there_is(machine, tmp_path):
    texts = [" ".join(f"w{(at * step) % 997}" for step in range(40)) for at in range(300)]
    machine("10")
    save(profile(texts, exact=True), tmp_path / "small.ltp")
    machine("100000000")
    save(profile(texts, exact=True), tmp_path / "large.ltp")
    assert (tmp_path / "small.ltp").read_bytes() == (tmp_path / "large.ltp").read_bytes()


def test_what_lies_free_is_given_back_where_the_c_library_can(monkeypatch):
    asked = []
    monkeypatch.setattr(room, "_trim", lambda: asked.append)
    room.give_back()
    assert asked == [0]
    monkeypatch.setattr(room, "_trim", lambda: None)
    room.give_back()


def test_a_c_library_that_cannot_trim_its_heap_is_no_error(monkeypatch):
    def refused(name):
        raise TypeError(name)

    room._trim.cache_clear()
    monkeypatch.setattr(room.ctypes, "CDLL", refused)
    assert room._trim() is None
    room._trim.cache_clear()
