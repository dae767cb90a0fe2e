"""Leaving: everything that is kept, in a form that others can read."""
