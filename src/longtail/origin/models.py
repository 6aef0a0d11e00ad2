"""Models and tokenizers of Hugging Face that lie on this machine: nothing is fetched and no code of a model is run."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Literal, TypeAlias

import xxhash

from longtail.errors import ConfigError
from longtail.origin import door

FEATURE = "a model of Hugging Face"
TOKENS = 512
"""Tokens read of a text where nothing else is asked for."""
Device: TypeAlias = Literal["auto", "cpu", "cuda"]
Precision: TypeAlias = Literal["float32", "bfloat16"]
_PARTS = {".json", ".safetensors", ".bin", ".model", ".txt"}


def device_of(name: Device) -> str:
    """Return the device of an option: "auto" takes a GPU where there is one.

    Raises:
        ConfigError: The name is unknown, or "cuda" was asked for and torch sees no GPU.
    """
    found = bool(door.torch(FEATURE).cuda.is_available())
    match name:
        case "auto":
            return "cuda" if found else "cpu"
        case "cuda" if not found:
            raise ConfigError("device is 'cuda', and torch finds no GPU; take auto or cpu")
        case "cpu" | "cuda":
            return name
        case _:
            raise ConfigError(f"device is {name!r}; take auto, cpu or cuda")


@dataclass(frozen=True)
class Loaded:
    """A model and its tokenizer.

    Attributes:
        model: In evaluation mode, on `device`.
        tokenizer: As transformers gives it.
        device: "cpu" or "cuda".
        name: Of the folder.
        version: Of the files in the folder: the first 16 hexadecimal digits of their XXH3 128.
    """

    model: Any
    tokenizer: Any
    device: str
    name: str
    version: str


def loaded(kind: str, folder: str | os.PathLike[str], device: Device = "auto", precision: Precision = "float32") -> Loaded:
    """Return a model from a folder, its weights from safetensors where there are any.

    Args:
        kind: Class of transformers, such as "AutoModelForCausalLM".
        folder: Holds the model and its tokenizer, as `save_pretrained` writes them.
        device: Where it computes; "auto" takes a GPU where there is one.
        precision: Of weights and activations.

    Raises:
        MissingExtra: torch or transformers is not installed.
        ConfigError: There is no such folder, a setting is unknown, the model cannot be loaded, it needs code of its own, or its
            files lack a part of `kind`, such as the head of a classifier, which would be filled with chance.
    """
    torch, transformers = door.torch(FEATURE), door.transformers(FEATURE)
    path = Path(folder)
    if not path.is_dir():
        raise ConfigError(f"there is no model folder {str(path)!r}; download the model first and name its folder (nothing is fetched)")
    if precision not in ("float32", "bfloat16"):
        raise ConfigError(f"precision is {precision!r}; take float32 or bfloat16")
    place = device_of(device)
    here = {"local_files_only": True, "trust_remote_code": False}
    tokenizer = _opened(path, lambda: transformers.AutoTokenizer.from_pretrained(path, **here))
    weights = {"dtype": getattr(torch, precision), "output_loading_info": True}
    model, found = _opened(path, lambda: getattr(transformers, kind).from_pretrained(path, **here, **weights))
    lacking = sorted(found["missing_keys"]) + sorted(str(each) for each in found["mismatched_keys"])
    if lacking:
        raise ConfigError(
            f"the model {str(path)!r} is no {kind}: its files lack {lacking[0]!r}; name the folder of one that was trained as such"
        )
    return Loaded(model.eval().to(place), tokenizer, place, path.resolve().name, version_of(path))


def _opened(path: Path, load: Callable[[], Any]) -> Any:
    try:
        with _quiet():
            return load()
    except Exception as error:
        told = " ".join(str(error).split())[:200]
        raise ConfigError(
            f"the model {str(path)!r} cannot be loaded ({told}); name a folder with a whole model that needs no code of its own"
        ) from error


@contextmanager
def _quiet() -> Iterator[None]:
    """Show no bar and no advice while weights are read; what is wrong with them is said by us."""
    logging = import_module("transformers.utils.logging")
    shown, loud = logging.is_progress_bar_enabled(), logging.get_verbosity()
    logging.disable_progress_bar()
    logging.set_verbosity_error()
    try:
        yield
    finally:
        logging.set_verbosity(loud)
        if shown:
            logging.enable_progress_bar()


def version_of(folder: Path) -> str:
    """Return what changes whenever a file of a model changes, 16 hexadecimal digits."""
    state = xxhash.xxh3_128()
    for path in sorted(each for each in folder.iterdir() if each.suffix in _PARTS):
        state.update(f"{path.name}\0{path.stat().st_size}\0".encode())
        with path.open("rb") as stream:
            while block := stream.read(1 << 20):
                state.update(block)
    return state.hexdigest()[:16]


def room(model: Any, tokenizer: Any, max_tokens: int | None) -> int:
    """Return how many tokens of a text are read: as many as asked for, else 512, or fewer where the model takes fewer.

    Raises:
        ConfigError: More were asked for than the model was made for, or fewer than 2.
    """
    limits = [getattr(model.config, "max_position_embeddings", None), tokenizer.model_max_length]
    most = int(min(each for each in (*limits, 1 << 40) if each))
    if max_tokens is None:
        return min(TOKENS, most)
    if not 2 <= max_tokens <= most:
        raise ConfigError(f"max_tokens is {max_tokens}; this model takes 2 to {most}")
    return max_tokens
