"""The callback in real trainers: its numbers reach trackers, it changes nothing, it stops a run, and a run that is resumed goes on."""

import json
import logging
import math

import pytest

from longtail.errors import ConfigError
from longtail.guards import Settings
from longtail.integrations.transformers import LongtailCallback
from longtail.readers.rollouts import read_rollouts
from tests.integrations.conftest import WORDS
from tests.origin.conftest import words_tokenizer

transformers = pytest.importorskip("transformers", reason="needs the extra trl")
pytest.importorskip("accelerate", reason="needs the extra trl")
pytestmark = pytest.mark.filterwarnings("default")

PROBES = WORDS[:4]
FORMATS = tuple((word, lambda text, word=word: text.startswith(word)) for word in WORDS)


class Reporter(transformers.TrainerCallback):
    """A tracker as transformers makes it from `report_to`."""

    def __init__(self):
        self.seen = []

    def on_log(self, args, state, control, logs=None, **given):
        self.seen.append((state.global_step, dict(logs)))


@pytest.fixture
def trainer(torch, tokenizer, random_model, tmp_path, monkeypatch):
    """A trainer on one text: `trainer(steps, **arguments of TrainingArguments)`."""
    from transformers.integrations import integration_utils

    monkeypatch.setitem(integration_utils.INTEGRATION_TO_CALLBACK, "reporter", Reporter)

    def made(steps=4, model=None, text=(2, 3, 4, 5), callbacks=None, processing_class=tokenizer, **further):
        arguments = transformers.TrainingArguments(
            **{"output_dir": str(tmp_path / "run"), "max_steps": steps, "per_device_train_batch_size": 2, "logging_steps": 100}
            | {"report_to": ["reporter"], "save_strategy": "no", "use_cpu": True, "disable_tqdm": True, "lr_scheduler_type": "constant"}
            | further
        )
        rows = [{"input_ids": list(text), "labels": list(text)}] * 64
        found = transformers.Trainer(
            model=model or random_model(),
            args=arguments,
            train_dataset=rows,
            data_collator=transformers.default_data_collator,
            processing_class=processing_class,
            callbacks=callbacks,
        )
        found.remove_callback(transformers.PrinterCallback)
        return found

    return made


def reported(trainer):
    (reporter,) = (callback for callback in trainer.callback_handler.callbacks if isinstance(callback, Reporter))
    return reporter.seen


def callback(probes=PROBES, every=2, **further):
    return LongtailCallback(probes, every, **{"samples": 2, "tokens": 4} | further)


def own(log):
    return {name: value for name, value in log.items() if name.startswith("longtail/")}


def test_its_numbers_reach_a_tracker_and_the_history_at_the_step_of_the_probe(trainer):
    run = trainer()
    attached = callback(measures={"weights": lambda model: sum(weight.numel() for weight in model.parameters())}).attach(run)
    assert isinstance(attached, transformers.TrainerCallback)
    assert run.pop_callback(LongtailCallback) is attached.attach(run)
    attached.attach(run).attach(run)
    run.train()
    seen = {step: own(log) for step, log in reported(run) if own(log)}
    assert list(seen) == [2, 4]
    names = {"formats", "top_format", "length", "distinct", "entropy", "truncated", "forward_kl", "weights"}
    assert {name.removeprefix("longtail/") for name in seen[2]} == names
    assert [own(log) for log in run.state.log_history if own(log)] == list(seen.values())
    assert seen[2]["longtail/weights"] == sum(weight.numel() for weight in run.model.parameters())


def test_behind_the_trackers_its_numbers_reach_the_history_alone_and_it_says_so(trainer, caplog):
    run = trainer(2, callbacks=[callback()])
    run.train()
    assert not any(own(log) for _, log in reported(run))
    assert any(own(log) for log in run.state.log_history)
    assert "call .attach(trainer)" in caplog.text


def test_training_is_the_same_to_the_bit_with_it_and_without(torch, trainer, random_model):
    from tests.origin.conftest import gpt

    ends = []
    for watched in (False, True):
        model = gpt("GPT2LMHeadModel", 8)
        model.config.use_cache = False
        for part in model.modules():
            if isinstance(part, torch.nn.Dropout):
                part.p = 0.2
        run = trainer(3, model=model)
        if watched:
            callback(every=1, reference="copy").attach(run)
        run.train()
        ends.append(run.model.state_dict())
    assert all(torch.equal(ends[0][name], ends[1][name]) for name in ends[0])


def test_the_folder_of_the_run_is_read_by_watch(trainer, cli, tmp_path):
    run = trainer(8)
    callback(settings=Settings(fewest=4), every=2, reference="copy").attach(run)
    run.train()
    found = read_rollouts(tmp_path / "run")
    assert (found.kind, found.steps, len(found.rows), found.replaced) == ("plain", (0, 2, 4, 6, 8), 40, 0)
    assert all(row.mean_logp is not None and row.ref_mean_logp is not None and row.n_tokens <= 4 for row in found.rows)
    assert {row.ref_mean_logp == row.mean_logp for row in found.rows if row.step == 0} == {True}
    assert {row.ref_mean_logp == row.mean_logp for row in found.rows if row.step == 8} == {False}
    told = cli("watch", str(tmp_path / "run"), "--json", "--budget", "0.5")
    assert told.code in (0, 1)
    assert told.report["rollouts"] == 40


COLLAPSING = {"probes": WORDS * 3, "every": 5, "tokens": 1, "samples": 8}


def collapsing(trainer, stop_on, budget=0.2, fewest=18, **further):
    """A run that learns to write w4 and nothing else."""
    run = trainer(40, text=(2, 6, 6, 6, 6, 6), learning_rate=0.01, per_device_train_batch_size=16)
    settings = Settings(fewest=fewest, formats=FORMATS, budget=budget)
    return run, callback(**COLLAPSING | further, settings=settings, stop_on=stop_on).attach(run)


def test_a_run_that_collapses_is_stopped_by_its_guards(trainer):
    one_probe = {"fewest": len(WORDS), "samples": 24}  # a window: the begin is what was written before the first step
    run, attached = collapsing(trainer, "fail", budget=None, guards=["format_mix"], **one_probe)
    run.train()
    assert 5 <= run.state.global_step < 40
    (failed,) = (alarm for alarm in attached.alarms if alarm.verdict.status == "fail")
    assert (failed.code, failed.last) == ("LT306", run.state.global_step)
    assert any(line.startswith("w4: ") for line in failed.verdict.evidence)


def test_a_run_that_leaves_its_budget_is_stopped_by_what_it_left_behind(trainer):
    run, attached = collapsing(trainer, "fail", guards=["lone_success"])
    run.train()
    assert run.state.global_step < 40
    assert (attached.drift.status, attached.drift.step) == ("fail", run.state.global_step)
    assert attached.drift.forward.low > 0.4
    assert attached.failures == []


def test_without_being_asked_to_it_stops_nothing(trainer):
    run, attached = collapsing(trainer, "never", guards=["format_mix"])
    run.train()
    assert run.state.global_step == 40
    assert attached.drift.status == "fail"


def broken(model):
    raise RuntimeError("no such number")


@pytest.mark.parametrize(("stop_on", "last"), [("fail", 2), ("warn", 2), ("never", 4)])
def test_a_probe_that_crashes_fails_the_run(trainer, stop_on, last):
    run = trainer(4)
    attached = callback(stop_on=stop_on, measures={"broken": broken}).attach(run)
    run.train()
    assert run.state.global_step == last
    assert attached.failures[0].status == "fail"
    assert "RuntimeError: no such number" in attached.failures[0].because
    assert {log["longtail/crashed"] for _, log in reported(run) if own(log)} == {1.0}


def test_a_model_that_gives_nan_fails_the_run(torch, trainer, random_model):
    model = random_model()
    run = trainer(2, model=model)
    attached = callback(every=1, stop_on="fail").attach(run)
    with torch.no_grad():
        model.transformer.ln_f.weight.fill_(math.nan)
    run.train()
    assert run.state.global_step == 1
    assert "log-probabilities that are no numbers" in attached.failures[0].because


def test_a_file_that_cannot_be_written_is_told_once_and_the_run_goes_on(trainer, tmp_path, caplog):
    (tmp_path / "file").write_text("")
    run = trainer(4)
    attached = callback(out=tmp_path / "file" / "below", stop_on="fail").attach(run)
    with caplog.at_level(logging.WARNING):
        run.train()
    assert run.state.global_step == 4
    assert attached.failures == []
    assert caplog.text.count("rollouts cannot be written") == 1


def numbered(path):
    return [json.loads(line)["step"] for line in path.read_text().splitlines()]


@pytest.mark.parametrize("restores", [False, True])
def test_a_run_that_is_resumed_is_held_against_its_first_begin(trainer, tmp_path, restores):
    settings = Settings(fewest=4)
    whole = trainer(8, output_dir=str(tmp_path / "whole"))
    straight = callback(settings=settings).attach(whole)
    whole.train()
    first = trainer(6, save_strategy="steps", save_steps=3)
    callback(settings=settings).attach(first)
    first.train()
    second = trainer(8, save_strategy="steps", save_steps=3, restore_callback_states_from_checkpoint=restores)
    resumed = callback(settings=settings).attach(second)
    second.train(resume_from_checkpoint=str(tmp_path / "run" / "checkpoint-3"))
    assert (resumed.watcher.monitor.base.first, resumed.watcher.monitor.looks) == (0, straight.watcher.monitor.looks)
    assert (tmp_path / "run/longtail/begin.json").read_bytes() == (tmp_path / "whole/longtail/begin.json").read_bytes()
    assert numbered(tmp_path / "run/longtail/rollouts.jsonl")[::8] == [0, 2, 4, 6, 8]
    found = read_rollouts(tmp_path / "run")
    assert (found.steps, found.replaced, len(found.rows)) == ((0, 2, 4, 6, 8), 0, 40)
    assert resumed.drift.forward.value == pytest.approx(straight.drift.forward.value, abs=1e-4)
    assert any(own(log) for _, log in reported(second))


def test_a_run_that_is_resumed_with_another_tokenizer_or_other_probes_is_refused(trainer, tmp_path):
    first = trainer(2, save_strategy="steps", save_steps=2)
    callback().attach(first)
    first.train()
    checkpoint = str(tmp_path / "run" / "checkpoint-2")
    other = words_tokenizer(WORDS[::-1])
    for given, told in ((trainer(4, processing_class=other), "the tokenizer differ"), (trainer(4), "the probes differ")):
        callback(["w5"] if given.processing_class is not other else PROBES).attach(given)
        with pytest.raises(ConfigError, match=told):
            given.train(resume_from_checkpoint=checkpoint)
    copied = trainer(4)
    callback(reference="copy").attach(copied)
    with pytest.raises(ConfigError, match="the model of the begin is gone"):
        copied.train(resume_from_checkpoint=checkpoint)


def test_a_run_whose_begin_is_gone_is_held_against_where_it_was_resumed_and_says_so(trainer, tmp_path, caplog):
    first = trainer(2, save_strategy="steps", save_steps=2)
    first.train()
    second = trainer(4)
    attached = callback(settings=Settings(fewest=4), every=1).attach(second)
    second.train(resume_from_checkpoint=str(tmp_path / "run" / "checkpoint-2"))
    assert "no rollouts from before step 2" in caplog.text
    assert attached.watcher.monitor.base.first == 3


def test_one_probe_is_watched_and_what_needs_two_prompts_is_not_measured(trainer):
    run = trainer(4)
    attached = callback(["w0"], every=1, settings=Settings(fewest=2, budget=0.1)).attach(run)
    run.train()
    assert attached.failures == []
    assert attached.drift.status == "not_measured"
    assert {alarm.verdict.status for alarm in attached.alarms if alarm.guard == "divergence"} == {"not_measured"}


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"probes": "w0"}, "give a list"),
        ({"probes": []}, "at least one"),
        ({"every": 0}, "every is 0"),
        ({"samples": 0}, "samples is 0"),
        ({"stop_on": "always"}, "stop_on is 'always'"),
        ({"reference": "base"}, "reference is 'base'"),
    ],
)
def test_settings_that_cannot_be_are_refused(settings, told):
    with pytest.raises(ConfigError, match=told):
        callback(**settings)


def test_what_a_trainer_or_its_model_lacks_is_told_before_the_first_step(trainer):
    for run, given, told in (
        (trainer(1, processing_class=None), {}, "no tokenizer to encode the probes"),
        (trainer(1), {"reference": "adapter"}, "the model has none"),
        (trainer(1), {"tokens": 300}, "pass the 256 that the model takes"),
    ):
        callback(**given).attach(run)
        with pytest.raises(ConfigError, match=told):
            run.train()
