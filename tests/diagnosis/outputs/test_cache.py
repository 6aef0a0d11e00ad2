"""Outputs kept by content."""

import json
import os

import pytest

from longtail.diagnosis.outputs import cache
from longtail.diagnosis.outputs.cache import Cache, key_of, known
from longtail.errors import UsageError

ROWS = [{"prompt": "why?", "text": "ä\ud800"}]


@pytest.fixture
def checkpoint(tmp_path):
    folder = tmp_path / "ckpt"
    folder.mkdir()
    (folder / "model.bin").write_bytes(b"weights")
    return folder


def test_a_checkpoint_is_known_by_its_content_wherever_and_whenever_it_lies(checkpoint, tmp_path):
    before = known(str(checkpoint))
    os.utime(checkpoint / "model.bin", (1, 1))
    checkpoint.rename(tmp_path / "moved")
    assert known(str(tmp_path / "moved")) == before
    assert before.by == "content"
    (tmp_path / "moved/model.bin").write_bytes(b"weighty")
    assert known(str(tmp_path / "moved")) != before


def test_a_large_checkpoint_is_known_by_names_sizes_and_times(checkpoint, monkeypatch):
    monkeypatch.setattr(cache, "WHOLE", 3)
    before = known(str(checkpoint))
    assert before.by == "names, sizes and times"
    os.utime(checkpoint / "model.bin", (1, 1))
    assert known(str(checkpoint)) != before


def test_a_checkpoint_that_is_not_there_is_an_error_of_the_system(tmp_path):
    with pytest.raises(OSError, match="none"):
        known(str(tmp_path / "none"))


def test_a_key_changes_with_all_that_outputs_depend_on(checkpoint):
    here = known(str(checkpoint))
    keys = {
        key_of(here, ["a"], "function f", 0),
        key_of(here, ["a", "b"], "function f", 0),
        key_of(here, ["a"], "function g", 0),
        key_of(here, ["a"], "function f", 1),
        key_of(known(str(checkpoint / "model.bin")), ["a"], "function f", 0),
    }
    assert len(keys) == 5


def test_what_was_kept_is_found_again_and_nothing_without_a_folder(tmp_path):
    store = Cache(tmp_path / "deep/cache")
    assert store.get("k") is None
    store.put("k", ROWS, {"seed": 0})
    assert store.get("k") == ROWS
    assert json.loads((tmp_path / "deep/cache/k.json").read_text())["documents"] == 1
    nowhere = Cache(None)
    nowhere.put("k", ROWS, {})
    assert nowhere.get("k") is None


@pytest.mark.parametrize("damage", [b"", b'{"prompt": "why?", "text": "other"}\n', b"not json\n"])
def test_an_entry_that_is_not_whole_is_none(tmp_path, damage):
    store = Cache(tmp_path)
    store.put("k", ROWS, {})
    (tmp_path / "k.jsonl").write_bytes(damage)
    assert store.get("k") is None
    (tmp_path / "k.json").write_text("[]")
    assert store.get("k") is None


def test_a_folder_that_cannot_be_written_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="--cache"):
        Cache(tmp_path / "file").put("k", ROWS, {})
