"""Backup and recovery."""
