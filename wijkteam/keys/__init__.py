"""Keys: a ring of them in a file of its own, and sealing values with it. Pure: no database, no pages."""
