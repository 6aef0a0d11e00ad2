"""Our numbers beside those of independent packages: `python -m bench.parity`."""
