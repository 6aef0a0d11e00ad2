"""Families as commands: each takes the common options and those that its settings make."""

from collections.abc import Callable, Iterable
from typing import Any

import click

from longtail.catalogue import Entry
from longtail.cli.lab.options import common, own
from longtail.errors import UnknownName, UsageError
from longtail.gates import GATES
from longtail.lab.learners import FAMILIES
from longtail.policies import POLICIES

Work = Callable[[str, dict[str, Any], dict[str, Any]], None]


class FamilyGroup(click.Group):
    """All families, each a command that is made from its entry in `FAMILIES` when it is asked for.

    Args:
        work: Called with the family, its own settings and the common ones.
    """

    def __init__(self, *args: Any, work: Work, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._work = work

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the families."""
        return [entry.name for entry in FAMILIES]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of a family."""
        return Family(FAMILIES[cmd_name], self._work) if cmd_name in FAMILIES else None

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the family asked for.

        Raises:
            UnknownName: No family of that name; the message holds the nearest one.
        """
        entry = FAMILIES[args[0]]
        return entry.name, self.get_command(ctx, entry.name), args[1:]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Let options stand before the family, too."""
        return super().parse_args(ctx, _family_first(args))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the common options, then the families, the policies and the gates."""
        _section(ctx, formatter, "Options of every family", common())
        _entries(formatter, f"Families ({ctx.command_path} FAMILY --help shows the options of one)", FAMILIES, usage=False)
        _entries(formatter, "Policies", POLICIES)
        rows, documents = (
            [entry for entry in GATES if (entry.facts["judges"] == "documents") is of_documents] for of_documents in (False, True)
        )
        _entries(formatter, "Gates", rows)
        _entries(formatter, "Gates of documents (of ngram and transformer), and recipes of gates: FILE.toml", documents, usage=False)


class Family(click.Command):
    """One family: its own options, and the common ones."""

    def __init__(self, entry: Entry[Any], work: Work) -> None:
        self._own, self._common = own(entry), common()
        names = {option.name for option in self._own}

        def run(**given: Any) -> None:
            mine = {name: value for name, value in given.items() if name in names and value is not None}
            work(entry.name, mine, {name: value for name, value in given.items() if name not in names})

        super().__init__(entry.name, callback=run, params=[*self._own, *self._common], help=_page(entry), add_help_option=False)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse; an option that the family does not have is refused with the nearest one and the family's list.

        Raises:
            UsageError: No such option.
        """
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            mine = [option for parameter in self._own for option in parameter.opts if option.startswith("--")]
            every = [option for parameter in self._common for option in parameter.opts] + mine
            said = str(UnknownName(f"option of {self.name}", error.option_name, every))
            near = said if "did you mean" in said else f"unknown option of {self.name} {error.option_name!r}:"
            raise UsageError(f"{near} {self.name} has {', '.join(mine) or 'no options of its own'} and the common ones") from None

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options of the family, then those that every family takes."""
        _section(ctx, formatter, f"Options of {self.name}", self._own)
        _section(ctx, formatter, "Options of every family", self._common)


def _family_first(args: list[str]) -> list[str]:
    """Return the arguments with the family in front.

    Raises:
        UsageError: Options are given, and no family.
    """
    if not args or args[0] in ("-h", "--help") or not args[0].startswith("-"):
        return args
    at = next((at for at, word in enumerate(args) if word in FAMILIES), None)
    if at is None:
        known = ", ".join(entry.name for entry in FAMILIES)
        raise UsageError(f"no family: name one first, such as longtail lab run gaussian {args[0]} …; known: {known}")
    return [args[at], *args[:at], *args[at + 1 :]]


def _section(ctx: click.Context, formatter: click.HelpFormatter, title: str, options: list[click.Parameter]) -> None:
    rows = [record for option in options if (record := option.get_help_record(ctx)) is not None]
    if rows:
        with formatter.section(title):
            formatter.write_dl(rows)


def _entries(formatter: click.HelpFormatter, title: str, entries: Iterable[Entry[Any]], *, usage: bool = True) -> None:
    rows = [(entry.usage if usage else entry.name, entry.summary) for entry in entries]
    if rows:
        with formatter.section(title):
            formatter.write_dl(rows)


def _page(entry: Entry[Any]) -> str:
    run = f"longtail lab run {entry.name} --policy replace"
    examples = f"\b\nExamples:\n  {run}\n  {run} --policy accumulate --out figure.svg"
    return f"{entry.summary}\n\n{examples}\n\nSource: {entry.facts['source']}"
