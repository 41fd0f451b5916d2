"""Benchmarks: figures with their machine, against peers in the same run."""
