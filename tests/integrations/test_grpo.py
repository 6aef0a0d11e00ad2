"""A whole run of TRL's GRPO on a tiny model whose reward pays for one format: the guards tell it, end the run, and `watch` reads it."""

import pytest

from longtail.guards import Settings
from longtail.integrations.shaping import within_format_baseline
from longtail.integrations.transformers import LongtailCallback
from longtail.integrations.trl import ProbeReward, stop_on_alarm
from longtail.readers.rollouts import read_rollouts
from tests.origin.conftest import gpt, words_tokenizer

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]

QUESTIONS = [f"q{at}" for at in range(16)]
ANSWERS = [
    "```python\nx = 1\n```",
    "- one\n- two\n- three",
    '{"answer": 1}',
    "It is one, since the sum says so.",
    "1. one\n2. two\n3. three",
]


def code(prompts, completions, **given):
    return [float(text.startswith("```")) for text in completions]


@pytest.fixture(scope="module")
def parts(torch):
    """A tokenizer whose tokens are whole answers, and a model that begins by writing all of them alike, and no question."""
    tokenizer = words_tokenizer([*ANSWERS, *QUESTIONS])
    tokenizer.pad_token = tokenizer.eos_token

    def model():
        made = gpt("GPT2LMHeadModel", len(tokenizer), spread=0.02, tie_word_embeddings=False)
        with torch.no_grad():
            made.transformer.ln_f.bias[0] = 1.0
            made.lm_head.weight[:, 0] = -10.0
            made.lm_head.weight[2 : len(ANSWERS) + 2, 0] = 0.0
        return made

    return tokenizer, model


@pytest.fixture
def trained(parts, tmp_path):
    """Train with a reward, and return the trainer: `trained(rewards, callbacks, **arguments of GRPOConfig)`."""
    trl = pytest.importorskip("trl", reason="needs the extra trl")
    datasets = pytest.importorskip("datasets", reason="needs the extra trl")
    tokenizer, model = parts

    def run(rewards, callbacks=(), attached=None, **further):
        arguments = trl.GRPOConfig(
            **{"output_dir": str(tmp_path / "run"), "max_steps": 40, "per_device_train_batch_size": 64, "num_generations": 8}
            | {"max_completion_length": 1, "logging_steps": 1, "report_to": "none", "save_strategy": "no", "use_cpu": True, "bf16": False}
            | {"disable_tqdm": True, "learning_rate": 5e-3, "lr_scheduler_type": "constant"}
            | further
        )
        trainer = trl.GRPOTrainer(
            model=model(),
            reward_funcs=rewards,
            args=arguments,
            train_dataset=datasets.Dataset.from_list([{"prompt": question} for question in QUESTIONS]),
            processing_class=tokenizer,
            callbacks=list(callbacks),
        )
        if attached is not None:
            attached.attach(trainer)
        trainer.train()
        return trainer

    return run


def test_a_format_that_the_reward_pays_for_takes_over_is_told_and_the_run_is_read_by_watch(trained, tmp_path, cli):
    probe = ProbeReward(code, settings=Settings(fewest=16), out=tmp_path / "run" / "longtail" / "rollouts.jsonl", generations=8)
    trainer = trained([probe], [stop_on_alarm(probe)])
    assert trainer.state.global_step < 40
    failed = [alarm for alarm in probe.alarms if alarm.verdict.status == "fail"]
    assert "LT306" in {alarm.code for alarm in failed}
    assert any("code" in alarm.verdict.because for alarm in failed)
    assert probe.watcher.crashes == []
    assert trainer.state.log_history[-2]["longtail/split"] == 0
    told = cli("watch", str(tmp_path / "run"), "--json")
    assert told.code == 1
    statuses = {guard["guard"]: guard["status"] for guard in told.report["guards"]}
    assert statuses["format_mix"] in ("warn", "fail")
    assert told.report["kind"] == "plain"


def test_a_run_whose_reward_pays_for_nothing_raises_no_alarm(trained):
    probe = ProbeReward(lambda prompts, **given: [0.5] * len(prompts), settings=Settings(fewest=16))
    trainer = trained([probe], [stop_on_alarm(probe, "warn")], max_steps=20)
    assert trainer.state.global_step == 20
    assert probe.watcher.monitor.looks >= 8


def test_with_a_baseline_within_formats_no_format_takes_over(trained):
    plain = ProbeReward(code, settings=Settings(fewest=16), guards=["format_mix"])
    trained([plain], max_steps=25)
    held = ProbeReward(within_format_baseline(code, dial=1.0, least=0.0), settings=Settings(fewest=16), guards=["format_mix"])
    trained([held], max_steps=25)
    assert plain.alarms[-1].verdict.status == "fail"
    assert {alarm.verdict.status for alarm in held.alarms} == {"pass"}


def test_a_callback_on_fixed_prompts_sees_it_too_and_two_kinds_of_files_are_told_apart(trained, tmp_path, cli):
    probe = LongtailCallback(QUESTIONS, 5, samples=8, tokens=1, settings=Settings(fewest=16, budget=0.3))
    trainer = trained([code], attached=probe, log_completions=True, max_steps=25)
    assert trainer.state.global_step == 25
    assert probe.drift.status == "fail"
    assert "LT306" in {alarm.code for alarm in probe.alarms if alarm.verdict.status == "fail"}
    logs = [log for log in trainer.state.log_history if "longtail/forward_kl" in log]
    assert [log["step"] for log in logs] == [5, 10, 15, 20, 25]
    assert [log["longtail/guard/format_mix"] for log in logs][-1] == 2
    assert logs[-1]["longtail/entropy"] < 0.1 < logs[0]["longtail/entropy"]
    both = cli("watch", str(tmp_path / "run"))
    assert both.code == 2
    assert "longtail" in both.err
    assert read_rollouts(tmp_path / "run" / "longtail").kind == "plain"
    assert read_rollouts(tmp_path / "run" / "completions").kind == "trl"
