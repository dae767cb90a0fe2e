"""Versions of definitions: what is in use never changes, and subjects move to a newer one on purpose."""
