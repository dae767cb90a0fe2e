"""The network around a household: how its people belong together, and who helps them with what."""
