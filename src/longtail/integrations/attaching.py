"""Callbacks that become ones of transformers when they are made, so that importing them needs no transformers."""

from typing import Any, Literal, TypeAlias

from longtail.origin import door

FEATURE = "an attachment to a trainer"
Stop: TypeAlias = Literal["never", "warn", "fail"]
_MADE: dict[type, Any] = {}


def attached(kind: type) -> Any:
    """Return a class with `TrainerCallback` among its bases, under its own name; one that has it already as it is.

    Raises:
        MissingExtra: torch or transformers is not installed.
    """
    base = door.transformers(FEATURE).TrainerCallback
    if issubclass(kind, base):
        return kind
    if kind not in _MADE:
        _MADE[kind] = type(kind.__name__, (kind, base), {"__module__": kind.__module__, "__doc__": kind.__doc__})
    return _MADE[kind]


def agreed(wanted: bool, model: Any) -> bool:
    """Tell whether any process of the run wants something, so that all of them do it at the same step.

    Raises:
        MissingExtra: torch is not installed.
    """
    torch = door.torch(FEATURE)
    if not (torch.distributed.is_available() and torch.distributed.is_initialized() and torch.distributed.get_world_size() > 1):
        return wanted
    flag = torch.tensor([float(wanted)], device=model.device)
    torch.distributed.all_reduce(flag, op=torch.distributed.ReduceOp.MAX)
    return bool(flag.item())
