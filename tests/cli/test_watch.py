"""`longtail watch` on the command line."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from longtail.cli.watch import command
from longtail.errors import ConfigError, UsageError


def run(*arguments):
    result = CliRunner().invoke(command, [str(each) for each in arguments], catch_exceptions=True)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture(scope="module")
def posts(tmp_path_factory):
    rng = np.random.default_rng(0)
    words = [f"word{at}" for at in range(900)]
    path = tmp_path_factory.mktemp("watch") / "posts.jsonl"
    with path.open("w") as stream:
        for quarter in range(12):
            for at in range(30):
                text = rng.choice(words, 30).tolist()
                if quarter >= 6 and at % 4:
                    text = ["let", "us", "dive", *rng.choice(words[:40], 27)]
                day = f"{2021 + quarter // 4}-{3 * (quarter % 4) + 1:02d}-{at % 28 + 1:02d}"
                stream.write(json.dumps({"date": day, "text": " ".join(text), "topic": f"t{at % 2}"}) + "\n")
    return path


def test_the_screen_begins_with_the_date_in_words_and_the_numbers_come_last(posts):
    result = run(posts, "--date-column", "date", "--by", "topic", "--no-color")
    head, _, numbers = result.output.partition("The numbers")
    assert result.exit_code == 1
    assert "2022-Q3 is where it turned" in head and "let us dive" in head and "◀ the turn" in head
    assert "Phrases that spread" in head and "A typical one of before" in head
    for word in ("interval", "estimate", "p 0.", "embedding", "bootstrap", "significan"):
        assert word not in head
    assert "p 0.0" in numbers and "LT701 fail" in numbers and "Within each topic" in numbers


def test_json_is_the_record_and_nothing_else(posts):
    found = json.loads(run(posts, "--date-column", "date", "--json").output)
    assert found["schema_version"] == "1.0" and found["turn"]["period"] == "2022-Q3" and found["judged"]["code"] == "LT701"
    variety = found["estimates"][0]
    assert variety["metric"] == "voice_variety" and variety["decision"] == "shrunk"


def test_quiet_prints_nothing_and_out_writes_both_forms(posts, tmp_path):
    page, record = tmp_path / "voice.html", tmp_path / "voice.json"
    assert run(posts, "--date-column", "date", "-q", "--out", page).output == ""
    run(posts, "--date-column", "date", "-q", "--out", record)
    html = page.read_text()
    assert html.startswith("<!doctype html>") and "2022-Q3 is where it turned" in html and "<svg" in html
    assert "http://" not in html.replace("http://www.w3.org", "") and "https://" not in html
    assert json.loads(record.read_text())["turn"]["period"] == "2022-Q3"


def test_redacted_output_holds_no_text(posts):
    assert "word1" not in run(posts, "--date-column", "date", "--redact", "--json").output


def test_a_folder_of_markdown_is_read_by_its_front_matter(posts, tmp_path):
    for at, line in enumerate(posts.read_text().splitlines()):
        row = json.loads(line)
        (tmp_path / f"{at}.md").write_text(f"---\ndate: {row['date']}\n---\n{row['text']}\n")
    result = run(tmp_path, "--date-from", "frontmatter", "--baseline", "2021", "--json")
    found = json.loads(result.output)
    assert found["turn"]["period"] == "2022-Q3" and sum(each["is_baseline"] for each in found["periods"]) == 4


def test_bad_input_is_one_clear_error(posts, tmp_path):
    with pytest.raises(UsageError, match="no data"):
        run()
    with pytest.raises(UsageError, match="--date-column"):
        run(posts)
    with pytest.raises(ConfigError, match="--date-column"):
        run(posts, posts)
    with pytest.raises(UsageError, match="suffix"):
        run(posts, "--date-column", "date", "--out", tmp_path / "x.pdf")
    with pytest.raises(UsageError, match="would be overwritten"):
        run(posts, "--date-column", "date", "--out", posts)


def test_help_shows_examples_first():
    text = run("--help").output
    assert text.index("Examples:") < text.index("Options:") and "RUN_DIR" not in text
