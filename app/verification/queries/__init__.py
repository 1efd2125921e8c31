"""Reads and single-statement writes of verification."""
