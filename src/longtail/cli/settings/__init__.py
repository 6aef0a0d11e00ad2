"""Settings from a file, from the environment and from a profile, below what the command line says."""
