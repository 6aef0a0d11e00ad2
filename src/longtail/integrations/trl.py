"""TRL's GRPO and RLOO trainers: a reward function that watches, a callback that stops, and settings for the next run.

Written for TRL 1.16. Nothing of TRL is imported: a reward function is any function with a name.
"""

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from longtail.auditing.training import TrainingRecord
from longtail.errors import ConfigError
from longtail.guards import Alarm, Settings
from longtail.guards.entropy import HIGH, LOW
from longtail.integrations.attaching import Stop, agreed, attached
from longtail.integrations.shaping import Reward, name_of, plain
from longtail.integrations.watching import PREFIX, Watcher, numbers_of
from longtail.readers.rollouts.plain import rollout
from longtail.readers.rollouts.records import Rollout

_LOG = logging.getLogger(__name__)


class ProbeReward:
    """A reward function that hands every batch of completions to the guards.

    Alone it scores nothing: it returns None for every completion, which TRL leaves out of the reward, so it needs another reward beside
    it; give it weight 0. Around a reward, `ProbeReward(accuracy)`, it returns what that one returns, and the guards see the rewards too.

    Completions of one prompt in the batch of this process are a group. With several processes a trainer may split groups between them:
    give `generations`, and the share of groups that are not whole is logged as `longtail/split`. Completions of an evaluation are not
    watched.

    Args:
        of: A reward function to watch, not async; None watches without rewards.
        settings: What the guards go by.
        guards: Names of those to ask; all where None.
        out: File of rollouts that `longtail watch` reads, such as output_dir/longtail/rollouts.jsonl; None writes nothing. Of a run that is
            resumed, what lies there is read back, so that it is held against its first begin.
        generations: Completions of each prompt, TRL's num_generations.

    Raises:
        UnknownName: No guard of that name.
        ConfigError: A setting is out of range, or the reward is async or a model.
    """

    def __init__(
        self,
        of: Reward | None = None,
        *,
        settings: Settings | None = None,
        guards: Sequence[str] | None = None,
        out: str | Path | None = None,
        generations: int | None = None,
    ) -> None:
        self._of = None if of is None else plain(of)
        self.__name__ = "longtail" if of is None else name_of(of)
        self.watcher = Watcher(settings, guards, None if out is None else Path(out))
        self._generations = generations
        self._begun = False

    @property
    def alarms(self) -> list[Alarm]:
        """Return what the guards said so far."""
        return self.watcher.monitor.alarms

    def __call__(
        self,
        prompts: Sequence[Any],
        completions: Sequence[Any],
        completion_ids: Sequence[Sequence[int]] | None = None,
        trainer_state: Any = None,
        log_metric: Callable[[str, float], None] | None = None,
        **columns: Any,
    ) -> list[float | None]:
        """Return None for every completion, or its reward; TRL calls this."""
        rewards: list[float | None] = [None] * len(completions)
        if self._of is not None:
            given = {"completion_ids": completion_ids, "trainer_state": trainer_state, "log_metric": log_metric} | columns
            rewards = list(self._of(prompts=prompts, completions=completions, **given))
        if not _is_evaluating(log_metric) and len(completions):
            try:
                self._watch(_rows(prompts, completions, completion_ids, rewards, trainer_state), trainer_state, log_metric)
            except Exception as error:
                self.watcher.crash(error)
        return rewards

    def _watch(self, rows: list[Rollout], state: Any, log_metric: Callable[[str, float], None] | None) -> None:
        step, write = rows[0].step or 0, getattr(state, "is_world_process_zero", True)
        if not self._begun:
            self._begun = True
            if not self.watcher.resume(step - 1, write=write) and step:
                _LOG.warning("no rollouts from before step %s are at hand, so the run is held against its state there; name `out`", step)
        self.watcher.take(rows, write=write)
        if log_metric is None:
            return
        found = numbers_of(rows, self.watcher.monitor.settings) | self.watcher.statuses()
        if self._generations is not None:
            found["split"] = _split(rows, self._generations)
        for name, value in found.items():
            log_metric(PREFIX + name, value)


def stop_on_alarm(probe: ProbeReward, on: str = "fail") -> Any:
    """Return a `TrainerCallback` that ends training where a guard of a probe fails the run, or crashed.

    With several processes all of them end at the same step.

    Args:
        probe: Handed to the same trainer among its reward functions.
        on: "fail", or "warn" to end at warnings too.

    Raises:
        MissingExtra: torch or transformers is not installed.
        ConfigError: `on` is neither.
    """
    if on not in ("warn", "fail"):
        raise ConfigError(f"on is {on!r}; take 'fail' or 'warn'")
    return attached(_Stopping)(probe, on)


class _Stopping:
    def __init__(self, probe: ProbeReward, on: Stop) -> None:
        self._probe, self._on = probe, on

    def on_step_end(self, args: Any, state: Any, control: Any, **given: Any) -> Any:
        """End training where the probe says so."""
        if agreed(self._probe.watcher.reaches(self._on), given.get("model")):
            control.should_training_stop = True
        return control


def suggest_trl_args(record: TrainingRecord) -> dict[str, Any]:
    """Return settings of `GRPOConfig` that answer what guards warn of or fail, to be looked at before the next run.

    A run with nothing to mend gives no settings. What no setting mends, such as formats that push each other out or a verifier that can be
    fooled, gives none either: the remedies of the record say what to do.

    Args:
        record: Of a run that `longtail.auditing.training.watch_run` read.

    Source:
        TRL 1.16, trainer/grpo_config.py; Yu et al. 2025 (DAPO, arXiv 2503.14476, epsilon_high 0.28); He et al. 2025 (Skywork-OR1, arXiv
        2505.22312, adaptive entropy).
    """
    found: dict[str, Any] = {}
    for guard in record.guards:
        if guard.status in ("warn", "fail"):
            found |= _ANSWERS.get((guard.guard, guard.verdict.remedy), _ANSWERS.get((guard.guard, ""), {}))
    return found


_ANSWERS: Mapping[tuple[str, str], Mapping[str, Any]] = {
    ("divergence", ""): {"beta": 0.04},
    ("entropy", LOW): {"epsilon_high": 0.28, "entropy_coef": 0.001},
    ("entropy", HIGH): {"epsilon_high": 0.2, "entropy_coef": 0.0},
}


def _rows(
    prompts: Sequence[Any],
    completions: Sequence[Any],
    ids: Sequence[Sequence[int]] | None,
    rewards: Sequence[float | None],
    state: Any,
) -> list[Rollout]:
    """Return the batch as rollouts; without the state of a trainer all are of step 0."""
    further = {"step": getattr(state, "global_step", 0), "epoch": getattr(state, "epoch", None)}
    found = []
    for at, (prompt, completion, reward) in enumerate(zip(prompts, completions, rewards, strict=True)):
        tokens = {} if ids is None else {"n_tokens": len(ids[at])}
        found.append(rollout({"prompt": prompt, "completion": completion, "reward": reward} | further | tokens, ""))
    return found


def _split(rows: Sequence[Rollout], generations: int) -> float:
    """Return the share of groups that do not hold a whole number of times the completions that a trainer generates to a prompt."""
    counts = Counter(row.group for row in rows)
    return sum(count % generations != 0 for count in counts.values()) / len(counts)


def _is_evaluating(log_metric: Any) -> bool:
    """Tell whether TRL is evaluating: it calls rewards then too and does not say so, but its model is in evaluation mode."""
    model = getattr(getattr(log_metric, "__self__", None), "model", None)
    return model is not None and not model.training
