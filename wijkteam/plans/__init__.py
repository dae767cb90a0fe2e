"""The one plan of a household: goals, what was agreed about them, strengths beside worries, and who agreed to it."""
