"""What a diagnosis says of lineages whose laws are known: phase, onset, entry, recovery, beside the truth."""
