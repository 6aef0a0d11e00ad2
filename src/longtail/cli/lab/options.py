"""The options of `longtail lab run`: those that every family takes, and those that a family's own settings make."""

import inspect
import re
from collections.abc import Callable, Sequence
from typing import Any, Literal, get_args, get_origin

import click

from longtail.catalogue import Entry
from longtail.cli.options import quietly
from longtail.lab.schedule import USAGE


def common() -> list[click.Parameter]:
    """Return the options that every family takes, new ones on each call."""

    def holder(**_: Any) -> None:
        """Take the options."""

    made: Callable[..., Any] = holder
    for option in reversed(
        (
            click.option("--policy", "policies", multiple=True, default=("replace",), show_default=True, metavar="SPEC", help=_POLICY),
            click.option("--gate", default="none", show_default=True, metavar="SPEC", help=_GATE),
            click.option("--generations", default=10, show_default=True, help="Models trained, one from the other."),
            click.option("--samples", default=100, show_default=True, help="Rows of the first training set, asked for in each later one."),
            click.option("--replicates", type=int, metavar="N", help=_REPLICATES),
            click.option("--seed", default=0, show_default=True, help="Seed of all chance."),
            click.option("--schedule", default="constant", show_default=True, metavar="SPEC", help=f"Growth of the sizes: {USAGE}."),
            click.option("--real", type=int, metavar="N", help="Rows of original real data.  [default: as many as generation 1 trains on]"),
            click.option("--draws", type=click.Choice(["exact", "random"]), default="exact", show_default=True, help=_DRAWS),
            click.option("--change", "changes", multiple=True, metavar="SPEC", help=_CHANGE),
            click.option("--series", metavar="NAMES", help="What to measure, by comma.  [default: all that the family has]"),
            click.option("--workers", default=1, show_default=True, help="Processes; the result does not depend on them."),
            click.option("--keep", metavar="DIR", help="Folder of finished blocks: a run that was stopped goes on where it was."),
            click.option("--out", metavar="FILE", multiple=True, help="Write to FILE: .json .csv .svg .png. Repeatable."),
            click.option("--json", "as_json", is_flag=True, help="Print the run as JSON on stdout and nothing else."),
            quietly,
        )
    ):
        made = option(made)
    return list(reversed(made.__dict__["__click_params__"]))


_POLICY = "How training sets are put together. Repeatable: each policy is a run of its own."
_GATE = "What of a model's output may come back in: NAME or NAME:SETTINGS; of documents a recipe too, FILE.toml."
_REPLICATES = "Independent lineages.  [default: 1000; 5 of families of documents and images]"
_DRAWS = "Exact shares of rows from the pools, or the pool of every row at random."
_CHANGE = "An intervention: GENERATION:policy=SPEC, :gate=SPEC, :drop=FIRST-LAST or :reset=GENERATION. Repeatable."


def own(entry: Entry[Any]) -> list[click.Parameter]:
    """Return the options that the settings of a family make: `variance_scale` becomes `--variance-scale`."""
    parameters = inspect.signature(entry.member, eval_str=True).parameters
    told = _told(entry)
    return [_option(parameters[name], told.get(name, "")) for name in entry.settings]


def flag(name: str) -> str:
    """Return a setting as an option."""
    return "--" + name.replace("_", "-")


def _option(setting: inspect.Parameter, told: str) -> click.Option:
    """Return the option of a setting; one that is true or false may stand alone, for true."""
    kind = _kind(setting.annotation)
    shown = _shown(setting.default)
    further: dict[str, Any] = {"is_flag": False, "flag_value": "true"} if kind is click.BOOL else {}
    metavar = "[true|false]" if kind is click.BOOL else None
    return click.Option([flag(setting.name), setting.name], type=kind, metavar=metavar, help=f"{told}  [{shown}]".strip(), **further)


def _shown(default: Any) -> str:
    if default is inspect.Parameter.empty:
        return "required"
    if isinstance(default, bool):
        return f"default: {str(default).lower()}"
    return "default: none" if default is None or default == "" else f"default: {default}"


def _kind(annotation: Any) -> click.ParamType[Any]:
    """Return how the text of a setting is read."""
    choices = get_args(annotation)
    if get_origin(annotation) is Literal:
        return click.Choice([str(each) for each in choices])
    kinds = [each for each in choices or (annotation,) if each is not type(None)]
    known: Sequence[tuple[type, click.ParamType[Any]]] = ((bool, click.BOOL), (int, click.INT), (float, click.FLOAT))
    return next((kind for each, kind in known if kinds == [each]), click.STRING)


def _told(entry: Entry[Any]) -> dict[str, str]:
    """Return what the docstring of a family says of its settings under `Args:`."""
    _, _, listed = (inspect.getdoc(entry.member) or "").partition("Args:\n")
    lines = listed.partition("\n\n")[0]
    found = re.findall(r"^    (\w+): (.+(?:\n     +.+)*)", lines, flags=re.MULTILINE)
    return {name: " ".join(words.split()) for name, words in found}
