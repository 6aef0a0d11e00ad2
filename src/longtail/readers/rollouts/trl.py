"""Runs of TRL's GRPO and RLOO trainers with `log_completions=True`: a Parquet file for each step that was logged."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from longtail.errors import ReadError
from longtail.readers.quarantine import Quarantine, Unfit
from longtail.readers.rollouts.kinds import KINDS
from longtail.readers.rollouts.records import Rollout, grouped, identify, number, said, total, whole

_OWN = ("step", "prompt", "completion", "advantage")


@KINDS.add("trl", leaves="completions_*.parquet", source="TRL 1.16, trainer/grpo_trainer.py")
def read_trl(path: Path, quarantine: Quarantine) -> Iterator[Rollout]:
    """Yield the rollouts of one Parquet file; columns of numbers beside TRL's own are parts of the reward.

    Neither the total reward nor `reward_weights` are in the file: the total is the sum of the parts, as with TRL's default weights of 1,
    until `weighed` is told others. Parts that were not scored, as by the reward function of another task, are left out of it, as
    TRL leaves them out; it is None where none was scored.

    Raises:
        ReadError: The file is no Parquet, or lacks a column that TRL writes.
    """
    table = _table(path)
    parts = [field.name for field in table.schema if field.name not in _OWN and pa.types.is_floating(field.type)]
    for at, row in enumerate(table.to_pylist(), 1):
        try:
            yield _rollout(row, parts, _run_of(path))
        except Unfit as error:
            quarantine.add(str(path), at, str(error))


def _table(path: Path) -> pa.Table:
    try:
        table = pq.read_table(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise ReadError(
            str(path), f"not a whole Parquet file: {str(error).splitlines()[0][:120]}", fix="read it again once it is written"
        ) from error
    missing = [name for name in _OWN[:3] if name not in table.column_names]
    if missing:
        raise ReadError(
            str(path), f"no column {missing[0]!r}; it has {', '.join(table.column_names)[:200]}", fix="set log_completions=True"
        )
    return table


def _rollout(row: Mapping[str, Any], parts: list[str], run: str) -> Rollout:
    prompt, step = said(row["prompt"], "prompt"), whole(row["step"], "step")
    rewards = {name: number(row[name], name) for name in parts}
    return Rollout(
        run=run,
        step=step,
        prompt_id=identify(prompt),
        prompt=prompt,
        completion=said(row["completion"], "completion"),
        group=grouped(step, identify(prompt)),
        reward=total(rewards),
        parts=rewards,
        advantage=number(row.get("advantage"), "advantage"),
    )


def _run_of(path: Path) -> str:
    return path.parent.parent.name if path.parent.name == "completions" else path.parent.name
