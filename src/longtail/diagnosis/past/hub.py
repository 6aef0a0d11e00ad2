"""Hugging Face: what models and data sets say of themselves in the files that `save_pretrained`, `Trainer` and `datasets` write.

Sources: https://huggingface.co/docs/hub/model-cards, https://huggingface.co/docs/datasets, https://huggingface.co/docs/transformers.
"""

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from longtail.diagnosis.past.labels import label_of
from longtail.diagnosis.past.told import RECORDS, Found, Told
from longtail.diagnosis.past.walk import files_in, read_bytes
from longtail.diagnosis.past.yaml import NotRead, load

_FILES = frozenset({"dataset_info.json", "state.json", "trainer_state.json", "adapter_config.json", "config.json", "README.md"})

_CLAIMS = (b'"num_examples"', b'"_data_files"', b'"global_step"', b'"base_model_name_or_path"', b'"model_type"', b"base_model:")
"""What files of these libraries hold, and hardly any other: a file with one of them that cannot be read is damaged, not foreign."""


class _Damaged(ValueError):
    """A file that claims to be of this kind, and why it cannot be read."""


@RECORDS.add("hugging face", trust="5", source="https://huggingface.co/docs/hub/model-cards")
def read(folder: str) -> Found:
    """Models, adapters, checkpoints and data sets as Hugging Face libraries save them."""
    folders: defaultdict[str, list[str]] = defaultdict(list)
    for path in files_in(folder, lambda name: os.path.basename(name) in _FILES):
        folders[os.path.dirname(path)].append(path)
    told: list[Told] = []
    damaged: list[str] = []
    unnamed = 0
    for at, paths in folders.items():
        facts = _facts(folder, paths, damaged)
        label = label_of(at)
        unnamed += bool(facts) and label is None
        if facts and label is not None:
            told.append(_told(at, label.text, facts))
    reason = (
        f"folders without a version in their name: {unnamed}" if unnamed else "" if told else "no folder that Hugging Face libraries saved"
    )
    return Found(tuple(told), reason, tuple(damaged))


def _facts(folder: str, paths: Iterable[str], damaged: list[str]) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for path in paths:
        content = read_bytes(os.path.join(folder, path))
        try:
            said = _READ[os.path.basename(path)](content or b"")
            facts |= said | {"base": [*facts.get("base", ()), *said.get("base", ())]}
        except (_Damaged, msgspec.DecodeError, UnicodeDecodeError, NotRead, RecursionError) as error:
            damaged += [f"{path} ({str(error)[:80]})"] if any(claim in (content or b"") for claim in _CLAIMS) else []
    return {name: value for name, value in facts.items() if value or name == "rows"}


def _told(at: str, name: str, facts: Mapping[str, Any]) -> Told:
    is_training = "rows" in facts and "base" not in facts
    return Told(
        kind="hugging face",
        source=f"hugging face {at}",
        name=name,
        rows=facts.get("rows") if is_training else None,
        parents=tuple(dict.fromkeys([*facts.get("base", ()), *facts.get("datasets", ())])),
        files=(at,),
    )


def _json(content: bytes) -> Mapping[str, Any]:
    value = msgspec.json.decode(content)
    if not isinstance(value, Mapping):
        raise _Damaged("holds no object")
    return value


def _dataset(content: bytes) -> dict[str, Any]:
    """Return the rows of the split for training, or of the only one."""
    splits = _json(content).get("splits")
    named = splits.items() if isinstance(splits, Mapping) else ()
    counts = {name: split.get("num_examples") for name, split in named if isinstance(split, Mapping)}
    rows = counts.get("train", next(iter(counts.values())) if len(counts) == 1 else None)
    return {"rows": rows} if isinstance(rows, int) else {"saved": True}


def _state(content: bytes) -> dict[str, Any]:
    return {"saved": True} if "_data_files" in _json(content) else {}


def _trainer(content: bytes) -> dict[str, Any]:
    value = _json(content)
    if "global_step" not in value:
        raise _Damaged("states no global_step")
    return {"step": value["global_step"]}


def _config(content: bytes) -> dict[str, Any]:
    """Return what a model was initialised from; a configuration without a type of model is of something else."""
    value = _json(content)
    if not {"model_type", "architectures", "_name_or_path", "peft_type", "base_model_name_or_path"} & set(value):
        return {}
    found = value.get("base_model_name_or_path") or value.get("_name_or_path")
    return {"model": True} | ({"base": [found]} if isinstance(found, str) and found else {})


def _card(content: bytes) -> dict[str, Any]:
    """Return what the head of a card says; a card without one says nothing."""
    text = content.decode("utf-8")
    head, end, _ = text.removeprefix("---\n").partition("\n---")
    if not text.startswith("---\n") or not end:
        return {}
    value = load(head)
    if not isinstance(value, Mapping):
        return {}
    named = {"base": _texts(value.get("base_model")), "datasets": _texts(value.get("datasets"))}
    return {name: found for name, found in named.items() if found}


def _texts(value: Any) -> list[str]:
    return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str) and each]


_READ: dict[str, Callable[[bytes], dict[str, Any]]] = {
    "dataset_info.json": _dataset,
    "state.json": _state,
    "trainer_state.json": _trainer,
    "adapter_config.json": _config,
    "config.json": _config,
    "README.md": _card,
}
