"""What guards cost beside training: a reward function that watches, per completion and as a share of a step of TRL's GRPO.

python -m bench.guards_overhead [--write] [--rounds 5]
"""

import argparse
import platform
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from bench.tables import Row, table
from longtail.guards import Settings
from longtail.integrations.trl import ProbeReward
from longtail.lab.corpus import stdlib_prose

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "benchmarks-guards-overhead.md"
BATCHES = ((64, 8), (256, 8))
"""Completions of a batch, and of each prompt in it."""
STEPS, TOKENS, PROMPTS = 8, 128, 8


@cache
def paragraphs() -> list[str]:
    """Return paragraphs of Python's documentation, read once."""
    return stdlib_prose()


def batch(completions: int, each: int, step: int) -> dict[str, Any]:
    """Return what TRL hands to a reward function: completions that are paragraphs."""
    texts = paragraphs()
    found = [texts[(step * completions + at) % len(texts)] for at in range(completions)]
    prompts = [f"Explain section {at // each} of step {step}." for at in range(completions)]
    return {"prompts": prompts, "completions": found, "completion_ids": [range(200)] * completions}


def per_completion(completions: int, each: int, rounds: int, *, writes: bool, fewest: int = 32) -> float:
    """Return the median CPU-microseconds of a completion over rounds of batches, guards at every window that they fill."""
    batches = [batch(completions, each, step) for step in range(STEPS)]
    seconds = []
    for _ in range(rounds + 1):
        with tempfile.TemporaryDirectory() as folder:
            probe = ProbeReward(_half, settings=Settings(fewest=fewest), out=Path(folder) / "r.jsonl" if writes else None)
            begun = time.process_time()
            for step, given in enumerate(batches):
                state = SimpleNamespace(global_step=step, epoch=0.0, is_world_process_zero=True)
                probe(**given, trainer_state=state, log_metric=_drop)
            seconds.append(time.process_time() - begun)
            assert not probe.watcher.crashes
    return statistics.median(seconds[1:]) / (completions * STEPS) * 1e6


def _half(prompts: Sequence[str], **given: Any) -> list[float]:
    return [float(at % 2) for at in range(len(prompts))]


def _drop(name: str, value: float) -> None:
    """Take a number as a trainer does, and do nothing with it."""


class Clocked:
    """A reward function that notes how long another takes."""

    def __init__(self, reward: Callable[..., Any]) -> None:
        self.__name__ = reward.__name__
        self.reward, self.seconds = reward, 0.0

    def __call__(self, **given: Any) -> Any:
        """Return what the other returns."""
        begun = time.process_time()
        found = self.reward(**given)
        self.seconds += time.process_time() - begun
        return found


def trained(width: int, layers: int) -> Row:
    """Train a small GPT-2 for a few steps, and return the share of the time that watching took."""
    import datasets
    import torch
    import transformers
    import trl

    torch.set_num_threads(1)
    tokenizer = _tokenizer()
    config = transformers.GPT2Config(vocab_size=len(tokenizer), n_embd=width, n_layer=layers, n_head=4, n_positions=TOKENS + 8)
    torch.manual_seed(0)
    probe = Clocked(ProbeReward(_half, settings=Settings(fewest=PROMPTS)))
    with tempfile.TemporaryDirectory() as folder:
        arguments = trl.GRPOConfig(
            output_dir=folder,
            max_steps=STEPS,
            per_device_train_batch_size=64,
            num_generations=8,
            max_completion_length=TOKENS,
            report_to="none",
            save_strategy="no",
            use_cpu=True,
            bf16=False,
            disable_tqdm=True,
        )
        trainer = trl.GRPOTrainer(
            model=transformers.GPT2LMHeadModel(config),
            reward_funcs=[probe],
            args=arguments,
            train_dataset=datasets.Dataset.from_list([{"prompt": f"w{at}"} for at in range(64)]),
            processing_class=tokenizer,
        )
        begun = time.process_time()
        trainer.train()
        seconds = time.process_time() - begun
    parameters = sum(weight.numel() for weight in trainer.model.parameters())
    share = probe.seconds / (seconds - probe.seconds)
    return {
        "model": f"GPT-2, {layers} layers of {width}, {parameters:,} weights",
        "step, CPU-s": f"{(seconds - probe.seconds) / STEPS:.2f}",
        "guards, CPU-ms a step": f"{probe.seconds / STEPS * 1000:.1f}",
        "share of the step": f"{share:.2%}",
    }


def _tokenizer() -> Any:
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    known = {word: at for at, word in enumerate(["[UNK]", "[EOS]", *(f"w{at}" for at in range(2000))])}
    made = Tokenizer(models.WordLevel(known, unk_token="[UNK]"))
    made.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return PreTrainedTokenizerFast(tokenizer_object=made, unk_token="[UNK]", eos_token="[EOS]", pad_token="[EOS]")


def costs(rounds: int) -> list[Row]:
    """Return the cost of a completion by size of the batch."""
    return [
        {
            "completions in a batch": completions,
            "prompts": completions // each,
            "µs a completion": f"{per_completion(completions, each, rounds, writes=False):.0f}",
            "with the file of rollouts": f"{per_completion(completions, each, rounds, writes=True):.0f}",
            "without a window to judge": f"{per_completion(completions, each, rounds, writes=False, fewest=10**9):.0f}",
        }
        for completions, each in BATCHES
    ]


def page(rounds: int) -> str:
    """Return the page of the benchmark."""
    return f"""# What guards cost beside training

Written by `python -m bench.guards_overhead --write`: CPU time on one thread, Python {platform.python_version()}, {platform.system()}
{platform.machine()}. A `ProbeReward` around a reward that costs nothing takes every batch, keeps it, classifies its formats, logs its
numbers and lets all guards judge each window that it fills.

## Per completion

Completions are paragraphs from Python's documentation; batches in a round: {STEPS}; the median is taken of rounds: {rounds}.

{table(costs(rounds))}

The last column leaves out the guards: they cost the more the more windows a run fills.

## Beside a step of GRPO

{STEPS} steps of TRL's `GRPOTrainer` on one CPU thread, 64 completions of up to {TOKENS} tokens to {PROMPTS} prompts, a window judged at
every step but the first two. The model is as small as models get: one of a use is thousands of times larger, and so are its steps, while
what the guards cost does not grow with the model.

{table([trained(64, 2)])}

Probes that generate are another matter: `LongtailCallback` writes `samples` completions of each probe every `every` steps, and costs what
the model needs for that. Choose `every` so that it stays below the share of the time that you grant it.
"""


def main() -> None:
    """Print the page, or write it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks-guards-overhead.md")
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    text = page(given.rounds)
    if given.write:
        PAGE.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
