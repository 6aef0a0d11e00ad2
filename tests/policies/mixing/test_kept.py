"""A mix whose rows a ledger knows."""

import json
from pathlib import Path

import pytest

from longtail.errors import ReadError, UsageError
from longtail.ledger.adding import add_data
from longtail.ledger.columns import identity
from longtail.ledger.manifest import MANIFEST
from longtail.ledger.store import Ledger
from longtail.ledger.store.lookup import Lookup
from longtail.policies.mixing import Asked
from longtail.policies.mixing.kept import kept

TEXTS = [f"text {at}" for at in range(40)]


def write(name, rows):
    Path(name).write_text("".join(json.dumps(row) + "\n" for row in rows))


@pytest.fixture
def ledger(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write("g0.jsonl", [{"text": text, "lt_origin": "human"} for text in TEXTS[:30]])
    write("g1.jsonl", [{"text": text, "lt_origin": "synthetic", "lt_depth": 1, "lt_model": "m@1"} for text in TEXTS[30:]])
    with Ledger.create("ledger") as made:
        for name in ("g0.jsonl", "g1.jsonl"):
            add_data(made, [name])
    return "ledger"


def rows_of(path):
    return [json.loads(line) for line in Path(path).read_text().splitlines()]


def test_what_the_ledger_knows_stands_before_what_a_row_says(ledger):
    with Ledger.open(ledger) as opened:
        opened.correct([{"lt_id": identity({"text": TEXTS[0]}), "lt_origin": "synthetic", "lt_depth": 1}], "found in our logs")
    mixed = kept(ledger, Asked(policy="accumulate"), [], [], output="train.jsonl")
    assert (mixed.written, mixed.manifest.origins) == (True, {"human": 29, "synthetic": 11})
    row = next(row for row in rows_of("train.jsonl") if row["text"] == TEXTS[0])
    assert (row["lt_origin"], row["lt_depth"]) == ("synthetic", 1)


def test_the_training_set_is_a_node_with_its_manifest_and_is_no_source_of_the_next_mix(ledger):
    kept(ledger, Asked(policy="accumulate"), [], [], output="train.jsonl")
    with Ledger.open(ledger) as opened:
        node = opened.graph()["train"]
        assert json.loads(node.facts[MANIFEST])["rows"] == node.rows == 40
        assert {edge.node for edge in node.parents} == {"g0", "g1"}
    again = kept(ledger, Asked(policy="accumulate"), [], [], output=None)
    assert again.documents == 40
    with pytest.raises(UsageError, match="'train' is in the lineage"):
        kept(ledger, Asked(policy="accumulate"), [], [], output="train.jsonl")


def test_a_dry_run_changes_nothing_in_the_ledger(ledger):
    with Ledger.open(ledger) as opened:
        before = opened.versions()
    kept(ledger, Asked(policy="accumulate"), [], [], output=None)
    with Ledger.open(ledger) as opened:
        assert opened.versions() == before


def test_files_that_are_gone_and_ledgers_without_data_say_so(ledger):
    Path("g1.jsonl").unlink()
    with pytest.raises(ReadError, match=r"g1\.jsonl: is not where the ledger says"):
        kept(ledger, Asked(policy="accumulate"), [], [], output=None)
    Ledger.create("empty").close()
    with pytest.raises(UsageError, match="knows no data set"):
        kept("empty", Asked(policy="accumulate"), [], [], output=None)


def test_the_lookup_is_the_current_view(ledger):
    columns = ("lt_origin", "lt_depth", "lt_model")
    ids = [identity({"text": text}) for text in TEXTS] + ["unheard of"]
    with Ledger.open(ledger) as opened:
        lookup = Lookup(opened, columns)
        found = {row["lt_id"]: row for batch in lookup(ids) for row in batch.to_pylist()}
        asked = {row["lt_id"]: row for batch in opened.current(ids, ("lt_id", *columns)) for row in batch.to_pylist()}
    assert found == asked and len(found) == len(lookup) == 40
    assert list(lookup([])) == []


def test_redacted_gaps_of_another_seed_are_refused_in_words(ledger):
    write("gaps.jsonl", [{"view": "words_1", "type": "0123456789abc", "slice": None, "reference_share": 0.5, "candidate_share": 0.1}])
    asked = Asked(policy="fixed_budget", size=10, allow_replace=True, target_gaps="gaps.jsonl")
    with pytest.raises(
        UsageError, match="no row holds any of the 1 redacted words; export the gaps without --redact, or audit with --seed 0"
    ):
        kept(ledger, asked, [], [], output=None)
