import json
import math
from collections import Counter

import msgspec
import numpy
import pytest
from scipy import stats

from longtail.errors import ConfigError, LongtailError, ReadError, UnknownName, UsageError
from longtail.gates import GATES, Batch, Verdicts
from longtail.lab.gated import tried
from longtail.lab.learners import make
from longtail.lab.passing import batch_of, passed
from longtail.lab.recipes import bound, carried
from longtail.lab.rows import TRIES
from longtail.lab.run import run, simulate
from longtail.lab.settings import Settings, parse_change
from longtail.policies import POLICIES

WORDS = [f"w{at}" for at in range(40)]
TENTH = '[[gate]]\nname = "top"\ncolumn = "distance"\nalpha = 0.5\n'
SERIES = ["support", "distinct_2", "tail_mass_retained", "tries"]


@pytest.fixture(autouse=True)
def short():
    @GATES.add("short_here", judges="documents", source="a gate of this test")
    def short_here(batch: Batch, *, words: int = 10, firmly: bool = True) -> Verdicts:
        """Keep short documents."""
        assert isinstance(words, int)
        found = numpy.array([len(text.split()) > words for text in batch.texts.to_pylist()], bool)
        return Verdicts.where(found, "too long", decision=numpy.uint8(2 if firmly else 1))

    yield
    del GATES._entries["short_here"]


@pytest.fixture
def corpus(tmp_path):
    rng = numpy.random.default_rng(0)
    texts = [" ".join(rng.choice(WORDS, size=rng.integers(3, 20), p=_zipf())) for _ in range(1200)]
    path = tmp_path / "corpus.jsonl"
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
    return str(path)


@pytest.fixture
def recipe(tmp_path):
    def write(text, name="mine.toml"):
        (tmp_path / name).write_text(text)
        return str(tmp_path / name)

    return write


def _zipf():
    law = 1 / numpy.arange(1, len(WORDS) + 1)
    return law / law.sum()


def settings(corpus, **given):
    told = {"family": "ngram", "generations": 3, "samples": 100, "replicates": 2, "options": {"corpus": corpus, "order": 2}}
    return Settings(**{**told, **given, "options": {**told["options"], **given.get("options", {})}})


def letters(rng, law="abcd"):
    return lambda many: rng.choice(list(law), size=many).tolist()


def judged(spec, write, rows, rng=None):
    return passed(write, rows, bound(spec), {}, rng or numpy.random.default_rng(0))


def test_a_model_writes_until_as_many_have_passed_as_are_wanted(corpus):
    model = make("ngram", {"corpus": corpus, "order": 2}, rows=True)
    rng = numpy.random.default_rng(0)
    fitted = model.fit(model.real(2, 200, rng, 0), None, rng)
    found = model.sample(fitted, 300, rng, bound("short_here:4"))
    assert [len(each) for each in found] == [300, 300]
    assert all(len(document.split()) <= 4 for each in found for document in each)
    share = numpy.mean([len(document.split()) <= 4 for document in model.sample(fitted, 20_000, rng)[0]])
    assert found.tries == pytest.approx([1 / share, 1 / share], rel=0.3)


def test_what_passes_has_the_law_of_what_is_written_given_that_it_passes():
    GATES.add("vowel_here", judges="documents", source="a gate of this test")(_vowels)
    try:
        found, tries = judged("vowel_here", letters(numpy.random.default_rng(1), "abcde" * 4 + "e"), 8000)
    finally:
        del GATES._entries["vowel_here"]
    counts = Counter(found)
    assert set(counts) == {"a", "e"}
    assert stats.chisquare([counts["a"], counts["e"]], [8000 * 4 / 9, 8000 * 5 / 9]).pvalue > 1e-4
    assert tries == pytest.approx(21 / 9, rel=0.05)


def _vowels(batch: Batch) -> Verdicts:
    """Keep vowels."""
    return Verdicts.where(numpy.array([text not in "aeiou" for text in batch.texts.to_pylist()], bool), "a consonant")


def test_where_nothing_passes_every_place_holds_the_first_document_and_no_tries_are_told():
    asked = []

    def write(many):
        asked.append(many)
        return ["one two three"] * many

    found, tries = judged("short_here:1", write, 5)
    assert found == ["one two three"] * 5
    assert math.isnan(tries)
    assert sum(asked) == TRIES * 5


def test_where_too_few_pass_those_that_did_are_repeated_in_turn():
    stream = iter([*["x y z"] * 50, "a", *["x y z"] * 50, "b"])
    found, tries = judged("short_here:1", lambda many: [next(stream, "x y z") for _ in range(many)], 5)
    assert found == ["a", "b", "a", "b", "a"]
    assert tries == TRIES * 5 / 2


def test_a_gate_that_compares_sees_all_that_was_written():
    seen = []

    class Apart:
        """Keeps the first of each text."""

        def over(self, batches):
            texts = [text for batch in batches() for text in batch.texts.to_pylist()]
            seen.append(len(texts))
            first = {text: at for at, text in reversed(list(enumerate(texts)))}
            return lambda batch: Verdicts.where(
                numpy.array([first[text] != at for at, text in zip(batch.positions, batch.texts.to_pylist(), strict=True)], bool), "again"
            )

        def __call__(self, batch):
            return self.over(lambda: [batch])(batch)

    GATES.add("apart_here", judges="documents", source="a gate of this test")(Apart)
    try:
        found, tries = judged("apart_here", letters(numpy.random.default_rng(0), [str(at) for at in range(30)]), 20)
    finally:
        del GATES._entries["apart_here"]
    assert len(found) == len(set(found)) == 20
    assert len(seen) > 1 and seen == sorted(seen)
    assert tries >= 1 and seen[-1] == pytest.approx(tries * 20, rel=0.5)


def test_no_two_documents_of_a_run_share_an_id():
    names = [batch_of(["a"] * 3, {}, "x", first).ids.to_pylist() for first in (0, 3)]
    assert len({each for name in names for each in name}) == 6
    rng = numpy.random.default_rng(0)
    lucky, _ = judged('[[gate]]\nname = "random"\nkeep = 0.5\n', lambda many: [str(at) for at in range(many)], 400, rng)
    again, _ = judged('[[gate]]\nname = "random"\nkeep = 0.5\n', lambda many: [str(at) for at in range(many)], 400, rng)
    assert lucky != again


def test_a_run_tells_what_a_gate_costs_from_the_generation_on_that_it_judges(corpus):
    found = run(settings(corpus, gate="short_here:6"), series=SERIES).series
    assert found["tries"].mean[0] is None and found["tries"].left_out == (2, 0, 0)
    assert found["tries"].mean[1] > 1.5
    assert found["tries"].mean[2] < found["tries"].mean[1]
    assert "tries" not in run(settings(corpus)).series


def test_a_gate_can_be_set_on_the_way_and_what_is_held_for_review_is_kept_out(corpus, recipe):
    held = recipe('unsure = "hold"\n[[gate]]\nname = "short_here"\nwords = 6\nfirmly = false\n', "held.toml")
    kept = recipe('[[gate]]\nname = "short_here"\nwords = 6\nfirmly = false\n', "kept.toml")
    tries = {
        path: run(settings(corpus, changes=(parse_change(f"3:gate={path}"),)), series=SERIES).series["tries"].mean for path in (held, kept)
    }
    assert tries[held][1] is None and tries[held][2] > 1.3
    assert tries[kept][2] == 1.0


def test_the_result_does_not_depend_on_workers_and_blocks_are_kept(corpus, recipe, tmp_path):
    told = settings(corpus, gate=recipe(TENTH), replicates=3)
    alone, shared = run(told, series=SERIES), run(told, series=SERIES, workers=2, keep=tmp_path / "kept")
    assert alone.series == shared.series
    assert len(list((tmp_path / "kept").glob("*.npz"))) == 3
    assert run(told, series=SERIES, keep=tmp_path / "kept").series == alone.series
    assert len(list((tmp_path / "kept").glob("*.npz"))) == 3


def test_a_recipe_that_says_something_else_is_another_run(corpus, recipe, tmp_path):
    path = recipe(TENTH)
    first = run(settings(corpus, gate=path), series=SERIES, keep=tmp_path / "kept")
    recipe(TENTH.replace("0.5", "0.25"))
    assert run(settings(corpus, gate=path), series=SERIES, keep=tmp_path / "kept").series["tries"].mean[1] == pytest.approx(4, rel=0.1)
    assert first.series["tries"].mean[1] == pytest.approx(2, rel=0.1)


def test_settings_that_were_stored_need_no_recipe_file(corpus, recipe, tmp_path):
    path = recipe(TENTH)
    found = run(settings(corpus, gate=path), series=SERIES)
    assert found.settings.gate == path and found.settings.recipes == {path: TENTH}
    (tmp_path / "mine.toml").unlink()
    stored = msgspec.json.decode(msgspec.json.encode(found.settings), type=Settings)
    assert run(stored, series=SERIES).series == found.series


def test_settings_without_recipes_are_as_they_were():
    told = Settings(family="gaussian", gate="ball:1")
    assert "recipes" not in msgspec.to_builtins(told)
    assert carried(told) is told


def test_recipes_may_be_named_in_the_settings(corpus):
    named = settings(corpus, gate="tenth", recipes={"tenth": TENTH})
    assert simulate(named, frozenset({"tries"}))["tries"][1] == pytest.approx(2, rel=0.1)


def test_a_verifier_tells_what_share_would_pass_and_gates_nothing(corpus, recipe):
    plain, shown = settings(corpus), settings(corpus, options={"verifier": recipe(TENTH)})
    found = run(shown, series=["passing", "heldout_nll", "rare_words"]).series
    assert found["passing"].mean == pytest.approx([0.5] * 3, abs=0.01)
    assert found["heldout_nll"] == run(plain, series=["heldout_nll"]).series["heldout_nll"]
    assert all(0 <= value <= 40 for value in found["rare_words"].mean)


@pytest.mark.parametrize(
    ("spec", "error", "named"),
    [
        ("short_here:x", ConfigError, "words is 'x'"),
        ("short_here:5,true,1", ConfigError, "3 settings"),
        ("short_her", UnknownName, "did you mean 'short_here'"),
        ("none.toml", ReadError, "no such recipe"),
        ("ball:1", ConfigError, "show documents.*a recipe in which it judges a column"),
        ('[[gate]]\nname = "ball"\nradius = 1\n', ConfigError, "'value'; documents of the lab have"),
        ('[[gate]]\nname = "choose"\nchoices = 2\ncolumn = "words"\ngroup = "prompt"\n', ConfigError, "'prompt'"),
    ],
)
def test_gates_that_cannot_judge_documents_are_refused_in_words(spec, error, named, corpus):
    with pytest.raises(error, match=named):
        run(settings(corpus, gate=spec))


@pytest.mark.parametrize("policy", [entry.name for entry in POLICIES])
def test_a_gate_of_documents_goes_with_every_policy_or_is_refused_in_words(policy, corpus):
    spec = {"window": "window:2", "fresh": "fresh:0.2", "expanding": "expanding:0.3", "blend": "blend:0.5,0.3,0.2", "edit": "edit:0.5,0.5"}
    told = settings(corpus, policy=spec.get(policy, policy), gate=TENTH, samples=40, replicates=1)
    try:
        found = run(told, series=["tries", "support"])
    except LongtailError as error:
        assert "[[gate]]" not in str(error) and ("top" in str(error) or "weight" in str(error) or "lacks" in str(error)), error
        return
    assert policy in ("none", "keep_original", "augment") or any(value is not None for value in found.series["tries"].mean), policy


@pytest.mark.parametrize("family", ["gaussian", "categorical", "kde"])
def test_families_whose_rows_are_no_documents_refuse_gates_of_documents(family):
    with pytest.raises(ConfigError, match="'short_here' judges documents; rows of this family show .*ngram"):
        run(Settings(family=family, gate="short_here", generations=2, replicates=1))
    with pytest.raises(UsageError, match="judges documents"):
        tried("short_here", family="gaussian", options={}, rows=10)


def test_a_verifier_that_judges_no_documents_is_refused(corpus):
    with pytest.raises(ConfigError, match="judges rows by their position"):
        run(settings(corpus, options={"verifier": "ball:1"}))


def test_a_transformers_documents_are_judged_too(corpus):
    pytest.importorskip("torch", reason="needs the extra torch")
    small = {"corpus": corpus, "layers": 1, "width": 16, "context": 8, "epochs": 1, "device": "cpu"}
    told = Settings(family="transformer", gate="short_here:6", generations=2, samples=20, replicates=1, options=small)
    assert run(told, series=["tries"]).series["tries"].mean[1] >= 1
