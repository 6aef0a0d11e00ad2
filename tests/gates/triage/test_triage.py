"""Triage: the signs one by one, the two axes, the settings, and what no document may be rejected for."""

import json

import numpy as np
import pyarrow as pa
import pytest

from longtail.errors import ConfigError, ReadError
from longtail.gates import Batch
from longtail.gates.triage import Triage, trimming
from longtail.gates.triage.axes import axes, rarities
from longtail.gates.triage.likeness import hashes_of, learn, order_of
from longtail.gates.triage.signs import SIGNS, direct
from longtail.gates.triage.trimming import drawn, own_reference
from longtail.gates.triage.vowels import turns
from tests.gates.triage import damage
from tests.gates.triage.planting import stdlib

WELSH = "Mae'r hen ddyn yn cerdded ar hyd yr harbwr bob bore ac yn cyfarch y pysgotwyr sy'n trwsio eu rhwydi cyn mynd adref."
FINNISH = "Vanha mies käveli joka aamu satamassa ja tervehti kalastajia, jotka korjasivat verkkojaan ennen kuin lähtivät kotiin."


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    path = tmp_path_factory.mktemp("reference") / "reference.jsonl"
    path.write_text("\n".join(json.dumps({"text": text}) for text in stdlib()[::2]))
    return path


@pytest.fixture(scope="module")
def gate(reference):
    return Triage(reference=str(reference))


def judge(gate, text):
    return gate(Batch.of([text])).at(0)


def values(text):
    return {name: float(each[0]) for name, each in direct(pa.array([text]), np.zeros(1), np.array([float(len(text.split()))])).items()}


@pytest.mark.parametrize(
    ("sign", "broken", "sound"),
    [
        (
            "encoding",
            "the caf\u00c3\u00a9 and the na\u00c3\u00afve \u00e2\u20ac\u0153boy\u00e2\u20ac\u009d",
            "Weiß“ and voilà” – “déjà vu” naïve Ærø",
        ),
        ("markup", '<div class="a"><p>one&nbsp;</p></div>', "vector<int> and if a < b && c > d; <module 'sys' (built-in)>"),
        ("blobs", "aGVsbG8gd29ybGQgaGVsbG8gd29ybGQ 4f3a9c1e77b0d2a1", "ThreadPoolExecutor test_the_name_of_a_test C6H12O6 R2-D2"),
        ("blobs", "3f a2 00 1b 77 c4 9e 5d 3f a2 00 1b 77 c4 9e 5d 3f a2", "12 34 56 78 90 12 34 56 78 90 12 34 56 78 90 12 34 56 78"),
        ("symbols", "@#$%^&*()!!~~{}|<>?", "f(x) = a + b, रवीन्द्रनाथ ठाकुर!"),
        (
            "menu",
            "Home | About us | Contact us | Log in | Privacy policy | Search",
            "He went home to search for the letter that his father wrote.",
        ),
    ],
)
def test_a_sign_is_seen_on_damage_and_not_on_its_like(sign, broken, sound):
    assert SIGNS[sign].damage(np.array([values(broken)[sign]]))[0] > 0.75
    assert SIGNS[sign].damage(np.array([values(sound)[sign]]))[0] < 0.3


def test_the_gain_of_letters_is_zero_for_letters_in_random_order():
    """A text of letters drawn one by one, and judged by itself, has a gain of 0 but for the counts that it is drawn by."""
    rng = np.random.default_rng(0)
    text = "".join(rng.choice(list("abcdefgh "), 200_000))
    likeness = learn(lambda: [pa.array([text])])
    found = order_of(pa.array(["".join(rng.choice(list("abcdefgh "), 20_000))]), likeness, np.zeros(1, bool))
    assert abs(found.letter_gain[0]) < 0.1 and found.letters[0] > 10_000


def test_the_gain_of_letters_is_that_of_brute_force():
    """Contexts seen often and a long text: log p(c|ab) / p(c), where smoothing hardly counts."""
    text = "abcd abcd abce abce abce dcba " * 3000
    found = order_of(pa.array([text]), learn(lambda: [pa.array([text])]), np.zeros(1, bool))
    letters = [0, *text.replace(" ", "\0")]
    letters = ["\0" if each == 0 else each for each in letters]
    runs, pairs, ones = {}, {}, {}
    for at in range(1, len(letters)):
        a = letters[at - 2] if at > 1 else "-"
        for table, key in ((runs, (a, letters[at - 1], letters[at])), (pairs, (letters[at - 1], letters[at])), (ones, letters[at])):
            table[key] = table.get(key, 0) + 1
    befores = {}
    for (a, b, _), count in runs.items():
        befores[a, b] = befores.get((a, b), 0) + count
    total = sum(ones.values())
    wanted = sum(count * np.log(count / befores[a, b] / (ones[c] / total)) for (a, b, c), count in runs.items()) / total
    assert found.letter_gain[0] == pytest.approx(wanted, rel=0.01)


def test_the_gain_of_words_tells_order_from_disorder():
    rng = np.random.default_rng(1)
    texts = stdlib()
    likeness = learn(lambda: [pa.array(texts[::2])])
    whole = [text for text in texts[1::2] if len(text.split()) > 40]
    straight, mixed = (
        order_of(pa.array(each), likeness, np.zeros(len(each), bool)) for each in (whole, [damage.word_salad(t, rng) for t in whole])
    )
    assert np.mean(straight.pair_gain > mixed.pair_gain) > 0.95
    assert np.median(straight.pair_gain) > 0 > np.median(mixed.pair_gain)


@pytest.mark.parametrize("text", [WELSH, FINNISH, stdlib()[5], stdlib()[50]])
def test_vowels_and_consonants_take_turns_in_language_and_not_when_shuffled(text):
    rng = np.random.default_rng(2)
    found = turns(pa.array([text]))
    assert found.excess[0] > 0.05
    mixed = turns(pa.array([damage.shuffled_inside(text, rng) for _ in range(300)]))
    z = mixed.excess / mixed.error
    assert abs(z.mean()) < 0.2 and 0.7 < z.std() < 1.2


def test_rarity_is_the_share_of_words_of_the_tail():
    reference = ["the cat " * 45 + "ox yak emu gnu eel asp bat cow doe ewe"]
    likeness = learn(lambda: [pa.array(reference)])
    found, rare = rarities(*hashes_of(pa.array(["the cat the cat", "the ox the yak", "the zebra, the ocelot", "ox", ""])), likeness)
    assert found[:4] == pytest.approx([0, 0.5, 0.5, 1]) and np.isnan(found[4])
    assert rare.tolist() == [False, True, True, False, False]


def test_other_languages_are_rare_and_never_rejected_for_their_letters(gate, reference):
    for text in (WELSH, FINNISH):
        found = judge(gate, text)
        assert found.decision in ("keep", "review") and found.reason.startswith("rare")
    assert judge(Triage(reference=str(reference), languages="reject"), WELSH).decision == "reject"


def test_a_document_is_never_rejected_for_being_rare(gate):
    texts = [
        "Qintar zabaglione xylem okapi.",
        "北京是中国的首都。",
        "Все счастливые семьи похожи друг на друга.",
        "x² + y² = r²",
        "Ytterby",
    ]
    assert (gate(Batch.of(texts)).decisions == 0).all()


def test_the_reason_names_both_axes_and_the_sign(gate):
    rng = np.random.default_rng(3)
    found = judge(gate, damage.keyboard_mash("", rng))
    assert (
        found.decision == "reject"
        and found.reason.startswith("rare (")
        and "damaged: validity 0, nats by which the order of letters" in found.reason
    )


def test_a_reference_of_few_words_judges_neither_order_nor_rarity():
    gate = Triage()
    found = gate(Batch.of(["xqzt wvkj plmr nbdf ghtz wqpx", "Ã©Ã© Ã¼Ã¶ Ã¤Ã¤ Ã©Ã© Ã¼Ã¶ Ã¤Ã¤"]))
    assert found.decisions.tolist() == [0, 2]
    assert np.isnan(axes(pa.array(["a b"]), learn(lambda: [pa.array(["a b"])])).rarity[0])


def test_what_is_damaged_is_left_out_of_the_reference():
    rng = np.random.default_rng(4)
    sound = stdlib()[:400]
    bad = [kind(sound[at], rng) for at in range(60) for kind in (damage.keyboard_mash, damage.shuffled_characters)]
    batch = Batch.of([*sound, *bad])
    own = own_reference([batch.take(np.arange(0, 300)), batch.take(np.arange(300, 520))])
    assert (own.members >= 400).sum() <= 3 and (own.members < 400).sum() > 390


def test_parts_are_judged_as_the_whole_and_with_holes():
    batch = Batch.of(stdlib()[:300])
    whole = Triage()(batch)
    parts = [batch.take(at) for at in np.array_split(np.arange(300), 4)]
    judged = Triage().over(lambda: parts)
    assert np.concatenate([judged(part).scores for part in parts]) == pytest.approx(whole.scores)
    some = batch.take(np.arange(0, 300, 2))
    assert len(Triage().over(lambda: [some])(some.take([3]))) == 1


def test_who_makes_the_reference_does_not_depend_on_order_or_batches(monkeypatch):
    monkeypatch.setattr(trimming, "MOST_DOCUMENTS", 40)
    batch = Batch.of(stdlib()[:300])
    order = np.random.default_rng(5).permutation(300)
    whole = drawn([batch])[1]
    parts = drawn(batch.take(order[at]) for at in np.array_split(np.arange(300), 9))[1]
    assert len(whole) == 40 and sorted(whole) == sorted(parts)


def valid(texts):
    return [0.1 if "bad" in text else 0.4 if "odd" in text else float("nan") for text in texts]


@pytest.mark.parametrize("settings", [{"column": "valid"}, {"pattern": "^good"}, {"score": valid}])
def test_a_hook_stands_in_place_of_the_signs(settings):
    rows = [
        {"text": "good <div><p></p></div><div><p></p></div>", "valid": True},
        {"text": "bad", "valid": 0.1},
        {"text": "odd", "valid": None},
    ]
    found = Triage(**settings)(Batch.of(rows)).decisions.tolist()
    assert found == {"column": [0, 2, 0], "pattern": [0, 2, 2], "score": [2, 2, 1]}[next(iter(settings))]


def test_a_missing_text_is_no_text():
    assert Triage()(Batch(pa.array(["a"]), pa.array([None], pa.string()))).at(0) == ("reject", "no text", None, None)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"damaged": 0.6}, "damaged is 0.6 and sound 0.5"),
        ({"sound": 2}, "sound is 2"),
        ({"column": "a", "pattern": "b"}, "both column and pattern"),
        ({"pattern": "("}, "no regular expression"),
        ({"score": "nothing"}, "module:function"),
        ({"languages": "keep"}, "languages is 'keep'"),
        ({"reference": []}, "reference is"),
    ],
)
def test_settings_out_of_range_are_refused(settings, says):
    with pytest.raises(ConfigError, match=says):
        Triage(**settings)


def test_a_reference_that_is_not_there_stops_at_once():
    with pytest.raises(ReadError, match="nowhere"):
        Triage(reference="nowhere.jsonl")
