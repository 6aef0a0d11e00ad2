"""Probes on models whose answers are known: a uniform one, one that copies, one that left a way of writing."""

import math

import numpy as np
import pytest

from longtail.errors import ConfigError
from longtail.integrations.probes import cross_prompt, on_policy
from tests.integrations.conftest import WORDS

SURE = 30.0


def test_a_uniform_model_finds_all_text_alike(uniform, tokenizer):
    found = on_policy(uniform, tokenizer, WORDS, {"foreign": ["w0 w1"] * 6, "real": ["w3"] * 6}, tokens=8)
    for reading in (found.own, *found.others.values()):
        assert reading.entropy == pytest.approx(math.log(8), abs=1e-6)
        assert reading.gap == pytest.approx(0, abs=1e-6)
    assert found.own.ratio is None
    for name in ("foreign", "real"):
        assert found.others[name].ratio.value == pytest.approx(1, abs=1e-6)
        assert found.others[name].prompts == 6


def test_a_way_of_writing_that_a_model_left_keeps_its_entropy_there(bigram, tokenizer):
    """After w0 it writes w0 nearly always, after w5 anything: of its own text it is sure, of a text that goes on with w5 it is not."""
    law = np.array([0.97 if at == 2 else 0.03 / 7 for at in range(8)])
    table = np.zeros((8, 8))
    table[2], table[0] = np.log(law), -np.log(law)
    found = on_policy(bigram(table), tokenizer, ["w0"] * 4, {"foreign": ["w5 w5 w5 w5"] * 4}, each=32, tokens=8)
    sure, unsure = -(law * np.log(law)).sum(), math.log(8)
    foreign = found.others["foreign"]
    assert foreign.entropy == pytest.approx((sure + 4 * unsure) / 5, abs=1e-4)
    assert foreign.surprisal == pytest.approx((-np.log(law[7]) + 4 * unsure) / 5, abs=1e-4)
    assert foreign.gap == pytest.approx(foreign.surprisal - foreign.entropy)
    assert foreign.ratio.low > 2
    assert abs(found.own.gap) < 0.1


def test_every_writer_answers_every_prompt(uniform, tokenizer):
    with pytest.raises(ConfigError, match="'real' has 1 completions to 2 prompts"):
        on_policy(uniform, tokenizer, ["w0", "w1"], {"real": ["w0"]})


def test_answers_that_copy_the_prompt_hold_log_n_and_a_template_holds_nothing(bigram, uniform, tokenizer):
    copying = cross_prompt(bigram(SURE * np.eye(8)), tokenizer, WORDS, tokens=3, each=2)
    assert copying.information == pytest.approx(math.log(6), abs=1e-6)
    assert (copying.retrieved, copying.prompts) == (1.0, 6)
    template = cross_prompt(uniform, tokenizer, WORDS, tokens=3)
    assert template.information == pytest.approx(0, abs=1e-6)
    assert template.retrieved == pytest.approx(1 / 6)
    assert template.conditional > math.log(8) - 1e-6


def test_one_prompt_tells_nothing_of_dependence(uniform, tokenizer):
    with pytest.raises(ConfigError, match="one prompt"):
        cross_prompt(uniform, tokenizer, ["w0"])
