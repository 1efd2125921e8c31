"""supervision: the console of operators; reaches domains through their services."""
