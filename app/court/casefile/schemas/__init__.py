"""Shapes of the casefile on the wire."""
