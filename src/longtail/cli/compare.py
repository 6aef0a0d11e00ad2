"""The command `longtail compare`."""

from pathlib import Path

import click

from longtail.auditing.compared import Comparison
from longtail.cli.options import check_output, console_of, quietly
from longtail.errors import UsageError

_SUFFIXES = (".html", ".json")


@click.command("compare", short_help="Two audits side by side.")
@click.argument("reports", nargs=-1, metavar="A.json B.json")
@click.option("--out", metavar="FILE", multiple=True, help="Also write the comparison, by suffix: .json .html. Repeatable.")
@click.option("--json", "as_json", is_flag=True, help="Print the comparison as JSON on stdout and nothing else.")
@quietly
def command(reports: tuple[str, ...], out: tuple[str, ...], as_json: bool, quiet: bool, no_color: bool, **_: object) -> None:
    r"""Hold the audit B against the audit A: what differs by more than its intervals, what vanished in one alone, new findings.

    \b
    Examples:
      longtail compare before.json after.json
      longtail compare before.json after.json --out compare.html

    A and B are what longtail audit --out FILE.json wrote. Differences are marked where both measured by the same reference,
    with the same seed and the same idea of rare; else the numbers stand side by side, and what is not the same is said.

    Exit code: 0 compared, whatever came of it, 2 it cannot be.
    """
    from longtail.auditing.comparing import compare, read_report
    from longtail.report.formats.records import to_json
    from longtail.report.screen.compare import compare_blocks

    if len(reports) != 2:
        raise UsageError(f"{len(reports)} reports were given; name two, such as longtail compare before.json after.json")
    for path in out:
        check_output(path, _SUFFIXES, reports)
    a, b = reports
    found = compare(read_report(a), read_report(b), (a, b))
    for path in out:
        _write(found, path)
    if as_json:
        click.echo(to_json(found), nl=False)
    elif not quiet:
        console = console_of(no_color)
        for block in compare_blocks(found):
            console.print(block, markup=False, highlight=False, emoji=False)


def _write(found: Comparison, path: str) -> None:
    from longtail.report.formats.records import to_json
    from longtail.report.page.compare import to_html
    from longtail.report.put import put

    render = {".html": to_html, ".json": to_json}[Path(path).suffix.lower()]
    put(Path(path), render(found))
