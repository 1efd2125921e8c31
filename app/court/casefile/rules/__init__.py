"""Decisions of the casefile: pure functions over frozen values."""
