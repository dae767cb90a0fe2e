"""How far ahead a day can lie that somebody fills in: further is a slip of the pen, and off the calendar in the end."""

from datetime import timedelta

from wijkteam.engine.vocabulary import Reason

FURTHEST = timedelta(days=3653)
TOO_FAR = Reason("Deze dag ligt te ver weg.", "This day lies too far away.")
