"""Views: how a document becomes types with counts. Keys, cells and hashes are in `keys`; hot loops in `_kernels`."""
