"""One file for each page family."""
