"""Each stratum is filled from its own best documents."""

import itertools
import json
import math
from collections import Counter

import numpy as np
import pytest

from longtail.errors import ConfigError, ReadError, UnknownName
from longtail.gates.batch import Batch
from longtail.gates.consistency.quota import Quota
from longtail.gates.consistency.shares import apportioned, filled
from longtail.gates.gate import Gate
from longtail.gates.verdicts import Verdicts


def documents(counts, **columns):
    made = []
    for name, count in counts.items():
        made += [{"text": f"{name} {at}", "form": name, "score": at, **columns} for at in range(count)]
    return made


def right(batch):
    return Verdicts.where(np.array([not value for value in batch.values("right")], np.bool_), "wrong")


def kept(gate, given):
    verdicts = gate(Batch.of(given))
    return [each for each, decision in zip(given, verdicts.decisions.tolist(), strict=True) if decision == 0]


def forms(given):
    return Counter(each["form"] for each in given)


def test_each_stratum_gives_its_own_best():
    given = documents({"a": 40, "b": 20})
    found = kept(Quota(by="form", mix={"a": 1, "b": 1}, score="score", size=10), given)
    assert forms(found) == {"a": 5, "b": 5}
    assert sorted(each["score"] for each in found if each["form"] == "a") == [35, 36, 37, 38, 39]


def test_the_rest_is_held_back_with_its_reason_and_may_be_rejected():
    given = documents({"a": 4, "b": 2})
    batch = Batch.of(given)
    verdicts = Quota(by="form", mix={"a": 1, "b": 1}, score="score")(batch)
    assert Counter(verdicts.decisions.tolist()) == {0: 4, 1: 2}
    assert verdicts.at(0).reason == "beyond the quota of 'a': 2 of 4 go on" and verdicts.at(0).score == 0
    assert Counter(Quota(by="form", mix={"a": 1, "b": 1}, beyond="reject")(batch).decisions.tolist()) == {0: 4, 2: 2}


def test_with_a_verifier_the_mix_is_that_of_all_documents_and_the_places_go_to_what_it_keeps():
    given = [each | {"right": each["form"] == "easy" or each["score"] % 4 == 0} for each in documents({"easy": 50, "hard": 50})]
    assert forms([each for each in given if each["right"]]) == {"easy": 50, "hard": 13}
    gate = Quota(by="form", verifier=right)
    found = kept(gate, given)
    assert forms(found) == {"easy": 13, "hard": 13} and all(each["right"] for each in found)
    assert gate(Batch.of(given)).at(51).reason == "wrong"


def test_the_verifier_may_be_named_with_its_settings():
    given = [
        {"text": f"{form} {at}", "form": form, "claimed_answer": "4", "samples": ["4", "4"] if at < many else ["5", "5"]}
        for form, many in (("x", 9), ("y", 3))
        for at in range(10)
    ]
    gate = Quota(by="form", verifier={"name": "consistency", "least": 0.6})
    assert forms(kept(gate, given)) == {"x": 3, "y": 3}
    with pytest.raises(UnknownName):
        Quota(by="form", verifier={"name": "consistency", "last": 0.6})


def test_a_verifier_that_raises_rejects_that_document_alone():
    def fragile(batch):
        if any(text.startswith("a 1") for text in batch.texts.to_pylist()):
            raise ValueError("broken")
        return Verdicts.keep(len(batch))

    found = Quota(by="form", mix={"a": 1, "b": 1}, verifier=fragile)(Batch.of(documents({"a": 3, "b": 3})))
    assert found.at(1).decision == "reject" and "broken" in found.at(1).reason
    assert Counter(found.decisions.tolist()) == {0: 4, 2: 1, 1: 1}


def test_a_stratum_of_which_nothing_is_left_is_told_and_its_places_stay_empty():
    given = [each | {"right": each["form"] != "gone"} for each in documents({"a": 30, "b": 10, "gone": 10})]
    batch = Batch.of(given)
    filling = Quota(by="form", verifier=right).over(lambda: [batch])
    assert filling.filled.says == (
        "no document is left of 'gone' (0.2 of the mix): no later gate can bring them back, only other documents can",
    )
    assert dict(zip(filling.filled.strata, filling.filled.kept, strict=True)) == {"a": 30, "b": 10, "gone": 0}
    assert filling(batch).at(45).reason == "wrong; no document of 'gone' is left"
    held = Quota(by="form", mix={"a": 1, "b": 1, "never seen": 2}, score="score").over(lambda: [batch])
    assert "no document is left of 'never seen' (0.5 of the mix)" in held(batch).at(0).reason


def test_a_stratum_that_falls_short_of_a_size_and_one_outside_the_mix_are_told():
    batch = Batch.of(documents({"a": 30, "b": 3, "c": 5}))
    filling = Quota(by="form", mix={"a": 0.5, "b": 0.5}, size=20).over(lambda: [batch])
    assert filling.filled.kept == (10, 3, 0)
    assert filling.filled.says == (
        "too few documents of 'b' (3 of 10): their places stay empty",
        "the mix does not name 'c' (5): none of them is let through",
    )


def test_a_document_without_a_stratum_has_no_place():
    found = Quota(by="form")(Batch.of([{"text": "a", "form": "x"}, {"text": "b"}]))
    assert found.at(1).decision == "review" and found.at(1).reason == "no value in the column 'form', so it has no place"


def test_human_documents_take_their_places_first():
    given = documents({"a": 10}) + [{"text": "human", "form": "a", "score": -5, "lt_origin": "human"}]
    found = kept(Quota(by="form", score="score", size=3), given)
    assert {each["text"] for each in found} == {"human", "a 9", "a 8"}


def test_equal_scores_are_drawn_by_id_whatever_the_order_and_the_parts():
    given = [each | {"score": 1} for each in documents({"a": 30, "b": 30})]
    gate = Quota(by="form", score="score", size=20)
    chosen = {each["text"] for each in kept(gate, given)}
    assert {each["text"] for each in kept(gate, given[::-1])} == chosen != {each["text"] for each in given[:10] + given[30:40]}
    batch = Batch.of(given)
    parts = [batch.take(np.arange(start, start + 20)) for start in (0, 20, 40)]
    judge = gate.over(lambda: iter(parts))
    assert np.concatenate([judge(part).decisions for part in parts]).tolist() == gate(batch).decisions.tolist()


@pytest.mark.parametrize("seed", range(20))
def test_the_size_is_the_most_at_which_no_stratum_falls_short(seed):
    rng = np.random.default_rng(seed)
    names = "abcde"
    mix = dict(zip(names, rng.dirichlet(np.ones(5)).tolist(), strict=True))
    there = dict(zip(names, rng.integers(1, 40, 5).tolist(), strict=True))
    found = filled(mix, there, there, None)
    assert sum(found.kept) == found.size and not found.says
    assert any(mix[name] * (found.size + 1) > there[name] for name in names)
    assert all(abs(many - mix[name] * found.size) < 1 for name, many in zip(found.strata, found.kept, strict=True))


@pytest.mark.parametrize("size", [0, 1, 7, 100])
def test_places_add_up_and_lie_next_to_their_shares(size):
    shares = [0.5, 0.25, 0.15, 0.07, 0.03]
    found = apportioned(shares, size)
    assert sum(found) == size and all(abs(room - share * size) < 1 for room, share in zip(found, shares, strict=True))


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"mix": {}}, "mix is {}"),
        ({"mix": {"a": 0}}, "table of shares above 0"),
        ({"mix": "after"}, "mix is 'after'"),
        ({"size": 0}, "size is 0"),
        ({"beyond": "keep"}, "review or reject"),
        ({"verifier": {"least": 1}}, "a table with its name and settings"),
        ({"verifier": 3}, "verifier is 3"),
        ({"by": ""}, "name a column"),
    ],
)
def test_a_setting_out_of_range_is_refused(settings, told):
    with pytest.raises(ConfigError, match=told):
        Quota(**({"by": "form"} | settings))


def test_no_documents_are_no_verdicts():
    assert len(Quota(by="form")(Batch.of([]))) == 0


def nearest(shares, size):
    """Return how far the whole numbers that add up to a size and lie nearest to shares of it lie from them: of all there are."""
    every = (each for each in itertools.product(range(size + 1), repeat=len(shares)) if sum(each) == size)
    return min(sum((room - share * size) ** 2 for room, share in zip(each, shares, strict=True)) for each in every)


@pytest.mark.parametrize("seed", range(12))
def test_no_other_places_lie_nearer_to_the_mix_and_each_stratum_fills_its_own_as_far_as_it_can(seed):
    rng = np.random.default_rng(seed)
    shares = dict(zip("abc", rng.dirichlet(np.ones(3)).tolist(), strict=True))
    size = int(rng.integers(1, 15))
    given = [
        each | {"right": bool(rng.random() < 0.4)} for each in documents(dict(zip("abc", rng.integers(0, 20, 3).tolist(), strict=True)))
    ]
    fit = forms([each for each in given if each["right"]])
    filling = Quota(by="form", mix=shares, size=size, verifier=right).over(lambda: [Batch.of(given)])
    places = filling.filled.places
    assert sum((room - shares[name] * size) ** 2 for name, room in zip("abc", places, strict=True)) == pytest.approx(
        nearest([*shares.values()], size)
    )
    found = kept(filling, given)
    assert forms(found) == {name: min(room, fit[name]) for name, room in zip("abc", places, strict=True) if min(room, fit[name])}
    assert all(each["right"] for each in found) and len({each["text"] for each in found}) == len(found)


def test_how_the_places_were_filled_is_told_and_counted():
    given = [each | {"right": each["score"] < 3} for each in documents({"a": 9, "b": 2, "c": 4})]
    filling = Quota(by="form", mix={"a": 1, "b": 1, "d": 2}, size=8, verifier=right).over(lambda: [Batch.of(given)])
    assert filling.says[0] == (
        "of 8 places 'a' 0.25 is 2, 2 of 3 go on; 'b' 0.25 is 2, 2 of 2 go on; 'd' 0.5 is 4, 0 of 0 go on; 'c' 0 is 0, 0 of 3 go on"
    )
    assert filling.facts == {"places": 8, "filled": 4, "beyond": 4, "empty": 1, "short": 0}


def test_without_a_column_the_stratum_is_the_format_of_the_text():
    prose = [{"text": f"The sun rose over hill number {at}, and nobody saw it."} for at in range(6)]
    lists = [{"text": f"- bread\n- milk {at}\n- eggs"} for at in range(3)]
    found = kept(Quota(mix={"prose": 1, "list": 1}), prose + lists)
    assert len(found) == 6 and all(each in found for each in lists)


def test_a_function_tells_the_stratum_and_a_text_that_it_raises_on_has_no_place():
    def first(text):
        return {"x": "x", "y": "y", "?": None}[text[0]]

    given = [{"text": text} for text in ("x1", "x2", "y1", "?1", "z1")]
    found = Quota(by=first, beyond="reject")(Batch.of(given))
    assert [found.at(at).decision for at in range(5)] == ["keep", "keep", "keep", "reject", "reject"]
    assert found.at(4).reason == found.at(3).reason == "no stratum, so it has no place"


def test_a_number_that_is_none_is_no_stratum_and_no_score():
    given = [
        {"text": f"{at}", "form": form, "score": score} for at, (form, score) in enumerate([(1.5, math.nan), (1.5, 2.0), (math.nan, 9.0)])
    ]
    filling = Quota(by="form", mix={"1.5": 1}, score="score", size=1).over(lambda: [Batch.of(given)])
    assert filling(Batch.of(given)).decisions.tolist() == [1, 0, 1]


def test_the_mix_may_be_that_of_files(tmp_path):
    paths = [str(tmp_path / f"{name}.jsonl") for name in "pq"]
    for path, counts in zip(paths, ({"a": 6}, {"b": 2}), strict=True):
        with open(path, "w") as stream:
            stream.writelines(json.dumps(each) + "\n" for each in documents(counts))
    assert forms(kept(Quota(by="form", mix=paths), documents({"a": 10, "b": 10, "c": 10}))) == {"a": 10, "b": 3}
    with pytest.raises(ConfigError, match="has a stratum"):
        Quota(by="topic", mix=paths)(Batch.of(documents({"a": 1})))
    with pytest.raises(ReadError):
        Quota(by="form", mix=[str(tmp_path / "none.jsonl")])(Batch.of(documents({"a": 1})))


def test_where_the_verifier_keeps_nothing_nothing_goes_on():
    given = [each | {"right": False} for each in documents({"a": 3, "b": 3})]
    filling = Quota(by="form", verifier=right).over(lambda: [Batch.of(given)])
    assert kept(filling, given) == [] and filling.filled.size == 0
    assert filling(Batch.of(given)).at(0).reason == "wrong; no document of 'a' is left"


def test_one_stratum_is_filled_to_its_size():
    assert len(kept(Quota(by="form", size=4), documents({"a": 9}))) == 4
    assert len(kept(Quota(by="form"), documents({"a": 9}))) == 9


def test_a_recipe_with_verifier_and_quota_holds_back_what_has_no_place(tmp_path):
    recipe = tmp_path / "gates.toml"
    recipe.write_text(
        'unsure = "hold"\n[[gate]]\nname = "quota"\nby = "form"\nmix = { a = 0.5, b = 0.5 }\n'
        'verifier = { name = "exact_match", expected = "expected", answer = "said" }\n'
    )
    given = [each | {"said": each["score"] % 3, "expected": 0} for each in documents({"a": 12, "b": 6})]
    gate = Gate.read(recipe)
    verdicts = gate(Batch.of(given))
    found = [each for each, is_in in zip(given, gate.passes(verdicts).tolist(), strict=True) if is_in]
    assert forms(found) == {"a": 2, "b": 2} and all(each["score"] % 3 == 0 for each in found)
    assert Counter(verdicts.decisions.tolist()) == {0: 4, 1: 2, 2: 12}
