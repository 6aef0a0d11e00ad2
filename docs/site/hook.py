"""What mkdocs calls while it builds the site: hands it the pages that are made from the code, and the order of all."""

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

from mkdocs.structure.files import File, Files

GUIDES = ("ledger", "gates", "estimate", "watermarks", "inherited", "lab", "views", "formats", "configuration", "ci")
MEASURED = ("parity", "calibration", "sanity", "diagnosis", "worlds", "closed-forms", "log")


def on_files(files: Files, /, *, config: Any) -> Files:
    """Add the pages that are made from the code, and set the order of all pages."""
    for path, text in _module("generate").pages().items():
        files.append(File.generated(config, path, content=text))
    config["nav"] = nav({file.src_uri for file in files.documentation_pages()})
    return files


def on_post_page(output: str, /, **_: Any) -> str:
    """Name the dialogue of the search, which the theme leaves without a name."""
    return output.replace(' role="dialog"', ' role="dialog" aria-label="Search"', 1)


def nav(paths: set[str]) -> list[Any]:
    """Return the order of the pages: what is named here where it exists, the guides and measurements that are not named after those."""
    named = [f"{name}.md" for name in (*GUIDES, *MEASURED)]
    known = {"index.md", "start.md", "concepts.md", "claims.md", "api.md", "members.md", "changelog.md", *named}
    root = sorted(path for path in paths if "/" not in path)
    bench = [path for path in root if path.startswith("benchmarks")]
    guides = [f"{name}.md" for name in GUIDES if f"{name}.md" in paths] + [path for path in root if path not in known and path not in bench]
    measured = [f"{name}.md" for name in MEASURED if f"{name}.md" in paths] + bench
    return [
        {"Home": "index.md"},
        {"Start": ["start.md", "concepts.md"]},
        {"Guides": guides},
        {"Rules": _folder(paths, "rules")},
        {"Metrics": _folder(paths, "metrics")},
        {"Commands": _folder(paths, "commands")},
        {"Reference": ["api.md", "members.md"]},
        {"Measured": ["claims.md", *measured]},
        {"Project": [{"Decisions": _folder(paths, "decisions")}, "changelog.md"]},
    ]


def _folder(paths: set[str], name: str) -> list[Any]:
    """Return the pages of a folder, its index first, those of each folder in it together."""
    inside = sorted(path for path in paths if path.startswith(f"{name}/") and path != f"{name}/index.md")
    return [f"{name}/index.md", *inside]


def _module(name: str) -> ModuleType:
    """Return the module of that name beside this one."""
    spec = importlib.util.spec_from_file_location(f"longtail_site_{name}", Path(__file__).with_name(f"{name}.py"))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
