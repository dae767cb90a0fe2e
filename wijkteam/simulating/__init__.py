"""Trying a workflow: a simulation by its own terms, with people and delays as the past shows them or as given."""
