"""One verb, one file: what the two doors call."""
