"""Pure functions over frames: one question per file."""
