"""ANSI X12 in and out as columns. Knows nothing of therapy."""
