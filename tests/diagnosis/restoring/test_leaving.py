"""What there is in a pool by generation, and what is left of it."""

import gzip
import json
from collections import Counter
from pathlib import Path

import pytest

from longtail.diagnosis.restoring.leaving import again, counted, without


def row(kind, generation, at):
    return {"text": f"{kind} {generation} {at}", "lt_origin": kind} | ({"lt_depth": generation} if generation else {})


@pytest.fixture
def pool(tmp_path):
    rows = [row("human", 0, at) for at in range(5)] + [row("synthetic", g, at) for g in (1, 2) for at in range(4)]
    rows += [row("unknown", 0, 1), row("mixed", 2, 9), row("synthetic", 0, 7)]
    with gzip.open(tmp_path / "pool.jsonl.gz", "wt") as stream:
        stream.writelines(json.dumps(each) + "\n" for each in rows)
    return str(tmp_path / "pool.jsonl.gz")


def test_rows_are_counted_by_generation(pool):
    found = counted([pool])
    assert (found.real, found.unknown, found.rows, found.newest) == (5, 1, {1: 4, 2: 6}, 2)


def test_files_of_other_generations_are_taken_as_they_are_and_mixed_ones_copied(pool, tmp_path, write_rows):
    old, new = write_rows("old.jsonl", [row("synthetic", 1, 8)]), write_rows("new.jsonl", [row("synthetic", 2, 8)])
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    left = without([pool, str(old), str(new)], {2}, scratch)
    assert left.out == {2: 7} and left.newest == 1 and str(old) in left.files and len(left.files) == 2
    copy = next(path for path in left.files if path != str(old))
    kept = [json.loads(line) for line in Path(copy).read_text().splitlines()]
    assert Counter(each["lt_origin"] for each in kept) == {"human": 5, "synthetic": 4, "unknown": 1}


def test_rows_drawn_again_come_evenly(tmp_path, write_rows):
    counts = {"a": 3, "b": 7}
    files = [str(write_rows(f"{name}.jsonl", [row("human", 0, f"{name}{at}") for at in range(count)])) for name, count in counts.items()]
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    made = again(files, 25, 10, scratch, seed=1)
    times = Counter(json.loads(line)["text"] for path in made for line in Path(path).read_text().splitlines())
    assert sum(times.values()) == 25 and set(times.values()) == {2, 3} and len(times) == 10
