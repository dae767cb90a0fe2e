"""Reckoning for the report: curves, limits, order, warnings, likeness, costs and benefits. Pure: no database."""
