"""A monitor: it takes rollouts as they come, cuts them into windows and asks every guard about each."""

import math
from collections.abc import Iterable, Sequence

import msgspec

from longtail.errors import ConfigError
from longtail.guards.catalogue import GUARDS, Settings, Watched
from longtail.metrics.rollouts.windows import Window, windows
from longtail.readers.rollouts.plain import rollout
from longtail.readers.rollouts.records import Rollout
from longtail.records import Record, Verdict
from longtail.stats.spending import level

_LEAST = 1e-12
_ORDER = ("fail", "warn", "pass", "not_measured")


class Alarm(Record, frozen=True):
    """What one guard said at one look.

    Attributes:
        guard: Its name.
        code: Of the rule that says the same of a run that is over.
        look: Number of the look, from 1.
        first, last: Steps of the window.
        verdict: What it said.
    """

    guard: str
    code: str
    look: int
    first: int
    last: int
    verdict: Verdict


class Monitor:
    """The guards of one run.

    The first window is the begin of the run, which all later ones are held against. One error rate covers the whole run: it is shared
    by the guards and spent over the looks, so that a run in which nothing changes raises any alarm with a chance of at most alpha,
    as far as the intervals hold.

    Args:
        settings: What the guards go by.
        guards: Names of those to ask; all where None.

    Raises:
        UnknownName: No guard of that name.
        ConfigError: A setting is out of range.
    """

    def __init__(self, settings: Settings | None = None, guards: Sequence[str] | None = None) -> None:
        self.settings = settings or Settings()
        self.names = tuple(GUARDS[name].name for name in guards) if guards is not None else tuple(entry.name for entry in GUARDS)
        self.base: Window | None = None
        self.alarms: list[Alarm] = []
        self._held: list[Rollout] = []
        self._looks = 0
        _check(self.settings, self.names)

    def observe(
        self,
        step: int,
        prompts: Sequence[str],
        completions: Sequence[str],
        rewards: Sequence[float | None] | None = None,
        **further: Sequence[float | None] | Sequence[int | None],
    ) -> tuple[Alarm, ...]:
        """Take the completions of a step of any loop, and return what the guards say where a window is full.

        Args:
            step: Of the optimiser.
            prompts, completions: Texts, one of each for every completion.
            rewards: Of the completions.
            **further: Fields of `Rollout` for every completion: n_tokens, mean_logp, mean_entropy, ref_mean_logp, advantage.

        Raises:
            ConfigError: The sequences are of unlike length.
        """
        columns = {"prompt": prompts, "completion": completions} | further | ({} if rewards is None else {"reward": rewards})
        lengths = {name: len(values) for name, values in columns.items()}
        if len(set(lengths.values())) > 1:
            raise ConfigError(f"sequences of unlike length: {', '.join(f'{name} {count}' for name, count in lengths.items())}")
        rows = [dict(zip(columns, values, strict=True)) | {"step": step} for values in zip(*columns.values(), strict=True)]
        return self.take(rollout(row, "") for row in rows)

    def take(self, rows: Iterable[Rollout]) -> tuple[Alarm, ...]:
        """Take rollouts in the order of their steps, and return what the guards say of each window that they fill.

        Completions of the last step are held back until a later one shows that it is whole.
        """
        self._held += rows
        latest = max((row.step or 0 for row in self._held), default=0)
        return self._look([row for row in self._held if (row.step or 0) < latest])

    def close(self) -> tuple[Alarm, ...]:
        """Judge what is left at the end of a run, as far as it fills a window."""
        return self._look(self._held)

    @property
    def looks(self) -> int:
        """Return how many windows were judged."""
        return self._looks

    @property
    def status(self) -> str:
        """Return the gravest status of the last look; `not_measured` before the first."""
        last = [alarm.verdict.status for alarm in self.alarms if alarm.look == self._looks]
        return min(last, key=_ORDER.index, default="not_measured")

    def _look(self, rows: Sequence[Rollout]) -> tuple[Alarm, ...]:
        said: list[Alarm] = []
        cut = windows(rows, self.settings.fewest)
        seen = {id(row) for window in cut for row in window.rows}
        self._held = [row for row in self._held if id(row) not in seen]
        for window in cut:
            if self.base is None:
                self.base = window
                continue
            self._looks += 1
            said += [self._ask(name, self.base, window) for name in self.names]
        self.alarms += said
        return tuple(said)

    def _ask(self, name: str, base: Window, window: Window) -> Alarm:
        part = level(self.settings.alpha, self._looks, self.settings.horizon) / len(self.names)
        verdict = ask(name, Watched(base=base, here=window, level=part, settings=self.settings))
        code = GUARDS[name].facts["code"]
        return Alarm(guard=name, code=code, look=self._looks, first=window.first, last=window.last, verdict=verdict)


def ask(name: str, watched: Watched) -> Verdict:
    """Return what a guard says of two windows; one that raises fails the run, since it guards nothing.

    A level that no number of looks leaves anything of is told as the least that an interval can be made at.

    Raises:
        UnknownName: No guard of that name.
    """
    entry = GUARDS[name]
    try:
        return entry.member(msgspec.structs.replace(watched, level=max(watched.level, _LEAST)))
    except Exception as error:
        because = f"the guard crashed: {type(error).__name__}: {error}"
        return Verdict(status="fail", because=because, where=watched.where, remedy="mend the guard; until then it guards nothing")


def _check(settings: Settings, names: Sequence[str]) -> None:
    if not names:
        raise ConfigError("no guards were named; leave `guards` out to ask all")
    if settings.fewest < 2:
        raise ConfigError(f"fewest is {settings.fewest!r}; a window needs two groups of completions at least")
    if not 0 < settings.kept < 1:
        raise ConfigError(f"kept is {settings.kept!r}; it must lie between 0 and 1")
    if settings.budget is not None and not (settings.budget > 0 and math.isfinite(settings.budget)):
        raise ConfigError(f"budget is {settings.budget!r}; give nats per token above 0")
    level(settings.alpha, 1, settings.horizon)
