"""Storing: engine and session set-up, column types, the common ground of all tables, and the unit of work."""
