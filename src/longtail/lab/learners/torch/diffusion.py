"""Denoising diffusion models of images, one for each replicate, trained side by side by batched matrix products.

An image x, less the mean of its training set and in units of a quarter of the grey scale, is hidden in normal noise of
T levels along a cosine schedule; a network of two hidden layers (SiLU), which is told the level, predicts
v = √ᾱ ε − √(1−ᾱ) x. Ho et al., arXiv:2006.11239; schedule: Nichol and Dhariwal, arXiv:2102.09672; v: Salimans and Ho,
arXiv:2202.00512.

Grey levels need no dequantisation: the last step of the chain is a normal law that is rounded to the nearest of the 17
levels, as in Ho et al., so the model is a law of grey levels and its bound is in nats for an image, as the VAE's is. The
variances of the reverse steps, one for each pixel, are those that fit best: they follow from the mean squared error of
the fitted network (Bao et al., arXiv:2201.06503 and 2206.07309), so that a chain of few steps is no narrower for it.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Literal, NamedTuple, TypeAlias

import numpy
from numpy.typing import NDArray

from longtail.lab.learners.torch.chance import batches, normal
from longtail.lab.learners.torch.digits import LEVELS, PIXELS, Images
from longtail.lab.learners.torch.door import functional, steady, torch

Weights = tuple[Any, ...]
"""Tensors of all layers, the mean of the training set, and the squared errors at all noise levels; replicates first."""
Sampler: TypeAlias = Literal["ddpm", "ddim"]
Floats: TypeAlias = NDArray[numpy.float64]

WAVES = 8
"""Sines, and cosines, that tell the network the noise level."""
FAINTEST = 0.1
"""Standard deviation of the least noise, 0.4 grey levels: below it a network would have to learn that there are levels."""
MOST = 0.999
"""Share of the variance that one step may renew; the last would renew all (Nichol and Dhariwal)."""
JUDGED = 256
"""Images of the training set, for each replicate, whose errors set the variances of the reverse steps."""
UNIT = 0.25
"""Grey value that counts as 1: about the standard deviation of a pixel."""
LEAST = (0.125 / LEVELS / UNIT) ** 2
"""Least squared error that is believed: a standard deviation of an eighth of a grey level."""


class Shape(NamedTuple):
    """What a model looks like and how it is trained: Adam, its step falling along a half cosine to 0."""

    levels: int
    hidden: int
    epochs: int
    batch: int
    step: float


class Writing(NamedTuple):
    """How images are written.

    Args:
        sampler: "ddpm" draws every reverse step from the model's law; "ddim" is deterministic after the first noise (Song
            et al., arXiv:2010.02502).
        temperature: Factor on the standard deviation of all noise that is drawn; 1 is the model's law.
    """

    sampler: Sampler
    temperature: float


class Schedule(NamedTuple):
    """Constants of each noise level t = 1 … T, arrays of (T,).

    Args:
        kept: ᾱ_t, the share of the image in the variance.
        before: ᾱ_{t−1}.
        image: Weight of the image in the mean of q(x_{t−1} | x_t, x).
        noisy: Weight of x_t in that mean.
        spread: Variance of q(x_{t−1} | x_t, x); 0 at t = 1.
        told: What the network is told of the level, (T, 2 · WAVES).
    """

    kept: Floats
    before: Floats
    image: Floats
    noisy: Floats
    spread: Floats
    told: NDArray[numpy.float32]


@lru_cache(maxsize=8)
def schedule(levels: int) -> Schedule:
    """Return the cosine schedule of a number of noise levels."""
    squares = numpy.concatenate([[1.0], numpy.cos(numpy.linspace(numpy.arcsin(FAINTEST), numpy.pi / 2, levels)) ** 2])
    added = numpy.minimum(1 - squares[1:] / squares[:-1], MOST)
    kept = numpy.cumprod(1 - added)
    before = numpy.concatenate([[1.0], kept[:-1]])
    waves = 2.0 ** numpy.arange(WAVES) * numpy.arange(1, levels + 1)[:, None] / levels * numpy.pi / 2
    return Schedule(
        kept=kept,
        before=before,
        image=numpy.sqrt(before) * added / (1 - kept),
        noisy=numpy.sqrt(1 - added) * (1 - before) / (1 - kept),
        spread=added * (1 - before) / (1 - kept),
        told=numpy.concatenate([numpy.sin(waves), numpy.cos(waves)], axis=1).astype(numpy.float32),
    )


def fitted(shape: Shape, images: Images, device: Any, rng: numpy.random.Generator) -> Weights:
    """Return weights trained from scratch on images of (replicates, rows, 64), and the errors left at each noise level."""
    with steady():
        weights = tuple(torch.from_numpy(each).to(device).requires_grad_() for each in _initial(shape, len(images), rng))
        greys = torch.from_numpy(images).to(device)
        centre = greys.mean(dim=1, keepdim=True)
        data = (greys - centre) / UNIT
        optimiser = torch.optim.Adam(weights, lr=shape.step, fused=True)
        falling = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, shape.epochs * -(-images.shape[1] // shape.batch))
        for places in batches(shape.epochs, shape.batch, images.shape[:2], rng):
            batch = torch.take_along_dim(data, torch.from_numpy(places)[:, :, None].to(device), dim=1)
            optimiser.zero_grad()
            _loss(shape.levels, weights, batch, rng).backward()
            optimiser.step()
            falling.step()
        trained = (*(each.detach() for each in weights), centre)
        return (*trained, _errors(shape.levels, trained, data[:, :JUDGED], rng))


def bounds(weights: Weights, images: Images, rng: numpy.random.Generator) -> Floats:
    """Return upper bounds of −log p(image), with one draw of noise at each level: nats, (replicates, images).

    The variational bound of Ho et al., equation 5: the divergence of the last noise from the normal law, that of every
    reverse step from the true one, and −log of the rounded normal law of grey levels at the end.

    Args:
        weights: Fitted models.
        images: Images that all of the models are asked about, (images, 64).
        rng: Source of chance.
    """
    *_, centre, errors = weights
    with steady(), torch.no_grad():
        greys = torch.from_numpy(images).to(errors.device)
        data = (greys - centre) / UNIT
        plan = schedule(errors.shape[1])
        left = float(plan.kept[-1])
        total = (left * data.double() ** 2 - left - numpy.log1p(-left)).sum(dim=2) / 2
        for level in reversed(range(len(plan.kept))):
            clean = _cleaned(weights, _noised(plan, level, data, rng), level)
            gap, error = (data - clean).double(), errors[:, level, None].double()
            if level == 0:
                total -= _rounded(gap, greys, error).sum(dim=2)
                continue
            ratio = 1 + float(plan.image[level] ** 2 / plan.spread[level]) * error
            moved = float(plan.image[level] ** 2 / plan.spread[level]) * gap**2 / ratio
            total += (torch.log(ratio) + 1 / ratio - 1 + moved).sum(dim=2) / 2
        return numpy.asarray(total.cpu().numpy(), dtype=numpy.float64)


def written(weights: Weights, rows: int, writing: Writing, rng: numpy.random.Generator) -> Images:
    """Return images written by each model, in steps of a grey level from 0 to 1: (replicates, rows, 64)."""
    *_, centre, errors = weights
    factor = writing.temperature
    with steady(), torch.no_grad():
        plan = schedule(errors.shape[1])
        size = (len(errors), rows, PIXELS)
        noisy = factor * normal(size, errors.device, rng)
        for level in reversed(range(len(plan.kept))):
            clean = _cleaned(weights, noisy, level)
            if writing.sampler == "ddim":
                kept, before = float(plan.kept[level]), float(plan.before[level])
                noise = (noisy - kept**0.5 * clean) / (1 - kept) ** 0.5
                noisy = before**0.5 * clean + (1 - before) ** 0.5 * noise
            else:
                variance = float(plan.spread[level]) + float(plan.image[level]) ** 2 * errors[:, level, None]
                noise = torch.sqrt(variance) * normal(size, errors.device, rng)
                noisy = float(plan.image[level]) * clean + float(plan.noisy[level]) * noisy + factor * noise
        greys = torch.round((centre + UNIT * noisy) * LEVELS).clamp(0, LEVELS) / LEVELS
        return numpy.asarray(greys.cpu().numpy())


def _initial(shape: Shape, replicates: int, rng: numpy.random.Generator) -> Iterator[NDArray[numpy.float32]]:
    """Yield a matrix and a row of biases for each layer; the last matrix is 0, so that v starts as 0."""
    for enter, leave, gain in ((PIXELS, shape.hidden, 2.0), (shape.hidden, shape.hidden, 2.0), (shape.hidden, PIXELS, 0.0)):
        size = (replicates, enter + 2 * WAVES, leave)
        yield rng.standard_normal(size, dtype=numpy.float32) * numpy.float32((gain / size[1]) ** 0.5)
        yield numpy.zeros((replicates, 1, leave), dtype=numpy.float32)


def _predicted(weights: Weights, noisy: Any, told: Any) -> Any:
    """Return v for images of (replicates, rows, 64); `told` is (rows, 2 · WAVES)."""
    told = told.expand(len(noisy), *told.shape)
    found = torch.baddbmm(weights[1], torch.cat([noisy, told], dim=2), weights[0])
    for layer in (2, 4):
        found = torch.baddbmm(weights[layer + 1], torch.cat([functional.silu(found), told], dim=2), weights[layer])
    return found


def _loss(levels: int, weights: Weights, batch: Any, rng: numpy.random.Generator) -> Any:
    """Return the mean squared error of v, summed over replicates; noise levels are spread evenly over a batch."""
    plan, rows = schedule(levels), batch.shape[1]
    level = ((numpy.arange(rows) + rng.random()) / rows * levels).astype(numpy.int64)
    kept = torch.from_numpy(plan.kept[level].astype(numpy.float32)).to(batch.device)[:, None]
    told = torch.from_numpy(plan.told[level]).to(batch.device)
    noise = normal(tuple(batch.shape), batch.device, rng)
    image, hiding = torch.sqrt(kept), torch.sqrt(1 - kept)
    missed = _predicted(weights, image * batch + hiding * noise, told) - (image * noise - hiding * batch)
    return (missed**2).mean(dim=(1, 2)).sum()


def _noised(plan: Schedule, level: int, data: Any, rng: numpy.random.Generator) -> Any:
    kept = float(plan.kept[level])
    return kept**0.5 * data + (1 - kept) ** 0.5 * normal(tuple(data.shape), data.device, rng)


def _cleaned(weights: Weights, noisy: Any, level: int) -> Any:
    """Return the image that the network sees in noisy images of one level, within black and white."""
    plan = schedule(weights[-1].shape[1])
    kept = float(plan.kept[level])
    told = torch.from_numpy(plan.told[level]).to(noisy.device).expand(noisy.shape[1], 2 * WAVES)
    clean = kept**0.5 * noisy - (1 - kept) ** 0.5 * _predicted(weights, noisy, told)
    centre = weights[-2]
    return torch.clamp(clean, -centre / UNIT, (1 - centre) / UNIT)


def _errors(levels: int, weights: Weights, data: Any, rng: numpy.random.Generator) -> Any:
    """Return the mean squared error of the predicted image at each noise level: (replicates, T)."""
    plan = schedule(levels)
    whole = (*weights, torch.zeros(len(data), levels))
    with torch.no_grad():
        gaps = [data - _cleaned(whole, _noised(plan, level, data, rng), level) for level in range(levels)]
        return torch.stack([(gap**2).mean(dim=1) for gap in gaps], dim=1).clamp(min=LEAST)


def _rounded(gap: Any, greys: Any, variance: Any) -> Any:
    """Return log of what a normal law, rounded to grey levels, gives to the level that lies `gap` above its mean."""
    scale = torch.sqrt(variance)
    half = 0.5 / LEVELS / UNIT
    low = torch.where(greys <= 0, -torch.inf, (gap - half) / scale)
    high = torch.where(greys >= 1, torch.inf, (gap + half) / scale)
    flip = low + high > 0
    low, high = torch.where(flip, -high, low), torch.where(flip, -low, high)
    above, below = torch.special.log_ndtr(high), torch.special.log_ndtr(low)
    return above + torch.log1p(-torch.exp(below - above))
