"""Options of the commands that make a report: how it is shown and written, and what of it fails."""

import click

from longtail.cli.options import Command
from longtail.report.files import FORMATS, SUFFIXES


def reporting(command: Command) -> Command:
    """Add the options on where a report goes and in which form."""
    for option in reversed((
        click.option("--out", metavar="FILE", multiple=True, help=f"Also write the report, by suffix: {' '.join(SUFFIXES)}. Repeatable."),
        click.option("--format", "form", type=click.Choice(["text", *FORMATS]), help="What is printed on stdout.  [default: text]"),
        click.option("--json", "as_json", is_flag=True, help="The same as --format json: the canonical report and nothing else."),
    )):  # fmt: skip
        command = option(command)
    return command


def failing(command: Command) -> Command:
    """Add the options on what fails, and on whether texts are told."""
    for option in reversed((
        click.option("--require", metavar="CODE", multiple=True, help="Fail where this rule cannot be measured. Repeatable."),
        click.option(
            "--fail-on",
            type=click.Choice(["warn", "fail"]),
            default="fail",
            show_default=True,
            help="Gravest finding that still exits 0 is below this.",
        ),
        click.option("--exit-zero", is_flag=True, help="Exit 0 whatever was found."),
        click.option("--redact", is_flag=True, help="Keep texts out of the report."),
    )):  # fmt: skip
        command = option(command)
    return command
