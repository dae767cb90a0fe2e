"""Measurements, each a ratio or a rate within one run. Run with: python -m tests.bench."""
