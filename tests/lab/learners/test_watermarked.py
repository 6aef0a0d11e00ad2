import numpy
import pytest

from longtail.errors import ConfigError, UsageError
from longtail.lab.learners.ngram import NGram
from longtail.lab.learners.watermarked import Watermarked, favoured, spell
from longtail.origin.watermarks import Key, Words, detect_many, tilted


@pytest.fixture(scope="module")
def key():
    return Key(secret=f"{11:064x}", tokenizer=Words.sha256)


@pytest.fixture(scope="module")
def model(stdlib_paragraphs):
    return NGram(2, max_words=300).fit(stdlib_paragraphs)


@pytest.fixture(scope="module")
def texts(model, key):
    """Unmarked and marked texts of one model, joined to be long."""

    def joined(rows):
        return [" ".join(rows[at : at + 40]) for at in range(0, len(rows), 40)]

    marked = Watermarked.of(model, key).sample(400, numpy.random.default_rng(0))
    return joined(model.sample(400, numpy.random.default_rng(0))), joined(marked)


def test_what_it_writes_is_found_with_its_key_alone(texts, key):
    unmarked, marked = texts
    other = Key(secret=f"{12:064x}", tokenizer=Words.sha256)
    assert all(each.log10_p < -4 for each in detect_many(key, marked, Words()))
    assert not any(each.log10_p < -4 for each in detect_many(other, marked, Words()))
    assert not any(each.log10_p < -4 for each in detect_many(key, unmarked, Words()))


def test_marked_documents_are_as_long_as_others(model, key):
    rng = numpy.random.default_rng(1)
    lengths = [[len(text.split()) for text in each.sample(800, rng)] for each in (model, Watermarked.of(model, key))]
    error = numpy.hypot(*(numpy.std(each) / len(each) ** 0.5 for each in lengths))
    assert abs(numpy.mean(lengths[0]) - numpy.mean(lengths[1])) < 4 * error


def test_it_writes_nothing_that_the_model_cannot(model, key):
    laws = model.law()
    for text in Watermarked.of(model, key).sample(50, numpy.random.default_rng(2)):
        context = ("",)
        for word in text.split():
            assert laws[context][word] > 0
            context = (word,)


def test_the_next_word_has_the_tilted_law(key):
    corpus = ["one two three"] * 6 + ["one two four"] * 3 + ["one two six"] * 2 + ["one two"] * 4
    made = Watermarked(key, 3).fit(corpus).sample(20_000, numpy.random.default_rng(3))
    words = ["three", "four", "six"]
    ids = Words().encode(["one two", "three four six"])
    expected = 11 / 15 * tilted(key, ids[0], [6, 3, 2], ids[1])
    for word, share in zip([*words, ""], [*expected, 4 / 15], strict=True):
        found = numpy.mean([text == f"one two {word}".strip() for text in made])
        assert found == pytest.approx(share, abs=4 * (share / 20_000) ** 0.5)


def test_a_favour_of_nothing_leaves_the_law_as_it_was(model, stdlib_paragraphs):
    key = Key(secret=f"{11:064x}", tokenizer=Words.sha256, delta=0.0)
    one, other = model.sample(1500, numpy.random.default_rng(4)), Watermarked.of(model, key).sample(1500, numpy.random.default_rng(5))
    first = [numpy.mean([text.split()[0] == "The" for text in each]) for each in (one, other)]
    assert first[0] == pytest.approx(first[1], abs=0.04)


def test_the_same_seed_writes_the_same(model, key):
    made = [Watermarked.of(model, key).sample(20, numpy.random.default_rng(6)) for _ in range(2)]
    assert made[0] == made[1]
    assert Watermarked.of(model, key).sample(0, numpy.random.default_rng(6)) == []


def test_laws_keep_their_sums_and_their_fixed_words():
    weights = numpy.array([1.0, 2.0, 3.0, 4.0, 5.0])
    green = numpy.array([True, False, False, True, False])
    fixed = numpy.array([False, False, True, False, True])
    made = favoured(weights, green, fixed, numpy.array([0, 3]), 2.0)
    e = numpy.exp(2.0)
    assert made == pytest.approx([3 * e / (e + 2), 6 / (e + 2), 3, 4, 5])


def test_words_of_the_chain_hold_any_number_of_tokens():
    spelt = spell(("--", "cat,", "a.b.c"), 2)
    ids = Words().encode(["cat a b c"])[0].tolist()
    assert spelt.sizes.tolist() == [0, 1, 3]
    assert spelt.first.tolist() == [0, ids[0], ids[1]]
    assert spelt.last.tolist() == [[0, 0], [ids[0], 0], [ids[2], ids[3]]]


def test_text_with_punctuation_alone_and_many_tokens_in_a_word_is_marked(key):
    rng = numpy.random.default_rng(7)
    names = [f"w{at}" for at in range(300)]
    corpus = [" ".join(f"{a}.{b}" if at % 3 else f"{a} --" for at, (a, b) in enumerate(rng.choice(names, (60, 2)))) for _ in range(100)]
    texts = Watermarked(key, 1, max_words=200).fit(corpus).sample(20, rng)
    found = [each for each in detect_many(key, texts, Words()) if each.scored > 100]
    assert found
    assert sum(each.green for each in found) / sum(each.scored for each in found) > 0.4


def test_a_key_for_another_tokenizer_is_refused():
    with pytest.raises(ConfigError, match="an n-gram model needs one for Words"):
        Watermarked(Key(secret="0" * 64, tokenizer="ab" * 32))


def test_nothing_is_written_before_anything_is_learnt(key):
    with pytest.raises(UsageError, match="call fit"):
        Watermarked(key).sample(3, numpy.random.default_rng(0))
    with pytest.raises(UsageError, match="-1 documents"):
        Watermarked(key).fit(["one"]).sample(-1, numpy.random.default_rng(0))
