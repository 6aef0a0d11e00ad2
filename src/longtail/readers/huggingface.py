"""The layout that `save_to_disk` of Hugging Face `datasets` writes: which Arrow files belong to it, split by split.

- `dataset_dict.json` of a DatasetDict: {"splits": ["train", "test"]}, a folder each
- `state.json` of a Dataset: {"_data_files": [{"filename": …}, …]}
"""

import os
from typing import Any

import msgspec

from longtail.errors import ReadError


def is_saved(folder: str) -> bool:
    """Tell whether the folder was written by `save_to_disk`."""
    return any(os.path.isfile(os.path.join(folder, name)) for name in ("dataset_dict.json", "state.json"))


def data_files(folder: str) -> tuple[list[str], str]:
    """Return the Arrow files of a saved data set, and a note where several splits are read together.

    Raises:
        ReadError: A file that belongs to the data set is missing, or the description is damaged.
    """
    splits = os.path.join(folder, "dataset_dict.json")
    if not os.path.isfile(splits):
        return _of_split(folder), ""
    names = sorted(_described(splits, "splits"))
    files = [file for name in names for file in _of_split(os.path.join(folder, str(name)))]
    note = f"splits {', '.join(map(str, names))} read together (name one folder to read one)" if len(names) > 1 else ""
    return files, note


def _of_split(folder: str) -> list[str]:
    state = os.path.join(folder, "state.json")
    try:
        files = [os.path.join(folder, entry["filename"]) for entry in _described(state, "_data_files")]
    except (TypeError, KeyError):
        raise ReadError(state, "`_data_files` does not list file names", fix="save the data set again") from None
    for file in files:
        if not os.path.isfile(file):
            raise ReadError(file, f"is missing, though {state} lists it", fix="copy the whole folder again")
    return files


def _described(path: str, field: str) -> list[Any]:
    try:
        with open(path, "rb") as stream:
            value = msgspec.json.decode(stream.read())[field]
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise ReadError(path, f"does not describe a saved data set: {error!r}", fix="save the data set again") from error
    if not isinstance(value, list):
        raise ReadError(path, f"`{field}` is {value!r}, not a list", fix="save the data set again")
    return value
