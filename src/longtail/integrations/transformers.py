"""A callback for any `Trainer` of transformers: what the model writes to fixed prompts while it is trained, and what guards say of it."""

import logging
import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

import msgspec

from longtail.errors import ConfigError
from longtail.guards import Alarm, Settings
from longtail.integrations.attaching import Stop, agreed, attached
from longtail.integrations.begin import Begin, Reference
from longtail.integrations.drift import Drift, DriftBudget, Route
from longtail.integrations.scoring import Prompt, Sample, Scored, check_room, encoded, sampled, scored
from longtail.integrations.watching import FILE, PREFIX, Watcher, numbers_of
from longtail.readers.rollouts.records import Rollout, grouped, identify, said
from longtail.records import Verdict

_LOG = logging.getLogger(__name__)
Measure = Callable[[Any], float]


class LongtailCallback:
    """Probes a model while it is trained: it writes to fixed prompts, and guards hold that against the begin of the run.

    `LongtailCallback(prompts, every=50).attach(trainer)` puts its numbers, named longtail/…, into every tracker that the run reports to.
    Handed over as `callbacks=[…]` it stands behind them: its numbers then reach the history of the trainer and its own file alone.

    What it writes lies in output_dir/longtail: rollouts.jsonl, which `longtail watch` reads, and begin.json, what the model wrote at the
    begin and how likely it found that. A run that is resumed takes up both. A file that cannot be written is told in the log; a guard that
    crashes fails the run.

    Attributes:
        drift: What the last look at the budget of drift found; None before the first.

    Args:
        probes: Texts, or conversations, that stay the same for the whole run; 32 of them fill a window at each probe.
        every: Steps of the optimiser from one probe to the next; the first is before the first step.
        settings: What the guards go by; alpha is shared by them and the budget of drift.
        guards: Names of those to ask; all where None.
        samples: Completions of each prompt.
        tokens: Most of a completion.
        batch: Completions written at once.
        reference: What drift is measured from. "logged": what the model wrote at the begin, which costs no memory and shows what it left
            behind; "copy": a copy of the model at the begin on the CPU; "adapter": the model with its adapter off (peft); or a model.
        stop_on: "fail" or "warn" ends training where a guard comes to that, or crashed; "never" does not.
        measures: Further numbers by name, each of the model, at every probe; such as `plasticity` or `cross_prompt`.
        seed: Of the draws; those of the training are not touched.
        out: Folder to write to, instead of output_dir/longtail.

    Raises:
        MissingExtra: torch or transformers is not installed.
        UnknownName: No guard of that name.
        ConfigError: A setting is unknown or out of range.
    """

    def __new__(cls, *given: Any, **named: Any) -> Any:
        """Make one that is a `TrainerCallback`."""
        return object.__new__(attached(cls))

    def __init__(
        self,
        probes: Sequence[Prompt],
        every: int,
        *,
        settings: Settings | None = None,
        guards: Sequence[str] | None = None,
        samples: int = 4,
        tokens: int = 64,
        batch: int = 64,
        reference: Reference = "logged",
        stop_on: Stop = "never",
        measures: Mapping[str, Measure] | None = None,
        seed: int = 0,
        out: str | Path | None = None,
    ) -> None:
        _check(probes, every, samples, tokens, stop_on)
        self._probes, self._every, self._stop = probes, every, stop_on
        self._settings, self._guards = settings or Settings(), guards
        self._each, self._tokens, self._batch, self._seed = samples, tokens, batch, seed
        self._out = None if out is None else Path(out)
        self._measures = dict(measures or {})
        self._begin = Begin(reference)
        self._pending: dict[str, float] = {}
        self._is_first = False
        self.watcher = Watcher(self._settings, guards)
        self.drift: Drift | None = None
        self._budget = DriftBudget()

    @property
    def alarms(self) -> list[Alarm]:
        """Return what the guards said so far."""
        return self.watcher.monitor.alarms

    @property
    def failures(self) -> list[Verdict]:
        """Return what broke, each as a verdict that fails the run."""
        return self.watcher.crashes

    def attach(self, trainer: Any) -> "LongtailCallback":
        """Put it before the reporting callbacks of a trainer, so that what it adds to a log reaches them, and return it."""
        callbacks = trainer.callback_handler.callbacks
        if self in callbacks:
            callbacks.remove(self)
        callbacks.insert(0, self)
        self._is_first = True
        return self

    def on_train_begin(self, args: Any, state: Any, control: Any, **given: Any) -> Any:
        """Take up what a run that is resumed wrote down, or look at the model before its first step.

        Raises:
            ConfigError: The model is sharded, the trainer has no tokenizer, a probe has no tokens or leaves no room to write, or a run
                that is resumed has another tokenizer or other probes than at its begin.
        """
        tokenizer = _tokenizer(args, given)
        folder = self._out or Path(args.output_dir) / "longtail"
        settings, share = _shared(self._settings, len(self.watcher.monitor.names))
        looks = max(1, state.max_steps // self._every)
        if settings.horizon is None:
            settings = msgspec.structs.replace(settings, horizon=max(1, (looks + 1) * len(self._probes) // settings.fewest - 1))
        self.watcher = Watcher(settings, self._guards, folder / FILE)
        self._budget = DriftBudget(settings.budget, alpha=share, horizon=looks, looks=state.global_step // self._every)
        self._asked = encoded(tokenizer, self._probes)
        check_room(given["model"], self._asked, self._tokens)
        self._begin.open(folder / "begin.json", given["model"], tokenizer, self._asked, resumed=state.global_step > 0)
        known = self.watcher.resume(state.global_step or -1, write=state.is_world_process_zero)
        if state.global_step == 0:
            self._guarded(given["model"], tokenizer, state)
            self._pending = {}
        elif not known:
            _LOG.warning("no rollouts from before step %s lie in %s: the run is held against its state there", state.global_step, folder)
        if not self._is_first and any(name != "none" for name in args.report_to or ()):
            _LOG.warning("trackers are told before this callback: call .attach(trainer) to have its numbers reach them")
        return control

    def on_step_end(self, args: Any, state: Any, control: Any, **given: Any) -> Any:
        """Look at the model where a probe is due, and end training where a guard says so."""
        if state.global_step % self._every == 0:
            self._guarded(given["model"], _tokenizer(args, given), state)
            control.should_log = True
            if agreed(self._is_over(), given["model"]):
                control.should_training_stop = True
        return control

    def on_log(self, args: Any, state: Any, control: Any, logs: dict[str, Any] | None = None, **given: Any) -> None:
        """Add the numbers of the last probe to a log, and to the history of the trainer, which took the log before."""
        if logs is not None and self._pending:
            logs.update(self._pending)
            if state.log_history:
                state.log_history[-1].update(self._pending)
            self._pending = {}

    def _is_over(self) -> bool:
        if self._stop == "never":
            return False
        spent = self.drift is not None and self.drift.status in (("fail",) if self._stop == "fail" else ("warn", "fail"))
        return spent or self.watcher.reaches(self._stop)

    def _guarded(self, model: Any, tokenizer: Any, state: Any) -> None:
        """Probe, and fail the run where that breaks: a probe that sees nothing guards nothing."""
        try:
            self._pending = {PREFIX + name: value for name, value in self._probe(model, tokenizer, state).items()}
        except Exception as error:
            self.watcher.crash(error)
            self._pending = {PREFIX + "crashed": 1.0}

    def _probe(self, model: Any, tokenizer: Any, state: Any) -> dict[str, float]:
        _check_law(model, self._asked[0])
        samples = sampled(
            model, tokenizer, self._asked, each=self._each, tokens=self._tokens, seed=self._seed + state.global_step, batch=self._batch
        )
        asked, written = [self._asked[sample.prompt] for sample in samples], [sample.ids for sample in samples]
        own = scored(model, asked, written)
        base = self._begin.scores(model, asked, written)
        rows = [_row(self._probes[sample.prompt], sample, state, own[at], base[at] if base else None) for at, sample in enumerate(samples)]
        self.watcher.take(rows, whole=True, write=state.is_world_process_zero)
        further = {name: float(measure(model)) for name, measure in self._measures.items()}
        if self._begin.is_new:
            self._begin.keep(samples, own, write=state.is_world_process_zero)
        else:
            further |= self._drifted(model, state.global_step, _routes(samples, own, base))
        return numbers_of(rows, self.watcher.monitor.settings) | self.watcher.statuses() | further

    def _drifted(self, model: Any, step: int, own: Sequence[Route]) -> dict[str, float]:
        self.drift = self._budget.look(step, own, self._begin.routes(model, self._asked))
        if self.drift.status in ("warn", "fail"):
            _LOG.warning("drift %s at step %s: %s", self.drift.status, step, self.drift.because)
        found = {"kl": self.drift.reverse, "kl_k3": self.drift.reverse_k3, "forward_kl": self.drift.forward}
        return {name: one.value for name, one in found.items() if one is not None}


def _check(probes: Sequence[Prompt], every: int, samples: int, tokens: int, stop_on: str) -> None:
    if isinstance(probes, str) or not len(probes):
        raise ConfigError(f"probes are {probes!r:.60}; give a list of at least one prompt")
    for name, value in (("every", every), ("samples", samples), ("tokens", tokens)):
        if value < 1:
            raise ConfigError(f"{name} is {value!r}; it must be 1 or more")
    if stop_on not in get_args(Stop):
        raise ConfigError(f"stop_on is {stop_on!r}; take {', '.join(get_args(Stop))}")


def _tokenizer(args: Any, given: Mapping[str, Any]) -> Any:
    if getattr(args, "fsdp", None) or getattr(args, "deepspeed", None):
        raise ConfigError("the model is sharded, so a single process cannot write with it; watch the run with trl.ProbeReward instead")
    found = given.get("processing_class")
    if found is None:
        raise ConfigError("the trainer has no tokenizer to encode the probes with; hand it one as processing_class")
    return getattr(found, "tokenizer", found)


def _shared(settings: Settings, guards: int) -> tuple[Settings, float]:
    """Return the settings of the guards and the alpha that the budget of drift gets, one part of as many as there are."""
    if settings.budget is None:
        return settings, settings.alpha
    part = settings.alpha / (guards + 1)
    return msgspec.structs.replace(settings, alpha=settings.alpha - part), part


def _check_law(model: Any, ids: Sequence[int]) -> None:
    """Refuse a model that gives NaN, before it is asked to draw: on a GPU that would end the process."""
    if not all(map(math.isfinite, scored(model, [ids], [ids])[0].logp)):
        raise ArithmeticError("the model gives log-probabilities that are no numbers")


def _row(prompt: Prompt, sample: Sample, state: Any, own: Scored, base: Scored | None) -> Rollout:
    text = said(list(prompt) if not isinstance(prompt, str) else prompt, "prompt")
    held = len(own.logp) > 0
    return Rollout(
        run="",
        step=state.global_step,
        epoch=state.epoch,
        prompt_id=identify(text),
        prompt=text,
        completion=sample.text,
        group=grouped(state.global_step, identify(text)),
        n_tokens=len(sample.ids),
        mean_logp=float(own.logp.mean()) if held else None,
        mean_entropy=float(own.entropy.mean()) if held else None,
        ref_mean_logp=float(base.logp.mean()) if held and base is not None else None,
        truncated=sample.truncated,
    )


def _routes(samples: Sequence[Sample], own: Sequence[Scored], base: Sequence[Scored] | None) -> list[Route]:
    if base is None:
        return []
    return [Route(str(sample.prompt), one.logp, other.logp) for sample, one, other in zip(samples, own, base, strict=True)]
