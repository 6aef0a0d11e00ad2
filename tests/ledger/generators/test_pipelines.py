"""Pipelines of transformers: shaped after the real one, and the real one with a tiny model of its own making."""

import json
from types import SimpleNamespace as Shape

import pytest

from longtail.ledger.columns import identity
from longtail.ledger.generators import tagged


class Rows(list):
    def add(self, rows):
        self.extend(rows)


@pytest.fixture
def rows():
    return Rows()


class FakePipeline:
    task = "text-generation"

    def __init__(self):
        held = {"temperature": 1.0, "top_k": 50, "max_new_tokens": 20, "bos_token_id": 0, "do_sample": True, "seed": None}
        self.model = Shape(config=Shape(_name_or_path="org/tiny", _commit_hash="abc123"), generation_config=Shape(to_dict=lambda: held))

    def __call__(self, inputs, num_return_sequences=1, **kwargs):
        if isinstance(inputs, str):
            return [{"generated_text": f"{inputs} {n}"} for n in range(num_return_sequences)]
        if isinstance(inputs[0], dict):
            return [{"generated_text": [*inputs, {"role": "assistant", "content": "yes"}]}]
        return [self(each, num_return_sequences) for each in inputs]


def decoding(row):
    return json.loads(row["lt_decoding"])


def test_the_model_its_revision_and_its_settings_are_the_pipeline_s(rows):
    pipeline = FakePipeline()
    wrapped = tagged(pipeline, rows, trained_on=1)
    assert wrapped("on", temperature=0.6, max_new_tokens=5, num_return_sequences=2) == [
        {"generated_text": "on 0"},
        {"generated_text": "on 1"},
    ]
    assert wrapped.task == "text-generation" and wrapped.model is pipeline.model
    assert [(row["text"], row["lt_model"], row["lt_depth"]) for row in rows] == [
        ("on 0", "org/tiny@abc123", 2),
        ("on 1", "org/tiny@abc123", 2),
    ]
    assert decoding(rows[0]) == {
        "do_sample": True, "max_tokens": 5, "temperature": 0.6, "top_k": 50, "prompt_id": identity({"prompt": "on"}),
    }  # fmt: skip


def test_settings_in_generate_kwargs_count_and_a_name_that_is_given_too(rows):
    tagged(FakePipeline(), rows, model="mine", revision="r2")("on", generate_kwargs={"top_p": 0.9})
    assert rows[0]["lt_model"] == "mine@r2" and decoding(rows[0])["top_p"] == 0.9


def test_a_batch_has_a_prompt_for_each_output_and_a_chat_is_a_document_of_messages(rows):
    wrapped = tagged(FakePipeline(), rows)
    wrapped(["a", "b"], num_return_sequences=2)
    assert [(row["text"], decoding(row)["prompt_id"]) for row in rows] == [
        (f"{prompt} {n}", identity({"prompt": prompt})) for prompt in "ab" for n in range(2)
    ]
    chat = [{"role": "user", "content": "well?"}]
    wrapped(chat)
    assert rows[-1]["messages"] == [*chat, {"role": "assistant", "content": "yes"}] and "text" not in rows[-1]
    assert rows[-1]["lt_id"] == identity({"messages": rows[-1]["messages"]}) and decoding(rows[-1])["prompt_id"] == identity(
        {"messages": chat}
    )


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers")
    tokenizers = pytest.importorskip("tokenizers")
    words = {word: place for place, word in enumerate(["<unk>", "<eos>", *(f"w{n}" for n in range(30))])}
    inner = tokenizers.Tokenizer(tokenizers.models.WordLevel(words, unk_token="<unk>"))
    inner.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    folder = tmp_path_factory.mktemp("tiny")
    tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_object=inner, unk_token="<unk>", eos_token="<eos>", pad_token="<eos>")
    tokenizer.chat_template = "{% for m in messages %}{{ m.content }} {% endfor %}"
    tokenizer.save_pretrained(folder)
    config = transformers.GPT2Config(vocab_size=len(words), n_positions=64, n_embd=8, n_layer=1, n_head=1, bos_token_id=1, eos_token_id=1)
    transformers.GPT2LMHeadModel(config).save_pretrained(folder)
    return transformers.pipeline("text-generation", model=str(folder)), str(folder)


@pytest.mark.filterwarnings("ignore")
def test_the_real_pipeline_writes_tagged(real, rows):
    pipeline, folder = real
    wrapped = tagged(pipeline, rows, trained_on=0)
    one = wrapped("w1 w2", max_new_tokens=4, do_sample=True, temperature=0.8, num_return_sequences=2)
    many = wrapped(["w3", "w4"], max_new_tokens=4)
    chat = [{"role": "user", "content": "w5"}]
    turns = wrapped(chat, max_new_tokens=4)
    texts = [one[0]["generated_text"], one[1]["generated_text"], many[0][0]["generated_text"], many[1][0]["generated_text"]]
    assert [row.get("text") for row in rows] == [*texts, None]
    assert rows[4]["messages"] == turns[0]["generated_text"]
    assert {(row["lt_model"], row["lt_depth"]) for row in rows} == {(folder, 1)}
    assert {name: decoding(rows[0])[name] for name in ("temperature", "max_tokens", "do_sample")} == {
        "temperature": 0.8,
        "max_tokens": 4,
        "do_sample": True,
    }
    prompts = [{"prompt": "w1 w2"}, {"prompt": "w1 w2"}, {"prompt": "w3"}, {"prompt": "w4"}, {"messages": chat}]
    assert [decoding(row)["prompt_id"] for row in rows] == list(map(identity, prompts))
