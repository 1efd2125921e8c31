"""Reads and single-statement writes of the casefile, by what they are about."""
