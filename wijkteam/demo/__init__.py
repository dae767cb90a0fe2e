"""A fictional municipality to try things out in: its people, its mandates, and two years of cases."""
