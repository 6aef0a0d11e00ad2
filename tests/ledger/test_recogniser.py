"""The recogniser against brute force, on real sentences and on planted near duplicates."""

import re

import deltalake
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from longtail.errors import ConfigError, IncompatibleSummaries, UsageError
from longtail.ledger.columns import identity
from longtail.ledger.recogniser import Match, Recogniser, signature_table
from longtail.ledger.signatures import SCHEMA, schema
from longtail.summaries.minhash import Settings

CHINESE = "天地玄黃宇宙洪荒日月盈昃辰宿列張寒來暑往秋收冬藏閏餘成歲律呂調陽雲騰致雨露結為霜金生麗水玉出崑岡"


def idents(texts):
    return [identity({"text": text}) for text in texts]


def known(texts, ids=None, **settings):
    chosen = Settings(**settings)
    return Recogniser([signature_table(idents(texts) if ids is None else ids, texts, chosen)], chosen)


def shingles(text):
    words = re.findall(r"\w+(?:'\w+)*", text.lower())
    return {tuple(words[at : at + 5]) for at in range(max(len(words) - 4, 1))}


def jaccard(left, right):
    one, other = shingles(left), shingles(right)
    return len(one & other) / len(one | other)


def edited(text, count, random):
    """The text with some of its words replaced by words that it does not hold."""
    words = text.split()
    for at in random.choice(len(words), count, replace=False):
        words[at] = f"edit{at}"
    return " ".join(words)


@pytest.fixture(scope="module")
def passages(stdlib_paragraphs):
    """Documents of 110 to 150 words, none of which shares a paragraph with another."""
    found, gathered = [], []
    for paragraph in stdlib_paragraphs:
        gathered += paragraph.split()
        if len(gathered) >= 110:
            found.append(" ".join(gathered[:150]))
            gathered = []
    return found[:1400]


@pytest.fixture(scope="module")
def generated(passages):
    return passages[:700]


@pytest.fixture(scope="module")
def recogniser(generated):
    return known(generated)


def test_every_text_is_found_as_itself(recogniser, generated):
    assert recogniser.look_up(generated) == [Match(lt_id=name, kind="exact", similarity=1.0) for name in idents(generated)]
    assert len(recogniser) == len(generated)


@pytest.mark.parametrize(
    "change", [str.upper, str.title, lambda text: f"\n {text.replace(' ', '  ')}\t", lambda text: text.replace(" ", "\u00a0")]
)
def test_case_and_spacing_do_not_hide_a_text(recogniser, generated, change):
    asked = [text for text in generated if change(text) != text]
    found = recogniser.look_up(map(change, asked))
    assert found == [Match(lt_id=name, kind="normalised", similarity=1.0) for name in idents(asked)]
    assert len(asked) == len(generated)


def test_near_duplicates_of_similarity_nine_tenths_are_found(recogniser, generated):
    random = np.random.default_rng(1)
    asked = [edited(text, 1, random) for text in generated]
    like = [index for index, pair in enumerate(zip(generated, asked, strict=True)) if jaccard(*pair) >= 0.9]
    found = recogniser.look_up([asked[index] for index in like])
    right = [
        match is not None and (match.kind, match.lt_id) == ("near", name)
        for match, name in zip(found, idents(generated[i] for i in like), strict=True)
    ]
    assert np.mean(right) >= 0.95
    assert len(like) > 500


def test_two_edited_words_in_a_hundred_are_found_at_a_lower_threshold(recogniser, generated):
    random = np.random.default_rng(2)
    asked = [edited(text, round(0.02 * len(text.split())), random) for text in generated]
    found = recogniser.look_up(asked, threshold=0.7)
    assert np.mean([match is not None and match.lt_id == name for match, name in zip(found, idents(generated), strict=True)]) >= 0.95
    similarities = np.array([match.similarity for match in found if match])
    truth = np.array([jaccard(*pair) for pair, match in zip(zip(generated, asked, strict=True), found, strict=True) if match])
    assert abs((similarities - truth).mean()) < 0.01
    assert 0.75 < truth.mean() < 0.9


@pytest.mark.parametrize("threshold", [0.3, 0.8])
def test_unrelated_texts_are_not_recognised(recogniser, generated, passages, threshold):
    seen = set().union(*map(shingles, generated))
    others = [text for text in passages[700:] if not shingles(text) & seen]
    assert recogniser.look_up(others, threshold=threshold) == [None] * len(others)
    assert len(others) > 300


def test_the_true_nearest_is_found(recogniser, generated):
    random = np.random.default_rng(3)
    asked = [edited(text, 1, random) for text in generated[:60]]
    sets = [shingles(stored) for stored in generated]
    for text, match in zip(asked, recogniser.look_up(asked), strict=True):
        like = [len(one & shingles(text)) / len(one | shingles(text)) for one in sets]
        assert match.lt_id == identity({"text": generated[int(np.argmax(like))]})


def test_neither_order_nor_batches_change_what_is_found(generated):
    random = np.random.default_rng(4)
    stored = [*generated[:300], *(edited(text, 1, random) for text in generated[:300]), "", "!!!", "same", "Same", "SAME"]
    table = signature_table([f"id-{number % 400}-{number}" for number in range(len(stored))], stored)
    asked = [*(edited(text, 2, random) for text in generated[:300]), *(text.upper() for text in generated[:300]), "sAmE", "same.", "?"]
    first = Recogniser([table]).look_up(asked, threshold=0.5)
    for _ in range(3):
        shuffled = table.take(random.permutation(len(table)))
        assert Recogniser(shuffled.to_batches(max_chunksize=37)).look_up(asked, threshold=0.5) == first
    order = random.permutation(len(asked))
    assert Recogniser([table]).look_up([asked[at] for at in order], threshold=0.5) == [first[at] for at in order]
    assert sum(match is not None for match in first) > 500


def test_of_equals_the_smallest_id_is_named():
    one = known(["Red fox", "red  FOX", "red, fox", "RED FOX!", "?!", " "], ["d", "c", "b", "a", "1", "0"])
    assert [(match.lt_id, match.kind) for match in one.look_up(["red fox", "Red-fox"])] == [("c", "normalised"), ("a", "near")]


def test_the_stated_id_comes_first():
    one = known(["a text", "another text"], ["x", "y"])
    found = one.look_up(["ANOTHER text", "another text", "another text"], ids=["x", None, "z"])
    assert [(match.lt_id, match.kind) for match in found] == [("x", "exact"), ("y", "normalised"), ("y", "normalised")]


def test_blank_texts_and_nulls_are_never_recognised():
    one = known(["", " ", "\n", "word"], ["a", "b", "c", "d"])
    assert one.look_up(["", " ", None, "\u3000"], threshold=0.01, ids=["a", "b", "c", "d"]) == [None] * 4
    assert len(one) == 4


def test_a_text_without_words_is_recognised_by_its_hash_alone():
    one = known(["...", "\0\0", "🙂"])
    assert [match and match.kind for match in one.look_up(["...", " ... ", "..", "\0\0", "\0", "🙂"])] == [
        "exact", "normalised", None, "exact", None, "exact",
    ]  # fmt: skip


def test_nul_bytes_are_ordinary_characters():
    one = known(["alpha\0beta gamma", "\0"])
    kinds = [match and match.kind for match in one.look_up(["alpha\0beta gamma", "Alpha\0Beta  gamma", "alpha beta gamma", "alpha", "\0"])]
    assert kinds == ["exact", "normalised", "near", None, "exact"]


def test_chinese_is_recognised():
    one = known([CHINESE])
    found = one.look_up([CHINESE, f" {CHINESE} ", f"{CHINESE[:20]}，{CHINESE[20:]}", CHINESE[:-2] + "大海", CHINESE[::-1]])
    assert [match and match.kind for match in found] == ["exact", "normalised", "near", "near", None]


def test_a_document_of_five_megabytes_is_recognised():
    random = np.random.default_rng(5)
    words = [f"word{number}" for number in random.integers(0, 50_000, 550_000)]
    text = " ".join(words)
    words[::1000] = ["other"] * len(words[::1000])
    one = known([text, "small"])
    found = one.look_up([text, text.upper(), " ".join(words)])
    assert len(text) > 5_000_000
    assert [match.kind for match in found] == ["exact", "normalised", "near"]
    assert found[2].similarity > 0.95


def test_an_empty_recogniser_recognises_nothing():
    for one in (Recogniser([]), Recogniser([SCHEMA.empty_table()]), known([])):
        assert (len(one), one.look_up(["a", ""]), one.look_up([])) == (0, [None, None], [])


def test_texts_may_come_from_arrow_or_a_generator(recogniser, generated):
    expected = recogniser.look_up(generated)
    column = pa.array(generated)
    for texts in (column, column.cast(pa.large_string()), pa.chunked_array([column[:9], column[9:]]), column.dictionary_encode()):
        assert recogniser.look_up(texts) == expected
        assert signature_table(idents(generated), texts).equals(signature_table(idents(generated), generated))
    assert recogniser.look_up(text for text in generated) == expected


def test_signatures_survive_a_delta_table(tmp_path, generated):
    table = signature_table(idents(generated), generated)
    deltalake.write_deltalake(tmp_path / "signatures", table)
    stored = [pq.read_table(path) for path in deltalake.DeltaTable(tmp_path / "signatures").file_uris()]
    one = Recogniser(stored)
    assert [match.kind for match in one.look_up([generated[0], generated[1].upper()])] == ["exact", "normalised"]
    assert any(value < 0 for value in table.column("text_hash").to_pylist())
    with pytest.raises(IncompatibleSummaries, match="seed"):
        Recogniser(stored, Settings(seed=1))


def test_unsigned_hashes_are_taken_as_well(generated):
    table = signature_table(idents(generated), generated)
    unsigned = table.set_column(1, "text_hash", pa.chunked_array([chunk.view(pa.uint64()) for chunk in table.column(1).chunks]))
    assert [match.kind for match in Recogniser([unsigned], Settings()).look_up(map(str.upper, generated))] == ["normalised"] * len(
        generated
    )


def test_the_state_takes_less_than_half_a_kilobyte_a_document(recogniser):
    assert recogniser.nbytes / len(recogniser) <= 441


@pytest.mark.parametrize("other", [{"seed": 1}, {"order": 3}, {"version": "minhash-0"}])
def test_unlike_settings_are_refused(other):
    with pytest.raises(IncompatibleSummaries, match="sign the documents again"):
        Recogniser([SCHEMA.empty_table()], Settings(**other))
    assert len(Recogniser([schema(Settings(**other)).empty_table()], Settings(**other))) == 0


def test_other_settings_work_throughout():
    text = "one two three four five six seven eight nine ten eleven twelve"
    one = known([text], order=1, seed=9)
    assert one.look_up([" ".join(reversed(text.split()))])[0].kind == "near"


def test_bad_input_is_refused_in_one_line():
    one = known(["a text"])
    refused = [
        (lambda: one.look_up(["fine", "\ud800"]), UsageError, "valid Unicode"),
        (lambda: one.look_up([3]), UsageError, "every text must be text"),
        (lambda: one.look_up(["a", "b"], ids=["x"]), UsageError, "more texts than ids"),
        (lambda: one.look_up(["a"], ids=["x", "y"]), UsageError, "fewer texts than ids"),
        (lambda: one.look_up([], threshold=0), ConfigError, "threshold is 0"),
        (lambda: signature_table(["a"], ["b", "c"]), UsageError, "1 ids for 2 texts"),
        (lambda: signature_table(["a", None], ["b", "c"]), UsageError, "1 of 2 ids are null"),
        (lambda: signature_table(["a"], ["\udcff"]), UsageError, "valid Unicode"),
        (lambda: Recogniser([pa.table({"lt_id": ["a"]})]), UsageError, "lack the column 'text_hash'"),
        (lambda: Recogniser([pa.table({"lt_id": ["a"], "text_hash": [1], "signature": [b"x"]})]), UsageError, "128 bytes"),
        (lambda: Recogniser([pa.table({"lt_id": ["a", None], "text_hash": [1, 2], "signature": [b"x" * 128] * 2})]), UsageError, "1 of 2"),
        (lambda: Recogniser([pa.table({"lt_id": ["a"], "text_hash": ["x"], "signature": [b"x" * 128]})]), UsageError, "128 bytes"),
    ]
    for call, error, message in refused:
        with pytest.raises(error, match=message) as caught:
            call()
        assert "\n" not in str(caught.value)
