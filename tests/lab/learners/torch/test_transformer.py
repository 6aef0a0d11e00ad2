import numpy
import pytest
from scipy.special import softmax

from longtail.errors import ConfigError, UsageError
from longtail.lab.learners.torch.decoding import Decoding, chosen, law
from longtail.lab.learners.torch.network import Cache, Network
from longtail.lab.learners.torch.transformer import BOUNDARY, Transformer

torch = pytest.importorskip("torch", reason="needs the extra torch")
pytest.importorskip("sklearn", reason="needs the extra torch")

SENTENCE = "the cat sat on the mat and saw a naïve rat."


def tiny(**options):
    return Transformer(**({"layers": 2, "width": 32, "context": 24, "epochs": 2, "device": "cpu"} | options))


@pytest.fixture(scope="module")
def overfitted():
    model = tiny(epochs=30, step=0.01)
    return model, model.fit([SENTENCE] * 30, numpy.random.default_rng(1))


def test_a_repeated_sentence_is_learnt_by_heart(overfitted):
    model, fitted = overfitted
    assert model.nll(fitted, [SENTENCE]) < 0.1


def test_a_document_is_sampled_as_often_as_its_likelihood_says(overfitted):
    model, fitted = overfitted
    p, n = numpy.exp(-model.nll(fitted, [SENTENCE]) * len(SENTENCE.split())), 400
    count = model.sample(fitted, n, numpy.random.default_rng(2)).count(SENTENCE)
    assert 0.5 < p < 1
    assert abs(count - n * p) < 4 * numpy.sqrt(n * p * (1 - p))


def test_what_was_never_seen_is_less_likely(overfitted):
    model, fitted = overfitted
    assert model.nll(fitted, ["quiet dogs run far away"]) > 10


def test_the_same_seed_gives_the_same_bytes():
    model, documents = tiny(), [SENTENCE, "another one"] * 5
    one, two = (model.fit(documents, numpy.random.default_rng(3)) for _ in range(2))
    assert [each.numpy().tobytes() for each in one] == [each.numpy().tobytes() for each in two]
    assert model.sample(one, 5, numpy.random.default_rng(4)) == model.sample(two, 5, numpy.random.default_rng(4))


def test_the_cache_gives_the_law_of_the_whole_document_beyond_the_context():
    network = Network(signs=11, layers=3, width=32, context=5)
    weights = tuple(torch.from_numpy(each) for each in network.initial(numpy.random.default_rng(5)))
    weights = (weights[0] * 50, *weights[1:])
    signs = torch.from_numpy(numpy.random.default_rng(6).integers(0, 11, (4, 23)))
    whole = network.logits(weights, signs, torch.zeros_like(signs))
    cache = Cache(network, 4, torch.device("cpu"))
    rows = torch.arange(4)
    for position in range(23):
        if position == 9:
            rows = torch.tensor([1, 3])
            cache.keep(rows)
        step = network.following(weights, signs[rows, position], position, cache)
        assert torch.allclose(step, whole[rows, position], atol=1e-3), position
    assert whole.std() > 1


def test_no_place_sees_what_comes_later_or_another_document():
    network = Network(signs=11, layers=2, width=32, context=4)
    weights = tuple(torch.from_numpy(each) for each in network.initial(numpy.random.default_rng(7)))
    signs = torch.from_numpy(numpy.random.default_rng(8).integers(0, 10, (1, 12)))
    owners = torch.tensor([[0] * 6 + [1] * 6])
    before = network.logits(weights, signs, owners)
    signs[0, 5] = 10
    after = network.logits(weights, signs, owners)
    moved = ((before - after).abs().amax(dim=2) > 0)[0].tolist()
    assert moved == [False] * 5 + [True] + [False] * 6


def test_likelihoods_do_not_depend_on_what_a_document_is_batched_with(overfitted):
    model, fitted = overfitted
    texts = ["a b c", "the cat sat on", SENTENCE + " " + SENTENCE, "", "x"]
    together = model.nll(fitted, texts) * sum(len(text.split()) for text in texts)
    network, total = model.network, 0.0
    for text in texts:
        signs = torch.tensor([[BOUNDARY, *text.encode(), BOUNDARY]])
        logs = network.logits(fitted, signs[:, :-1], torch.zeros_like(signs[:, :-1])).log_softmax(dim=2)
        total -= float(logs.gather(2, signs[:, 1:, None]).sum())
    assert together == pytest.approx(total, rel=1e-4)


def test_temperature_top_k_and_top_p_cut_the_law():
    logits = numpy.log(numpy.array([[0.5, 0.3, 0.15, 0.05]]))
    assert law(logits, Decoding()) == pytest.approx(softmax(logits, axis=1))
    assert law(logits, Decoding(0.5))[0] == pytest.approx(numpy.array([0.25, 0.09, 0.0225, 0.0025]) / 0.365)
    assert law(logits, Decoding(top_k=2))[0] == pytest.approx([0.625, 0.375, 0, 0])
    assert law(logits, Decoding(top_p=0.8))[0] == pytest.approx([0.625, 0.375, 0, 0])
    assert law(logits, Decoding(top_p=0.01))[0] == pytest.approx([1, 0, 0, 0])


def test_signs_are_drawn_with_their_probabilities():
    truth = numpy.array([0.5, 0.3, 0.2])
    found = chosen(numpy.tile(numpy.log(truth), (40_000, 1)), Decoding(), numpy.random.default_rng(9))
    counts = numpy.bincount(found, minlength=3)
    assert (numpy.abs(counts - 40_000 * truth) < 4 * numpy.sqrt(40_000 * truth * (1 - truth))).all()


def test_documents_are_cut_at_the_longest_and_never_empty(overfitted):
    _, fitted = overfitted
    short = tiny(longest=7).sample(fitted, 12, numpy.random.default_rng(10))
    assert set(short) == {SENTENCE[:7]}
    assert tiny().sample(fitted, 0, numpy.random.default_rng(10)) == []
    untrained = tiny(temperature=50.0, longest=40)
    assert all(untrained.sample(fitted, 300, numpy.random.default_rng(11)))


def test_one_document_of_one_sign_can_be_learnt_from():
    model = tiny()
    assert model.nll(model.fit(["a"], numpy.random.default_rng(12)), ["a"]) > 0


def test_bad_settings_are_refused():
    for options, complaint in (
        ({"width": 20}, "width is 20; take a multiple of 16"),
        ({"layers": 0}, "layers is 0; take a whole number"),
        ({"temperature": 0.0}, "temperature is 0.0"),
        ({"top_k": 0}, "top_k is 0"),
        ({"top_p": 1.5}, "top_p is 1.5"),
        ({"step": 0.0}, "step is 0.0"),
    ):
        with pytest.raises(ConfigError, match=complaint):
            tiny(**options)
    with pytest.raises(UsageError, match="0 documents to learn from"):
        tiny().fit([], numpy.random.default_rng(0))
    with pytest.raises(UsageError, match="cannot write -1 documents"):
        tiny().sample((), -1, numpy.random.default_rng(0))
