"""Reads and single-statement writes of authorization."""
