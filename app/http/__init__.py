"""The edge: everything that knows HTTP, beneath the domains."""
