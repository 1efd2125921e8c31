"""The production store of short-lived values."""
