"""Options that several commands share, and how progress is shown."""

import os
import re
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO, TypeVar, cast

import click
from rich.console import Console
from rich.progress import Progress as Bar
from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

from longtail.cli.settings.configured import configured
from longtail.errors import ConfigError, UsageError
from longtail.records import OnProgress, Progress

_COMMAND = re.compile(r"(?m)(^\s*:)(?=:)|(##)(?=\[)")
_WORKERS = re.compile(r" --workers[ =]\S+")
Command = TypeVar("Command", bound=Callable[..., Any])


def reading(command: Command) -> Command:
    """Add the options of every command that reads data."""
    for option in (
        click.option("--seed", default=0, show_default=True, help="Seed of all hashes and relabellings."),
        click.option("--text-column", metavar="NAME", help="Column that holds the text, where it is not recognised."),
        click.option("--table", metavar="NAME", help="Table of an SQLite file."),
        click.option(
            "--by", metavar="COLUMN", multiple=True, help="Column whose values are slices: classes, topics, languages. Repeatable."
        ),
        click.option(
            "--view",
            "views",
            metavar="NAMES",
            help="What to count, by comma: words_1 … words_4, code_1 … code_3, formats, turns, near_duplicates, category:COLUMN, pairs, "
            "number:COLUMN, regions:COLUMN; table is every column of a table.  "
            "[default for text: words_1,words_2,words_3,formats,near_duplicates]",
        ),
        click.option(
            "--features", metavar="SOURCE", help="Vectors of the documents: FILE.npy or MODULE:FUNCTION; counted as regions:features."
        ),
        click.option(
            "--validity",
            metavar="RULE",
            help="Documents that it does not hold for are counted and left out: regex:PATTERN, letters:N, schema:FILE, MODULE:FUNCTION.",
        ),
        click.option("--role", metavar="NAME", help="Whose turns of a conversation are read.  [default: the assistant's]"),
        click.option("--exact", is_flag=True, help="Exact counts for all n-grams, not a sample of types (more disk)."),
        working,
        quietly,
    ):
        command = option(command)
    return command


def working(command: Command) -> Command:
    """Add the option of every command that counts data sets: on how many threads."""
    return click.option(
        "--workers",
        type=click.IntRange(min=1),
        default=1,
        show_default=True,
        metavar="N",
        help="Threads that count documents; the result does not depend on them.",
    )(command)


def quietly(command: Command) -> Command:
    """Add the options of every command: quiet, debug, colour, settings, help."""
    for option in (
        click.help_option("-h", "--help"),
        click.option("--quiet", "-q", is_flag=True, help="No progress and no messages."),
        click.option("--debug", is_flag=True, help="Show the traceback of an error."),
        click.option("--no-color", is_flag=True, help="No colours (also: NO_COLOR=1)."),
        configured,
    ):
        command = option(command)
    return command


def check_output(path: str, suffixes: Collection[str], inputs: Iterable[str]) -> None:
    """Refuse, before the work, an output file that could not be written after it, or that is one of the inputs.

    Raises:
        UsageError: The suffix is none of `suffixes`, the folder does not exist, a folder has that name, or it is an input.
    """
    target = Path(path)
    if target.resolve() in {Path(name).resolve() for name in inputs if "\0" not in name}:
        raise UsageError(f"{path!r} is one of the inputs and would be overwritten; name another file")
    if target.suffix.lower() not in suffixes:
        raise UsageError(f"cannot tell the format of {path!r} from its suffix; known suffixes: {', '.join(sorted(suffixes))}")
    if target.is_dir() or not target.parent.is_dir():
        reason = "it is a folder" if target.is_dir() else f"there is no folder {str(target.parent)!r}"
        raise UsageError(f"cannot write {path!r}: {reason}; name a file in a folder that exists")


def typed(*command: str, inputs: Iterable[str] = ()) -> str:
    """Return the command that is run, for what it writes, without what changes nothing in that.

    Args:
        command: Its names, such as "recover", "check".
        inputs: What it reads, to be told where it was not called from a shell.
    """
    is_typed = tuple(sys.argv[1 : len(command) + 1]) == command
    return _WORKERS.sub("", " ".join(["longtail", *(sys.argv[1:] if is_typed else [*command, *inputs])]))


def form_of(given: Mapping[str, Any]) -> str:
    """Return the format of what is printed on stdout.

    Raises:
        UsageError: --json and --format name two.
    """
    form: str = given["form"] or ("json" if given["as_json"] else "text")
    if given["as_json"] and form != "json":
        raise UsageError(f"--json and --format {form} name two formats for stdout; give one, and write the other with --out FILE")
    return form


def machine_texts(named: Iterable[str]) -> dict[str, list[str]]:
    """Return the files of each machine origin of --synthetic; a file without a name is of the origin "synthetic".

    Raises:
        UsageError: A name or a file is empty.
    """
    found: dict[str, list[str]] = {}
    for each in named:
        name, sign, path = each.partition("=")
        if os.path.exists(each) or not sign or os.sep in name:
            name, path = "synthetic", each
        if not name.strip() or not path or name.strip() == "human":
            raise UsageError(f"--synthetic {each!r}: write FILE or NAME=FILE, such as gpt-4=rewrites.jsonl, with a NAME other than human")
        found.setdefault(name.strip(), []).append(path)
    return found


def views_of(names: str | None) -> tuple[str, ...] | None:
    """Return the views named by comma, or None for the default."""
    return tuple(name.strip() for name in names.split(",") if name.strip()) if names else None


def margins_of(pairs: str | None) -> dict[str, float]:
    """Return margins from `tail=0.90,late=0.50`.

    Raises:
        ConfigError: A pair that is not NAME=NUMBER.
    """
    return numbers_of("margin", pairs, "tail=0.90")


def numbers_of(what: str, pairs: str | None, example: str) -> dict[str, float]:
    """Return the numbers of `NAME=NUMBER,NAME=NUMBER`, by name.

    Args:
        what: One of them, for the message.
        pairs: As they were written; None for none.
        example: A pair, for the message.

    Raises:
        ConfigError: A pair that is not NAME=NUMBER.
    """
    numbers = {}
    for pair in (pairs or "").split(","):
        name, _, number = pair.partition("=")
        if not pair.strip():
            continue
        try:
            numbers[name.strip()] = float(number)
        except ValueError:
            raise ConfigError(f"{what} {pair!r}: write NAME=NUMBER, such as {example}") from None
    return numbers


def console_of(no_color: bool, *, stderr: bool = False) -> Console:
    """Return a console for stdout or stderr; plain where asked or where NO_COLOR is set."""
    stream = cast(TextIO, Unforged(sys.stderr if stderr else sys.stdout))
    return Console(file=stream, stderr=stderr, no_color=True if no_color else None, highlight=False, soft_wrap=False)


class Unforged:
    """A stream whose lines are no workflow commands of GitHub: what data say may come to stand at the begin of a line that is folded.

    A runner takes `::error::…` at the begin of a line, and `##[error]…` anywhere, for a command of the step.

    Args:
        stream: Where lines are written to.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write text, a space within what a runner would take for a command."""
        return self._stream.write(_COMMAND.sub(r"\g<0> ", text))

    def __getattr__(self, name: str) -> Any:
        """Return anything else that the stream has."""
        return getattr(self._stream, name)


@contextmanager
def progress(quiet: bool, no_color: bool) -> Iterator[OnProgress | None]:
    """Show progress on a terminal's stderr; stay silent in a pipe."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TextColumn("{task.completed:,.0f} {task.fields[unit]}"),
        _Rate(),
        TimeElapsedColumn(),
    )
    with Bar(*columns, console=console_of(no_color, stderr=True), transient=True) as bar:
        task = bar.add_task("starting", total=None, unit="")

        def update(step: Progress) -> None:
            bar.update(task, description=step.stage, completed=step.done, total=step.total, unit=step.unit)

        yield update


class _Rate(TextColumn):
    """Units per second."""

    def __init__(self) -> None:
        super().__init__("")

    def render(self, task: Any) -> Any:
        """Return the rate of a task as text."""
        self.text_format = f"{task.speed:,.0f}/s" if task.speed else ""
        return super().render(task)
