"""Handing over everything that somebody has in hand: what there is, to whom, in one go."""
