"""What was found in one record: documents, files, origins, and shares measured by receipts."""

import pytest

from longtail.errors import ConfigError, UsageError
from longtail.origin.recognising import detecting
from longtail.origin.recognising.called import Called
from longtail.origin.recognising.detecting import detect, receipted
from longtail.origin.recognising.evidence import Recognised
from longtail.origin.recognising.receipts import receipt_of, receipt_row
from longtail.origin.recognising.watermark import Watermark
from longtail.origin.watermarks import Words, detect_many
from longtail.records import Evidence, Origin


def by_word(name, **answers):
    """A recogniser that speaks for an origin where a text has a word: `word=(origin, evidence)`."""
    found = {
        word: Recognised(recogniser=name, words=word, origin=origin, evidence=evidence) for word, (origin, evidence) in answers.items()
    }
    return Called(lambda texts: [next((found[word] for word in text.split() if word in found), None) for text in texts], name, "words")


COPIES = by_word("copies", copied=(Origin.SYNTHETIC, Evidence.INHERITED), edited=(Origin.HUMAN_EDITED, Evidence.INHERITED))
SIGNED = by_word("signed", signed=(Origin.HUMAN, Evidence.SIGNED), claimed=(Origin.SYNTHETIC, Evidence.ASSERTED))


@pytest.fixture
def receive(ledger):
    def received(key, texts):
        ledger.add([{"text": text} for text in texts])
        found = detect_many(key, texts, Words())
        ledger.judge([receipt_row(receipt_of({"lt_id": str(at)}, texts[at], key, one)) for at, one in enumerate(found)])
        return found

    return received


def test_receipts_tell_of_a_key_what_detecting_its_texts_again_tells(key, other, marked, plain, ledger, receive):
    mine, theirs = receive(key, [*marked[:4], "a b"]), receive(other, plain[:2])
    for each, found in ((key, mine), (other, theirs)):
        assert sorted(receipted(each, ledger), key=str) == sorted(found, key=str)


def test_without_a_receipt_of_the_key_there_is_nothing_to_judge(key, other, marked, ledger, receive):
    assert receipted(key, ledger) == []
    receive(other, marked[:1])
    assert receipted(key, ledger) == []


def test_receipts_of_the_ledger_and_nothing_else_make_a_share_measurable(key, other, marked, plain, ledger, receive):
    receive(key, marked[15:])
    data = [{"text": text} for text in marked[:15] + plain[:45]]
    known, theirs = detect(data, [Watermark([key, other])], ledger=ledger).record.marked
    assert (known["key_id"], theirs["key_id"]) == (key.key_id, other.key_id)
    assert known["low"] <= 0.25 <= known["high"] and abs(known["share"] - 0.25) < 0.1
    assert theirs["share"] is None and known["sampled"] == theirs["sampled"] == 60
    assert [each["share"] for each in detect(data, [Watermark([key, other])]).record.marked] == [None, None]


def test_each_document_counts_once_under_the_origin_that_its_strong_evidence_speaks_for():
    texts = ["copied signed", "copied", "edited", "signed", "claimed", "nothing here"]
    record = detect([{"text": text} for text in texts], [COPIES, SIGNED]).record
    assert list(record.origins.items()) == [("human", 1), ("human_edited", 1), ("synthetic", 2)]
    assert [(each["document"], each["recogniser"]) for each in record.findings] == [
        (1, "copies"), (1, "signed"), (2, "copies"), (3, "copies"), (4, "signed"), (5, "signed"),
    ]  # fmt: skip
    assert [(each.recogniser, each.found, each.strong) for each in record.recognisers] == [("copies", 3, 3), ("signed", 3, 2)]
    assert (record.documents, record.marked, record.media) == (6, (), ())


def test_contradictions_are_counted_with_the_first_document_of_each():
    rows = [("copied", "synthetic"), ("copied", "human"), ("signed", "synthetic"), ("copied again", "human"), ("claimed", "human")]
    record = detect([{"text": text, "lt_origin": said} for text, said in rows], [COPIES, SIGNED]).record
    assert [(each.says, each.found, each.recogniser, each.documents, each.first) for each in record.contradictions] == [
        ("human", "synthetic", "copies", 2, 2),
        ("synthetic", "human", "signed", 1, 3),
    ]


def test_all_that_is_set_aside_is_counted_and_the_first_twenty_are_shown(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "copied"}\n' + '{"text": " "}\n' * 25)
    record = detect(str(path), [COPIES]).record
    assert (record.documents, record.quarantined) == (1, 25)
    assert [each.line for each in record.quarantine] == [*range(2, 22)]


def test_files_are_told_in_the_order_given_with_the_trust_given_and_alone_need_no_recogniser(monkeypatch):
    asked = []

    def told(path, trust, *, strict):
        asked.append((path, trust, strict))
        return {"path": path}

    monkeypatch.setattr(detecting, "looked_at", told)
    alone = detect(None, [], media=["b.png", "a.png"], trust="ca.pem")
    assert alone.scanned is None and alone.record.media == ({"path": "b.png"}, {"path": "a.png"})
    assert (alone.record.documents, alone.record.recognisers, alone.record.findings, alone.record.origins) == (0, (), (), {})
    beside = detect([{"text": "copied"}], [COPIES], media=["a.png"])
    assert (beside.record.documents, beside.scanned.documents) == (1, 1)
    assert asked == [("b.png", "ca.pem", True), ("a.png", "ca.pem", True), ("a.png", None, False)]


def test_the_rate_of_wrong_findings_is_handed_on_and_stands_in_the_record():
    tested = Called(lambda texts: [Recognised(recogniser="p", words="p", p_value=0.03)] * len(texts), "p", "p", tests=True)
    strict, loose = (detect([{"text": "a b"}], [tested], fdr=fdr).record for fdr in (0.02, 0.04))
    assert (strict.fdr, strict.findings, loose.fdr, len(loose.findings)) == (0.02, (), 0.04, 1)
    with pytest.raises(ConfigError, match="fdr is 0"):
        detect([{"text": "a b"}], [tested], fdr=0)


def test_documents_without_a_recogniser_are_refused_and_the_text_column_is_handed_on():
    with pytest.raises(UsageError, match="nothing to look for"):
        detect([{"text": "a b"}], [])
    rows = [{"text": "nothing", "story": "copied"}]
    assert [len(detect(rows, [COPIES], text_column=column).record.findings) for column in (None, "story")] == [0, 1]


def test_progress_is_told_up_to_the_last_document():
    told = []
    detect([{"text": "a"}, {"text": "b"}], [COPIES], on_progress=told.append)
    assert told[-1].done == 2
