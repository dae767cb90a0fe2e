"""Escalation: the ladder, its rungs, the barriers, the questions asked and the answers given."""
