"""Images: autoencoders and diffusion models of handwritten digits, for what a loop does to classes and to variety.

Everything is measured on images that a model writes (`DRAWS` of them for each replicate) or on held-out real images.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar, Literal, NamedTuple

import numpy
from numpy.typing import NDArray

from longtail.errors import ConfigError
from longtail.gates import Bound
from longtail.lab.learner import Flags, Floats, Rows
from longtail.lab.learners.catalogue import FAMILIES
from longtail.lab.learners.torch import diffusion as chains
from longtail.lab.learners.torch import vae as networks
from longtail.lab.learners.torch.digits import PIXELS, Images, digits, drawn
from longtail.lab.learners.torch.door import Device, device_of, need
from longtail.lab.rows import drawn as taken_rows
from longtail.lab.rows import rewritten

DRAWS = 1000
ALIVE = 0.1
TOGETHER = 32
NUMBERS = 8_000_000
"""Pixels held for the training sets of a block."""


class Painter(NamedTuple):
    """Fitted models, and those of the first generation of the same lineages, which stay a fixed measure."""

    weights: networks.Weights
    first: networks.Weights


class Pictures(ABC):
    """Models of digits; data are grey values from 0 to 1, (replicates, rows, 64).

    Series: `heldout_nll`, nats for a held-out image, an upper bound (the negative ELBO), with `common_nll` and `rare_nll`
    of the commoner and the rarer five digits; `variance`, summed over pixels; `effective_rank`, exp of the entropy of the
    covariance's spectrum (Roy and Vetterli, EUSIPCO 2007); `distance` from a written image to the nearest held-out one;
    `recognised`, the share of written images as near to a held-out one as 99 of 100 real images are; `classes_alive`,
    classes whose share is a tenth of the real one or more; `class_share`, the share of the rarest class over its real
    share.

    A fixed labeller that has learnt from the held-out part tells the classes of recognised images, of real ones too, so
    that its errors are in both shares. Without the limit a blurred mean of all digits would count as a nine.
    """

    family: ClassVar[str]
    series: ClassVar[tuple[str, ...]] = (
        "heldout_nll",
        "common_nll",
        "rare_nll",
        "variance",
        "effective_rank",
        "classes_alive",
        "class_share",
        "distance",
        "recognised",
    )
    gates: ClassVar[frozenset[str]] = frozenset()
    uneven: ClassVar[bool] = False

    def __init__(self, imbalance: float, device: Device) -> None:
        need(f"the family {self.family}")
        self.device = device_of(device)
        self.digits = digits(imbalance)

    @abstractmethod
    def trained(self, data: Images, rng: numpy.random.Generator) -> networks.Weights:
        """Return weights trained from scratch on images of (replicates, rows, 64)."""

    @abstractmethod
    def written(self, weights: networks.Weights, rows: int, rng: numpy.random.Generator) -> Images:
        """Return images that models write: (replicates, rows, 64)."""

    @abstractmethod
    def bounds(self, weights: networks.Weights, rng: numpy.random.Generator) -> Floats:
        """Return upper bounds of −log p of the held-out images: nats, (replicates, held)."""

    def together(self, rows: int) -> int:
        """Return how many replicates are simulated side by side."""
        return max(1, min(TOGETHER, NUMBERS // (rows * PIXELS)))

    def real(self, replicates: int, rows: Rows, rng: numpy.random.Generator, taken: int) -> Images:
        """Return real images, none of them twice in a lineage; which ones depends on the replicate's place alone.

        Raises:
            UsageError: There are not as many real images.
        """
        return drawn(self.digits, replicates, self._whole(rows), taken)

    def sample(self, model: Painter, rows: Rows, rng: numpy.random.Generator, gate: Bound | None = None) -> Images:
        """Return images that the models write."""
        return self.written(model.weights, self._whole(rows), rng)

    def join(self, parts: Sequence[tuple[Images, float]]) -> Images:
        """Return the images of all parts.

        Raises:
            ConfigError: A weight is not 1; images count once each.
        """
        if any(weight != 1 for _, weight in parts):
            raise ConfigError(f"{self.family}: images count once each; take a policy without weights, such as fresh:0.5")
        return numpy.concatenate([images for images, _ in parts], axis=1)

    def take(self, data: Images, rows: int, rng: numpy.random.Generator) -> Images:
        """Return images drawn without replacement."""
        return taken_rows(data, rows, rng)

    def edit(self, data: Images, model: Painter, rows: int, rng: numpy.random.Generator) -> Images:
        """Return the images, `rows` of them at random replaced by what the models write."""
        return rewritten(data, self.sample(model, rows, rng), rng)

    def fit(self, data: Images, before: Painter | None, rng: numpy.random.Generator) -> Painter:
        """Return models trained from scratch; of `before` they keep the first generation's models."""
        weights = self.trained(data, rng)
        return Painter(weights, weights if before is None else before.first)

    def alive(self, model: Painter) -> Flags:
        """Tell that every model can still change: it is trained from new weights each time."""
        return numpy.ones(len(model.weights[0]), dtype=bool)

    def measure(self, model: Painter, wanted: frozenset[str], rng: numpy.random.Generator) -> dict[str, Floats]:
        """Return the series that are wanted."""
        return self._measured(model, self.written(model.weights, DRAWS, rng), wanted, rng)

    def _measured(self, model: Painter, images: Images, wanted: frozenset[str], rng: numpy.random.Generator) -> dict[str, Floats]:
        found: dict[str, Floats] = {}
        if wanted & {"heldout_nll", "common_nll", "rare_nll"}:
            found |= self._likelihoods(self.bounds(model.weights, rng))
        if wanted & {"classes_alive", "class_share", "distance", "recognised"}:
            found |= self._classes(images)
        single: Mapping[str, Callable[[Images], float]] = {"variance": _variance, "effective_rank": _rank}
        return found | {name: numpy.array([call(each) for each in images]) for name, call in single.items() if name in wanted}

    def _likelihoods(self, bounds: Floats) -> dict[str, Floats]:
        weights, common = self.digits.weights, self.digits.common()
        parts = {"heldout_nll": weights, "common_nll": weights * common, "rare_nll": weights * ~common}
        return {name: bounds @ part / part.sum() for name, part in parts.items()}

    def _classes(self, images: Images) -> dict[str, Floats]:
        distances = numpy.stack([self.digits.distances(each) for each in images])
        shares = numpy.stack([self.digits.shares(each, far) for each, far in zip(images, distances, strict=True)])
        kept = shares / self.digits.labelled
        return {
            "classes_alive": (kept >= ALIVE).sum(axis=1).astype(numpy.float64),
            "class_share": kept[:, int(self.digits.labelled.argmin())],
            "distance": distances.mean(axis=1),
            "recognised": shares.sum(axis=1),
        }

    def _whole(self, rows: Rows) -> int:
        if not isinstance(rows, int):
            raise ConfigError(f"{self.family}: images are written in equal numbers for each replicate")
        return rows


class Autoencoders(Pictures):
    """Variational autoencoders.

    One more series: `latent_spread`, root of the mean variance of the latent means that the first generation's encoder
    gives to what is written (as Shumailov et al. show for their autoencoder).
    """

    family: ClassVar[str] = "vae"
    series: ClassVar[tuple[str, ...]] = (*Pictures.series, "latent_spread")

    def __init__(self, shape: networks.Shape, imbalance: float, drawn: bool, device: Device) -> None:
        super().__init__(imbalance, device)
        self.shape, self.drawn = shape, drawn

    def trained(self, data: Images, rng: numpy.random.Generator) -> networks.Weights:
        """Return weights trained from scratch on images of (replicates, rows, 64)."""
        return networks.fitted(self.shape, data, self.device, rng)

    def written(self, weights: networks.Weights, rows: int, rng: numpy.random.Generator) -> Images:
        """Return images that models write: (replicates, rows, 64)."""
        return networks.written(weights, rows, self.drawn, rng)

    def bounds(self, weights: networks.Weights, rng: numpy.random.Generator) -> Floats:
        """Return upper bounds of −log p of the held-out images, with one latent draw each: nats, (replicates, held)."""
        return networks.bounds(weights, self.digits.held, rng)

    def _measured(self, model: Painter, images: Images, wanted: frozenset[str], rng: numpy.random.Generator) -> dict[str, Floats]:
        found = super()._measured(model, images, wanted, rng)
        if "latent_spread" in wanted:
            spread = networks.encoded(model.first, images).var(axis=1).mean(axis=1)
            found["latent_spread"] = numpy.sqrt(spread)
        return found


class Diffusions(Pictures):
    """Denoising diffusion models."""

    family: ClassVar[str] = "diffusion"

    def __init__(self, shape: chains.Shape, writing: chains.Writing, imbalance: float, device: Device) -> None:
        super().__init__(imbalance, device)
        self.shape, self.writing = shape, writing

    def trained(self, data: Images, rng: numpy.random.Generator) -> networks.Weights:
        """Return weights trained from scratch on images of (replicates, rows, 64)."""
        return chains.fitted(self.shape, data, self.device, rng)

    def written(self, weights: networks.Weights, rows: int, rng: numpy.random.Generator) -> Images:
        """Return images that models write: (replicates, rows, 64)."""
        return chains.written(weights, rows, self.writing, rng)

    def bounds(self, weights: networks.Weights, rng: numpy.random.Generator) -> Floats:
        """Return upper bounds of −log p of the held-out images, with one draw of noise a level: nats, (replicates, held)."""
        return chains.bounds(weights, self.digits.held, rng)


def _variance(images: Images) -> float:
    return float(images.var(axis=0, dtype=numpy.float64).sum())


def _rank(images: Images) -> float:
    """Return exp of the entropy of the spectrum of the covariance, from 1 to the number of pixels; NaN without variance."""
    spectrum: NDArray[numpy.float64] = numpy.maximum(numpy.linalg.eigvalsh(numpy.cov(images.T.astype(numpy.float64))), 0)
    if not spectrum.sum() > 0:
        return float("nan")
    shares = spectrum[spectrum > 0] / spectrum.sum()
    return float(numpy.exp(-(shares * numpy.log(shares)).sum()))


@FAMILIES.add(
    models="handwritten digits", cost="heavy", source="Kingma and Welling, arXiv:1312.6114; in a loop: Shumailov et al., arXiv:2305.17493"
)
def vae(
    rows: bool,
    *,
    latent: int = 8,
    hidden: int = 64,
    epochs: int = 30,
    batch: int = 64,
    step: float = 0.01,
    imbalance: float = 1.0,
    pixels: Literal["drawn", "mean"] = "drawn",
    device: Device = "auto",
) -> Autoencoders:
    """A variational autoencoder of the 8x8 digits of scikit-learn, trained from scratch in each generation.

    `imbalance` thins the real images of the digit c to the share imbalance^c; above 1 the zeros are the rarest. `pixels`
    tells whether grey levels are drawn from the model's law or written as their expectation. Every generation trains for
    `epochs` passes over its data, so a policy that keeps more rows trains longer; the policy `grown` trains as long as
    `accumulate`, without real data.

    Args:
        rows: Of no effect; images are always drawn.
        latent: Numbers that an image is reduced to.
        hidden: Width of the hidden layers.
        epochs: Passes over the training set.
        batch: Images that a step learns from.
        step: Greatest learning rate.
        imbalance: Thins real images of the digit c to the share imbalance^c; 1 for none.
        pixels: Grey levels drawn from the model's law, or their mean.
        device: Where training runs; "auto" takes a GPU where there is one.

    Raises:
        ConfigError: An option is out of range.
        MissingExtra: torch or scikit-learn is not installed.
    """
    _refuse("vae", imbalance, step, latent=latent, hidden=hidden, epochs=epochs, batch=batch)
    return Autoencoders(networks.Shape(latent, hidden, epochs, batch, step), imbalance, pixels == "drawn", device)


@FAMILIES.add(
    models="handwritten digits", cost="heavy", source="Ho et al., arXiv:2006.11239; in a loop: Alemohammad et al., arXiv:2307.01850"
)
def diffusion(
    rows: bool,
    *,
    levels: int = 40,
    hidden: int = 128,
    epochs: int = 150,
    batch: int = 64,
    step: float = 0.01,
    sampler: chains.Sampler = "ddpm",
    temperature: float = 1.0,
    imbalance: float = 1.0,
    device: Device = "auto",
) -> Diffusions:
    """A denoising diffusion model of the 8x8 digits of scikit-learn, trained from scratch in each generation.

    `levels` is how many levels of noise the images are hidden in. `sampler` and `temperature` tell how images are
    written: "ddpm" at temperature 1 draws from the model's law; "ddim" draws the first noise alone; a temperature below 1
    scales all noise down, the usual trade of variety for quality. `heldout_nll` is that of the model's law, whichever
    the sampler. `imbalance` thins the real images of the digit c to the share imbalance^c; above 1 the zeros are the
    rarest. Every generation trains for `epochs` passes over its data.

    Args:
        rows: Of no effect; images are always drawn.
        levels: Levels of noise that the images are hidden in.
        hidden: Width of the hidden layers.
        epochs: Passes over the training set.
        batch: Images that a step learns from.
        step: Greatest learning rate.
        sampler: "ddpm" draws from the model's law; "ddim" draws the first noise alone.
        temperature: Factor of all noise in sampling.
        imbalance: Thins real images of the digit c to the share imbalance^c; 1 for none.
        device: Where training runs; "auto" takes a GPU where there is one.

    Raises:
        ConfigError: An option is out of range.
        MissingExtra: torch or scikit-learn is not installed.
    """
    _refuse("diffusion", imbalance, step, hidden=hidden, epochs=epochs, batch=batch)
    for name, value, holds, wanted in (
        ("levels", levels, 2 <= levels <= 1000, "a whole number from 2 to 1000"),
        ("temperature", temperature, 0 < temperature <= 2, "a number above 0, up to 2"),
    ):
        if not holds:
            raise ConfigError(f"diffusion: {name} is {value!r}; take {wanted}")
    shape, writing = chains.Shape(levels, hidden, epochs, batch, step), chains.Writing(sampler, temperature)
    return Diffusions(shape, writing, imbalance, device)


def _refuse(family: str, imbalance: float, step: float, **counts: int) -> None:
    for name, value, holds, wanted in (
        *((name, count, count >= 1, "a whole number from 1 up") for name, count in counts.items()),
        ("step", step, 0 < step <= 1, "a number above 0, up to 1"),
        ("imbalance", imbalance, 0.5 <= imbalance <= 2, "a number from 0.5 to 2"),
    ):
        if not holds:
            raise ConfigError(f"{family}: {name} is {value!r}; take {wanted}")
