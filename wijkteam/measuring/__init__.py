"""Measurements: scores of a household or a resident on an instrument that is data, and what changed between them."""
