"""Recovery done and proved: the next training set with real data put back, and whether the tail came back."""
