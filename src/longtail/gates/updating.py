"""The gate of updates as a part of a loop: it makes an update, judges it, and hands back the old model unless it is accepted."""

from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVar

import msgspec
import numpy as np
import numpy.typing as npt

from longtail.errors import ConfigError
from longtail.gates.gain import Gain, Settings, Tried, judged
from longtail.gates.judging import FATAL

Model = TypeVar("Model")
Scores = Callable[[Model], npt.ArrayLike]
"""Scores of a model, one for each item, always the same items in the same order."""


class Made(NamedTuple, Generic[Model]):
    """One of several updates: the model, or why there is none, and the mean score that the best is chosen by."""

    model: Model | None
    why: str = ""
    worth: float = 0.0


class GainGate(Generic[Model]):
    """Accepts an update of a model only where it surely helps and does no harm; else the model is the one that there was.

    An update is a function that is handed a model and returns another one; it leaves the one that it was handed as it was. An update or
    a score that raises is rejected with what was raised. Each decision is kept in `history`.

    Args:
        eval_new: Scores on the new task.
        eval_keep: Scores on retention probes.
        settings: What updates are held against.
        base: The first model; retention is then held against it as well, so that small losses do not add up.
        eval_choose: Scores on items of the new task that are none of `eval_new`: by these the best of several updates is chosen, and
            `eval_new` decides, since the best of several looks better than it is on the items that it was chosen by.
        eval_drift: Divergence of a model from the first one, nats per token.
    """

    def __init__(
        self,
        eval_new: Scores[Model],
        eval_keep: Scores[Model],
        settings: Settings | None = None,
        *,
        base: Model | None = None,
        eval_choose: Scores[Model] | None = None,
        eval_drift: Callable[[Model], float] | None = None,
    ) -> None:
        self.eval_new, self.eval_keep, self.eval_choose, self.eval_drift = eval_new, eval_keep, eval_choose, eval_drift
        self.settings = settings or Settings()
        self.history: list[Gain] = []
        self._base = None if base is None else eval_keep(base)

    def try_(self, model: Model, *updates: Callable[[Model], Model]) -> tuple[Model, Gain]:
        """Return the model to go on with, and what was decided.

        Args:
            model: That there is.
            updates: One, or several of which the best by `eval_choose` is judged.

        Raises:
            ConfigError: There is no update, or there are several and no `eval_choose`.
        """
        if not updates:
            raise ConfigError("no update was handed over; give one function or several that return a model")
        if len(updates) > 1 and self.eval_choose is None:
            raise ConfigError(f"{len(updates)} updates and no eval_choose; give scores on items that do not decide, to choose the best by")
        made = [self._made(model, update, chosen=len(updates) > 1) for update in updates]
        sound = [(each.worth, -at, each.model) for at, each in enumerate(made) if each.model is not None]
        if not sound:
            return self._noted(model, model, _rejected("; ".join(each.why for each in made)), 0, len(updates))
        _, place, candidate = max(sound, key=lambda each: each[:2])
        return self._noted(model, candidate, self._judged(model, candidate), -place, len(updates))

    def _made(self, model: Model, update: Callable[[Model], Model], *, chosen: bool) -> Made[Model]:
        try:
            found = update(model)
            if found is model:
                return Made(
                    None, "the update returned the model that it was handed, so there is nothing to go back to; let it change a copy"
                )
            if not chosen or self.eval_choose is None:
                return Made(found)
            worth = float(np.mean(np.asarray(self.eval_choose(found), np.float64)))
        except FATAL:
            raise
        except Exception as error:
            return Made(None, f"the update failed: {_shown(error)}")
        return Made(found, worth=worth) if np.isfinite(worth) else Made(None, "the scores that the best is chosen by are no numbers")

    def _judged(self, model: Model, candidate: Model) -> Gain:
        try:
            return judged(self._tried(model, candidate), self.settings)
        except FATAL:
            raise
        except Exception as error:
            return _rejected(f"scoring failed: {_shown(error)}")

    def _tried(self, model: Model, candidate: Model) -> Tried:
        before, after = self.eval_keep(model), self.eval_keep(candidate)
        drift = None if self.eval_drift is None else float(self.eval_drift(candidate))
        return Tried((self.eval_new(model), self.eval_new(candidate)), (before, after), self._base, drift)

    def _noted(self, model: Model, candidate: Model, found: Gain, best: int, many: int) -> tuple[Model, Gain]:
        told = msgspec.structs.replace(found, candidate=best, candidates=many)
        self.history.append(told)
        return (candidate if told.accepted else model), told


def _rejected(because: str) -> Gain:
    return Gain(decision="reject", because=because)


def _shown(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
