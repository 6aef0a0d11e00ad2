"""Estimators and tests as pure functions of counts: coverage, richness, Hill numbers, rarefaction, jackknife, permutation."""
