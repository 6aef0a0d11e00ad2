"""Variational autoencoders of images, one for each replicate, trained side by side by batched matrix products.

Encoder: pixels → `hidden` (ReLU) → mean and log-variance of `latent` normal coordinates. Decoder: latent → `hidden`
(ReLU) → a probability p for each pixel, whose grey level is binomial(16, p); so likelihoods are of grey levels, in nats
for an image, and can be compared between models. Kingma and Welling, Auto-Encoding Variational Bayes, arXiv:1312.6114.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy
from numpy.typing import NDArray

from longtail.lab.learners.torch.chance import batches, normal
from longtail.lab.learners.torch.digits import LEVELS, PIXELS, Images
from longtail.lab.learners.torch.door import functional, steady, torch

Weights = tuple[Any, ...]
"""Tensors of all layers, each with the replicates as its first axis."""


class Shape(NamedTuple):
    """What a model looks like and how it is trained: Adam, its step falling along a half cosine to 0."""

    latent: int
    hidden: int
    epochs: int
    batch: int
    step: float


def fitted(shape: Shape, images: Images, device: Any, rng: numpy.random.Generator) -> Weights:
    """Return weights trained from scratch on images of (replicates, rows, 64)."""
    with steady():
        weights = tuple(torch.from_numpy(each).to(device).requires_grad_() for each in _initial(shape, len(images), rng))
        data = torch.from_numpy(images).to(device)
        optimiser = torch.optim.Adam(weights, lr=shape.step)
        count = shape.epochs * -(-images.shape[1] // shape.batch)
        falling = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, count)
        for places in batches(shape.epochs, shape.batch, images.shape[:2], rng):
            batch = torch.take_along_dim(data, torch.from_numpy(places)[:, :, None].to(device), dim=1)
            noise = normal((*places.shape, shape.latent), device, rng)
            optimiser.zero_grad()
            loss = _bounds(weights, batch, noise).mean(dim=1).sum()
            loss.backward()
            optimiser.step()
            falling.step()
    return tuple(each.detach() for each in weights)


def bounds(weights: Weights, images: Images, rng: numpy.random.Generator) -> NDArray[numpy.float64]:
    """Return upper bounds of −log p(image), the negative ELBO with one latent draw each: nats, (replicates, images).

    Args:
        weights: Fitted models.
        images: Images that all of the models are asked about, (images, 64).
        rng: Source of chance.
    """
    with steady(), torch.no_grad():
        device = weights[0].device
        data = torch.from_numpy(images).to(device).expand(len(weights[0]), *images.shape)
        noise = normal((*data.shape[:2], weights[4].shape[1]), device, rng)
        return numpy.asarray(_bounds(weights, data, noise).cpu().numpy(), dtype=numpy.float64)


def written(weights: Weights, rows: int, drawn: bool, rng: numpy.random.Generator) -> Images:
    """Return images written by each model: (replicates, rows, 64).

    Args:
        weights: Fitted models.
        rows: Images for each replicate.
        drawn: True draws grey levels from the model's law; False writes their expectation, a smooth image.
        rng: Source of chance.
    """
    with steady(), torch.no_grad():
        device = weights[0].device
        logits = _decoded(weights, normal((len(weights[0]), rows, weights[4].shape[1]), device, rng))
        expected = torch.sigmoid(logits).cpu().numpy()
    if not drawn:
        return numpy.asarray(expected)
    return numpy.asarray(rng.binomial(LEVELS, expected) / LEVELS, dtype=numpy.float32)


def encoded(weights: Weights, images: Images) -> NDArray[numpy.float64]:
    """Return the means of the latent coordinates of images: (replicates, rows, 64) to (replicates, rows, latent)."""
    with steady(), torch.no_grad():
        mean, _ = _encoded(weights, torch.from_numpy(images).to(weights[0].device))
        return numpy.asarray(mean.cpu().numpy(), dtype=numpy.float64)


def _initial(shape: Shape, replicates: int, rng: numpy.random.Generator) -> Iterator[NDArray[numpy.float32]]:
    """Yield a matrix and a row of biases for each layer; He et al., arXiv:1502.01852."""
    sizes = (PIXELS, shape.hidden), (shape.hidden, 2 * shape.latent), (shape.latent, shape.hidden), (shape.hidden, PIXELS)
    for (enter, leave), gain in zip(sizes, (2.0, 1.0, 2.0, 1.0), strict=True):
        matrix = rng.standard_normal((replicates, enter, leave), dtype=numpy.float32)
        yield matrix * numpy.float32((gain / enter) ** 0.5)
        yield numpy.zeros((replicates, 1, leave), dtype=numpy.float32)


def _encoded(weights: Weights, images: Any) -> tuple[Any, Any]:
    hidden = torch.relu(torch.baddbmm(weights[1], images, weights[0]))
    mean, log_variance = torch.baddbmm(weights[3], hidden, weights[2]).chunk(2, dim=2)
    return mean, log_variance


def _decoded(weights: Weights, latent: Any) -> Any:
    hidden = torch.relu(torch.baddbmm(weights[5], latent, weights[4]))
    return torch.baddbmm(weights[7], hidden, weights[6])


def _bounds(weights: Weights, images: Any, noise: Any) -> Any:
    """Return −ELBO of each image: KL divergence from the prior, less the log likelihood of its grey levels."""
    mean, log_variance = _encoded(weights, images)
    logits = _decoded(weights, mean + torch.exp(log_variance / 2) * noise)
    levels = LEVELS * images
    ways = torch.lgamma(torch.tensor(LEVELS + 1.0)) - torch.lgamma(levels + 1) - torch.lgamma(LEVELS - levels + 1)
    likelihood = ways + levels * logits - LEVELS * functional.softplus(logits)
    divergence = (mean**2 + torch.exp(log_variance) - log_variance - 1) / 2
    return divergence.sum(dim=2) - likelihood.sum(dim=2)
