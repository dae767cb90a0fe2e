"""Tests of people: their functions, absence and deputies."""
