"""Residents: who lives in a household, and their citizen service number (BSN) where a law needs it."""
