"""What each person of a team has in hand, weighed by a stated rule: a load to share out, never a ranking."""
