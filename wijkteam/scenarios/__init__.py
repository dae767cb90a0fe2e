"""Scenarios beside a definition: given, when, then, with the clock; played by the real engine on a real database."""
