"""Mathematics of features: neighbours, kernels, spectra and distances of plain float arrays, one row a document."""
