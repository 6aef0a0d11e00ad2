"""The pages of the site that are made from the code: one for each rule, metric and command, the claims, and what stands in the root.

Each is Markdown by its path in the site. `hook.py` hands them to mkdocs; nothing is written into the repository.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from inspect import getdoc
from pathlib import Path
from typing import Any

import click

import longtail
from longtail.catalogue import Catalogue
from longtail.cli.main import cli
from longtail.gates import GATES
from longtail.gates.gain import UPDATES
from longtail.guards import GUARDS
from longtail.lab.claims import Row, shipped
from longtail.origin.quantifiers import QUANTIFIERS
from longtail.origin.scorers import SCORERS
from longtail.rules.pages import Page, all_pages, codes, metrics

ROOT = Path(__file__).resolve().parents[2]
HEADINGS = {
    "Why": "Why it matters",
    "How measured": "How it is measured",
    "Formula": "Formula",
    "Minimum": "Minimum",
    "False positives": "False positives",
    "Fix": "How to fix it",
    "Silence": "How to silence it",
    "See it": "See it",
    "Sources": "Sources",
}
COLUMNS = 78
_MADE: tuple[tuple[str, str, Catalogue[Any]], ...] = (
    ("gates", "Gates", GATES),
    ("updates", "Gates of updates", UPDATES),
    ("guards", "Guards", GUARDS),
    ("scorers", "Scorers", SCORERS),
    ("quantifiers", "Quantifiers", QUANTIFIERS),
)


def pages() -> dict[str, str]:
    """Return the text of every page by its path."""
    made = {page.address.rstrip("/") + ".md": page_text(page) for page in all_pages()}
    made |= {"rules/index.md": _rules(), "metrics/index.md": _metrics()}
    made |= dict(command_pages())
    made |= {"claims.md": _claims(), "api.md": _api(), "members.md": _members(), "decisions/index.md": _decisions()}
    made |= {"index.md": _from_root("README.md"), "changelog.md": _from_root("CHANGELOG.md")}
    return made


def page_text(page: Page) -> str:
    """Return the page of a rule or a metric."""
    title = f"{page.name}: {page.title}" if page.kind == "rule" else page.name
    link = _linked(page)
    facts = "\n".join(f"- **{name}**: {link(_cell(text))}" for name, text in page.facts.items())
    parts = "\n\n".join(f"## {HEADINGS[part]}\n\n{_part(part, text, link)}" for part, text in page.parts.items() if part in HEADINGS)
    return f"# {title}\n\n{link(page.parts['What'])}\n\n{facts}\n\n{parts}\n\n`longtail explain {page.name}`\n"


def _part(part: str, text: str, link: Callable[[str], str]) -> str:
    return link(text.replace("*", "\\*").replace("<", "&lt;")) if part == "Formula" else link(text)


def _cell(text: str) -> str:
    return text.replace("\n\n", "; ").replace("Against", "against").replace("|", "\\|")


def _linked(page: Page) -> Callable[[str], str]:
    """Return what makes links of codes of rules, names of metrics and decisions in a text of a page, but for the page itself."""
    rules, names = set(codes()), set(metrics())
    decisions = {path.name[:4]: path.name for path in (ROOT / "docs" / "decisions").glob("[0-9]*.md")}

    def place(found: re.Match[str]) -> str:
        whole, word = found[0], found[0].strip("`")
        if word == page.name or whole.startswith("`longtail"):
            return whole
        if word in rules:
            return f"[{whole}](../rules/{word}.md)"
        if word in names and (whole.startswith("`") or "_" in word or word in page.related):
            return f"[`{word}`](../metrics/{word}.md)"
        number = word.partition(" ")[2]
        return f"[{whole}](../decisions/{decisions[number]})" if word.lower().startswith("decision ") else whole

    words = "|".join(["`[^`]+`", r"\b[Dd]ecision \d{4}\b", r"\bLT\d{3}\b", r"\b[a-z]\w*_\w+\b", *(rf"\b{name}\b" for name in page.related)])
    return lambda text: re.sub(words, place, text)


def _rules() -> str:
    found = (page for page in all_pages() if page.kind == "rule")
    rows = "\n".join(f"| [{page.name}]({page.name}.md) | {page.title} | {page.parts['What']} |" for page in found)
    head = "| code | title | what it finds |\n|---|---|---|"
    return f"# Rules\n\nWhat an audit can find. `longtail explain CODE` prints the same pages.\n\n{head}\n{rows}\n"


def _metrics() -> str:
    rows = "\n".join(
        f"| [{page.name}]({page.name}.md) | {_cell(page.facts['unit'])} | {page.facts['worse']} | {_cell(page.title)} |"
        for page in all_pages()
        if page.kind == "metric"
    )
    head = "| metric | unit | worse | what it is |\n|---|---|---|---|"
    return f"# Metrics\n\nEvery number that an audit can state. `longtail explain NAME` prints the same pages.\n\n{head}\n{rows}\n"


def commands(command: click.Command, context: click.Context) -> Iterator[tuple[click.Context, click.Command]]:
    """Yield a command and all below it."""
    yield context, command
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None
            yield from commands(found, click.Context(found, info_name=name, parent=context, terminal_width=COLUMNS))


def command_pages() -> Iterator[tuple[str, str]]:
    """Yield the page of every command, by path: its help, and what is below it."""
    top = click.Context(cli, info_name="longtail", terminal_width=COLUMNS, **cli.context_settings)
    for context, command in commands(cli, top):
        path = _path(context)
        below = list(command.list_commands(context)) if isinstance(command, click.Group) else []
        inside = "" if context is top or not below else f"{context.info_name}/"
        listed = "".join(f"- [`{context.command_path} {name}`]({inside}{name}.md)\n" for name in below)
        text = f"# {context.command_path}\n\n```text\n{command.get_help(context)}\n```\n"
        yield path, text + (f"\n## Commands below it\n\n{listed}" if listed else "")


def _path(context: click.Context) -> str:
    names = context.command_path.split()[1:]
    return f"commands/{'/'.join(names)}.md" if names else "commands/index.md"


def _claims() -> str:
    rows = "\n".join(f"| {row.id} | {_cell(row.says)} | {_cell(row.status)} | {_tested(row)} |" for row in shipped().claims)
    text = "What is claimed about model collapse, and what came out when it was tested here: `longtail lab claims`. An experiment is run"
    head = "| claim | it says | status | tested by |\n|---|---|---|---|"
    return f"# Claims\n\n{text} by `longtail lab experiment NAME`, a scenario by `longtail lab scenario NAME`.\n\n{head}\n{rows}\n"


def _tested(row: Row) -> str:
    return ", ".join(f"`{name}`" for name in row.experiments) or _cell(row.why or "")


def _api() -> str:
    listed = "\n\n".join(f"::: longtail.{name}" for name in longtail.__all__ if name != "__version__")
    return f"# Python\n\nEach name is an attribute of `longtail`, such as `longtail.audit`.\n\n{listed}\n"


def _members() -> str:
    parts = (f"## {heading}\n\n{_listed(catalogue)}" for _, heading, catalogue in _MADE)
    return "# Gates, guards, scorers and quantifiers\n\n`longtail explain NAME` prints the same.\n\n" + "\n\n".join(parts) + "\n"


def _listed(catalogue: Iterable[Any]) -> str:
    return "\n\n".join(f"### {entry.name}\n\n```text\n{getdoc(entry.member)}\n```" for entry in catalogue)


def _decisions() -> str:
    found = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    listed = "\n".join(f"- [{_title(path)}]({path.name})" for path in found)
    head = "Why things are as they are: what was known, what was decided, its price, and what would change our mind."
    return f"# Decisions\n\n{head}\n\n{listed}\n"


def _title(path: Path) -> str:
    return path.read_text(encoding="utf-8").partition("\n")[0].lstrip("# ")


def _from_root(name: str) -> str:
    """Return a document of the root as a page: its links into docs/ lose that folder, others to files that are no page their link."""
    text = (ROOT / name).read_text(encoding="utf-8").replace("](docs/", "](").replace("](CHANGELOG.md", "](changelog.md")
    text = text.replace("](decisions/)", "](decisions/index.md)")
    return re.sub(r"\[([^\]]+)\]\((?!https?:|#)(?:CONTRIBUTING\.md|LICENSE|src/[^)]*|tests/[^)]*)\)", r"\1", text)
