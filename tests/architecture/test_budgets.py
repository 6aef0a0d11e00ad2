"""How long files and functions may be, and how many ways may lead through a function."""

import ast
import statistics

import pytest

LONGEST_FILE, MEDIAN_FILE = 400, 120
LONGEST_BODY, MEAN_BODY = 60, 12
MOST_BRANCHES = 10
FORKS = (ast.If, ast.For, ast.While, ast.ExceptHandler, ast.IfExp, ast.comprehension, ast.match_case)


def functions(tree):
    for module, syntax in tree.parsed().items():
        for node in ast.walk(syntax):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{module}.{node.name}", node


def body_lines(function):
    """Lines of the body, its docstring left out."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0


def branches(function):
    """Ways through a function: one, plus its forks, plus each further operand of `and` and `or`."""
    nodes = list(ast.walk(function))
    operands = sum(len(node.values) - 1 for node in nodes if isinstance(node, ast.BoolOp))
    return 1 + operands + sum(isinstance(node, FORKS) for node in nodes)


def lines(tree):
    return {tree.module(path): path.read_text(encoding="utf-8").count("\n") for path in tree.files()}


def too_long_files(tree):
    return {module: count for module, count in lines(tree).items() if count > LONGEST_FILE}


def too_long_functions(tree):
    return {name: body_lines(node) for name, node in functions(tree) if body_lines(node) > LONGEST_BODY}


def too_branched_functions(tree):
    return {name: branches(node) for name, node in functions(tree) if branches(node) > MOST_BRANCHES}


def test_no_file_is_too_long(tree):
    assert too_long_files(tree) == {}


def test_the_median_file_is_short(tree):
    assert statistics.median(lines(tree).values()) <= MEDIAN_FILE


def test_no_function_body_is_too_long(tree):
    assert too_long_functions(tree) == {}


def test_the_mean_function_body_is_short(tree):
    assert statistics.mean(body_lines(node) for _, node in functions(tree)) <= MEAN_BODY


def test_no_function_has_too_many_branches(tree):
    assert too_branched_functions(tree) == {}
    assert (outcome := tree.ruff("C901", "PLR0915")).returncode == 0, outcome.stdout


PLANTED = {
    too_long_files: "NUMBERS = [\n" + "    1,\n" * LONGEST_FILE + "]\n",
    too_long_functions: "def planted():\n" + "    yield\n" * (LONGEST_BODY + 1),
    too_branched_functions: "def planted(x):\n" + "    if x:\n        return\n" * MOST_BRANCHES,
}


@pytest.mark.parametrize("check", PLANTED, ids=lambda check: check.__name__)
def test_a_planted_excess_is_found(copy, check):
    copy.plant("planted.py", PLANTED[check])
    assert any("planted" in name for name in check(copy))


def test_ruff_finds_a_planted_tangle(copy):
    copy.plant("planted.py", PLANTED[too_branched_functions])
    assert "C901 `planted` is too complex" in copy.ruff("C901").stdout


def test_a_long_docstring_is_no_long_body():
    docstring = '    """Say.' + "\n" * LONGEST_BODY + '    """\n'
    function = ast.parse(f"def f():\n{docstring}    return 1\n").body[0]
    assert body_lines(function) == 1
