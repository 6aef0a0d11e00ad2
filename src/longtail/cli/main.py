"""The `longtail` command: dispatch, and how errors reach the user."""

import os
import sys
import traceback

import click

from longtail.cli.group import LazyGroup
from longtail.cli.settings.configured import variable_of
from longtail.errors import LongtailError

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when numpy loads; with small matrices threads wait for each other
_COMMANDS = {
    "audit": "longtail.cli.audit",
    "profile": "longtail.cli.profile",
    "merge": "longtail.cli.merge",
    "tag": "longtail.cli.tag",
    "mix": "longtail.cli.mix",
    "ledger": "longtail.cli.ledger",
    "reservoir": "longtail.cli.reservoir",
    "calibrate": "longtail.cli.calibrate",
    "demo": "longtail.cli.demo",
    "gate": "longtail.cli.gate",
    "review": "longtail.cli.review",
    "mark": "longtail.cli.mark",
    "detect": "longtail.cli.detect",
    "estimate": "longtail.cli.estimate",
    "diagnose": "longtail.cli.diagnose",
    "recover": "longtail.cli.recover",
    "watch": "longtail.cli.watch",
    "rag": "longtail.cli.rag",
    "drill": "longtail.cli.drill",
    "compare": "longtail.cli.compare",
    "lab": "longtail.cli.lab",
    "init": "longtail.cli.init",
    "config": "longtail.cli.config",
    "explain": "longtail.cli.explain",
    "list": "longtail.cli.list",
}


@click.command(cls=LazyGroup, commands_at=_COMMANDS, context_settings={"help_option_names": ["-h", "--help"]}, invoke_without_command=True)
@click.version_option(package_name="longtail", prog_name="longtail", message="%(prog)s %(version)s")
@click.pass_context
def cli(context: click.Context) -> None:
    r"""Tell what a data set, or a model's output, has lost of its long tail.

    \b
    Examples:
      longtail demo
      longtail audit train.jsonl
      longtail audit gen5.jsonl --baseline gen1.jsonl --reference human.jsonl
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


def main() -> None:
    """Run the command line; every expected error is one line on stderr and exit code 2."""
    try:
        code = cli.main(prog_name="longtail", standalone_mode=False)
    except click.exceptions.Exit as stop:
        code = stop.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("longtail: interrupted; nothing was written", err=True)
        code = 130
    except BrokenPipeError:
        sys.stderr.close()
        code = 2
    except Exception as error:
        code = _report_error(error)
    sys.exit(code if isinstance(code, int) else 0)


def _report_error(error: Exception) -> int:
    if "--debug" in sys.argv:
        traceback.print_exc()
        return 2
    click.echo(f"longtail: {' '.join(_message(error).split())}", err=True)
    return 2


def _message(error: Exception) -> str:
    if isinstance(error, LongtailError):
        return str(error)
    if isinstance(error, click.ClickException):
        command = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else "longtail"
        return f"{variable_of(error)}{error.format_message()} (help: {command} --help)"
    return f"unexpected {type(error).__name__}: {error}; run again with --debug for the traceback"
