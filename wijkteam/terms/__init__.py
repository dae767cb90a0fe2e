"""Time: the one clock, working days, and the terms that run on them."""
