"""The machine itself: its clock and its randomness; the only place that reads either."""
