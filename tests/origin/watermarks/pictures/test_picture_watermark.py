"""Watermarks in pictures."""

import numpy as np
import pytest
from scipy.stats import binom, kstest

from longtail.errors import ConfigError, MissingExtra, UsageError
from longtail.origin.watermarks.pictures import door
from longtail.origin.watermarks.pictures.watermark import BITS, LEVEL, detect, expected, mark, tail

SECRET, OTHER = "ab" * 32, "cd" * 32


@pytest.fixture(params=["china.jpg", "flower.jpg"])
def photograph(request):
    pytest.importorskip("imwatermark", reason="needs the extra image")
    pytest.importorskip("PIL", reason="reads the photographs")
    return pytest.importorskip("sklearn.datasets").load_sample_image(request.param)


@pytest.fixture
def marked(photograph):
    return mark(photograph, SECRET)


def through_jpeg(pixels, quality):
    import cv2

    packed = cv2.imencode(".jpg", pixels[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.ascontiguousarray(cv2.imdecode(packed, 1)[..., ::-1])


def halved_and_back(pixels):
    import cv2

    rows, columns = pixels.shape[:2]
    small = cv2.resize(pixels, (columns // 2, rows // 2), interpolation=cv2.INTER_AREA)
    return cv2.resize(small, (columns, rows), interpolation=cv2.INTER_CUBIC)


def test_it_is_found_by_its_secret_and_no_other(photograph, marked):
    assert detect(marked, SECRET).agree >= 62
    assert detect(marked, SECRET).found
    assert not detect(marked, OTHER).found
    assert not detect(photograph, SECRET).found


def test_it_can_hardly_be_seen(photograph, marked):
    error = np.mean((marked.astype(float) - photograph) ** 2)
    assert 10 * np.log10(255**2 / error) > 35


def test_it_outlives_compression_and_a_change_of_size(marked):
    assert detect(through_jpeg(marked, 75), SECRET).agree >= 55
    assert detect(through_jpeg(marked, 75), SECRET).found
    assert detect(halved_and_back(marked), SECRET).found


def test_it_does_not_outlive_cropping_and_the_words_say_nothing_of_origin(marked):
    found = detect(np.ascontiguousarray(marked[8:, 8:]), SECRET)
    assert not found.found
    assert "no watermark found" in found.words
    assert "says nothing" in found.words


def test_p_is_uniform_over_secrets_whatever_the_picture():
    generator = np.random.default_rng(7)
    for held in (np.zeros(BITS, np.uint8), np.ones(BITS, np.uint8), generator.integers(0, 2, BITS, dtype=np.uint8)):
        agree = np.array([np.count_nonzero(expected(generator.bytes(32).hex()) == held) for _ in range(4000)])
        smoothed = binom.sf(agree, BITS, 0.5) + generator.random(4000) * binom.pmf(agree, BITS, 0.5)
        assert kstest(smoothed, "uniform").pvalue > 1e-3


def test_p_is_the_exact_tail():
    assert [tail(each) for each in range(BITS + 1)] == pytest.approx([binom.sf(each - 1, BITS, 0.5) for each in range(BITS + 1)])
    assert tail(51) <= LEVEL < tail(50)


def test_bad_input_is_named(monkeypatch):
    with pytest.raises(ConfigError, match="at least 16 bytes"):
        expected("abc")
    with pytest.raises(UsageError, match="got float64 of"):
        detect(np.zeros((300, 300, 3)), SECRET)
    with pytest.raises(UsageError, match="too small"):
        mark(np.zeros((100, 100, 3), np.uint8), SECRET)
    found = detect(np.zeros((100, 100, 3), np.uint8), SECRET)
    assert (found.p, found.bits, found.found) == (1.0, 0, False)
    assert "fewer than 65,536 pixels" in found.reason


def test_without_the_optional_part_the_line_that_installs_it_is_said(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "imwatermark", None)
    with pytest.raises(MissingExtra, match=r"pip install 'longtail\[image\]'"):
        door.read(np.zeros((300, 300, 3), np.uint8), BITS)
