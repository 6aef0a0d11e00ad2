import json

import pytest

from longtail.errors import MissingExtra, UnknownName, UsageError
from longtail.lab.scenarios import scrape
from longtail.lab.scenarios.augment import gated
from longtail.lab.scenarios.files import documents, lines
from longtail.lab.scenarios.run import command_of, perform


def test_rows_say_where_they_come_from(tmp_path):
    path = lines(tmp_path / "a.jsonl", documents(["x y"], 3))
    assert json.loads(path.read_text()) == {"lt_id": "3-0", "text": "x y", "lt_origin": "synthetic", "lt_depth": 3}
    assert next(iter(documents(["x"], 0)))["lt_origin"] == "human"


def test_the_verifier_lets_pass_what_human_text_says_too():
    human = ["the cat sat on the mat"]
    assert gated(["on the mat", "mat the on", "sat on the"], human)[0] == "on the mat"
    assert "mat the on" not in gated(["on the mat", "mat the on", "sat on the"], human)


def test_an_unknown_scenario_is_told_with_the_nearest(tmp_path):
    with pytest.raises(UnknownName, match="did you mean 'augment'"):
        perform("augmnt", tmp_path)


def test_a_folder_of_other_files_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("x")
    with pytest.raises(UsageError, match=r"mine\.txt"):
        perform("lm", tmp_path)


@pytest.mark.slow
def test_a_language_model_on_its_own_generations_ends_late(tmp_path):
    told = perform("lm", tmp_path)
    assert not told.failing, told.checks
    assert told.rows[-1].phase == "late"
    assert len(list(tmp_path.glob("gen*.jsonl"))) == len(told.rows) + 1


@pytest.mark.slow
def test_augmentation_done_right_widens_the_tail(tmp_path):
    told = perform("augment", tmp_path)
    assert not told.failing, told.checks


@pytest.mark.slow
def test_a_generator_of_images_loses_classes(tmp_path):
    try:
        told = perform("images", tmp_path)
    except MissingExtra:
        pytest.skip("torch is not installed")
    assert "LT308" in told.rows[-1].failing


def texts_of(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.mark.slow
def test_a_hidden_share_of_a_scrape_is_found_with_no_tags_at_all(tmp_path):
    told = perform("scrape", tmp_path)
    assert not told.failing, told.checks
    assert told.rows[0].failing == ("LT102",)
    share, low, high = told.rows[0].kept["machine"]
    assert low < scrape.HIDDEN < high and high - low < 0.2 and share == pytest.approx(scrape.HIDDEN, abs=0.06)


@pytest.mark.slow
def test_the_scrape_says_nothing_of_its_origin_and_shares_no_page_with_its_reference(tmp_path):
    laid = scrape.lay(tmp_path, 3)
    pages, human, made = (texts_of(path) for path in (laid.corpus, laid.reference, laid.synthetic))
    assert len(pages) == scrape.PAGES and laid.facts == {"hidden": scrape.HIDDEN}
    assert {key for page in pages for key in page} == {"text", "url"} and len({page["url"] for page in pages}) == scrape.PAGES
    files = [[row["text"] for row in rows] for rows in (pages, human, made)]
    assert len({page for file in files for page in file}) == sum(map(len, files))
    scraped, known, written = ({part for page in file for part in page.split("\n\n")} for file in files)
    assert not known & (scraped | written) and len(scraped & written) < 10
    assert command_of(laid, 0).endswith(f"--reference {laid.reference} --synthetic {laid.synthetic} --closed")


def test_a_claim_on_the_scrape_fails_where_no_share_was_told_or_another(tmp_path):
    from longtail.lab.scenarios.catalogue import Audited, Laid

    laid = Laid(generations=(), reference=tmp_path, facts={"hidden": 0.35})

    def verdicts(failing, **kept):
        row = Audited(generation=1, phase="healthy", labels=(), status="fail", failing=failing, kept=kept)
        return [each.verdict for each in scrape.checks(laid, [row])]

    assert verdicts(("LT102",), machine=(0.36, 0.3, 0.4)) == ["holds", "holds"]
    assert verdicts(("LT102",), machine=(0.36, 0.351, 0.4)) == ["fails", "holds"]
    assert verdicts((), machine=(0.3, 0.25, 0.349)) == ["fails", "fails"]
    assert verdicts(("LT102",)) == ["fails", "holds"]
