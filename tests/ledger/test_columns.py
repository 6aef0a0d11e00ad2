"""The schema of provenance, the id of a document, and the laws of origins and depths."""

import json
import unicodedata

import pyarrow as pa
import pytest
import xxhash
from hypothesis import given
from hypothesis import strategies as st

from longtail.ledger.columns import NAMES, SCHEMA, canonical, content_of, deeper, depth_of, identity, joined
from longtail.readers.quarantine import Unfit
from longtail.records import Evidence, Origin

ORIGINS = st.sampled_from(list(Origin))
DEPTHS = st.one_of(st.none(), st.integers(0, 30_000))
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
FROZEN = {
    '{"text":"the tail"}': "27f80fcae15c90ce01548688188488c9",
    '{"text":"café"}': "36c1b0e71b203327240e09314e29f130",
    '{"completion":"4","prompt":"2+2"}': "52c86b30049096d54f746572da89e631",
    '{"messages":[{"content":"hi","role":"user"},{"content":"日本","role":"assistant"}]}': "0c64efae63ba3cff817362ee6d35c4f8",
    '{"text":""}': "f7fb302711e58f8ce1b58ef122545f72",
}


def hashed(text):
    return xxhash.xxh3_128(text.encode("utf-8"), seed=0).hexdigest()


def test_the_schema_is_the_one_of_the_contract():
    words = pa.dictionary(pa.int32(), pa.string())
    assert dict(zip(SCHEMA.names, SCHEMA.types, strict=True)) == {
        "lt_id": pa.string(),
        "lt_origin": words,
        "lt_evidence": words,
        "lt_source": pa.string(),
        "lt_model": pa.string(),
        "lt_depth": pa.int16(),
        "lt_parents": pa.list_(pa.string()),
        "lt_time": pa.timestamp("us", tz="UTC"),
        "lt_decoding": pa.string(),
        "lt_license": pa.string(),
        "lt_weight": pa.float32(),
    }
    assert [field.name for field in SCHEMA if not field.nullable] == ["lt_id", "lt_origin"]
    assert [e.value for e in Evidence] == ["asserted", "signed", "watermark", "measured", "inherited", "none"]
    assert tuple(SCHEMA.names) == NAMES


@pytest.mark.parametrize("text", FROZEN)
def test_an_id_is_the_hash_of_the_canonical_text_and_does_not_change_between_versions(text):
    content = json.loads(text)
    assert canonical(content) == text.encode()
    assert identity(content) == hashed(text) == FROZEN[text]


@given(st.dictionaries(TEXTS, VALUES, min_size=1, max_size=5))
def test_the_canonical_form_is_what_a_few_lines_of_json_and_unicodedata_make(content):
    def nfc(value):
        if isinstance(value, dict):
            return {unicodedata.normalize("NFC", name): nfc(inner) for name, inner in value.items() if inner is not None}
        if isinstance(value, list):
            return [nfc(inner) for inner in value]
        return unicodedata.normalize("NFC", value) if isinstance(value, str) else value

    plain = json.dumps(nfc(content), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert canonical(content).decode() == plain
    assert identity(content) == hashed(plain)


@given(st.dictionaries(TEXTS, VALUES, min_size=2, max_size=6))
def test_the_order_of_keys_and_the_form_of_unicode_do_not_matter(content):
    turned = {unicodedata.normalize("NFD", name): content[name] for name in reversed(content)}
    distinct = {unicodedata.normalize("NFC", name) for name in content}
    assert len(distinct) < len(content) or identity(turned) == identity(content)


def test_accents_in_two_letters_or_one_give_one_id_and_another_case_gives_another():
    assert identity({"text": "cafe\u0301"}) == identity({"text": "caf\u00e9"}) != identity({"text": "Caf\u00e9"})


def test_what_arrow_fills_with_null_is_absent():
    assert identity({"messages": [{"role": "user", "content": "x", "name": None}]}) == identity(
        {"messages": [{"content": "x", "role": "user"}]}
    )


def test_content_is_every_content_column_that_is_filled_and_nothing_else():
    row = {"text": "a", "prompt": "p", "completion": None, "score": 3, "lt_origin": "human"}
    assert content_of(row) == {"text": "a", "prompt": "p"}
    assert content_of({"chosen": "a", "rejected": "b", "id": 1}) == {"chosen": "a", "rejected": "b"}
    assert content_of({"text": ""}) == {"text": ""}
    assert content_of({"body": {"en": "x"}, "text": "y"}, "body.en") == {"body.en": "x"}


def test_a_chat_stored_as_text_is_the_same_chat():
    turns = [{"role": "user", "content": "hi"}]
    assert content_of({"messages": json.dumps(turns)}) == content_of({"messages": turns})
    assert content_of({"messages": "[not json"}) == {"messages": "[not json"}
    assert content_of({"text": "[1]"}) == {"text": "[1]"}


@pytest.mark.parametrize("row", [{}, {"text": None}, {"body": "x"}])
def test_a_row_without_content_has_no_id(row):
    with pytest.raises(Unfit, match="no content"):
        content_of(row)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (float("nan"), "NaN"),
        (float("inf"), "NaN or infinity"),
        ("\ud800", "not valid Unicode"),
        (b"\xff", "not valid Unicode"),
        ({1}, "set"),
    ],
)
def test_content_without_a_canonical_form_has_no_id(value, reason):
    with pytest.raises(Unfit, match=reason):
        identity({"text": value})


def test_content_nested_without_end_has_no_id():
    value = []
    for _ in range(100_000):
        value = [value]
    with pytest.raises(Unfit, match="nested too deeply"):
        identity({"text": value})


RANK = [{"human"}, {"model_edited", "human_edited"}, {"human_selected"}, {"synthetic"}, {"mixed"}, {"unknown"}]


@given(ORIGINS, ORIGINS, ORIGINS)
def test_merging_origins_is_associative_commutative_and_idempotent(a, b, c):
    def merged(*parents):
        return Origin.merged(parents)

    assert merged(a, merged(b, c)) == merged(merged(a, b), c) == merged(a, b, c)
    assert merged(a, b) == merged(b, a)
    assert merged(a, a) == a


@given(st.lists(ORIGINS, min_size=1))
def test_what_is_made_from_documents_has_the_least_human_parent(parents):
    rank = {name: place for place, names in enumerate(RANK) for name in names}
    made = Origin.merged(parents)
    assert made in parents
    assert rank[made] == max(rank[parent] for parent in parents)


@given(ORIGINS, ORIGINS, ORIGINS)
def test_joining_origins_is_associative_commutative_and_idempotent(a, b, c):
    assert joined([a, joined([b, c])]) == joined([joined([a, b]), c]) == joined([a, b, c])
    assert joined([a, b]) == joined([b, a])
    assert joined([a, a]) == a


def test_a_join_of_unlike_origins_is_mixed_and_the_unknown_stays_unknown():
    assert joined([Origin.HUMAN, Origin.SYNTHETIC]) is Origin.MIXED
    assert joined([Origin.HUMAN, Origin.UNKNOWN]) is Origin.UNKNOWN
    assert joined([Origin.SYNTHETIC] * 2) is Origin.SYNTHETIC
    assert joined([]) is Origin.UNKNOWN


@given(DEPTHS, DEPTHS, DEPTHS)
def test_depths_of_parents_combine_associatively_commutatively_and_idempotently(a, b, c):
    assert deeper(a, deeper(b, c)) == deeper(deeper(a, b), c)
    assert deeper(a, b) == deeper(b, a)
    assert deeper(a, a) == a


@given(ORIGINS, st.lists(DEPTHS))
def test_depth_is_zero_for_human_else_one_more_than_the_deepest_parent_or_unknown(origin, parents):
    made = depth_of(origin, parents)
    if origin is Origin.HUMAN:
        assert made == 0
    elif not parents or None in parents:
        assert made is None
    else:
        assert made == 1 + max(parents)
