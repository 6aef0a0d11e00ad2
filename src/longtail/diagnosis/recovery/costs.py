"""What an option costs: expressions over named inputs, both of which the user may edit; an input that is not stated stays open.

A file of costs is TOML: a table [inputs] of numbers and a table [formulas] of expressions of + - * / and names, by option
("re_anchor", "roll_back", "re_source", and "recovery" for the early and the late case).
"""

import ast
import math
import operator
import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from longtail.diagnosis.recovery.records import Cost, Input, Swing
from longtail.errors import ConfigError, ReadError, UnknownName

FORMULAS = {
    "re_anchor": "generations * training_hours * price_per_hour + staff_hours * price_per_staff_hour",
    "roll_back": "restore_hours * price_per_hour + generations * training_hours * price_per_hour + staff_hours * price_per_staff_hour",
    "re_source": "rows_to_source * price_per_row + full_training_hours * price_per_hour + staff_hours * price_per_staff_hour",
    "recovery": "rows_to_source * price_per_row + generations * training_hours * price_per_hour + staff_hours * price_per_staff_hour",
}
INPUTS = {
    "training_hours": "hours of one further training run",
    "full_training_hours": "hours of a training run from the start",
    "restore_hours": "hours to put the clean checkpoint back",
    "price_per_hour": "price of an hour of the machines",
    "staff_hours": "hours of people",
    "price_per_staff_hour": "price of such an hour",
    "price_per_row": "price of one human row",
}
PLANNED = {"generations": "training runs", "rows_to_source": "rows to look for elsewhere", "size": "rows of a training set"}
NOT_STATED = "not stated"

_OPERATORS: dict[type[ast.operator], tuple[str, Callable[[float, float], float]]] = {
    ast.Add: ("+", operator.add),
    ast.Sub: ("-", operator.sub),
    ast.Mult: ("*", operator.mul),
    ast.Div: ("/", operator.truediv),
}
_HINT = "write + - * / over names and numbers"


@dataclass(frozen=True)
class Prices:
    """Inputs that are stated, expressions by option, and where both are from."""

    inputs: Mapping[str, float] = field(default_factory=dict)
    formulas: Mapping[str, str] = field(default_factory=lambda: dict(FORMULAS))
    source: str = ""

    def cost(self, name: str, planned: Mapping[str, float]) -> Cost:
        """Return what an option costs.

        Args:
            name: Of the formula.
            planned: Numbers that the plan itself gives.

        Raises:
            ConfigError: The formula cannot be evaluated.
        """
        formula = self.formulas[name]
        values = {**planned, **self.inputs}
        tree = _parsed(name, formula)
        names = list(dict.fromkeys(node.id for node in ast.walk(tree) if isinstance(node, ast.Name)))
        for one in names:
            _check_known(name, one, {**INPUTS, **PLANNED, **values})
        inputs = tuple(Input(name=one, value=values.get(one), source=self._source(one, planned)) for one in names)
        missing = tuple(each.name for each in inputs if each.value is None)
        total = None if missing else _value(name, tree, values)
        swings = () if total is None else tuple(self._swing(name, tree, values, one) for one in names)
        return Cost(formula=formula, stated=_stated(tree, values), total=total, missing=missing, inputs=inputs, sensitivity=swings)

    def _source(self, name: str, planned: Mapping[str, float]) -> str:
        if name in self.inputs:
            return self.source or "given"
        return "the plan" if name in planned else NOT_STATED

    def _swing(self, name: str, tree: ast.expr, values: Mapping[str, float], one: str) -> Swing:
        less, more = (_value(name, tree, {**values, one: values[one] * by}) for by in (0.5, 1.5))
        return Swing(name=one, less=less, more=more)


def read_prices(path: str | os.PathLike[str]) -> Prices:
    """Read a file of costs.

    Raises:
        ReadError: It cannot be read.
        ConfigError: It is no TOML, a number is none, or a formula cannot be read.
        UnknownName: A table or a formula of an unknown name.
    """
    name = os.fspath(path)
    try:
        found = tomllib.loads(Path(name).read_text(encoding="utf-8"))
    except OSError as error:
        raise ReadError(name, error.strerror or str(error), fix="check the path of the file of costs") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{name}: is no TOML ({error}); write a table [inputs] of numbers") from error
    return _prices(found, name)


def _prices(found: Mapping[str, object], path: str) -> Prices:
    for table in found:
        if table not in ("inputs", "formulas"):
            raise UnknownName(f"table in {path}", table, ("inputs", "formulas"))
    inputs, formulas = (found.get(table, {}) for table in ("inputs", "formulas"))
    if not isinstance(inputs, dict) or not isinstance(formulas, dict):
        raise ConfigError(f"{path}: inputs and formulas are tables; write [inputs] and below it name = number")
    for name, value in inputs.items():
        _check_number(path, name, value)
    for name, formula in formulas.items():
        if name not in FORMULAS:
            raise UnknownName(f"formula in {path}", name, FORMULAS)
        _parsed(name, formula)
    return Prices({name: float(value) for name, value in inputs.items()}, FORMULAS | formulas, path)


def _check_number(path: str, name: str, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf:
        raise ConfigError(f"{path}: input {name} is {value!r}; write a number from 0 on, or leave it out")


def _check_known(formula: str, name: str, known: Mapping[str, object]) -> None:
    if name not in known:
        raise UnknownName(f"input of the formula {formula}", name, known)


def _parsed(name: str, formula: object) -> ast.expr:
    """Return the tree of an expression that holds nothing but sums, products, names and numbers."""
    try:
        tree = ast.parse(str(formula), mode="eval").body
    except (SyntaxError, ValueError):
        raise ConfigError(f"the formula {name} is {formula!r}, which cannot be read; {_HINT}") from None
    for node in ast.walk(tree):
        if not _is_allowed(node):
            raise ConfigError(f"the formula {name} is {formula!r}, and {type(node).__name__} cannot be evaluated; {_HINT}")
    return tree


def _is_allowed(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, int | float) and not isinstance(node.value, bool)
    return isinstance(node, ast.BinOp | ast.Name | ast.Load | ast.Add | ast.Sub | ast.Mult | ast.Div)


def _value(name: str, tree: ast.expr, values: Mapping[str, float]) -> float:
    """Return the value of an expression.

    Raises:
        ConfigError: It divides by 0.
    """
    match tree:
        case ast.Constant(value=int() | float() as value):
            return float(value)
        case ast.Name(id=one):
            return values[one]
        case ast.BinOp(left=left, op=op, right=right):
            try:
                return _OPERATORS[type(op)][1](_value(name, left, values), _value(name, right, values))
            except ZeroDivisionError:
                raise ConfigError(f"the formula {name} divides by 0 with these inputs; correct {ast.unparse(right)}") from None
    raise ConfigError(f"the formula {name} cannot be evaluated; {_HINT}")


def _stated(tree: ast.expr, values: Mapping[str, float]) -> str:
    """Return the expression with values in place of names, as far as there are any."""

    class Put(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.expr:
            value = values.get(node.id)
            return node if value is None else ast.Constant(int(value) if value == int(value) else float(f"{value:.6g}"))

    return ast.unparse(Put().visit(ast.parse(ast.unparse(tree), mode="eval").body))
