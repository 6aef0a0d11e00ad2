"""Tiny models of Hugging Face, made on the spot; nothing is fetched."""

import pytest


def words_tokenizer(words, limit=256):
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    special = ["[UNK]", "[EOS]"]
    known = {word: at for at, word in enumerate([*special, *words])}
    made = Tokenizer(models.WordLevel(known, unk_token="[UNK]"))
    made.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return PreTrainedTokenizerFast(tokenizer_object=made, unk_token="[UNK]", eos_token="[EOS]", model_max_length=limit)


def gpt(kind, vocabulary, limit=256, seed=0, spread=0.3, width=32, **more):
    import torch
    import transformers

    config = transformers.GPT2Config(
        vocab_size=vocabulary,
        n_positions=limit,
        n_embd=width,
        n_layer=2,
        n_head=2,
        initializer_range=spread,
        bos_token_id=1,
        eos_token_id=1,
        attn_pdrop=0.0,
        embd_pdrop=0.0,
        resid_pdrop=0.0,
        **more,
    )
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return getattr(transformers, kind)(config).eval()


@pytest.fixture(scope="session")
def tiny():
    """Make a tokenizer of whitespace words, and random GPT-2 models: `tiny.words(words)`, `tiny.gpt(kind, vocabulary)`."""
    torch = pytest.importorskip("torch", reason="needs the extra hf")
    pytest.importorskip("transformers", reason="needs the extra hf")

    class Tiny:
        words = staticmethod(words_tokenizer)
        gpt = staticmethod(gpt)

        @staticmethod
        def written(model, marking=None, texts=1, tokens=200, seed=0, temperature=1.0):
            with torch.random.fork_rng():
                torch.manual_seed(seed)
                start = torch.randint(2, model.config.vocab_size, (texts, 4))
                made = model.generate(
                    start,
                    attention_mask=torch.ones_like(start),
                    do_sample=True,
                    temperature=temperature,
                    top_k=0,
                    max_new_tokens=tokens,
                    min_new_tokens=tokens,
                    pad_token_id=1,
                    watermarking_config=marking,
                )
            return made[:, 4:].numpy()

        @staticmethod
        def saved(folder, model, tokenizer):
            model.save_pretrained(folder)
            tokenizer.save_pretrained(folder)
            return folder

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield Tiny
    torch.set_num_threads(threads)
