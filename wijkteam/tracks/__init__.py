"""Tracks: life domains of a household that are worked on side by side in one case."""
