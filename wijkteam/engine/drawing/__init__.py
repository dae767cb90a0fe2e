"""Showing a workflow: as a picture, as text that other tools draw, and as a list."""
