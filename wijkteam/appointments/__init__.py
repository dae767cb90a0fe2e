"""Appointments: who goes where, with whom and what for; and a calendar of them for one's own phone."""
