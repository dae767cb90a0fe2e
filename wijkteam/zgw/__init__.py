"""Zaakgericht werken: what the municipality's case system (ZGW APIs) is told, and what is taken in from there."""
