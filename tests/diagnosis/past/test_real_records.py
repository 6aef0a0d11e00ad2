"""Records as longtail's own commands leave them: mixes, their manifests, and a ledger."""

import json

from longtail.diagnosis.entry import entry_of
from longtail.diagnosis.past.rebuild import rebuild
from longtail.ledger.adding import add_data, add_node
from longtail.ledger.node import Edge
from longtail.ledger.store import Ledger
from longtail.policies.mixing import mix
from tests.diagnosis.past.conftest import rows


def outputs(count, depth):
    said = ({"text": f"written {at} at {depth}", "lt_origin": "synthetic", "lt_depth": depth} for at in range(count))
    return "".join(json.dumps(each) + "\n" for each in said)


def test_three_mixes_are_three_versions_joined_by_their_hashes(folder):
    human = folder.write("pool/human.jsonl", rows(40))
    previous = None
    data = [human]
    for generation in (1, 2, 3):
        output = folder.path / f"v{generation}" / "train.jsonl"
        output.parent.mkdir()
        mix(data, "accumulate", output=output, previous=previous)
        previous = f"{output}.manifest.json"
        data.append(folder.write(f"pool/out{generation}.jsonl", outputs(20, generation)))
    past = rebuild(folder.path)
    assert [version.name for version in past.versions] == ["v1", "v2", "v3"]
    assert past.contradictions == ()
    assert [version.rows for version in past.versions] == [40, 60, 80]
    assert [version.parents for version in past.versions] == [(), ("v1",), ("v2",)]
    assert past.regime == "accumulate"
    entry = entry_of(past)
    assert (entry.version, entry.after, entry.share) == ("v2", "v1", 20 / 60)
    assert past.versions[2].depths == {"0": 0.5, "1": 0.25, "2": 0.25}


def test_a_ledger_with_checkpoints_gives_the_entry(folder):
    first = folder.write("d1.jsonl", rows(10))
    second = folder.write("d2.jsonl", rows(10, 0.4, tag="b"))
    with Ledger.create(folder.path / "ledger") as ledger:
        add_data(ledger, [str(first)])
        add_data(ledger, [str(second)])
        add_node(ledger, "v1", "checkpoint", [Edge(node="d1", role="trained_on")])
        add_node(ledger, "v2", "checkpoint", [Edge(node="d2", role="trained_on"), Edge(node="v1", role="initialised_from")])
    past = rebuild(folder.path)
    assert [version.name for version in past.versions] == ["v1", "v2"]
    assert past.versions[1].files == ("d2.jsonl",)
    entry = entry_of(past)
    assert (entry.told, entry.version, entry.after, entry.share) == ("recorded", "v2", "v1", 0.4)
    assert entry_of(rebuild(ledger=folder.path / "ledger")).version == "v2"
