"""The begin of a run: held, written down, taken up again, and refused where it is that of another run. No model is needed."""

import json
from contextlib import contextmanager
from types import SimpleNamespace

import numpy as np
import pytest

from longtail.errors import ConfigError
from longtail.integrations import begin as module
from longtail.integrations.begin import Begin
from longtail.integrations.scoring import Sample, Scored

PROMPTS = [[1, 2], [3]]
SAMPLES = [Sample(0, (4, 5), "a", False), Sample(1, (6,), "b", True)]
LOGP = [np.array([-0.5, -1.5]), np.array([-2.0])]


class Model:
    """A stand-in: its name, where it is, and whether its adapter is on."""

    def __init__(self, place="cuda"):
        self.place, self.adapter = place, True

    def to(self, place):
        self.place = place
        return self

    @contextmanager
    def disable_adapter(self):
        self.adapter = False
        yield
        self.adapter = True


@pytest.fixture
def path(tmp_path):
    return tmp_path / "run" / "begin.json"


@pytest.fixture
def asked(monkeypatch):
    """What models were asked to score, each with its state, in place of scoring."""
    seen = []

    def scored(model, prompts, completions):
        seen.append((model, model.place, model.adapter, prompts, completions))
        return [Scored(np.full(len(ids), -1.0), np.zeros(len(ids))) for ids in completions]

    monkeypatch.setattr(module, "scored", scored)
    return seen


def opened(path, *, resumed=False, prompts=PROMPTS, words=("a", "b"), reference="logged", model=None):
    found = Begin(reference)
    tokenizer = SimpleNamespace(get_vocab=lambda: {word: at for at, word in enumerate(words)})
    found.open(path, model or Model(), tokenizer, prompts, resumed=resumed)
    return found


def kept(path, *, write=True):
    found = opened(path)
    found.keep(SAMPLES, [Scored(logp, logp * 0) for logp in LOGP], write=write)
    return found


def test_a_run_that_is_resumed_has_the_routes_of_its_begin_with_the_log_probabilities_of_now(path, asked):
    assert opened(path).is_new
    first = kept(path).routes(Model(), PROMPTS)
    again = opened(path, resumed=True)
    assert not again.is_new
    routes = again.routes(Model(), PROMPTS)
    assert [route.prompt for route in routes] == ["0", "1"]
    for route, early, logp in zip(routes, first, LOGP, strict=True):
        assert route.writer.tolist() == early.writer.tolist() == logp.tolist()
        assert route.other.tolist() == [-1.0] * len(logp)
    assert asked[-1][3:] == ([[1, 2], [3]], [(4, 5), (6,)])


def test_a_new_run_does_not_take_up_what_another_left(path):
    kept(path)
    assert opened(path).is_new
    assert opened(path.with_name("none.json"), resumed=True).is_new


def test_what_is_not_to_be_written_is_held_and_not_written(path):
    assert not kept(path, write=False).is_new and not path.exists()


@pytest.mark.parametrize(("given", "told"), [
    ({"words": ("a", "c")}, "the tokenizer differ from those at the begin"), ({"prompts": [[1, 2], [4]]}, "the probes differ"),
    ({"reference": "copy"}, "the model of the begin is gone"),
])  # fmt: skip
def test_a_run_that_is_resumed_with_something_else_is_refused(path, given, told):
    kept(path)
    with pytest.raises(ConfigError, match=told):
        opened(path, resumed=True, **given)


def test_the_order_of_a_vocabulary_does_not_matter(path):
    words = {"a": 0, "b": 1}
    for vocabulary in (words, dict(reversed(words.items()))):
        found = Begin()
        found.open(path, Model(), SimpleNamespace(get_vocab=lambda vocabulary=vocabulary: vocabulary), PROMPTS, resumed=path.is_file())
        found.keep(SAMPLES, [Scored(logp, logp) for logp in LOGP], write=True)


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"tokenizer": 1}'])
def test_a_file_that_is_no_begin_is_refused_with_what_to_do(path, text):
    path.parent.mkdir()
    path.write_text(text)
    with pytest.raises(ConfigError, match="is no begin of a run .* delete it"):
        opened(path, resumed=True)


def test_the_file_holds_places_tokens_and_log_probabilities(path):
    kept(path)
    told = json.loads(path.read_text())
    assert told["samples"] == [{"prompt": 0, "ids": [4, 5], "logp": [-0.5, -1.5]}, {"prompt": 1, "ids": [6], "logp": [-2.0]}]


def test_where_the_begin_cannot_be_written_the_run_goes_on_and_the_log_says_so(tmp_path, caplog):
    (tmp_path / "run").write_text("a file, no folder")
    assert not kept(tmp_path / "run" / "begin.json").is_new
    assert "a run that is resumed will not have it" in caplog.text


def test_each_reference_is_asked_as_it_says(path, asked):
    trained, given = Model(), Model("given")
    assert opened(path, model=trained).scores(trained, PROMPTS, [(4,), (5,)]) is None
    opened(path, model=trained, reference="adapter").scores(trained, PROMPTS, [(4,), (5,)])
    opened(path, model=trained, reference=given).scores(trained, PROMPTS, [(4,), (5,)])
    opened(path, model=trained, reference="copy").scores(trained, PROMPTS, [(4,), (5,)])
    adapter, other, copied = asked
    assert adapter[0] is trained and adapter[1:3] == ("cuda", False) and trained.adapter
    assert other[0] is given and other[2]
    assert copied[0] is not trained and (copied[1], trained.place) == ("cpu", "cuda")


def test_a_reference_that_is_none_or_that_the_model_has_not_is_refused(path):
    with pytest.raises(ConfigError, match="reference is 'begin'; take logged, copy, adapter, or a model"):
        Begin("begin")
    with pytest.raises(ConfigError, match="reference is 'adapter', and the model has none"):
        opened(path, reference="adapter", model=SimpleNamespace())
