"""Hill numbers: the effective number of types of order 0, 1 and 2."""

import numpy as np
import numpy.typing as npt
from scipy.special import digamma, hyperu

from longtail.stats.coverage import Histogram, histogram
from longtail.stats.richness import richness_from

_SUMMED = 1000
_STEEP, _CANCELS = 0.003, 2.0

Values = npt.NDArray[np.float64]
Totals = npt.NDArray[np.int64]


def plugin(counts: npt.ArrayLike, order: float) -> float:
    """Return the Hill number of the observed shares (low for orders below 2). Source: Hill 1973."""
    values = np.asarray(counts, dtype=float)
    shares = values[values > 0] / values.sum()
    if order == 1:
        return float(np.exp(-(shares * np.log(shares)).sum()))
    return float((shares**order).sum() ** (1 / (1 - order)))


def asymptotic(counts: npt.ArrayLike, order: int) -> float:
    """Return the estimated Hill number of the law, of order 0, 1 or 2.

    Args:
        counts: Tokens by type, shape (types,), at least two tokens in all.
        order: 0 (Chao1), 1 or 2.

    Source:
        Chao & Jost 2015, equations for q = 0, 1, 2.

    Raises:
        ValueError: Another order.
    """
    return asymptotic_from(histogram(counts), order)


def asymptotic_from(counts: Histogram, order: int) -> float:
    """Return the estimated Hill number from a histogram of counts; see `asymptotic`."""
    values, types = counts
    total = int((values * types).sum())
    if order == 0:
        once, twice = (int(types[values == c].sum()) for c in (1, 2))
        return richness_from(int(types.sum()), once, twice, size=total)
    if order == 1:
        return float(np.exp(_entropy(values, types, total)))
    if order == 2:
        pairs = float((types * values.astype(float) * (values - 1)).sum())
        return total * (total - 1.0) / pairs if pairs else float("inf")
    raise ValueError(f"Hill number of order {order!r}: choose 0, 1 or 2")


def _entropy(values: npt.NDArray[np.int64], types: npt.NDArray[np.int64], total: int) -> float:
    """Return the entropy estimate in nats: the digamma sum plus the correction carried by singletons and doubletons."""
    seen = float((types * values / total * (digamma(total) - digamma(values))).sum())
    once, twice = (int(types[values == c].sum()) for c in (1, 2))
    return seen + _correction(once, twice, total)


def _correction(once: int, twice: int, total: int) -> float:
    """Return what unseen types add to the entropy, from the types seen once and twice."""
    if once == 0 or total < 2:
        return 0.0
    if twice:
        a = 2 * twice / ((total - 1) * once + 2 * twice)
    elif once > 1:
        a = 2.0 / ((total - 1) * (once - 1) + 2)
    else:
        return 0.0
    return once / total * _unseen(a, total)


def _unseen(a: float, total: int) -> float:
    """Return (1-a)^(1-n) * (-log a - sum_{r<n} (1-a)^r / r), which is the convergent tail sum_{r>=n} (1-a)^(r-n+1) / r.

    Where the tail is short it is summed; other small samples are summed as written; large ones go by the
    Euler-Maclaurin formula, whose integral is e^x E1(x) = U(1, 1, x).
    """
    ratio, rate = 1 - a, -np.log1p(-a)
    if rate > _STEEP and total * rate > _CANCELS:
        powers = np.arange(total, total + int(40 / rate) + 2)
        return float((ratio ** (powers - total + 1) / powers).sum())
    if total < _SUMMED:
        powers = np.arange(1, total)
        return float(ratio ** (1 - total) * (-np.log(a) - (ratio**powers / powers).sum()))
    return float(_by_euler_maclaurin(np.array([a]), np.array([float(total)]))[0])


def _by_euler_maclaurin(a: Values, n: Values) -> Values:
    ratio, rate = 1 - a, -np.log1p(-a)
    first = -(rate + 1 / n) / n
    third = -(rate**3 + 3 * rate**2 / n + 6 * rate / n**2 + 6 / n**3) / n
    return np.asarray(ratio * (hyperu(1, 1, n * rate) + 1 / (2 * n) - first / 12 + third / 720))


def order_1(digammas: Values, once: npt.ArrayLike, twice: npt.ArrayLike, total: npt.ArrayLike) -> Values:
    """Return the estimated Hill number of order 1 from its sums, for many samples at once, shape (n,).

    Args:
        digammas: Sum over types of x digamma(x), x being tokens, shape (n,).
        once, twice: Types with one and with two tokens, shape (n,).
        total: Tokens, shape (n,).
    """
    n = np.asarray(total, dtype=np.int64)
    return np.asarray(np.exp(digamma(n) - digammas / n + _corrections(np.rint(once).astype(np.int64), np.rint(twice).astype(np.int64), n)))


def _corrections(once: Totals, twice: Totals, total: Totals) -> Values:
    """Return `_correction` of many samples, shape (n,), the large ones among them in one step."""
    found = np.zeros(len(total))
    with np.errstate(divide="ignore", invalid="ignore"):
        a = 2 * twice / ((total - 1.0) * once + 2 * twice)
        large = (twice > 0) & (once > 0) & (total >= _SUMMED) & ~((-np.log1p(-a) > _STEEP) & (total * -np.log1p(-a) > _CANCELS))
    found[large] = once[large] / total[large] * _by_euler_maclaurin(a[large], total[large].astype(float))
    for at in np.flatnonzero(~large):
        found[at] = _correction(int(once[at]), int(twice[at]), int(total[at]))
    return found


def leave_one_group_out(owner: Totals, tokens: Totals, group: Totals, groups: int, order: int) -> Values:
    """Return the estimated Hill number of order 1 or 2 with each group of documents left out, shape (groups,).

    Works on the change that each group makes, so the cost is that of one pass over the rows.

    Args:
        owner: Type of each row, shape (rows,).
        tokens: Tokens of that type in that group, shape (rows,); one row per type and group.
        group: Group of each row, shape (rows,).
        groups: Number of groups.
        order: 1 or 2.
    """
    whole = np.bincount(owner, weights=tokens).astype(np.int64)
    before = whole[owner]
    after = before - tokens
    total = int(whole.sum()) - np.bincount(group, weights=tokens, minlength=groups)

    def left(term: Values, changed: Values, kept: Values) -> Values:
        return np.asarray(term.sum() - np.bincount(group, weights=changed - kept, minlength=groups))

    with np.errstate(divide="ignore", invalid="ignore"):
        if order == 2:
            pairs = left(_pairs(whole), _pairs(before), _pairs(after))
            return np.asarray(total * (total - 1) / pairs)
        digammas = left(weighted(whole), weighted(before), weighted(after))
        once = left((whole == 1) * 1.0, (before == 1) * 1.0, (after == 1) * 1.0)
        twice = left((whole == 2) * 1.0, (before == 2) * 1.0, (after == 2) * 1.0)
        return order_1(digammas, once, twice, total)


def weighted(counts: Totals) -> Values:
    """Return x * digamma(x), 0 at x = 0, shape (n,)."""
    return np.where(counts > 0, counts * digamma(np.maximum(counts, 1)), 0.0)


def _pairs(counts: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    return np.asarray(counts.astype(float) * (counts - 1.0))
