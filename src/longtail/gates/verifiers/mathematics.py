"""Whether a mathematical answer equals the expected one, by math-verify and by a second opinion. Stands alone, for a helper process.

The second opinion compares exactly where math-verify rounds: 1/2004! and 1/2006!, 10^-20 and 10^-21 round to the same number.
"""

import re
from collections.abc import Callable
from importlib import import_module
from typing import Any

DIGITS = 50
ROUNDED = 1e-5
"""Relative difference that is allowed where one side is a decimal; math-verify rounds decimals to 6 places."""
POINTS = ((3, 7), (11, 5), (17, 13))
MARKS = ("$", "\\(", "\\[", "\\boxed", "\\fbox")
NUMERAL = re.compile(r"\\[dt]?frac|\\text|\\left|\\right|\\[,!;$%]|[\s\d{}().,+/%$-]")
BROKEN = re.compile(r",\s*,|\\\\[A-Za-z]{2}")
WORD = re.compile(r"(?<![\\{])\b[A-Za-z]{3,}")
HASHES = re.compile(r"^[ \t]*####(.*)", re.MULTILINE)
BEFORE, AFTER = r"(?<![\w=!/^*+<>.,\\-])", r"(?![\w^*/+<>\\-]|[.,]\d|\s*[=!^*/+<>-])"


def judging() -> Callable[[dict[str, str]], list[str]]:
    """Return a function that holds an answer against what is expected: "equal", "different" or "unsure", and why."""
    math_verify = import_module("math_verify")

    def parse(text: str) -> list[Any]:
        return list(math_verify.parse(text, parsing_timeout=None))

    def judge(item: dict[str, str]) -> list[str]:
        gold = parse(dressed(item["expected"]))
        if not _complete(gold):
            return ["unsure", "the expected answer cannot be read as mathematics"]
        text = dressed(item["answer"])
        found = parse(text)
        if not found:
            return ["different", "no mathematical answer is found"]
        if not math_verify.verify(gold, found, timeout_seconds=None):
            return ["different", "the answer is not the expected one"]
        if not whole(text, found[-1]) or not _complete(found):
            return ["unsure", "the answer stands in a formula that is not read as a whole; put it in \\boxed{}"]
        return _second(gold[0], found[0])

    return judge


def dressed(text: str) -> str:
    """Return a text with its answer marked as mathematics, where it is one short formula or follows ####."""
    if any(mark in text for mark in MARKS):
        return text
    marked = HASHES.findall(text)
    formula = (marked[-1] if marked else text).strip()
    return f"${formula}$" if marked or ("\n" not in formula and not WORD.search(formula)) else text


def whole(text: str, piece: Any) -> bool:
    """Tell whether what was read of a text stands there by itself, and is no part of a longer formula."""
    if any(mark in text for mark in MARKS):
        return True
    at = re.escape(str(piece))
    return bool(re.search(f"{BEFORE}{at}{AFTER}", text) or re.search(rf"(?:^|[\s:(])[A-Za-z]\s*=\s*{at}{AFTER}", text))


def _complete(parsed: list[Any]) -> bool:
    """Tell whether what was parsed seems to be all of the formula: its braces are matched, and a mere number has no letters."""
    if len(parsed) < 2 or isinstance(parsed[0], str):
        return False
    piece = str(parsed[-1])
    lost = piece.count("{") != piece.count("}") or BROKEN.search(piece)
    return not lost and not (getattr(parsed[0], "is_Number", False) and NUMERAL.sub("", piece))


def _second(gold: Any, found: Any) -> list[str]:
    try:
        same = exactly(gold, found)
    except Exception as error:
        return ["unsure", f"math-verify says equal, and the second comparison failed: {type(error).__name__}"]
    if same is None:
        return ["unsure", "math-verify says equal, and the second comparison cannot tell"]
    return ["equal", ""] if same else ["different", "math-verify says equal, and the exact values differ"]


def exactly(gold: Any, found: Any) -> bool | None:
    """Return whether two expressions of sympy are the same, compared exactly, or None where that is not decided."""
    sympy = import_module("sympy")

    gold, found = _bare(gold), _bare(found)
    if gold == found:
        return True
    sequences, sets = (sympy.Tuple,), (sympy.FiniteSet,)
    if isinstance(gold, sequences + sets) or isinstance(found, sequences + sets):
        return _collections(gold, found, sequences, sets)
    alike: tuple[tuple[Any, Callable[[Any, Any], bool | None]], ...] = (
        (sympy.Interval, _intervals),
        (sympy.MatrixBase, _matrices),
        (sympy.Expr, _expressions),
        (sympy.Eq, _equations),
    )
    compare = next((each for kind, each in alike if isinstance(gold, kind) and isinstance(found, kind)), _relations)
    return compare(gold, found)


def _intervals(gold: Any, found: Any) -> bool | None:
    if (gold.left_open, gold.right_open) != (found.left_open, found.right_open):
        return False
    return _all([exactly(gold.start, found.start), exactly(gold.end, found.end)])


def _matrices(gold: Any, found: Any) -> bool | None:
    return _all(list(map(exactly, gold.flat(), found.flat()))) if gold.shape == found.shape else False


def _collections(gold: Any, found: Any, *kinds: tuple[Any, ...]) -> bool | None:
    if not any(isinstance(gold, kind) and isinstance(found, kind) for kind in kinds):
        return None
    if len(gold) != len(found):
        return False
    if isinstance(gold, kinds[0]):
        return _all(list(map(exactly, gold, found)))
    return _all([_any([exactly(each, other) for other in found]) for each in gold])


def _expressions(gold: Any, found: Any) -> bool | None:
    sympy = import_module("sympy")

    hundredth = sympy.UnevaluatedExpr(sympy.Rational(1, 100))
    if gold.has(hundredth) != found.has(hundredth):
        bare = [each.subs(hundredth, 1).doit() for each in (gold, found)]
        if _expressions(*bare):
            return True
    gold, found = gold.doit(), found.doit()
    if gold.is_Rational and found.is_Rational:
        return bool(gold == found)
    near = ROUNDED if gold.has(sympy.Float) or found.has(sympy.Float) else 10.0 ** (10 - DIGITS)
    return _at_points(gold, found, near)


def _at_points(gold: Any, found: Any, near: float) -> bool | None:
    sympy = import_module("sympy")
    symbols = sorted(gold.free_symbols | found.free_symbols, key=str)
    answers = []
    for over, under in POINTS if symbols else POINTS[:1]:
        values = {symbol: sympy.Rational(over + 2 * at, under + at) for at, symbol in enumerate(symbols)}
        answers.append(_close(gold.subs(values), found.subs(values), near))
    return _all(answers)


def _close(gold: Any, found: Any, near: float) -> bool | None:
    sympy = import_module("sympy")

    left, right = sympy.N(gold, DIGITS), sympy.N(found, DIGITS)
    if not (left.is_number and right.is_number and left.is_finite and right.is_finite):
        return None
    scale = max(abs(left), abs(right))
    return bool(scale == 0 or abs(left - right) / scale <= near)


def _equations(gold: Any, found: Any) -> bool | None:
    sympy = import_module("sympy")
    ratio = sympy.simplify((gold.lhs - gold.rhs) / (found.lhs - found.rhs))
    return True if not ratio.free_symbols and ratio.is_finite and not ratio.is_zero else None


def _relations(gold: Any, found: Any) -> bool | None:
    sympy = import_module("sympy")

    if len(gold.free_symbols | found.free_symbols) != 1:
        return None
    left, right = (each.as_set() if isinstance(each, sympy.logic.boolalg.Boolean) else each for each in (gold, found))
    return True if left == right else exactly(left, right) if isinstance(left, sympy.Interval) else None


def _bare(value: Any) -> Any:
    """Return what stands on the right of "x = ..."."""
    sympy = import_module("sympy")

    return value.rhs if isinstance(value, sympy.Eq) and value.lhs.is_Symbol and not value.rhs.free_symbols else value


def _all(answers: list[bool | None]) -> bool | None:
    return False if False in answers else None if None in answers else True


def _any(answers: list[bool | None]) -> bool | None:
    return True if True in answers else None if None in answers else False
