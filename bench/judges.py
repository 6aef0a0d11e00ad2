"""How fast gates judge document by document, the published heuristics beside datatrove's, in the same run.

python -m bench.judges [--write] [--rounds 3]
"""

import argparse
import json
import os
import platform
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from datatrove.data import Document
from datatrove.pipeline import filters

from bench.tables import Row, table
from longtail.gates import Batch, Gate
from longtail.gates.entailment import Passage, RuleEntailment, claims_of, supported
from longtail.lab.corpus import stdlib_prose

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "benchmarks-judges.md"
ANSWERS = ROOT / "tests" / "gates" / "entailment" / "answers.json"
MANY, FEW = 4000, 200
SPEED = "documents per CPU-second"
PEERS = {
    "gopher": (filters.GopherQualityFilter, filters.GopherRepetitionFilter),
    "c4": (filters.C4QualityFilter,),
    "fineweb": (filters.FineWebQualityFilter,),
}
"""The filters of datatrove that hold the rules of each of our presets."""
CASES = [{"call": "add", "args": [at, 1], "expected": at + 1} for at in range(3)]


def timed(call: Callable[[], Any], rounds: int) -> float:
    """Return the median CPU-seconds of a call, its children included, once it is warm."""
    call()
    return statistics.median(_once(call) for _ in range(rounds))


def _once(call: Callable[[], Any]) -> float:
    before = sum(os.times()[:4])
    begun = time.process_time()
    call()
    return max(sum(os.times()[:4]) - before, time.process_time() - begun)


def documents() -> list[str]:
    """Return pages of about 900 characters from Python's documentation."""
    parts = stdlib_prose()
    return ["\n\n".join(parts[at % len(parts) : at % len(parts) + 4]) for at in range(0, 4 * MANY, 4)][:MANY]


def beside_datatrove(texts: list[str], rounds: int) -> list[Row]:
    """Return the presets of `quality` and the same filters of datatrove, documents per CPU-second."""
    rows = []
    for preset, names in PEERS.items():
        gate, batch = Gate(("quality", {"preset": preset}), spare=()), Batch.of(texts)
        made = [name() for name in names]
        some = [Document(text=text, id="0") for text in texts[:FEW]]
        ours = MANY / timed(lambda gate=gate, batch=batch: gate(batch), rounds)
        theirs = FEW / timed(lambda made=made, some=some: [each.filter(one) for one in some for each in made], rounds)
        rows.append({"preset": preset, "ours": f"{ours:,.0f}", "datatrove": f"{theirs:,.0f}", "ratio": f"{ours / theirs:,.0f}"})
    return rows


def alone(texts: list[str], rounds: int) -> list[Row]:
    """Return other gates, documents per CPU-second; no peer has the same."""
    gates: dict[str, tuple[str, dict[str, Any]]] = {
        "templates": ("templates", {}),
        "triage, its own reference": ("triage", {}),
        "regex, one pattern": ("regex", {"must_not": ["as an ai language model"]}),
    }
    rows = []
    for name, spec in gates.items():
        gate, batch = Gate(spec, spare=()), Batch.of(texts)
        speed = len(batch) / timed(lambda gate=gate, batch=batch: gate(batch), rounds)
        rows.append({"gate": name, SPEED: f"{speed:,.0f}"})
    return [*rows, *_answers(), *_programs(rounds)]


def _answers() -> list[Row]:
    stored = json.loads(ANSWERS.read_text(encoding="utf-8"))
    words = " ".join(each["text"] for passages in stored["passages"].values() for each in passages).split() * 3
    claims = [claim for answer in stored["answers"] for claim in claims_of(answer["text"])][:5]
    rules = RuleEntailment()
    passages = [[Passage(str(at), f"{' '.join(words[at * 200 : (at + 1) * 200])} {fresh}.") for at in range(5)] for fresh in range(40)]
    spent = timed(lambda: [supported(claims, each, rules) for each in passages], 1) / len(passages)
    return [{"gate": "entailment by rules, 5 claims and 5 passages of 200 words", SPEED: f"{1 / spent:,.0f}"}]


def _programs(rounds: int) -> list[Row]:
    batch = Batch.of([{"text": f"def add(a, b):\n    return a + b  # {at}", "tests": CASES} for at in range(20)])
    gate = Gate("python_tests", spare=())
    spent = timed(lambda: gate(batch), rounds) / len(batch)
    isolation = gate.stages[0].gate.isolation
    return [{"gate": f"python_tests, three calls, {isolation}", SPEED: f"{1 / spent:,.0f}"}]


def main() -> None:
    """Measure, print, and with `--write` put the tables into the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.name}")
    asked = parser.parse_args()
    texts = documents()
    page = f"""# Benchmarks of gates that judge document by document

Written by `python -m bench.judges --write`: medians of {asked.rounds} rounds once warm, CPU-seconds with those of children. Python
{platform.python_version()}, {platform.system()} {platform.machine()}, {os.cpu_count()} cores; {MANY:,} pages of about
{sum(map(len, texts)) // len(texts):,} characters from Python's documentation, of which datatrove judges {FEW}. What the two say of the same
pages, and where they differ, `tests/gates/text/test_datatrove.py` holds.

## Published heuristics, documents per CPU-second

{table(beside_datatrove(texts, asked.rounds))}

## Others

{table(alone(texts, asked.rounds))}
"""
    print(page)
    if asked.write:
        PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
