"""Human rows for the tails, gaps made up, and what becomes of the tail, beside plain Python."""

import json
import random
from collections import Counter

import pytest

from longtail import audit
from longtail.errors import ReadError
from longtail.policies.mixing import Asked, mix, mixture

from .mixing_help import draw, ids, key, put, take

WORDS = ["the", "of", "and", "to", *[f"word{n}" for n in range(400)]]


def text(rng, length):
    return " ".join(WORDS[min(len(WORDS) - 1, int(rng.paretovariate(0.5)) - 1)] for _ in range(length))


def corpus(count, origin, seed, **more):
    rng = random.Random(seed)
    depth = {} if origin == "human" else {"lt_depth": 1}
    return [
        {"text": text(rng, rng.choice([1, 5, 30, 80])), "lt_id": f"{origin}{n}", "lt_origin": origin, "topic": rng.choice("abc")}
        | depth
        | more
        for n in range(count)
    ]


def rare(rows):
    """The rarest words, up to the first count by which a tenth of all words is reached."""
    counts = Counter(word for row in rows for word in row["text"].split())
    total, of_count = sum(counts.values()), Counter()
    for held in counts.values():
        of_count[held] += held / total
    masses = {most: sum(mass for count, mass in of_count.items() if count <= most) for most in sorted(of_count)}
    most = next(most for most, mass in masses.items() if mass >= 0.1)
    return {word for word, held in counts.items() if held <= most}, masses[most]


def share(rows, tail):
    words = [word for row in rows for word in row["text"].split()]
    return sum(word in tail for word in words) / len(words)


@pytest.fixture
def data(here):
    rows = corpus(150, "human", 1), corpus(200, "synthetic", 2)
    put("human.jsonl", rows[0])
    put("model.jsonl", rows[1])
    return rows


@pytest.mark.parametrize("reference", [None, "reference.jsonl"])
def test_human_rows_richest_in_rare_words_go_first(data, reference):
    human, _ = data
    other = corpus(80, "human", 9)
    put("reference.jsonl", other)
    asked = Asked(policy="keep_original:0.25", allow_replace=True, human_for_tails=True, reference=reference)
    made = mixture(asked, ["human.jsonl", "model.jsonl"], output="out.jsonl")
    tail, _ = rare(human if reference is None else other)

    def rank(row):
        words = row["text"].split()
        return -sum(word in tail for word in words) / (len(words) + 20), key(row["lt_id"])

    wanted = sorted(human, key=rank)[:50]
    drawn = [row for row in take("out.jsonl") if row["lt_origin"] == "human"]
    assert sorted(row["lt_id"] for row in drawn) == sorted(row["lt_id"] for row in wanted)
    assert made.tails.drawn == pytest.approx(share(drawn, tail))
    assert made.tails.there == pytest.approx(share(human, tail))
    assert made.tails.drawn > 1.1 * made.tails.there
    assert [row["lt_id"] for row in take("out.jsonl") if row["lt_origin"] != "human"] == [
        row["lt_id"] for row in data[1] if row["lt_id"] in draw(150, [row["lt_id"] for row in data[1]])
    ]


def test_where_all_human_rows_are_drawn_there_is_nothing_to_choose(data):
    made = mixture(Asked(policy="accumulate", human_for_tails=True), ["human.jsonl", "model.jsonl"], output="out.jsonl")
    assert (made.tails, made.manifest.original) == (None, 150)


def test_the_impact_on_the_tail_is_that_of_plain_python(data, here):
    human, model = data
    made = mixture(Asked(policy="fixed_budget", allow_replace=True), ["human.jsonl", "model.jsonl"])
    assert not made.written
    assert sorted(path.name for path in here.iterdir()) == ["human.jsonl", "model.jsonl"]
    mix(["human.jsonl", "model.jsonl"], "fixed_budget", allow_replace=True, output="out.jsonl")
    taken, (tail, mass) = take("out.jsonl"), rare(human)
    assert made.impact.types == len(tail)
    assert made.impact.kept == len(tail.intersection(word for row in taken for word in row["text"].split()))
    assert made.impact.human_mass == pytest.approx(mass)
    assert made.impact.mass == pytest.approx(share(taken, tail))
    assert made.impact.all_mass == pytest.approx(share(human + model, tail))


def filled(order, rows, held, wanted, gaps_of):
    """The rule in plain Python: the rarest gap first, nothing of which there is enough, then rows without gaps, then the rest."""
    taken = []
    holders = {gap: [name for name in order if gap in gaps_of[name]] for gap in wanted}
    for gap in sorted(wanted, key=lambda gap: (len(holders[gap]), list(wanted).index(gap))):
        for name in holders[gap]:
            if held[gap] >= wanted[gap] or len(taken) == rows:
                break
            if name not in taken and all(held[other] < wanted[other] for other in gaps_of[name]):
                taken.append(name)
                held.update(gaps_of[name])
    free = [name for name in order if name not in taken and not gaps_of[name]]
    forced = [name for name in order if name not in taken and gaps_of[name]]
    more = (free + forced)[: rows - len(taken)]
    for name in more:
        held.update(gaps_of[name])
    return taken + more


def write_gaps(gaps, name="gaps.jsonl"):
    with open(name, "w") as stream:
        for view, word, label, portion in gaps:
            row = {"view": view, "type": word, "slice": label, "reference_share": portion, "candidate_share": 0.0, "low": 0.0, "high": 0.0}
            stream.write(json.dumps(row) + "\n")
    return name


@pytest.mark.parametrize("policy", ["fixed_budget", "augment", "keep_original:0.3"])
def test_gaps_are_made_up_as_plain_python_makes_them_up(data, policy):
    human, model = data
    counts = Counter(word for row in human for word in set(row["text"].split()))
    words = [word for word, held in counts.items() if 3 <= held <= 12][:15]
    gaps = [("words_1", word, None, counts[word] / 150) for word in words] + [("labels:topic", None, "b", 0.4)]
    made = mixture(
        Asked(policy=policy, size=120, allow_replace=True, target_gaps=write_gaps(gaps)), ["human.jsonl", "model.jsonl"], output="out.jsonl"
    )
    size = made.manifest.rows
    # in the order of types and then of classes, which decides among equally rare ones
    from longtail.views.words import spans

    words.sort(key=lambda word: spans(word, 0)[0][0])
    wanted = {word: int(counts[word] / 150 * size + 0.5) for word in words} | {"topic b": int(0.4 * size + 0.5)}
    rows = {row["lt_id"]: row for row in human + model}
    gaps_of = {
        name: [gap for gap in wanted if gap in row["text"].split() or (gap == "topic b" and row["topic"] == "b")]
        for name, row in rows.items()
    }
    parts = {part.kind: part for part in made.manifest.parts}
    pools = {kind: draw(1000, [name for name in rows if name.startswith(kind)]) for kind in ("human", "synthetic")}
    whole = [kind for kind in pools if parts[kind].realised == len(pools[kind])]
    chosen = [name for kind in whole for name in pools[kind]]
    held = Counter(gap for name in chosen for gap in gaps_of[name])
    for kind in ("human", "synthetic"):
        if kind not in whole:
            chosen += filled(pools[kind], parts[kind].realised, held, wanted, gaps_of)
    assert ids("out.jsonl") == sorted(chosen)
    assert made.gaps.made_up == sum(held[gap] >= wanted[gap] for gap in wanted)
    assert (made.gaps.gaps, made.gaps.unused) == (16, 0)


def test_a_word_that_enough_rows_hold_gets_its_share_and_no_more(here):
    rng = random.Random(5)
    rows = [{"text": f"row {n} {text(rng, 6)}" + (" jabberwock" if n % 5 == 0 else ""), "lt_origin": "human"} for n in range(400)]
    rows += [{"text": f"made {n} {text(rng, 6)}" + (" jabberwock" if n % 100 == 0 else ""), "lt_origin": "synthetic"} for n in range(400)]
    put("a.jsonl", rows)
    gaps = write_gaps([("words_1", "jabberwock", None, 0.15)])
    for aim, held in ((None, None), (gaps, 60)):
        made = mixture(Asked(policy="fixed_budget", allow_replace=True, target_gaps=aim), "a.jsonl", output="out.jsonl")
        there = sum("jabberwock" in row["text"] for row in take("out.jsonl"))
        assert made.manifest.rows == 400
        assert there == held if held else 25 < there < 60
    assert (made.gaps.made_up, made.gaps.before) == (1, 0)


def test_gaps_that_an_audit_exports_are_read(here, data):
    human, _ = data
    rng = random.Random(3)
    put("gen.jsonl", [{"text": " ".join(w for w in text(rng, 60).split() if w in WORDS[:12]) or "the", "topic": "a"} for _ in range(300)])
    big = corpus(1500, "human", 4)
    put("big.jsonl", big)
    audit("gen.jsonl", "big.jsonl", by=["topic"], export="gaps.jsonl")
    audit("gen.jsonl", "big.jsonl", by=["topic"], export="redacted.jsonl", redact=True)
    put("gen1.jsonl", [json.loads(line) | {"lt_origin": "synthetic"} for line in open_lines("gen.jsonl")])
    made = {}
    for name in ("gaps.jsonl", "redacted.jsonl"):
        asked = Asked(policy="fixed_budget", size=300, allow_replace=True, target_gaps=name)
        made[name] = mixture(asked, ["big.jsonl", "gen1.jsonl"], output=f"out.{name}")
        assert made[name].gaps.gaps > 10
        assert made[name].gaps.made_up > made[name].gaps.before
    assert made["gaps.jsonl"].gaps == made["redacted.jsonl"].gaps
    assert ids("out.gaps.jsonl") == ids("out.redacted.jsonl")


def open_lines(name):
    with open(name) as stream:
        return stream.read().splitlines()


def test_gaps_of_other_kinds_are_counted_and_what_is_no_gap_is_refused(here, data):
    asked = Asked(
        policy="fixed_budget", allow_replace=True, target_gaps=write_gaps([("lengths", None, "short", 0.1), ("words_1", "the", None, 0.5)])
    )
    assert (mixture(asked, ["human.jsonl", "model.jsonl"]).gaps.unused) == 1
    for line, said in (
        ("{}", "reference_share is None"),
        ("nonsense", "malformed JSON"),
        ('{"reference_share": 2}', "reference_share is 2"),
        ("", "no gaps"),
    ):
        with open("bad.jsonl", "w") as stream:
            stream.write(line + "\n")
        with pytest.raises(ReadError, match=said):
            mixture(Asked(policy="fixed_budget", allow_replace=True, target_gaps="bad.jsonl"), ["human.jsonl", "model.jsonl"])


def test_the_same_rows_are_aimed_at_in_any_order(here, data):
    human, model = data
    rows = human + model
    put("all.jsonl", rows)
    random.Random(8).shuffle(rows)
    put("shuffled.parquet", rows)
    gaps = write_gaps([("words_1", word, None, 0.2) for word in WORDS[20:60]] + [("labels:topic", None, "c", 0.5)])
    asked = Asked(policy="fixed_budget", min_real=exact_half(), target_gaps=gaps, human_for_tails=True)
    for name in ("all.jsonl", "shuffled.parquet"):
        mixture(asked, name, output=f"out.{name}")
    assert ids("out.all.jsonl") == ids("out.shuffled.parquet")


def exact_half():
    from longtail.policies.mixing import exact

    return exact("0.5")
