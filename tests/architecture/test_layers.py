"""Which part may import which."""

import ast

import pytest


def import_time_imports(body):
    """Nodes of `import` statements that run when the module is imported: not in functions, not for type checkers only."""
    for node in body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            yield from import_time_imports(node.orelse)
        elif isinstance(node, ast.If | ast.Try | ast.With | ast.ClassDef):
            yield from import_time_imports(ast.iter_child_nodes(node))


def imported_names(node, module, is_package):
    if isinstance(node, ast.Import):
        return {alias.name for alias in node.names}
    base = module.split(".")[: len(module.split(".")) - node.level + is_package] if node.level else []
    stem = ".".join(base + ([node.module] if node.module else []))
    return {stem} | {f"{stem}.{alias.name}" for alias in node.names}


def graph(tree):
    """Module → modules of ours that importing it imports."""
    parsed = tree.parsed()
    packages = {tree.module(path) for path in tree.files() if path.name == "__init__.py"}
    found = {}
    for module, syntax in parsed.items():
        names = [imported_names(node, module, module in packages) for node in import_time_imports(syntax.body)]
        found[module] = set().union(*names) & parsed.keys() - {module}
    return found


def modules_in_cycles(edges):
    """Those that remain when modules without importers or without imports are taken away again and again."""
    left = {module: set(targets) for module, targets in edges.items()}
    while True:
        targets = set().union(*left.values())
        kept = {module: wanted & left.keys() for module, wanted in left.items() if wanted & left.keys() and module in targets}
        if kept == left:
            return sorted(left)
        left = kept


def test_the_layers_hold(tree):
    outcome = tree.import_linter()
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


def test_no_module_is_part_of_an_import_cycle(tree):
    edges = graph(tree)
    assert len(edges) >= 3
    assert modules_in_cycles(edges) == []


@pytest.mark.parametrize(
    ("path", "text", "complaint"),
    [
        ("errors.py", "\nimport longtail.records\n", "longtail.errors is not allowed to import longtail.records"),
        ("stats/planted.py", "import longtail.views.words\n", "longtail.stats is not allowed to import longtail.views"),
        ("planted/__init__.py", "", "not listed as layers"),
        ("records.py", "\nimport torch\n", "longtail is not allowed to import torch"),
        ("records.py", "\nimport jinja2\n", "Illegal imports of protected package jinja2"),
    ],
    ids=["upwards", "between siblings", "a folder without a layer", "an absent library", "drawing below the report"],
)
def test_a_planted_import_breaks_the_layers(copy, path, text, complaint):
    outcome = copy.plant(path, text).import_linter()
    assert outcome.returncode == 1
    assert complaint in " ".join(outcome.stdout.split())


def test_a_planted_cycle_is_found_twice(copy):
    copy.plant("stats/planted.py", "from longtail.stats import planted_too\n")
    copy.plant("stats/planted_too.py", "from longtail.stats.planted import planted_too\n")
    assert {"longtail.stats.planted", "longtail.stats.planted_too"} <= set(modules_in_cycles(graph(copy)))
    outcome = copy.import_linter()
    assert outcome.returncode == 1
    assert "No import cycles between siblings, at any depth BROKEN" in " ".join(outcome.stdout.split())


def test_an_import_for_type_checkers_makes_no_cycle(copy):
    copy.plant("stats/planted.py", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import longtail.stats.planted_too\n")
    copy.plant("stats/planted_too.py", "import longtail.stats.planted\n")
    assert "longtail.stats.planted" not in modules_in_cycles(graph(copy))
