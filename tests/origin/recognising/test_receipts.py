"""Receipts as verdicts and back, and the rate of green tokens that they show."""

import hashlib

import msgspec
import pytest

from longtail.errors import ReadError, UsageError
from longtail.origin.recognising.receipts import Receipt, green_rate, receipt_of, receipt_row, receipts
from longtail.origin.watermarks import Words, detect
from tests.origin.recognising.conftest import key_of


def receipt(key, green, scored, name="a"):
    return Receipt(
        lt_id=name, scheme=key.scheme, key_id=key.key_id, tokenizer=key.tokenizer, tokens=scored + 4, scored=scored, green=green, sha256="0"
    )


def put(path, *lines):
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    return path


def test_a_receipt_counts_and_hashes_the_text_and_holds_neither_it_nor_the_secret(key, marked):
    text = f"{marked[0]} naïve"
    found = detect(key, text, Words())
    made = receipt_of({"lt_id": "a", "text": text}, text, key, found)
    assert (made.lt_id, made.scheme, made.key_id, made.tokenizer) == ("a", key.scheme, key.key_id, Words.sha256)
    assert (made.tokens, made.scored, made.green) == (found.tokens, found.scored, found.green)
    assert len({made.tokens, made.scored, made.green}) == 3
    assert made.sha256 == hashlib.sha256(text.encode()).hexdigest()
    kept = msgspec.json.encode(receipt_row(made)).decode()
    assert not any(told in kept for told in (key.secret, "naïve", *text.split()[:5]))


def test_a_text_with_a_lone_surrogate_has_a_receipt_of_its_own(key):
    one, two = (receipt_of({"lt_id": "a"}, text, key, detect(key, [1, 2, 3])) for text in ("a \ud800", "a \udfff"))
    assert one.sha256 != two.sha256


def test_the_verdict_scores_the_rate_of_green_and_none_where_nothing_is_scored(key):
    row = receipt_row(receipt(key, 3, 4))
    assert (row["moment"], row["name"], row["version"], row["score"]) == ("generation", "watermark", f"{key.scheme} {key.key_id}", 0.75)
    assert receipt_row(receipt(key, 0, 4))["score"] == 0
    assert receipt_row(receipt(key, 0, 0))["score"] is None


def test_receipts_come_back_from_a_file_as_they_went_in_and_those_of_one_key_alone(key, other, tmp_path):
    given = [receipt(key, 3, 4), receipt(other, 0, 0, "b"), receipt(key, 1, 9, "é")]
    path = put(tmp_path / "r.jsonl", *(msgspec.json.encode(receipt_row(one)) for one in given))
    assert list(receipts(path)) == list(receipts(str(path))) == given
    assert list(receipts(path, key.key_id)) == [given[0], given[2]]
    assert list(receipts(path, "0" * 16)) == list(receipts(put(tmp_path / "empty.jsonl"))) == []


def test_other_verdicts_of_a_ledger_are_no_receipts(key, ledger):
    ledger.add([{"text": "some words"}])
    mine = receipt_row(receipt(key, 3, 4))
    ledger.judge([mine, mine | {"moment": "ingest", "reason": "a finding"}, mine | {"name": "rule", "reason": "a remark"}])
    assert list(receipts(ledger)) == [receipt(key, 3, 4)]


@pytest.mark.parametrize("wrong", [b"", b"{", b"null", b"[1]", b'"reason"', b'{"text": "a"}'])
def test_a_line_that_is_no_receipt_is_named_with_its_number(key, tmp_path, wrong):
    path = put(tmp_path / "r.jsonl", msgspec.json.encode(receipt_row(receipt(key, 3, 4))), wrong)
    with pytest.raises(ReadError, match=r"r\.jsonl:2: is no receipt; name the file that generate wrote beside its rows"):
        list(receipts(path))


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(ReadError, match=r"absent\.jsonl: "):
        list(receipts(tmp_path / "absent.jsonl"))
    with pytest.raises(ReadError, match="cannot be read to its end"):
        list(receipts(tmp_path))


def test_the_rate_pools_the_tokens_of_its_own_key_rather_than_averaging_texts(key, other):
    given = [receipt(key, 9, 10), receipt(key, 30, 90), receipt(key, 0, 0), receipt(other, 1000, 1000)]
    assert green_rate(key, iter(given)) == 39 / 100


def test_a_rate_of_exactly_gamma_shows_no_watermark_and_one_token_more_does():
    key = key_of(1, gamma=0.25)
    with pytest.raises(UsageError, match=r"1,000 of 4,000 scored tokens are green, no more than without a watermark"):
        green_rate(key, [receipt(key, 1000, 4000)])
    assert green_rate(key, [receipt(key, 1001, 4000)]) == 1001 / 4000


def test_without_a_scored_token_of_the_key_there_is_no_rate(key, other):
    for given in ([], [receipt(key, 0, 0)], [receipt(other, 9, 10)]):
        with pytest.raises(UsageError, match=f"no receipt of key {key.key_id} has a scored token"):
            green_rate(key, given)
