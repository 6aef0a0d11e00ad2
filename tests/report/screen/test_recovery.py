"""The screen of a plan: what to do in order, what each way restores, what is gone, what it costs."""

import io

import pytest
from msgspec.structs import replace
from rich.console import Console

from longtail.diagnosis.recovery import records
from longtail.report.screen.recovery import lines

BOUNDED = records.Bounded(value=0.72, low=0.66, high=0.78, n=400, unit="of the baseline's tail types")
LAST = records.Ceiling(share=0.3, policy="drop", generation=3, types=BOUNDED, mass=replace(BOUNDED, value=0.95), odds=0.6)
LONG = records.Ceiling(share=0.3, policy="drop", generation=None, types=replace(BOUNDED, value=0.81))
OPEN = records.Cost(formula="hours * price", stated="3 * price", total=None, missing=("price",), inputs=())
SWING = records.Swing(name="price", less=3.0, more=9.0)
PAID = records.Cost(formula="hours * price", stated="3 * 2", total=6.0, missing=(), inputs=(), sensitivity=(SWING,))


def option(name, order, **given):
    told = {
        "title": f"title of {name}",
        "is_possible": True,
        "because": f"because of {name}",
        "best": LAST,
        "courses": (LAST, LONG),
        "at_best": replace(BOUNDED, value=0.9),
        "needs": ("120 real rows",),
        "cost": OPEN,
        "command": f"longtail recover apply {name}",
    }
    return records.Option(name=name, order=order, **told | given)


def plan(**given):
    gone = records.Gone(type="ostler", reference_documents=4, example_id="0")
    wanted = records.Wanted(
        view="words_1", name="ostler", is_missing=True, reference_documents=4, reservoir_documents=0, share=0.01, rows=4, low=1, high=9
    )
    told = {
        "longtail_version": "0",
        "created_at": "",
        "command": "",
        "seed": 0,
        "stop": records.Stop(status="to do", because="generation 2 retains 0.00", regime="replace", line="min_real = 0.3"),
        "options": tuple(option(name, at) for at, name in enumerate(records.ORDER, 1)),
        "clean": records.Clean(version="v1", place=1, because="v1 is clean"),
        "pool": records.PoolAdvice(
            verdict="drop", collapsed=2, share=0.3, keep=LAST, drop=LAST, left=0.9, growth=10.0, statement="take them out"
        ),
        "shares": records.TwoShares(tail_share=0.002, keep=None, rescue=0.1, keep_because="too few rows", rescue_because=""),
        "unrecoverable": records.Unrecoverable(view="words_1", total=1, once=0, of=50, items=(gone,), statement="1 of 50 is gone"),
        "shopping": (wanted,),
        "shopping_total": 1,
        "asymmetry": records.Asymmetry(early=None, late=None, because="one version only"),
        "baseline": "v1",
        "now": BOUNDED,
        "gap": 1.0,
        "target": 0.8,
        "target_because": "the lower of both",
        "assumes": ("documents are drawn",),
        "notes": ("a note",),
    }
    return records.Plan(**told | given)


def shown(found, width=80):
    out = io.StringIO()
    console = Console(file=out, width=width, no_color=True)
    for line in lines(found):
        console.print(line, markup=False, highlight=False)
    return out.getvalue()


def flat(found):
    return " ".join(shown(found).split())


def test_step_0_comes_first_and_the_options_in_order():
    text = flat(plan())
    words = ("stop replacing", *(f"title of {name}" for name in records.ORDER), "Gone for good")
    places = [text.index(word) for word in words]
    assert places == sorted(places)
    assert "to do" in text and "min_real = 0.3" in text


def test_what_is_already_so_is_not_to_be_set():
    done = records.Stop(status="already so", because="no training set drops real rows", regime="accumulate", line="min_real = 0.3")
    assert "min_real" not in shown(plan(stop=done))


def test_every_number_has_its_interval_and_its_documents():
    text = flat(plan())
    assert "72.0% [66.0%, 78.0%] of the rare items that v1 shows" in text and "n = 400 documents" in text
    assert "90.0% [66.0%, 78.0%] of all 400 rare items of the reference stand in what this draws on" in text
    assert "another whole than above" in text
    assert "in the long run: 81.0% [66.0%, 78.0%]" in text
    assert "odds that 400 documents then show the aim: 60.0%" in text
    assert "4 rows [1, 9]" in text


def test_a_cost_that_is_not_stated_stays_open_and_one_that_is_shows_its_sum():
    assert "cost: hours * price; not stated: price (--cost FILE)" in flat(plan())
    paid = flat(plan(options=(option("re-anchor", 1, cost=PAID),)))
    assert "hours * price = 3 * 2 = 6; at 50 to 150% of price, which moves it most: 3 to 9" in paid


def test_what_is_not_possible_says_why_and_gives_no_command():
    text = flat(plan(options=(option("re-anchor", 1, best=None, because="there is no reservoir", courses=()),)))
    assert "not possible: there is no reservoir" in text
    assert "longtail recover apply" not in text


def test_a_changed_order_shows_its_reason():
    assert "The order was changed, because: weights are lost" in flat(plan(order_reason="weights are lost"))


def test_nothing_missing_is_said():
    assert "nothing; the reservoir has all" in flat(plan(shopping=(), shopping_total=0))


@pytest.mark.parametrize("width", [60, 80, 120])
def test_it_fits_the_screen(width):
    assert max(map(len, shown(plan(), width).splitlines())) <= width


def test_names_cannot_break_the_screen():
    item = records.Gone(type="a\x1b[31m\nb", reference_documents=2, example_id="0")
    text = shown(plan(unrecoverable=records.Unrecoverable(view="words_1", total=1, once=0, of=5, items=(item,), statement="x")))
    assert "\x1b" not in text
