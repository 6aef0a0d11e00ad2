"""Weights between two checkpoints: a dial from the tuned model back to its base, without training.

What reinforcement narrowed comes back as the weights go back (WiSE-FT, Wortsman et al. 2022, arXiv 2109.01903; for diversity of
answers Dang et al. 2025, arXiv 2504.10478). How far to go is for the data to say: measure both the task and the mix at a few places.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from longtail.atomic import replaced
from longtail.errors import ConfigError, ReadError
from longtail.origin import door

FEATURE = "weights between two checkpoints"


def interpolate(base: Mapping[str, Any], tuned: Mapping[str, Any], alpha: float) -> dict[str, Any]:
    """Return base + alpha (tuned - base) of every tensor: at 0 the base and at 1 the tuned model, to the bit.

    Tensors of whole numbers and of truth values, such as positions and masks, are kept; they must be the same in both. Half precision is
    computed in float32 and rounded once.

    Args:
        base: Tensors of torch by name, as `state_dict` gives them.
        tuned: The same of the tuned model.
        alpha: From 0 to 1.

    Raises:
        MissingExtra: torch is not installed.
        ConfigError: `alpha` is out of range, or the two differ in names, shapes, kinds or whole numbers.
    """
    torch = door.torch(FEATURE)
    if not 0 <= alpha <= 1:
        raise ConfigError(f"alpha is {alpha!r}; take a number from 0, the base, to 1, the tuned model")
    if base.keys() != tuned.keys():
        lacking = [f"{name!r} is in one only" for name in sorted(base.keys() ^ tuned.keys())]
        raise ConfigError(f"the two checkpoints differ in {len(lacking)} names: {lacking[0]}; take two of one model")
    return {name: _between(torch, name, base[name], tuned[name], alpha) for name in base}


def interpolate_files(base: str | Path, tuned: str | Path, alpha: float, out: str | Path) -> None:
    """Write the weights between two safetensors files; of a model in several files, call it for each.

    Args:
        base, tuned: Files of the same tensors.
        alpha: From 0 to 1.
        out: File to write, whole or not at all; its metadata is that of `base`.

    Raises:
        MissingExtra: torch or safetensors is not installed.
        ReadError: A file is no safetensors.
        ConfigError: `alpha` is out of range, the two do not fit, or `out` is one of them.
    """
    target = Path(out)
    if target.resolve() in {Path(base).resolve(), Path(tuned).resolve()}:
        raise ConfigError(f"out is {str(out)!r}, one of the two checkpoints; name another file")
    (before, metadata), (after, _) = (_opened(Path(path)) for path in (base, tuned))
    found = interpolate(before, after, alpha)
    with replaced(target) as draft:
        door.safetensors(FEATURE).save_file({name: tensor.contiguous() for name, tensor in found.items()}, draft, metadata=metadata)


def _between(torch: Any, name: str, base: Any, tuned: Any, alpha: float) -> Any:
    if base.shape != tuned.shape or base.dtype != tuned.dtype:
        one, two = (f"{tuple(each.shape)} {each.dtype}" for each in (base, tuned))
        raise ConfigError(f"{name!r} is {one} in the base and {two} in the tuned model; take two checkpoints of one model and precision")
    if not (base.is_floating_point() or base.is_complex()):
        if not torch.equal(base, tuned):
            raise ConfigError(
                f"{name!r} holds whole numbers that differ, between which there is nothing; take two checkpoints of one model"
            )
        return base.clone()
    if alpha in (0, 1):
        return (tuned if alpha else base).clone()
    wide = torch.promote_types(base.dtype, torch.float32)
    return torch.lerp(base.to(wide), tuned.to(wide), float(alpha)).to(base.dtype)


def _opened(path: Path) -> tuple[dict[str, Any], dict[str, str] | None]:
    try:
        with door.safetensors(FEATURE).safe_open(path, framework="pt") as stream:
            return {name: stream.get_tensor(name) for name in list(stream.keys())}, stream.metadata()
    except Exception as error:
        raise ReadError(str(path), f"no safetensors that can be read: {' '.join(str(error).split())[:120]}") from error
