"""Reward functions that watch, first by hand, then in TRL's own trainer."""

import logging
import math
from multiprocessing.reduction import ForkingPickler
from types import SimpleNamespace

import msgspec
import numpy as np
import pytest

from longtail.auditing.training import watch_run
from longtail.errors import ConfigError
from longtail.guards import Settings
from longtail.integrations.shaping import within_format_baseline
from longtail.integrations.trl import ProbeReward, stop_on_alarm, suggest_trl_args
from longtail.readers.rollouts import read_rollouts
from tests.integrations.conftest import WORDS

FEW = Settings(fewest=4)


def half(prompts, completions, **given):
    return [float(at % 2) for at in range(len(prompts))]


def state(step, zero=True):
    return SimpleNamespace(global_step=step, epoch=step / 10, is_world_process_zero=zero)


def step(probe, at, texts=("a b c", "d e f"), groups=4, zero=True, **given):
    """Hand a probe a batch, each prompt with the same completions; return rewards and what it logged."""
    seen = {}
    prompts = [f"prompt {group}" for group in range(groups) for _ in texts]
    found = probe(
        prompts=prompts,
        completions=list(texts) * groups,
        completion_ids=[[1, 2, 3]] * len(prompts),
        trainer_state=state(at, zero),
        log_metric=seen.__setitem__,
        **given,
    )
    return found, seen


def test_alone_it_scores_nothing_and_logs_what_it_saw():
    probe = ProbeReward(settings=FEW)
    found, seen = step(probe, 0, answer=["1"] * 8)
    assert found == [None] * 8
    assert seen == {"longtail/formats": 1, "longtail/top_format": 1, "longtail/length": 3, "longtail/distinct": 2 / 8}
    assert probe.__name__ == "longtail"


def test_around_a_reward_it_is_that_reward_and_the_guards_see_it():
    probe = ProbeReward(half, settings=FEW, guards=["lone_success"])
    assert probe.__name__ == "half"
    for at in range(3):
        found, seen = step(probe, at)
    assert found == [0.0, 1.0] * 4
    assert seen["longtail/guard/lone_success"] == 0.0
    assert probe.alarms[0].verdict.because == "4 of 4 groups teach, 4 of them by one success"


def test_it_is_picklable_in_the_middle_of_a_run():
    probe = ProbeReward(half, settings=FEW)
    for at in range(3):
        step(probe, at)
    other = ForkingPickler.loads(ForkingPickler.dumps(probe))
    assert other.alarms == probe.alarms != []
    assert step(other, 3) == step(probe, 3)


def test_a_format_that_takes_over_is_told():
    probe = ProbeReward(settings=Settings(fewest=8), guards=["format_mix"])
    for at in range(12):
        code = min(8, 4 + at)
        step(probe, at, ["```\nx\n```"] * code + ["It is so, since it is."] * (8 - code), groups=8)
    last = [alarm.verdict for alarm in probe.alarms if alarm.verdict.status == "fail"][-1]
    assert "code 100%" in last.because


def test_rollouts_are_written_by_the_first_process_alone_and_watched_by_all(tmp_path):
    for zero in (False, True):
        probe = ProbeReward(half, settings=FEW, out=tmp_path / str(zero) / "rollouts.jsonl")
        for at in range(3):
            step(probe, at, zero=zero)
        assert probe.watcher.monitor.looks == 1
    assert not (tmp_path / "False").exists()
    found = read_rollouts(tmp_path / "True")
    assert (found.kind, found.steps, len(found.rows)) == ("plain", (0, 1, 2), 24)
    assert [row.reward for row in found.rows[:4]] == [0.0, 1.0, 0.0, 1.0]


def test_a_run_that_is_resumed_takes_back_its_begin(tmp_path):
    out = tmp_path / "rollouts.jsonl"
    first = ProbeReward(half, settings=FEW, out=out)
    for at in range(6):
        step(first, at)
    with out.open("a") as stream:
        stream.write('{"step": 6, "prompt": "cut o')
    second = ProbeReward(half, settings=FEW, out=out)
    for at in range(4, 8):
        step(second, at)
    assert second.watcher.monitor.base.first == 0
    assert [(alarm.first, alarm.guard) for alarm in second.alarms][:20] == [(alarm.first, alarm.guard) for alarm in first.alarms][:20]
    found = read_rollouts(out)
    assert (found.steps, found.replaced, found.quarantined) == (tuple(range(8)), 0, 0)


def test_a_run_that_is_resumed_without_its_rollouts_says_that_its_begin_is_another(caplog):
    probe = ProbeReward(settings=FEW)
    step(probe, 7)
    assert "no rollouts from before step 7 are at hand" in caplog.text


def test_what_breaks_while_it_watches_fails_the_run_and_not_the_reward(tmp_path):
    probe = ProbeReward(half, settings=Settings(fewest=4, formats=(("x", lambda text: text[99] == "x"),)))
    found, seen = step(probe, 0)
    assert found == [0.0, 1.0] * 4
    assert seen == {}
    assert "the guard crashed: ConfigError: the predicate of format 'x' raised IndexError" in probe.watcher.crashes[0].because
    assert probe.watcher.reaches("fail")


def test_a_file_that_cannot_be_written_is_told_once_and_the_guards_go_on(tmp_path, caplog):
    (tmp_path / "file").write_text("")
    probe = ProbeReward(half, settings=FEW, out=tmp_path / "file" / "rollouts.jsonl")
    with caplog.at_level(logging.WARNING):
        for at in range(4):
            step(probe, at)
    assert caplog.text.count("rollouts cannot be written") == 1
    assert probe.watcher.monitor.looks == 2
    assert probe.watcher.crashes == []


def test_an_error_of_the_reward_itself_is_not_hidden():
    def wrong(prompts, completions, **given):
        raise KeyError("answer")

    with pytest.raises(KeyError, match="answer"):
        step(ProbeReward(wrong), 0)


def test_columns_reach_the_reward_and_none_are_needed():
    def reads(prompts, completions, answer, trainer_state, **given):
        return [float(len(each)) + trainer_state.global_step for each in answer]

    assert step(ProbeReward(reads), 2, answer=["1", "22"] * 4)[0] == [3.0, 4.0] * 4
    assert ProbeReward()(prompts=["p", "p"], completions=["a", "b"]) == [None, None]
    assert ProbeReward()(prompts=[], completions=[]) == []


def test_groups_that_are_not_whole_are_flagged():
    seen = {}
    probe = ProbeReward(settings=FEW, generations=2)
    prompts = ["p", "p", "q", "q", "q", "r"]
    probe(prompts=prompts, completions=["a"] * 6, trainer_state=state(0), log_metric=seen.__setitem__)
    assert seen["longtail/split"] == pytest.approx(2 / 3)
    assert step(probe, 1)[1]["longtail/split"] == 0


@pytest.mark.parametrize("rewards", [[math.nan, 1.0], [None, 1.0], [math.inf, 0.0]])
def test_rewards_that_are_no_numbers_count_as_absent(rewards):
    probe = ProbeReward(lambda **given: rewards * 4, settings=FEW)
    for at in range(3):
        step(probe, at)
    assert probe.watcher.crashes == []
    (lone,) = (alarm.verdict for alarm in probe.alarms if alarm.guard == "lone_success")
    assert (lone.status, lone.because) == ("not_measured", "no group has two completions with rewards")


def test_one_prompt_empty_completions_and_conversations_are_taken():
    probe = ProbeReward(half, settings=Settings(fewest=2))
    for at in range(6):
        step(probe, at, ("", ""), groups=1)
    talks = ProbeReward(half, settings=Settings(fewest=2))
    for at in range(6):
        prompts = [[{"role": "user", "content": "why?"}]] * 2
        talks(prompts=prompts, completions=[[{"role": "assistant", "content": "so"}]] * 2, trainer_state=state(at))
    assert probe.watcher.crashes == talks.watcher.crashes == []
    assert probe.watcher.monitor.looks == talks.watcher.monitor.looks == 1
    assert {alarm.verdict.status for alarm in probe.alarms if alarm.guard == "shortcuts"} == {"pass"}


def test_settings_that_cannot_be_are_refused():
    with pytest.raises(ConfigError, match="on is 'never'"):
        stop_on_alarm(ProbeReward(), "never")
    with pytest.raises(ConfigError, match="fewest is 1"):
        ProbeReward(settings=Settings(fewest=1))
    with pytest.raises(ConfigError, match="is no function"):
        ProbeReward("a/model")


@pytest.mark.filterwarnings("default")
def test_settings_are_suggested_for_what_a_setting_mends(tmp_path):
    """Entropy falls to a third, divergence passes its budget, formats stay."""
    out, rng = tmp_path / "rollouts.jsonl", np.random.default_rng(0)
    rows = []
    for at in range(8):
        for prompt in range(64):
            entropy = rng.normal(1.0 if at < 4 else 0.3, 0.05)
            rows.append(
                {"step": at, "prompt": f"{at} {prompt // 2}", "completion": "It is so.", "reward": float(prompt % 2), "n_tokens": 9}
                | {"mean_entropy": entropy, "mean_logp": -entropy, "ref_mean_logp": -1.0}
            )
    out.write_bytes(b"\n".join(map(msgspec.json.encode, rows)))
    found = suggest_trl_args(watch_run(out, Settings(budget=0.1)))
    assert found == {"beta": 0.04, "epsilon_high": 0.28, "entropy_coef": 0.001}
    assert suggest_trl_args(watch_run(out, guards=["format_mix"])) == {}
    pytest.importorskip("trl", reason="needs the extra trl").GRPOConfig(output_dir=str(tmp_path), use_cpu=True, **found)


# ---------------------------------------------------------------------------------------------- in TRL's own trainer


@pytest.fixture
def grpo(torch, random_model, tmp_path):
    """A GRPO trainer on prompts of one word: `grpo(reward_funcs, **arguments of GRPOConfig)`."""
    trl = pytest.importorskip("trl", reason="needs the extra trl")
    datasets = pytest.importorskip("datasets", reason="needs the extra trl")
    from tests.origin.conftest import words_tokenizer

    tokenizer = words_tokenizer(WORDS)
    tokenizer.pad_token = tokenizer.eos_token

    def made(reward_funcs, callbacks=None, model=None, evaluated=None, **further):
        arguments = trl.GRPOConfig(
            **{"output_dir": str(tmp_path / "run"), "max_steps": 3, "per_device_train_batch_size": 16, "num_generations": 4}
            | {"max_completion_length": 4, "logging_steps": 1, "report_to": "none", "save_strategy": "no", "use_cpu": True, "bf16": False}
            | {"disable_tqdm": True, "learning_rate": 1e-3, "lr_scheduler_type": "constant", "gradient_checkpointing": False}
            | further
        )
        return trl.GRPOTrainer(
            model=model or random_model(),
            reward_funcs=reward_funcs,
            args=arguments,
            train_dataset=datasets.Dataset.from_list([{"prompt": word} for word in WORDS] * 4),
            eval_dataset=None if evaluated is None else datasets.Dataset.from_list([{"prompt": prompt} for prompt in evaluated]),
            processing_class=tokenizer,
            callbacks=callbacks,
        )

    return made


def shares(prompts, completions, **given):
    return [text.split().count("w0") / 4 for text in completions]


@pytest.mark.filterwarnings("default")
def test_in_a_trainer_its_numbers_are_logged_and_training_is_the_same_with_it_and_without(torch, grpo):
    plain = grpo([shares])
    plain.train()
    probe = ProbeReward(settings=FEW, generations=4)
    beside = grpo([shares, probe], reward_weights=[1.0, 0.0])
    beside.train()
    around = grpo([ProbeReward(shares, settings=FEW)])
    around.train()
    for other in (beside, around):
        assert all(torch.equal(weight, other.model.state_dict()[name]) for name, weight in plain.model.state_dict().items())
    logs = [log for log in beside.state.log_history if "longtail/formats" in log]
    assert [log["step"] for log in logs] == [1, 2, 3]
    assert all(log["longtail/split"] == 0 and log["longtail/length"] <= 4 for log in logs)
    assert [log["rewards/shares/mean"] for log in around.state.log_history[:3]] == [log["rewards/shares/mean"] for log in logs]
    assert (probe.watcher.crashes, probe.watcher.monitor.looks) == ([], 1)


@pytest.mark.filterwarnings("default")
def test_completions_of_an_evaluation_are_not_watched(grpo, tmp_path):
    probe = ProbeReward(shares, out=tmp_path / "seen" / "rollouts.jsonl")
    run = grpo([probe], evaluated=["w5 w5"] * 4, eval_strategy="steps", eval_steps=1, max_steps=2, per_device_eval_batch_size=4)
    run.train()
    assert any("eval_reward" in log for log in run.state.log_history)
    assert {row.prompt for row in read_rollouts(tmp_path / "seen").rows} <= set(WORDS)


@pytest.mark.filterwarnings("default")
def test_a_guard_that_crashes_ends_training(grpo):
    probe = ProbeReward(shares, settings=Settings(fewest=4, formats=(("x", lambda text: text[99] == "x"),)))
    run = grpo([probe], callbacks=[stop_on_alarm(probe)], max_steps=8)
    run.train()
    assert run.state.global_step == 1


@pytest.mark.filterwarnings("default")
def test_a_dial_of_nought_trains_the_same_and_of_one_does_not(torch, grpo):
    ends = []
    for reward in (shares, within_format_baseline(shares, dial=0.0), within_format_baseline(shares, dial=1.0, success=0.25, least=0.0)):
        run = grpo([reward], max_steps=2)
        run.train()
        ends.append(run.model.state_dict()["lm_head.weight"])
    assert torch.equal(ends[0], ends[1])
    assert not torch.equal(ends[0], ends[2])
