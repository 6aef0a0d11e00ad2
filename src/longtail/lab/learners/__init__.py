"""Families: each file holds a learner; all of them keep the contract of `longtail.lab.learner`."""

from longtail.lab.learners import bernoulli, categorical, gaussian_rows, gmm, images, kde, poisson, regression, text
from longtail.lab.learners.catalogue import FAMILIES, make

__all__ = ["FAMILIES", "bernoulli", "categorical", "gaussian_rows", "gmm", "images", "kde", "make", "poisson", "regression", "text"]
