"""Attacks: what hostile people and programs try, and what they get."""
