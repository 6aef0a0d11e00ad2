"""Runs of verl with `trainer.rollout_data_dir`: a file of JSON Lines for each step, named after it."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from longtail.readers.quarantine import Quarantine
from longtail.readers.rollouts.kinds import KINDS
from longtail.readers.rollouts.lines import read_lines
from longtail.readers.rollouts.records import Rollout, grouped, identify, number, said, whole

_OWN = frozenset({"input", "output", "gts", "score", "step", "request_id"})


@KINDS.add("verl", leaves="[0-9]*.jsonl", source="verl 0.9, trainer/ppo/ray_trainer.py")
def read_verl(path: Path, quarantine: Quarantine) -> Iterator[Rollout]:
    """Return the rollouts of one step; what the reward function returned beside the score is a part of the reward where it is a number."""
    return read_lines(path, quarantine, ("input", "output"), "a rollout of verl", lambda row: [_rollout(row, path)])


def is_step(path: Path) -> bool:
    """Tell whether a file is named after a step, as verl names them."""
    return re.fullmatch(r"\d+", path.stem) is not None


def _rollout(row: Mapping[str, Any], path: Path) -> Rollout:
    prompt = said(row["input"], "input")
    step = whole(row.get("step", int(path.stem) if is_step(path) else None), "step")
    parts = {name: float(value) for name, value in row.items() if name not in _OWN and _is_number(value)}
    return Rollout(
        run=path.parent.name,
        step=step,
        prompt_id=identify(prompt),
        prompt=prompt,
        completion=said(row["output"], "output"),
        group=grouped(step, identify(prompt)),
        reward=number(row.get("score"), "score"),
        parts={name: number(value, name) for name, value in parts.items()},
    )


def _is_number(value: object) -> bool:
    return isinstance(value, bool | int | float)
