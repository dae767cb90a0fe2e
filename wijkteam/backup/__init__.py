"""Copies of everything: database, documents and keys, each apart, that can be proven and put back."""
