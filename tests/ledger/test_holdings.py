"""What a ledger holds, counted from the current view, against counts by hand."""

import random
from collections import Counter
from datetime import datetime

import pytest

from longtail.errors import UnknownName
from longtail.ledger.holdings import facts_of
from longtail.ledger.node import Node
from longtail.ledger.store import Ledger

ORIGINS = ["human", "synthetic", "mixed", "unknown"]


def documents(seed, count):
    rng = random.Random(seed)
    return {
        f"{seed}-{number}": {
            "lt_id": f"{seed}-{number}",
            "lt_origin": rng.choice(ORIGINS),
            "lt_depth": rng.choice([None, 0, 1, 12]),
            "lt_model": rng.choice([None, "m@1", "it's"]),
            "lt_source": rng.choice([None, "s1", "s2"]),
            "lt_license": rng.choice([None, "MIT"]),
            "lt_evidence": rng.choice([None, "asserted", "signed"]),
            "lt_decoding": rng.choice([None, '{"temperature":1}', '{"temperature":0}']),
            "lt_time": rng.choice([None, "2024-05-01T00:00:00Z", "2025-06-01T12:30:00Z"]),
        }
        for number in range(count)
    }


def timed(row):
    return row | {"lt_time": None if row["lt_time"] is None else datetime.fromisoformat(row["lt_time"])}


@pytest.fixture
def filled(tmp_path):
    one, other = documents(1, 60), documents(2, 40)
    with Ledger.create(tmp_path / "ledger") as ledger:
        ledger.record(Node(name="d1", kind="dataset", rows=60, sha256="ab", facts={"path": "d1.jsonl"}), Node(name="it's", kind="dataset"))
        ledger.add(map(timed, one.values()), "d1")
        ledger.flush()
        ledger.add(map(timed, other.values()), "it's")
        ledger.add([timed(one["1-0"])], "it's")
        ledger.flush()
        yield ledger, one, other


def expected(rows):
    by = {name: Counter(row[name] for row in rows) for name in ("lt_origin", "lt_model", "lt_license", "lt_evidence")}
    return [dict(sorted((value, count) for value, count in counts.items() if value is not None)) for counts in by.values()]


def counted(facts):
    return [dict(sorted(counts.items())) for counts in (facts.origins, facts.models, facts.licenses, facts.evidence)]


@pytest.mark.parametrize("name", [None, "d1", "it's"])
def test_counts_are_those_made_by_hand(filled, name):
    ledger, one, other = filled
    rows = list({None: one | other, "d1": one, "it's": other | {"1-0": one["1-0"]}}[name].values())
    facts = facts_of(ledger, name)
    assert (facts.documents, counted(facts)) == (len(rows), expected(rows))
    assert facts.depths == Counter("unknown" if row["lt_depth"] is None else str(row["lt_depth"]) for row in rows)
    sources = {source: found.documents for source, found in facts.sources.items()}
    assert sources == Counter(row["lt_source"] for row in rows if row["lt_source"])
    assert facts.undated == sum(row["lt_time"] is None for row in rows)
    assert (facts.earliest, facts.latest) == ("2024-05-01T00:00:00Z", "2025-06-01T12:30:00Z")
    assert facts.decodings == 2
    made = [row for row in rows if row["lt_origin"] not in ("human", "unknown")]
    assert facts.undecoded == sum(row["lt_decoding"] is None for row in made)


def test_facts_of_a_past_state_name_its_head_and_not_the_newest(filled):
    ledger, one, _ = filled
    now = facts_of(ledger)
    with Ledger.open(ledger.place.address, 1) as past:
        then = facts_of(past)
    assert then.documents == len(one) and None not in (then.head, now.head) and then.head != now.head
    ledger.judge([{"lt_id": "1-0", "name": "g", "status": "pass"}])
    assert facts_of(ledger).head == now.head


def test_a_ledger_without_documents_counts_none(tmp_path):
    with Ledger.create(tmp_path / "l") as ledger:
        facts = facts_of(ledger, created_at="2026-01-01T00:00:00+00:00")
    assert (facts.documents, facts.origins, facts.earliest, facts.undated, facts.undecoded) == (0, {}, None, 0, 0)
    assert facts.created_at == "2026-01-01T00:00:00+00:00"


def test_a_data_set_that_there_is_not_names_the_nearest(filled):
    with pytest.raises(UnknownName, match="unknown node 'd11': did you mean 'd1'"):
        facts_of(filled[0], "d11")
