"""notification: the inbox."""
