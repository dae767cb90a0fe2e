"""People: users, teams, the functions that people hold, and signing in."""
