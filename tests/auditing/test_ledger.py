"""What a ledger adds to an audit."""

import json

import numpy as np
import pytest

from longtail.auditing import audit
from longtail.ledger.adding import add_data, add_node
from longtail.ledger.columns import identity
from longtail.ledger.node import Edge
from longtail.ledger.store import Ledger

TEXTS = [f"document number {at} says what it says about the year {1900 + at}" for at in range(120)]


@pytest.fixture
def kept(tmp_path):
    """A ledger in which the first sixty texts are human, and the others model output."""
    human = [{"text": text, "lt_origin": "human", "lt_depth": 0} for text in TEXTS[:60]]
    made = [{"text": text, "lt_origin": "synthetic", "lt_depth": 1} for text in TEXTS[60:]]
    for name, rows in (("g0", human), ("g1", made)):
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    with Ledger.create(tmp_path / "ledger") as ledger:
        add_data(ledger, [str(tmp_path / "g0.jsonl")])
        add_data(ledger, [str(tmp_path / "g1.jsonl")])
    return tmp_path / "ledger"


def saved(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return str(path)


def verdicts(report):
    found = {finding.code: finding.status for finding in report.findings}
    return found | dict.fromkeys(report.passed, "pass") | {each.code: "not_measured" for each in report.not_measured}


def test_a_tag_that_a_transform_lost_is_found(kept, tmp_path):
    lost = saved(tmp_path / "lost.jsonl", [{"text": text} for text in TEXTS])
    report = audit(lost, ledger=kept)
    assert verdicts(report)["LT104"] == "fail"
    assert verdicts(audit(lost))["LT104"] == "not_measured"


def test_tags_that_a_transform_kept_are_silent(kept, tmp_path):
    rows = [json.loads(line) for name in ("g1", "g0") for line in (tmp_path / f"{name}.jsonl").read_text().splitlines()]
    shuffled = saved(tmp_path / "kept.jsonl", [row | {"extra": 1} for row in rows[::-1] if "7" not in row["text"]])
    found = verdicts(audit(shuffled, ledger=kept))
    assert (found["LT104"], found["LT105"]) == ("pass", "pass")


def test_model_output_that_is_called_human_contradicts_the_ledger(kept, tmp_path):
    false = saved(tmp_path / "false.jsonl", [{"text": text, "lt_origin": "human"} for text in TEXTS])
    assert verdicts(audit(false, ledger=kept))["LT105"] == "fail"


def test_a_model_whose_training_data_nobody_recorded_is_named(kept, tmp_path):
    assert verdicts(audit(str(tmp_path / "g1.jsonl"), ledger=kept))["LT106"] == "pass"
    with Ledger.open(kept) as ledger:
        add_node(ledger, "m1", "checkpoint")
        add_node(ledger, "g2", "dataset", [Edge(node="m1", role="generated_by")])
    report = audit(str(tmp_path / "g1.jsonl"), ledger=kept)
    finding = next(each for each in report.findings if each.code == "LT106")
    assert "m1" in finding.because


def test_the_state_that_an_audit_saw_can_be_opened_again(kept, tmp_path):
    report = audit(str(tmp_path / "g1.jsonl"), ledger=kept)
    with Ledger.open(kept) as ledger:
        ledger.correct([{"lt_id": identity({"text": TEXTS[0]}), "lt_origin": "synthetic"}], "found in our logs")
    state = report.panels["ledger"]["state"]
    then, now = (Ledger.open(kept, at=at).current([identity({"text": TEXTS[0]})], ("lt_origin",)) for at in (state, None))
    assert [batch.column(0).to_pylist() for batch in then] == [["human"]]
    assert [batch.column(0).to_pylist() for batch in now] == [["synthetic"]]
    again = audit(str(tmp_path / "g1.jsonl"), ledger=kept)
    assert again.panels["ledger"]["state"] != state
    assert audit(str(tmp_path / "g1.jsonl"), ledger=kept).panels["ledger"] == again.panels["ledger"]


def rarity(text):
    return np.mean([int(word[1:]) for word in text.split()])


def test_a_filter_that_cuts_the_tail_fails_and_a_random_one_does_not(write_rows, cli):
    law = 1 / np.arange(1, 3001)
    rng = np.random.default_rng(3)
    texts = [" ".join(f"w{rank}" for rank in rng.choice(3000, rng.integers(20, 120), p=law / law.sum())) for _ in range(1500)]
    before = write_rows("before.jsonl", texts)
    cut = write_rows("cut.jsonl", sorted(texts, key=rarity)[:900])
    fair = write_rows("fair.jsonl", [text for text in texts if rng.random() < 0.6])
    failed = cli("audit", "--before", before, "--after", cut, "--json")
    assert failed.code == 1 and "LT401" in {each["code"] for each in failed.report["findings"]}
    kept_fair = cli("audit", "--before", before, "--after", fair, "--json")
    assert "LT401" not in {each["code"] for each in kept_fair.report["findings"]}
