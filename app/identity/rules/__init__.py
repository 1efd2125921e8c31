"""Decisions of identity: pure functions over frozen values."""
