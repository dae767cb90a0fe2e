"""Objections against decisions: handled by others than those who took them."""
