"""Mandate: the register, verdicts, requests for more, and the decisions taken under it."""
