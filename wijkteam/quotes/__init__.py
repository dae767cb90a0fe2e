"""Quotes: sentences of professionals and residents that their writer releases to stand beside figures."""
