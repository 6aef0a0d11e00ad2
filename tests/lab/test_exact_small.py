from collections import Counter
from functools import cache
from itertools import product
from math import comb, exp, factorial, prod, sqrt

import pytest

from longtail.lab.loop import trajectory
from longtail.lab.run import prepared
from longtail.lab.script import script
from longtail.lab.settings import Change, Settings

N = 4
REPLICATES = 5000
THREE = (6 / 11, 3 / 11, 2 / 11)
TWO = (0.3, 0.7)


def plus(*counts):
    return tuple(round(sum(column), 9) for column in zip(*counts, strict=True))


def share(counts):
    return tuple(each / sum(counts) for each in counts)


@cache
def splits(n, types):
    return [each for each in product(range(n + 1), repeat=types) if sum(each) == n]


@cache
def written(n, law):
    chances = [(x, factorial(n) * prod(p**k / factorial(k) for p, k in zip(law, x, strict=True))) for x in splits(n, len(law))]
    return [(x, chance) for x, chance in chances if chance]


@cache
def drawn(counts, n):
    every = comb(round(sum(counts)), n)
    chances = [(x, prod(comb(round(c), k) for c, k in zip(counts, x, strict=True)) / every) for x in splits(n, len(counts))]
    return [(x, chance) for x, chance in chances if chance]


def both(*laws):
    for each in product(*laws):
        yield tuple(x for x, _ in each), prod(chance for _, chance in each)


def replace(state, t, p):
    for y, chance in written(N, share(state[-1])):
        yield chance, (y,)


def grown(state, t, p):
    for y, chance in written(N * t, share(state[-1])):
        yield chance, (y,)


def accumulate(state, t, p):
    for y, chance in written(N, share(state[-1])):
        yield chance, (plus(state[-1], y),)


def fixed_budget(state, t, p):
    pool = state[0]
    for y, chance in written(N, share(state[-1])):
        for z, picked in drawn(plus(pool, y), N):
            yield chance * picked, (plus(pool, y), z)


def fresh_at_random(state, t, p):
    for y, chance in written(N, tuple(0.25 * a + 0.75 * b for a, b in zip(p, share(state[-1]), strict=True))):
        yield chance, (y,)


def fresh_exact(state, t, p):
    for (h, y), chance in both(written(1, p), written(3, share(state[-1]))):
        yield chance, (plus(h, y),)


def fresh_of_two(state, t, p):
    for (h, y), chance in both(written(1, p), written(3, share(state[-1]))):
        if t == 2:
            yield chance, (y, plus(h, y))
            continue
        for z, picked in drawn(plus(state[0], y), 3):
            yield chance * picked, (y, plus(h, z))


def fresh_and_kept(state, t, p):
    for (h, o, y), chance in both(written(1, p), drawn(state[0], 1), written(2, share(state[-1]))):
        yield chance, (state[0], plus(h, o, y))


def expanding(state, t, p):
    for (h, y), chance in both(written(1, p), written(3, share(state[-1]))):
        yield chance, (plus(state[-1], h, y),)


def augment(state, t, p):
    for y, chance in written(N, share(state[-1])):
        yield chance, (state[0], plus(state[0], y))


def keep_original(state, t, p):
    for (o, y), chance in both(drawn(state[0], 2), written(2, share(state[-1]))):
        yield chance, (state[0], plus(o, y))


def edit(state, t, p):
    for (kept, y), chance in both(drawn(state[-1], 2), written(2, share(state[-1]))):
        yield chance, (plus(kept, y),)


def edit_less(state, t, p):
    edits = {2: 2, 3: 1}.get(t, 1)
    for (kept, y), chance in both(drawn(state[-1], N - edits), written(edits, share(state[-1]))):
        yield chance, (plus(kept, y),)


def blend(state, t, p):
    original, before = state[0], state[1]
    older = (drawn(original, 2),) if t == 2 else (drawn(before, 1), drawn(original, 1))
    for (y, *old), chance in both(written(2, share(state[-1])), *older):
        yield chance, (original, y, plus(y, *old))


def window(state, t, p):
    kept = state[:-1][-2:]
    for y, chance in written(N, share(state[-1])):
        yield chance, (*kept, y, plus(*kept, y))


def weighted(state, t, p):
    for (h, y), chance in both(written(2, p), written(2, share(state[-1]))):
        yield chance, (tuple(round(1.4 * a + 0.6 * b, 9) for a, b in zip(h, y, strict=True)),)


def detector(state, t, p):
    for (a, b), thinned in both(written(2, (0.8, 0.2)), written(2, (0.3, 0.7))):
        for (h, y), chance in both(written(a[0], p), written(b[0], share(state[-1]))):
            yield thinned * chance, (plus(h, y) if a[0] + b[0] else state[-1],)


def pool_thinned(state, t, p):
    for n, thinned in written(N, (0.3, 0.7)):
        for y, chance in written(n[0], share(state[-1])):
            yield thinned * chance, (plus(state[-1], y),)


def budget_thinned(state, t, p):
    for n, thinned in written(N, (0.3, 0.7)):
        for y, chance in written(n[0], share(state[-1])):
            pool = plus(state[0], y)
            for z, picked in drawn(pool, N):
                yield thinned * chance * picked, (pool, z)


def oracle(state, t, p):
    law = [0.75 * each for each in share(state[-1])]
    law[-1] += 0.25
    passed = share(tuple(each * keep for each, keep in zip(law, (0.8, 0.8, 0.8, 0.3), strict=True)))
    for y, chance in written(N, passed):
        yield chance, (y,)


def choose(state, t, p):
    q, worth = share(state[-1]), [exp(reward) for reward in (0, 1, 2)]
    law = tuple(2 * q[i] * sum(q[j] * worth[i] / (worth[i] + worth[j]) for j in range(3)) for i in range(3))
    for y, chance in written(N, share(law)):
        yield chance, (y,)


def sharp(state, t, p):
    for y, chance in written(N, share(tuple(each * each for each in share(state[-1])))):
        yield chance, (y,)


def dropped(state, t, p):
    for y, chance in written(N, share(state[-1])):
        pools = (state[0], y) if t == 3 else (*state[:-1], y)
        yield chance, (*pools, plus(*pools))


def reset(state, t, p):
    for y, chance in written(N, share(state[0] if t == 3 else state[-1])):
        yield chance, (state[0], y)


def late(state, t, p):
    pool = state[0]
    for y, chance in written(N, share(state[-1])):
        yield chance, (plus(pool, y), y if t < 3 else plus(pool, y))


def exact(recipe, law, generations, real=N, wrong=False):
    p = (*law, 0.0) if wrong else law
    doubled = recipe not in SHORT
    states = {(x, x) if doubled else (x,): chance for x, chance in written(real, p)}
    if recipe is blend:
        states = {(x, x, x): chance for (x, _), chance in states.items()}
    found = []
    for t in range(1, generations + 1):
        if t > 1:
            after = Counter()
            for state, chance in states.items():
                for step, new in recipe(state, t, p):
                    after[new] += chance * step
            states = after
        models = Counter()
        for state, chance in states.items():
            models[tuple(round(each, 6) for each in share(state[-1]))] += chance
        found.append(models)
    return found


SHORT = {
    replace,
    grown,
    accumulate,
    fresh_at_random,
    fresh_exact,
    expanding,
    edit,
    edit_less,
    weighted,
    detector,
    pool_thinned,
    oracle,
    choose,
    sharp,
}
RANDOM = {"draws": "random"}
CASES = [
    ("replace", replace, {}),
    ("replace", replace, {"real": 6}),
    ("replace", replace, {"gate": "random:0.3"}),
    ("grown", grown, {}),
    ("accumulate", accumulate, {}),
    ("accumulate", accumulate, {"real": 6}),
    ("fixed_budget", fixed_budget, {}),
    ("fixed_budget", fixed_budget, {"real": 6}),
    ("fresh:0.25", fresh_at_random, RANDOM),
    ("fresh:0.25", fresh_exact, {}),
    ("fresh:0.25,2", fresh_of_two, {"generations": 7}),
    ("fresh:0.25,1,0.25", fresh_and_kept, {}),
    ("expanding:0.25", expanding, {}),
    ("augment", augment, {"real": 6}),
    ("keep_original:0.5", keep_original, {"real": 6}),
    ("edit:0.5", edit, {}),
    ("edit:0.5,0.5", edit_less, {}),
    ("blend:0.5,0.25,0.25", blend, {}),
    ("window:3", window, {"generations": 4}),
    ("weighted:0.7", weighted, {}),
    ("fresh:0.5", detector, {"gate": "detector:0.8,0.3"}),
    ("accumulate", pool_thinned, {"gate": "detector:0.8,0.3"}),
    ("fixed_budget", budget_thinned, {"gate": "detector:0.8,0.3"}),
    ("accumulate", dropped, {"changes": (Change(generation=3, drop=(1, 1)),)}),
    ("replace", reset, {"changes": (Change(generation=3, reset=1),), "generations": 4}),
    ("replace", late, {"changes": (Change(generation=3, policy="accumulate"),), "generations": 4}),
]
TYPES = [
    ("replace", oracle, {"gate": "oracle:0.8,0.3", "options": {"wrong": 0.25}}),
    ("replace", choose, {"gate": "choose:2", "options": {"rewards": "0,1,2"}}),
    ("replace", sharp, {"options": {"temperature": 0.5}}),
]


def simulated(settings):
    steps = script(settings)
    return [each.model for each in trajectory(prepared(settings, steps), steps, REPLICATES, 3, 0, settings.draws)]


def far(shown, expected):
    observed = Counter(shown)
    assert set(observed) <= set(expected)
    total = sum(observed.values())
    often = [key for key, chance in expected.items() if chance * total >= 8]
    seen, due = [observed[key] for key in often], [expected[key] * total for key in often]
    if total - sum(due) >= 8:
        seen, due = [*seen, total - sum(seen)], [*due, total - sum(due)]
    distance = sum((a - b) ** 2 / b for a, b in zip(seen, due, strict=True))
    return (distance - len(due) + 1) / sqrt(2 * (len(due) - 1))


def check(settings, recipe, law, shares):
    expected = exact(recipe, law, settings.generations, settings.real or N, wrong=recipe is oracle)
    for models, chances in zip(simulated(settings), expected, strict=True):
        assert sum(chances.values()) == pytest.approx(1)
        assert far(map(shares, models), chances) < 4


@pytest.mark.parametrize(("policy", "recipe", "given"), [*CASES, *TYPES], ids=lambda value: getattr(value, "__name__", None))
def test_frequencies_of_three_types_follow_the_exact_chain(policy, recipe, given):
    chosen = {"generations": 3, **given, "options": {"types": 3, "law": "harmonic", **given.get("options", {})}}
    settings = Settings(family="categorical", policy=policy, samples=N, **chosen)
    places = 4 if recipe is oracle else 3
    check(settings, recipe, THREE, lambda model: tuple(round(float(each), 6) for each in model[:places]))


@pytest.mark.parametrize(("policy", "recipe", "given"), CASES, ids=lambda value: getattr(value, "__name__", None))
def test_shares_of_yes_follow_the_exact_chain(policy, recipe, given):
    settings = Settings(family="bernoulli", policy=policy, samples=N, **{"generations": 3, **given}, options={"p": TWO[0]})
    check(settings, recipe, TWO, lambda model: (round(float(model), 6), round(1 - float(model), 6)))
