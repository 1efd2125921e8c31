"""Wire shapes of verification."""
