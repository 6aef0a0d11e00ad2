"""Neighbours, kernels, spectra and distances of features beside packages, among them prdc, vendi-score, torch-fidelity, mauve-text."""

import contextlib
import io
import math
import warnings
from collections.abc import Iterator

import numpy as np

from bench import venvs
from bench.parity.rows import Defect, Parity
from longtail.stats import mauve
from longtail.stats.features import distances, frechet, kernels, neighbours, spectra

FIDELITY = "torch-fidelity"
MAUVE = "mauve-text"


def _normal(n: int, d: int, seed: int, scale: float = 1.0, offset: float = 0.0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(n, d)) * scale + offset


def _f6() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    return rng.normal(size=(200, 4)), rng.normal(size=(200, 4))


def _prdc(real: np.ndarray, other: np.ndarray, k: int = 5) -> dict[str, float]:
    from prdc import compute_prdc

    with contextlib.redirect_stdout(io.StringIO()):
        return {name: float(value) for name, value in compute_prdc(real, other, k).items()}


def rows() -> Iterator[Parity]:
    """Yield our numbers of features beside those of packages."""
    yield from _neighbours()
    yield from _vendi()
    yield from _energy()
    yield from _spectrum()
    yield from _fidelity()
    yield from _curves()


def _neighbours() -> Iterator[Parity]:
    real, other = _f6()
    wide = _normal(1000, 64, 1), _normal(800, 64, 2, 1.1)
    for given, one, two, k in (
        ("200 and 200 normal rows of 4", real, other, 5),
        ("the same, one halved", real, other / 2, 5),
        ("1,000 and 800 normal rows of 64", *wide, 3),
    ):
        ours, theirs = neighbours.fidelity(one, two, k), _prdc(one, two, k)
        for name, value in theirs.items():
            yield Parity(f"{name}, k = {k}", given, getattr(ours, name), value, "prdc", "compute_prdc")


def _vendi() -> Iterator[Parity]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        from vendi_score import vendi

        small, wide = _normal(50, 8, 0), _normal(2000, 384, 1)
        for order in (0.5, 1.0, 2.0):
            theirs = float(vendi.score_dual(small, q=order))
            yield Parity(
                f"Vendi score of order {order:g}, cosine kernel",
                "50 normal rows of 8",
                spectra.vendi(small, order),
                theirs,
                "vendi-score",
                "score_dual",
            )
        whole = float(vendi.score_X(wide))
        yield Parity("Vendi score, cosine kernel", "2,000 normal rows of 384", spectra.vendi(wide), whole, "vendi-score", "score_X")
        few = small[:6] / np.linalg.norm(small[:6], axis=1, keepdims=True)
        limit = float(vendi.score_K(few @ few.T, q="inf"))
        yield Parity(
            "Vendi score of order infinity", "6 normal rows of 8", spectra.vendi(few, math.inf), limit, "vendi-score", "score_K(q='inf')"
        )
        plain = float(vendi.score_K(np.eye(4)))
        yield Parity("Vendi score of a kernel", "identity of size 4", spectra.vendi_of_kernel(np.eye(4)), plain, "vendi-score", "score_K")


def _energy() -> Iterator[Parity]:
    from scipy.stats import energy_distance

    one, other = _normal(50, 8, 0), _normal(40, 8, 1, 1.3, 0.2)
    ours = distances.energy_distance(one[:, :1], other[:, :1])
    theirs = float(energy_distance(one[:, 0], other[:, 0]))
    note = "scipy takes the root, we do not: its square is shown"
    yield Parity("energy distance", "50 and 40 normal numbers", ours, theirs**2, "scipy", "stats.energy_distance ** 2", note=note)
    import dcor

    theirs = float(dcor.energy_distance(one, other))
    given = "50 and 40 normal rows of 8"
    yield Parity(
        "energy distance", given, distances.energy_distance(one, other), theirs, "dcor", "energy_distance", note="no root, as ours"
    )


def _spectrum() -> Iterator[Parity]:
    from scipy.linalg import sqrtm
    from sklearn.covariance import empirical_covariance

    one, other = _normal(200, 16, 0), _normal(150, 16, 1, 1.3, 0.2)
    (mean, covariance), (other_mean, other_covariance) = frechet.moments(one), frechet.moments(other)
    traces = float(np.trace(covariance + other_covariance - 2 * sqrtm(covariance @ other_covariance).real))
    theirs = float(((mean - other_mean) ** 2).sum()) + traces
    given = "200 and 150 normal rows of 16"
    yield Parity("Fréchet distance", given, frechet.frechet_distance(one, other), theirs, "scipy", "linalg.sqrtm")
    trace = float(np.trace(empirical_covariance(one))) * 200 / 199
    yield Parity(
        "total variance", "200 normal rows of 16", spectra.total_variance(one), trace, "scikit-learn", "empirical_covariance, trace, n - 1"
    )


_CALLS = """import numpy as np, torch
from torch_fidelity.metric_fid import fid_features_to_statistics, fid_statistics_to_metric
from torch_fidelity.metric_kid import kernel_mmd
from torch_fidelity.metric_prc import prc_features_to_metric
one, other = (np.array(each) for each in given)
real, made = torch.tensor(one), torch.tensor(other)
poly = kernel_mmd(one, other, kid_kernel="poly", kid_kernel_poly_degree=3, kid_kernel_poly_gamma=None, kid_kernel_poly_coef0=1)
rbf = kernel_mmd(one, other, kid_kernel="rbf", kid_kernel_rbf_sigma=4.0)
fid = fid_statistics_to_metric(fid_features_to_statistics(real), fid_features_to_statistics(made), False)
prc = prc_features_to_metric(made, real, prc_neighborhood=3, prc_batch_size=1000, save_cpu_ram=False, verbose=False)
found = [float(poly), float(rbf), fid["frechet_inception_distance"], prc["precision"], prc["recall"]]"""


def _fidelity() -> Iterator[Parity]:
    one, other = _normal(150, 16, 3), _normal(150, 16, 4, 1.2, 0.1)
    theirs = venvs.evaluated(FIDELITY, _CALLS, [one.tolist(), other.tolist()])
    near = neighbours.fidelity(one, other, 3)
    ours = (
        ("kernel inception distance", distances.kernel_inception_distance(one, other), "kernel_mmd, poly", 1e-9, "one subset: all rows"),
        ("squared MMD, Gaussian kernel", distances.mmd2(one, other, kernels.gaussian(4.0)), "kernel_mmd, rbf", 1e-9, ""),
        ("Fréchet distance", frechet.frechet_distance(one, other), "fid_statistics_to_metric", 1e-9, ""),
        ("precision, k = 3", near.precision, "prc_features_to_metric", 1e-7, "single precision"),
        ("recall, k = 3", near.recall, "prc_features_to_metric", 1e-7, "single precision"),
    )
    for (metric, mine, call, tolerance, note), other_s in zip(ours, theirs, strict=True):
        yield Parity(metric, "150 and 150 normal rows of 16", mine, other_s, FIDELITY, call, tolerance, note)


_CURVES = """import numpy as np
from mauve.compute_mauve import compute_area_under_curve, get_divergence_curve_for_multinomials
weights, found = np.linspace(1e-6, 1 - 1e-6, 25), []
for one, other, added in given:
    p, q = (np.array(each) + added for each in (one, other))
    curve = get_divergence_curve_for_multinomials(p / p.sum(), q / q.sum(), weights, 5)
    x, y = curve[np.lexsort((-curve[:, 1], curve[:, 0]))].T
    found.append([curve.tolist(), float(compute_area_under_curve(x, y))])"""


def _counts() -> Iterator[tuple[str, list[int], list[int], float]]:
    """Yield histograms by name: one that is alike, some that are not, empty bins, no bin in common; and what is added to each."""
    rng = np.random.default_rng(0)
    many = rng.multinomial(2000, rng.dirichlet(np.ones(129))), rng.multinomial(1500, rng.dirichlet(np.ones(129)))
    yield "129 bins, half a count added", many[0].tolist(), many[1].tolist(), 0.5
    yield "129 bins, nothing added", many[0].tolist(), many[1].tolist(), 0.0
    yield "5 bins, two of them empty on a side, half a count added", [7, 0, 3, 9, 1], [1, 4, 0, 9, 6], 0.5
    yield "5 bins, two of them empty on a side, nothing added", [7, 0, 3, 9, 1], [1, 4, 0, 9, 6], 0.0
    yield "5 bins, none in common, nothing added", [3, 4, 0, 0, 0], [0, 0, 5, 1, 1], 0.0
    yield "the same 5 bins twice", [7, 2, 3, 9, 1], [7, 2, 3, 9, 1], 0.0


def _curves() -> Iterator[Parity]:
    cases = list(_counts())
    theirs = venvs.evaluated(MAUVE, _CURVES, [case[1:] for case in cases])
    for (given, one, other, added), (curve, area) in zip(cases, theirs, strict=True):
        ours = mauve.divergence_curve(one, other, added)
        gap = float(np.abs(np.stack(ours, axis=1) - np.array(curve)).max())
        call, note = "get_divergence_curve_for_multinomials", "greatest difference of a coordinate of the 27 points"
        yield Parity("MAUVE, divergence curve", given, gap, 0.0, MAUVE, call, 1e-12, note)
        yield Parity("MAUVE, area", given, float(mauve.area_under(ours)), area, MAUVE, "compute_area_under_curve", 1e-12)


_SPREAD = """import numpy as np, torch
from torch_fidelity.metric_kid import kid_features_to_metric
said, means = [], []
for seed in range(given):
    rng = np.random.default_rng(seed)
    one, other = (torch.tensor(rng.normal(size=(400, 8))) for _ in range(2))
    got = kid_features_to_metric(one, other, kid_subsets=50, kid_subset_size=100, kid_kernel="poly", kid_kernel_poly_degree=3,
                                 kid_kernel_poly_gamma=None, kid_kernel_poly_coef0=1, rng_seed=2020, verbose=False)
    said.append(got["kernel_inception_distance_std"])
    means.append(got["kernel_inception_distance_mean"])
found = [float(np.mean(said)), float(np.std(means))]"""


def defects() -> Iterator[Defect]:
    """Yield what packages for features get wrong, or leave to be misread."""
    yield from _of_neighbours()
    yield from _of_vendi()
    yield from _of_authenticity()
    said, true = venvs.evaluated(FIDELITY, _SPREAD, 30)
    yield Defect(
        "kernel inception distance, its spread", FIDELITY, "kid_features_to_metric", "two samples of one law, 30 times 400 rows of 8",
        f"± {said:.3g}, where the number it stands beside varies by {true:.3g}",
        "a p-value by permutation of groups of documents, and a jackknife over them",
        "it is the spread over subsets of one sample, set by their size, and no standard error",
    )  # fmt: skip
    yield from _of_mauve()


_BUCKETS = """import numpy as np
from mauve import compute_mauve
one, other = (np.array(each, np.float32) for each in given)
def told(field, **settings):
    return float(getattr(compute_mauve(one, other, **settings), field))
found = dict(buckets=[told("mauve", num_buckets=count) for count in (5, 20, 80)], seeds=[told("mauve", seed=seed) for seed in range(10)],
             starred=[told("mauve_star", num_buckets=count) for count in (5, 20, 80)])"""


def _of_mauve() -> Iterator[Defect]:
    one, other = _normal(400, 8, 11), _normal(400, 8, 12)
    theirs = venvs.evaluated(MAUVE, _BUCKETS, [one.tolist(), other.tolist()])
    given = "two samples of one law, 400 rows of 8"
    ours = "a number beside what it comes to over relabellings in the same regions, which half A of the reference fixed"
    buckets, starred = (", ".join(f"{each:.3f}" for each in theirs[name]) for name in ("buckets", "starred"))
    yield Defect(
        "MAUVE and the number of buckets", MAUVE, "compute_mauve(num_buckets=5, 20, 80)", given, f"{buckets}; mauve_star {starred}", ours,
        "the number falls with the buckets where nothing changed, and by default they are as many as a tenth of the rows",
    )  # fmt: skip
    yield Defect(
        "MAUVE and the seed", MAUVE, "compute_mauve(seed=0 to 9)", given, f"{min(theirs['seeds']):.3f} to {max(theirs['seeds']):.3f}", ours,
        "k-means is fitted on both samples together, anew for each comparison: the bins move with the seed and with the data",
    )  # fmt: skip


def _of_neighbours() -> Iterator[Defect]:
    constant = np.ones((50, 3))
    theirs, ours = _prdc(constant, constant), neighbours.fidelity(constant, constant)
    yield Defect(
        "precision, recall and coverage", "prdc", "compute_prdc", "constant data beside themselves",
        f"{theirs['precision']}, {theirs['recall']}, {theirs['coverage']}", f"{ours.precision}, {ours.recall}, {ours.coverage}",
        "a row on the border of a ball is left outside (`<`), so equal rows do not cover one another; clovaai/generative-evaluation-prdc#7",
    )  # fmt: skip
    one, other = np.round(_normal(400, 2, 1), 1), np.round(_normal(400, 2, 2), 1)
    yield Defect(
        "coverage of rounded data", "prdc", "compute_prdc", "two samples of one law, rounded to one place",
        f"{_prdc(one, other)['coverage']:.3f}", f"{neighbours.coverage(one, other):.3f}", "ties fall outside (`<`)",
    )  # fmt: skip
    real, made = _f6()
    yield Defect(
        "density", "prdc", "compute_prdc", "a sample shrunk to half", f"{_prdc(real, made / 2)['density']:.3f}, as if better than real",
        f"{neighbours.corrected_coverage(real, made / 2):.3f} (corrected coverage)",
        "it has no upper limit and rises where a sample gathers in the middle; clovaai/generative-evaluation-prdc#11. "
        "We give it beside what it comes to where nothing changed, 1, and judge by nothing that rises with loss",
    )  # fmt: skip
    collapsed = np.vstack([_normal(194, 4, 3, 0.01), _normal(6, 4, 4, 60.0)])
    yield Defect(
        "recall", "prdc", "compute_prdc", "194 rows in one point and 6 far out, beside 200 normal rows",
        f"{_prdc(real, collapsed)['recall']:.3f}", f"{neighbours.corrected_coverage(real, collapsed):.3f} (corrected coverage)",
        "the radii are those of the made rows, so that a few outliers cover everything",
    )  # fmt: skip
    yield Defect(
        "precision and recall", FIDELITY, "prc_features_to_metric before 0.4.0", "a model of one mode, as reported, not run here",
        "precision 0.00004, recall 0.99", f"{neighbours.fidelity(real, _normal(200, 4, 3, 0.01)).precision:.3f} and "
        f"{neighbours.fidelity(real, _normal(200, 4, 3, 0.01)).recall:.3f}",
        "the two were swapped until release 0.4.0; toshas/torch-fidelity#58",
    )  # fmt: skip


def _of_authenticity() -> Iterator[Defect]:
    from sklearn.neighbors import NearestNeighbors

    real = _normal(200, 4, 0)
    made = np.vstack([real[:100] + 1e-6, _normal(100, 4, 1)])
    reach, at = (found[:, 0] for found in NearestNeighbors(n_neighbors=1).fit(made).kneighbors(real))
    own = NearestNeighbors(n_neighbors=2).fit(real).kneighbors(real)[0][:, 1]
    yield Defect(
        "authenticity", "synthcity", "AlphaPrecision (its formula from the source of 0.2.12; not run here)",
        "200 real rows; 100 copies of them and 100 new rows", f"{float((own[at] < reach).mean()):.3f}", neighbours.authenticity(real, made),
        "distances between real rows are looked up by the number of a made row, and the mean is over real rows; "
        "ahmedmalaa/evaluating-generative-models#4",
    )  # fmt: skip


def _of_vendi() -> Iterator[Defect]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        from vendi_score import vendi

        rows = _normal(50, 8, 0)
        theirs = float(vendi.score_X(rows, q=2))
        try:
            said = str(vendi.intdiv_X(rows))
        except TypeError as error:
            said = f"TypeError: {error}"
    yield Defect(
        "Vendi score of order 2", "vendi-score", "score_X(X, q=2)", "50 normal rows of 8", f"{theirs:.6f}", spectra.vendi(rows, 2.0),
        "`q` is not passed on: the score of order 1 comes back",
    )  # fmt: skip
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    yield Defect(
        "internal diversity", "vendi-score", "intdiv_X(X)", "50 normal rows of 8", said, 1 - float((unit @ unit.T).mean()),
        "it calls another function than the one for a kernel",
    )  # fmt: skip
