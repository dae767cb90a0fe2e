"""Signing in: who somebody is, proved by what, and until when that counts."""
