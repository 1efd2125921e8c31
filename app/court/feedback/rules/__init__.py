"""Decisions of feedback: pure, and tested as tables."""
