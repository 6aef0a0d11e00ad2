"""Runs of verl with `trainer.rollout_data_dir`: a file of JSON Lines for each step, named after it."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from longtail.readers.compression import open_bytes
from longtail.readers.json_files import records
from longtail.readers.quarantine import Quarantine, Unfit
from longtail.readers.rollouts.kinds import KINDS
from longtail.readers.rollouts.records import Rollout, grouped, identify, number, said, whole

_OWN = frozenset({"input", "output", "gts", "score", "step", "request_id"})


@KINDS.add("verl", leaves="[0-9]*.jsonl", source="verl 0.9, trainer/ppo/ray_trainer.py")
def read_verl(path: Path, quarantine: Quarantine) -> Iterator[Rollout]:
    """Yield the rollouts of one step; what the reward function returned beside the score is a part of the reward where it is a number."""
    with open_bytes(str(path)) as stream:
        for at, row in records(stream, str(path), quarantine):
            try:
                if not isinstance(row, Mapping) or "input" not in row or "output" not in row:
                    raise Unfit("a rollout of verl has `input` and `output`")
                yield _rollout(row, path)
            except Unfit as error:
                quarantine.add(str(path), at, str(error))


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
