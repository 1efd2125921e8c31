"""Reads of notification, and the writes that settle a race."""
