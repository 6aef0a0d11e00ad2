import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from longtail.errors import UsageError
from longtail.lab.scenarios import stdlib
from longtail.lab.scenarios.stdlib import LINEAGES, write_demo

SCRIPT = """
import sys
from pathlib import Path
from longtail.lab.scenarios.stdlib import write_demo
write_demo(Path(sys.argv[1]), generations=2)
"""


def read(path):
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def words(path):
    return Counter(word for row in read(path) for word in row["text"].lower().split())


def launch(folder, **environment):
    source = str(Path(stdlib.__file__).parents[3])
    return subprocess.Popen([sys.executable, "-c", SCRIPT, str(folder)], env={**os.environ, "PYTHONPATH": source, **environment})


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    return write_demo(tmp_path_factory.mktemp("demo") / "new" / "folder", generations=2)


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(stdlib, "stdlib_prose", lambda: [f"{a} {b} {c}" for a in "abcd" for b in "efgh" for c in "ijkl"])


def test_the_folder_holds_exactly_the_files_that_are_named(demo):
    expected = {demo.train, demo.human, demo.folder / "demo.json"}.union(*demo.lineages.values())
    assert {path for path in demo.folder.rglob("*") if path.is_file()} == expected
    assert {name: [path.relative_to(demo.folder).as_posix() for path in paths] for name, paths in demo.lineages.items()} == {
        name: [f"{name}/gen1.jsonl", f"{name}/gen2.jsonl"] for name in ("replace", "replace_t0.8", "accumulate")
    }


def test_every_line_says_its_text_origin_and_depth(demo):
    places = [(demo.train, "human", 0), (demo.human, "human", 0)]
    places += [(path, "synthetic", depth) for paths in demo.lineages.values() for depth, path in enumerate(paths, 1)]
    size = len(read(demo.train))
    for path, origin, depth in places:
        rows = read(path)
        assert all(row.keys() == {"text", "lt_origin", "lt_depth"} for row in rows)
        assert {(row["lt_origin"], row["lt_depth"]) for row in rows} == {(origin, depth)}
        assert path == demo.human or len(rows) == size


def test_the_reference_shares_no_document_with_the_training_part(demo):
    train, human = ({row["text"] for row in read(path)} for path in (demo.train, demo.human))
    assert not train & human
    assert min(len(train), len(human)) > 2000


def test_rare_types_vanish_under_replacement_while_their_mass_and_the_head_stay(demo):
    first, second = map(words, demo.lineages["replace"])
    cooled = words(demo.lineages["replace_t0.8"][1])
    rare = {word for word, count in words(demo.train).items() if count == 1} & first.keys()
    head = [word for word, _ in words(demo.train).most_common(100)]

    def mass(counts, chosen):
        return sum(counts[word] for word in chosen) / counts.total()

    assert len(rare & second.keys()) < 0.8 * len(rare)
    assert 0.9 < mass(second, rare) / mass(first, rare) < 1.1
    assert 0.95 < mass(second, head) / mass(first, head) < 1.05
    assert mass(cooled, rare) < 0.9 * mass(first, rare)


def test_another_process_with_another_hash_seed_writes_the_same_bytes(demo, tmp_path):
    assert launch(tmp_path, PYTHONHASHSEED="4242").wait(60) == 0
    assert contents(tmp_path) == contents(demo.folder)


def test_a_kill_in_the_middle_leaves_whole_files_and_a_folder_that_can_be_written_again(small, demo, tmp_path):
    process = launch(tmp_path)
    while not (tmp_path / "replace" / "gen1.jsonl").exists():
        assert process.poll() is None
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait(60)
    left = {name: content for name, content in contents(tmp_path).items() if not name.endswith(".unfinished")}
    whole = contents(demo.folder)
    assert all(content == whole[name] for name, content in left.items() if name != "demo.json")
    assert json.loads(left["demo.json"])["complete"] is False
    write_demo(tmp_path, generations=1)
    assert json.loads((tmp_path / "demo.json").read_bytes())["complete"] is True
    assert not list(tmp_path.rglob("*.unfinished"))


def test_a_failure_in_the_middle_of_a_file_leaves_nothing_under_its_name(tmp_path):
    def rows():
        yield {"text": "one"}
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        stdlib._write(tmp_path / "gen1.jsonl", rows())
    assert not (tmp_path / "gen1.jsonl").exists()


def test_an_earlier_demo_is_overwritten_and_its_surplus_generations_are_removed(small, tmp_path):
    write_demo(tmp_path, generations=3, seed=1)
    (tmp_path / "notes.txt").write_text("mine")
    files = write_demo(tmp_path, generations=1)
    assert not (tmp_path / "replace" / "gen2.jsonl").exists()
    assert files.lineages["replace"][0].exists()
    assert (tmp_path / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize("marker", [None, "[]", "not JSON", '{"kind": "something else"}'])
def test_a_foreign_folder_is_refused_and_left_as_it_was(small, tmp_path, marker):
    (tmp_path / "train.jsonl").write_text("precious")
    if marker is not None:
        (tmp_path / "demo.json").write_text(marker)
    before = contents(tmp_path)
    with pytest.raises(UsageError, match="holds files that no demo wrote.*name a new or an empty folder"):
        write_demo(tmp_path)
    assert contents(tmp_path) == before


def test_a_file_in_the_place_of_the_folder_is_refused(small, tmp_path):
    (tmp_path / "file").write_text("precious")
    with pytest.raises(UsageError, match="cannot hold the demo"):
        write_demo(tmp_path / "file")


@pytest.mark.parametrize("wrong", [{"generations": 0}, {"seed": -1}])
def test_numbers_out_of_range_are_refused_before_anything_is_written(tmp_path, wrong):
    with pytest.raises(UsageError, match="need at least 1 and 0"):
        write_demo(tmp_path / "new", **wrong)
    assert not (tmp_path / "new").exists()


def test_progress_counts_every_generation_of_every_lineage(small, tmp_path):
    heard = []
    write_demo(tmp_path, generations=2, on_progress=heard.append)
    assert [progress.done for progress in heard] == list(range(1, 2 * len(LINEAGES) + 1))
    assert {progress.total for progress in heard} == {2 * len(LINEAGES)}
