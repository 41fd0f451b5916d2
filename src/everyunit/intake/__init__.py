"""Files of a practice become facts; every file gets a receipt."""
