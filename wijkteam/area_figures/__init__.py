"""Objective figures of areas, such as residents and incomes, as CBS and others publish them."""
