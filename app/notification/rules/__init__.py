"""Decisions of notification: kinds of notices, consent, quiet hours, what may leave the house."""
