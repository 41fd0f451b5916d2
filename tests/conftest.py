"""Stands here so that every test finds the oracles: `from oracle.units import right_answers`."""
