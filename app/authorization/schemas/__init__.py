"""Wire shapes of authorization."""
