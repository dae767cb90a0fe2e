"""How the system itself stands: what is due, what waits, what is sealed. Counts only, never whom it is about."""
