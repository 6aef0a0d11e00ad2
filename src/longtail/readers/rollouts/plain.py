"""The record itself as JSON Lines, which any loop can write: a line for each rollout."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from longtail.readers.quarantine import Quarantine, Unfit
from longtail.readers.rollouts.kinds import KINDS
from longtail.readers.rollouts.lines import read_lines
from longtail.readers.rollouts.records import Rollout, Source, grouped, identify, number, said, whole

NUMBERS = ("epoch", "reward", "advantage", "mean_logp", "mean_entropy", "ref_mean_logp")


@KINDS.add("plain", leaves="*.jsonl", source="longtail's own record")
def read_plain(path: Path, quarantine: Quarantine) -> Iterator[Rollout]:
    """Return the rollouts of a file of JSON Lines; `prompt` and `completion` are needed, everything else may be absent."""
    return read_lines(path, quarantine, ("prompt", "completion"), "a rollout", lambda row: [rollout(row, path.parent.name)])


def rollout(row: Mapping[str, Any], run: str) -> Rollout:
    """Return the rollout that a record of these names holds.

    Raises:
        Unfit: A field holds something else than it should.
    """
    prompt, step = said(row["prompt"], "prompt"), whole(row.get("step"), "step")
    prompt_id = str(row.get("prompt_id") or identify(prompt))
    return Rollout(
        run=str(row.get("run") or run),
        step=step,
        prompt_id=prompt_id,
        prompt=prompt,
        completion=said(row["completion"], "completion"),
        group=str(row.get("group") or grouped(step, prompt_id)),
        parts=_parts(row.get("parts")),
        n_tokens=whole(row.get("n_tokens"), "n_tokens"),
        truncated=row["truncated"] if isinstance(row.get("truncated"), bool) else None,
        origin=_origin(row.get("origin")),
        **{name: number(row.get(name), name) for name in NUMBERS},
    )


def _parts(value: object) -> dict[str, float | None]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise Unfit(f"parts is {str(value)[:40]!r}, not an object of numbers")
    return {str(name): number(inner, f"parts.{name}") for name, inner in value.items()}


def _origin(value: object) -> Source:
    if not isinstance(value, Mapping):
        return Source(model=value if isinstance(value, str) else "")
    generation = whole(value.get("generation", value.get("gen")), "origin.generation")
    parents = value.get("parents") or ()
    return Source(model=str(value.get("model") or ""), generation=generation, parents=tuple(str(parent) for parent in parents))
