"""Tiny models made on the spot: random GPT-2, and one whose next-token law is a table that is known in closed form."""

import numpy as np
import pytest
from scipy.special import log_softmax

from tests.origin.conftest import gpt, words_tokenizer

WORDS = [f"w{at}" for at in range(6)]
END = 1


@pytest.fixture(scope="session")
def torch():
    torch = pytest.importorskip("torch", reason="needs the extra hf")
    pytest.importorskip("transformers", reason="needs the extra hf")
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield torch
    torch.set_num_threads(threads)


@pytest.fixture(scope="session")
def tokenizer(torch):
    made = words_tokenizer(WORDS)
    made.chat_template = "{% for message in messages %}{{ message['content'] }} {% endfor %}"
    return made


@pytest.fixture(scope="session")
def random_model(torch):
    """A random GPT-2: `random_model(seed)`."""
    return lambda seed=0, **more: gpt("GPT2LMHeadModel", len(WORDS) + 2, seed=seed, **more)


def laws_of(table):
    """Log-probabilities of the next token after each, shape (V, V), by which `bigram(table)` writes."""
    table = np.asarray(table, float)
    return log_softmax(table - table.mean(axis=0), axis=1)


@pytest.fixture(scope="session")
def bigram(torch):
    """A GPT-2 whose blocks add nothing, so that the next token depends on the last one alone: `bigram(table)` of logits (V, V)."""

    def made(table):
        table = np.asarray(table, np.float64)
        size = len(table)
        model = gpt("GPT2LMHeadModel", size, width=size, tie_word_embeddings=False)
        scale = 1 / np.sqrt(1 / size - 1 / size**2)
        with torch.no_grad():
            for name, weight in model.named_parameters():
                if "c_proj" in name or "wpe" in name:
                    weight.zero_()
            model.transformer.wte.weight.copy_(1000 * torch.eye(size))
            model.lm_head.weight.copy_(torch.tensor(table.T / scale))
        return model

    return made


@pytest.fixture(scope="session")
def uniform(bigram):
    """A model that finds every token equally likely, always."""
    return bigram(np.zeros((8, 8)))
