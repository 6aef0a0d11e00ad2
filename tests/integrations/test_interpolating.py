"""Weights between two checkpoints: the ends to the bit, the middle by hand, and what does not fit refused."""

import json

import numpy as np
import pytest

from longtail.errors import ConfigError, ReadError
from longtail.integrations.interpolating import interpolate, interpolate_files


@pytest.fixture
def states(torch):
    def made(seed, dtype):
        chance = np.random.default_rng(seed)
        weights = {name: torch.tensor(chance.normal(size=shape)).to(dtype) for name, shape in (("a", (3, 2)), ("b", (4,)))}
        return weights | {"mask": torch.tensor([True, False]), "places": torch.arange(5)}

    return lambda dtype=None: (made(0, dtype or torch.float32), made(1, dtype or torch.float32))


@pytest.mark.parametrize("precision", ["float32", "float64", "float16", "bfloat16"])
def test_the_ends_are_the_checkpoints_to_the_bit(torch, states, precision):
    base, tuned = states(getattr(torch, precision))
    for alpha, wanted in ((0, base), (0.0, base), (1, tuned), (1.0, tuned)):
        found = interpolate(base, tuned, alpha)
        assert all(torch.equal(found[name], wanted[name]) and found[name].dtype == wanted[name].dtype for name in wanted)
        assert all(found[name].data_ptr() != wanted[name].data_ptr() for name in wanted)


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_between_the_ends_every_weight_lies_on_the_line_rounded_once(torch, states, precision):
    base, tuned = states(getattr(torch, precision))
    found = interpolate(base, tuned, 0.25)
    for name in ("a", "b"):
        line = 0.75 * base[name].double() + 0.25 * tuned[name].double()
        assert torch.allclose(found[name].double(), line, rtol=2**-8 if precision == "bfloat16" else 1e-6, atol=1e-7)
    assert torch.equal(found["mask"], base["mask"])
    assert torch.equal(found["places"], base["places"])


def test_a_law_moves_from_one_model_to_the_other(torch, bigram):
    """Logits of these models are linear in their last weights, so half way the law is the geometric mean."""
    from longtail.integrations.scoring import scored

    tables = [np.random.default_rng(seed).normal(size=(8, 8)) for seed in (0, 1)]
    models = [bigram(table) for table in tables]
    models[0].load_state_dict(interpolate(models[0].state_dict(), models[1].state_dict(), 0.5))
    half = bigram(0.5 * tables[0] + 0.5 * tables[1])
    assert np.allclose(scored(models[0], [[2]], [[3, 4]])[0].logp, scored(half, [[2]], [[3, 4]])[0].logp, atol=1e-5)


@pytest.mark.parametrize("alpha", [-0.1, 1.1, float("nan")])
def test_a_place_beyond_the_ends_is_refused(states, alpha):
    with pytest.raises(ConfigError, match="from 0, the base, to 1"):
        interpolate(*states(), alpha)


def test_checkpoints_that_do_not_fit_are_refused(torch, states):
    base, tuned = states()
    with pytest.raises(ConfigError, match="differ in 1 names: 'b' is in one only"):
        interpolate(base, {name: weight for name, weight in tuned.items() if name != "b"}, 0.5)
    with pytest.raises(ConfigError, match=r"'b' is \(4,\) torch.float32 in the base and \(5,\) torch.float32"):
        interpolate(base, tuned | {"b": torch.zeros(5)}, 0.5)
    with pytest.raises(ConfigError, match=r"'b' is \(4,\) torch.float32 in the base and \(4,\) torch.float16"):
        interpolate(base, tuned | {"b": tuned["b"].half()}, 0.5)
    with pytest.raises(ConfigError, match="'places' holds whole numbers that differ"):
        interpolate(base, tuned | {"places": tuned["places"] + 1}, 0.5)


def test_files_are_read_and_written_with_their_metadata(torch, states, tmp_path):
    from safetensors import safe_open
    from safetensors.torch import save_file

    base, tuned = states()
    for name, state in (("base", base), ("tuned", tuned)):
        save_file(state, tmp_path / f"{name}.safetensors", metadata={"format": "pt", "of": name})
    interpolate_files(tmp_path / "base.safetensors", tmp_path / "tuned.safetensors", 0.5, tmp_path / "half.safetensors")
    wanted = interpolate(base, tuned, 0.5)
    with safe_open(tmp_path / "half.safetensors", framework="pt") as stream:
        assert stream.metadata() == {"format": "pt", "of": "base"}
        assert all(torch.equal(stream.get_tensor(name), wanted[name]) for name in wanted)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["base.safetensors", "half.safetensors", "tuned.safetensors"]


def test_a_folder_of_transformers_takes_the_file(torch, random_model, tmp_path):
    import transformers

    for seed, name in enumerate(("base", "tuned")):
        random_model(seed).save_pretrained(tmp_path / name)
    (tmp_path / "half").mkdir()
    (tmp_path / "half" / "config.json").write_text((tmp_path / "base" / "config.json").read_text())
    interpolate_files(*(tmp_path / name / "model.safetensors" for name in ("base", "tuned")), 0.5, tmp_path / "half" / "model.safetensors")
    found = transformers.AutoModelForCausalLM.from_pretrained(tmp_path / "half").state_dict()
    wanted = interpolate(random_model(0).state_dict(), random_model(1).state_dict(), 0.5)
    assert all(torch.equal(found[name], wanted[name]) for name in wanted)


def test_a_file_that_is_none_or_would_be_overwritten_is_refused(tmp_path):
    (tmp_path / "a").write_text(json.dumps({}))
    with pytest.raises(ReadError, match="no safetensors that can be read"):
        interpolate_files(tmp_path / "a", tmp_path / "b", 0.5, tmp_path / "c")
    with pytest.raises(ConfigError, match="one of the two checkpoints"):
        interpolate_files(tmp_path / "a", tmp_path / "b", 0.5, tmp_path / "b")
    assert (tmp_path / "a").read_text() == "{}"
