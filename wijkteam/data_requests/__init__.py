"""Requests of residents about their own data (AVG art. 15 to 22): each answered within its term, and told."""
