"""How many different ids there are, exactly."""

import xxhash

from longtail.ledger.tagging import distinct
from longtail.ledger.tagging.distinct import Distinct


def test_different_ids_are_counted_exactly_in_parts(tmp_path, monkeypatch):
    monkeypatch.setattr(distinct, "_AT_ONCE", 100)
    ids = [xxhash.xxh3_128_digest(str(n % 1234).encode()) for n in range(5000)]
    with open(tmp_path / "ids", "w+b") as file:
        counted = Distinct(file)
        for one in ids:
            counted.add(one)
        assert counted.count() == len(set(ids)) == 1234


def test_nothing_counted_is_no_id(tmp_path):
    with open(tmp_path / "ids", "w+b") as file:
        assert Distinct(file).count() == 0
