"""Wire shapes of identity, both ways."""
