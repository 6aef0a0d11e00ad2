"""Runs of verifiers: `traces.jsonl`, an episode in each line with the traces of its agents."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from longtail.readers.columns import content_of
from longtail.readers.quarantine import Quarantine, Unfit
from longtail.readers.rollouts.kinds import KINDS
from longtail.readers.rollouts.lines import read_lines
from longtail.readers.rollouts.records import Rollout, Source, grouped, identify, number, total, whole

_MEANS = {"advantage": "advantages", "mean_logp": "logprobs", "mean_entropy": "entropies", "ref_mean_logp": "reference_logprobs"}
"""Fields of a rollout, and what their tokens hold in a trace."""


@KINDS.add("verifiers", leaves="traces.jsonl", source="verifiers 0.4, v1/utils/trace_store.py")
def read_verifiers(path: Path, quarantine: Quarantine) -> Iterator[Rollout]:
    """Return a rollout for each trace: the messages before the policy first spoke are the prompt, what it sampled is the completion.

    Traces that ended in an error before anything was sampled are set aside.
    """
    run = path.parent.name
    return read_lines(
        path, quarantine, ("traces",), "an episode of verifiers", lambda row: (_rollout(row, each, run) for each in _traces(row))
    )


def _traces(row: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    traces = row.get("traces")
    if not isinstance(traces, list) or not all(isinstance(trace, Mapping) for trace in traces):
        raise Unfit("an episode of verifiers has `traces`, a list of objects")
    return traces


def _rollout(episode: Mapping[str, Any], trace: Mapping[str, Any], run: str) -> Rollout:
    nodes = _objects(trace, "nodes")
    sampled = [node for node in nodes if node.get("sampled")]
    if not sampled:
        raise Unfit("a trace in which the policy said nothing")
    prompt = "\n".join(_text(node) for node in nodes[: nodes.index(sampled[0])])
    step, prompt_id = _step(episode), _task(episode, trace) or identify(prompt)
    reward, parts = _rewards(trace)
    return Rollout(
        run=str(_object(episode, "run").get("name") or run),
        step=step,
        prompt_id=prompt_id,
        prompt=prompt,
        completion="\n".join(map(_text, sampled)),
        group=str(_object(episode, "group").get("id") or grouped(step, prompt_id)),
        reward=reward,
        parts=parts,
        n_tokens=len(_along(sampled, "logprobs")) or None,
        truncated=_truncated(trace),
        origin=Source(model=_model(trace)),
        **{field: _mean(_along(sampled, name)) for field, name in _MEANS.items()},
    )


def _task(episode: Mapping[str, Any], trace: Mapping[str, Any]) -> str:
    """Return the key of a task, else its hash; empty where it has neither."""
    task = _object(trace, "task") or _object(episode, "task")
    return str(task.get("key") or task.get("hash") or "")


def _rewards(trace: Mapping[str, Any]) -> tuple[float | None, dict[str, float | None]]:
    """Return the reward in all, None where a part was not scored, and its parts."""
    parts = {name: _worth(value) for name, value in _object(trace, "rewards").items()}
    return None if None in parts.values() else total(parts), parts


def _object(record: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return an object inside a record; an empty one where there is none."""
    found = record.get(name)
    return found if isinstance(found, Mapping) else {}


def _objects(record: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    return [each for each in record.get(name) or [] if isinstance(each, Mapping)]


def _text(node: Mapping[str, Any]) -> str:
    message = node.get("message")
    return content_of(message.get("content") or "") if isinstance(message, Mapping) else ""


def _step(episode: Mapping[str, Any]) -> int | None:
    return whole(_object(_object(episode, "run"), "work").get("step"), "step")


def _worth(value: object) -> float | None:
    """Return what a reward is worth: its score times its weight, or the number that it is."""
    if isinstance(value, Mapping):
        score = number(value.get("score"), "score")
        weight = number(value.get("weight", 1.0), "weight")
        return None if score is None or weight is None else score * weight
    return number(value, "reward")


def _along(nodes: Sequence[Mapping[str, Any]], name: str) -> list[float]:
    found = [number(value, name) for node in nodes for value in node.get(name) or []]
    return [value for value in found if value is not None] if None not in found else []


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _truncated(trace: Mapping[str, Any]) -> bool | None:
    ends = [call.get("finish_reason") for call in _objects(trace, "calls")]
    return ends[-1] == "length" if ends and ends[-1] else None


def _model(trace: Mapping[str, Any]) -> str:
    calls = [call for call in _objects(trace, "calls") if call.get("model")]
    return str(calls[-1]["model"]) if calls else ""
