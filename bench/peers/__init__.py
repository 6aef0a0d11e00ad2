"""Metrics against peers: the same input, a process of its own each, one thread: `python -m bench.peers`."""
