"""What a program reads: one module for each format."""
