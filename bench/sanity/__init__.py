"""Published sanity checks for measures of fidelity and diversity, run on ours: `python -m bench.sanity`.

The checks are those of Räisä, van Breugel and van der Schaar 2025 (ICML, "Position: all current generative fidelity and
diversity metrics are flawed"), whose repository DPBayes/position-fidelity-diversity-metrics-flawed states the settings. Laws,
settings and thresholds are theirs; the code is ours.
"""
