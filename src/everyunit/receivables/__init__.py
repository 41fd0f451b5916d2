"""The third and fourth gate: what payers answered, proved to the cent, and what the bank received of it."""
